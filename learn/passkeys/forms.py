"""What comes in about a passkey."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, StringField

from learn.forms import BaseForm


class AddForm(BaseForm):
    """A new passkey: what its owner calls it, and what the browser made, as JSON."""

    name = StringField()
    credential = HiddenField()


class UseForm(BaseForm):
    """A passkey that was used, as JSON; `mine`: the answers on this device are its owner’s."""

    credential = HiddenField()
    shared = BooleanField()
    mine = BooleanField()


class RenameForm(BaseForm):
    """Another name."""

    name = StringField()
