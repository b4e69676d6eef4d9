"""The wish to have everything deleted."""

from __future__ import annotations

from learn.forms import BaseForm


class DeleteForm(BaseForm):
    """A press of the button, with the token of our page."""
