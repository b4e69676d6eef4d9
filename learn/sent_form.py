"""The form that was sent, to give it back on a page that could not accept it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import request
from werkzeug.exceptions import HTTPException
from wtforms import PasswordField, TextAreaField

from learn.forms import TokenForm

_MAX_FIELDS = 5000
"""More than fit into a body from a page of ours: that to type in papers has thousands of boxes."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """Fields and longer texts with their values, and the names of passphrases, without them."""

    fields: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.texts or self.secrets)


def sent_form() -> SentForm:
    """Return the form of this request; an empty one if it can't be read."""
    try:
        fields = [*request.form.items(multi=True)][:_MAX_FIELDS]
    except HTTPException:
        return SentForm()
    kinds = _field_kinds()
    of_kind = {kind: [f for f in fields if kinds.get(f[0], "") == kind] for kind in _KINDS}
    return SentForm(
        tuple(field for field in of_kind[""] if field[0] != "csrf_token"),
        tuple(of_kind["text"]),
        tuple(dict.fromkeys(name for name, _ in of_kind["secret"])),
    )


_KINDS = ("", "text", "secret")


@cache
def _field_kinds() -> dict[str, str]:
    """Return which names in our forms are of passphrases, and which of longer texts."""
    kinds = {PasswordField: "secret", TextAreaField: "text"}
    by_name: dict[str, str] = {}
    for form in _all_forms(TokenForm):
        for name, field in vars(form).items():
            kind: Any = getattr(field, "field_class", None)
            if kind in kinds:
                by_name[name] = kinds[kind]
    return by_name


def _all_forms(base: type[TokenForm]) -> Iterator[type[TokenForm]]:
    for form in base.__subclasses__():
        yield form
        yield from _all_forms(form)
