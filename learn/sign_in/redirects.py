"""Where to go after signing in."""

from __future__ import annotations

from flask import request, url_for

from learn import access, addresses


def requested_page() -> str:
    """Return the address of the page that asked the visitor to sign in; empty if there is none."""
    return addresses.below(request.script_root, request.args.get("to", ""))


def next_page() -> str:
    """Return the requested page, or else the groups of an educator or a learner's progress."""
    is_educator = access.educator_name(access.current_learner())
    if page := requested_page():
        return page
    return url_for("groups.index" if is_educator else "progress.index")
