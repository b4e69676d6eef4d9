"""Where somebody goes on to who has just come into an account."""

from __future__ import annotations

from flask import request, url_for

from learn import access, addresses


def asked_for() -> str:
    """The page of ours that sent somebody to the door, by its address; empty if there is none."""
    asked = addresses.local(request.args.get("to", ""))
    root = request.script_root
    return asked if not asked or asked.startswith(f"{root}/") else root + asked


def onward() -> str:
    """That page; else their groups, for an educator, and what they know, for a learner."""
    if asked := asked_for():
        return asked
    return url_for(
        "groups.index" if access.educator_name(access.current_learner()) else "progress.index"
    )
