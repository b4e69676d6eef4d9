"""The fields of the passkey forms."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, StringField

from learn.forms import TokenForm


class AddForm(TokenForm):
    """A new passkey: its name, and the browser's response as JSON."""

    name = StringField()
    credential = HiddenField()


class UseForm(TokenForm):
    """The browser's response as JSON; `mine` merges this device's guest into the account."""

    credential = HiddenField()
    shared = BooleanField()
    mine = BooleanField()


class RemovalForm(TokenForm):
    """Whether all other sessions end, too."""

    others = BooleanField()


class RenameForm(TokenForm):
    """Another name."""

    name = StringField()
