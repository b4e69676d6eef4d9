"""The wish to have everything deleted."""

from __future__ import annotations

from flask_wtf import FlaskForm


class DeleteForm(FlaskForm):
    """A press of the button, with the token of our page."""
