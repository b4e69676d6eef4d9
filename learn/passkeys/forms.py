"""What comes in about a passkey."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField


class AddForm(FlaskForm):
    """A new passkey: what its owner calls it, and what the browser made, as JSON."""

    name = StringField()
    credential = HiddenField()


class UseForm(FlaskForm):
    """A passkey that was used, as JSON; `mine`: the answers on this device are its owner’s."""

    credential = HiddenField()
    shared = BooleanField()
    mine = BooleanField()


class RenameForm(FlaskForm):
    """Another name."""

    name = StringField()
