"""Form for the name of a group or an educator."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField, StringField

from learn.forms import TokenForm

MAX_LENGTH = 60


class NameForm(TokenForm):
    """A name, and the id for a new group."""

    name = StringField()
    new_id = HiddenField()

    @property
    def cleaned_name(self) -> str:
        """Name on one line, without surrounding spaces."""
        return " ".join("".join(c for c in self.name.data or "" if c.isprintable()).split())

    @property
    def error(self) -> str:
        """Error code `expired`, `empty`, or `long`; "" if the form is valid."""
        if not self.has_valid_token:
            return "expired"
        if not self.cleaned_name:
            return "empty"
        return "long" if len(self.cleaned_name) > MAX_LENGTH else ""

    def id_or(self, default: uuid.UUID) -> uuid.UUID:
        """Return the id that the page proposed, so that sending it twice creates one group."""
        proposed: Any = self.new_id.data
        try:
            return uuid.UUID(hex=proposed)
        except (ValueError, TypeError, AttributeError):
            return default
