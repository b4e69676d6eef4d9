"""What a reader thinks is amiss."""

from __future__ import annotations

from wtforms import TextAreaField

from learn.forms import TokenForm

LONGEST = 2000


class MistakeForm(TokenForm):
    """A few words about a page."""

    text = TextAreaField()
