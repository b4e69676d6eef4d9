"""What educators type about a group."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField, StringField

from learn.forms import TokenForm

LONGEST = 60


class NameForm(TokenForm):
    """A name, and the number that a new group is to have."""

    name = StringField()
    own = HiddenField()

    @property
    def text(self) -> str:
        """The name, on one line, without spaces around it."""
        return " ".join("".join(c for c in self.name.data or "" if c.isprintable()).split())

    @property
    def trouble(self) -> str:
        """Why it can't be kept yet: `expired`, `empty`, `long`, or nothing."""
        if not self.has_valid_token:
            return "expired"
        if not self.text:
            return "empty"
        return "long" if len(self.text) > LONGEST else ""

    def number(self, otherwise: uuid.UUID) -> uuid.UUID:
        """The number that the page gave to the group."""
        given: Any = self.own.data
        try:
            return uuid.UUID(hex=given)
        except (ValueError, TypeError, AttributeError):
            return otherwise
