"""The wish to accept an invitation."""

from __future__ import annotations

from flask_wtf import FlaskForm


class AcceptForm(FlaskForm):
    """A press of the button, with the token of our page."""
