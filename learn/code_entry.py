"""The form for a code that somebody reads off a screen, of a group or of a room."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import join_codes

_LEADS_TO = {
    join_codes.LENGTH: ("membership.join", "code"),
    join_codes.ROOM_LENGTH: ("room.show", "room_code"),
}
"""Page of a code and the name of its argument, by the number of letters."""


def page(template: str, length: int) -> ResponseReturnValue:
    """Return the form for a code of `length` letters, or a redirect to where the typed one leads.

    It leads to a room from a group's form, too, and the other way around: people mistake one code
    for the other.
    """
    typed = request.args.get("code", "")
    code = join_codes.parse(typed)
    if len(code) in _LEADS_TO:
        endpoint, argument = _LEADS_TO[len(code)]
        named: dict[str, Any] = {argument: join_codes.grouped(code)}
        return redirect(url_for(endpoint, **named), 302)
    shown = render_template(
        template,
        typed="".join(c for c in typed if c.isprintable()),
        is_submitted="code" in request.args,
        count=len(code),
        length=length,
    )
    return shown, 422 if "code" in request.args else 200
