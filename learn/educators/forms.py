"""Form of the invitation page."""

from __future__ import annotations

from learn.forms import TokenForm


class AcceptForm(TokenForm):
    """Only the token."""
