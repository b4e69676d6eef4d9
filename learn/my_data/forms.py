"""The wish to have everything deleted."""

from __future__ import annotations

from learn.forms import TokenForm


class DeleteForm(TokenForm):
    """A press of the button, with the token of our page."""
