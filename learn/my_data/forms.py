"""Form to delete everything."""

from __future__ import annotations

from learn.forms import TokenForm


class DeleteDataForm(TokenForm):
    """Only the token."""
