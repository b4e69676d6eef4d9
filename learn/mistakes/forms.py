"""Field of a report."""

from __future__ import annotations

from wtforms import TextAreaField

from learn.forms import TokenForm

MAX_LENGTH = 2000


class MistakeForm(TokenForm):
    """What the reader thinks is wrong."""

    text = TextAreaField()
