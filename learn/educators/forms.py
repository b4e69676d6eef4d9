"""The wish to accept an invitation."""

from __future__ import annotations

from learn.forms import TokenForm


class AcceptForm(TokenForm):
    """A press of the button, with the token of our page."""
