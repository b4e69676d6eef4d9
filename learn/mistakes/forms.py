"""What a reader thinks is amiss."""

from __future__ import annotations

from wtforms import TextAreaField

from learn.forms import BaseForm

LONGEST = 2000


class MistakeForm(BaseForm):
    """A few words about a page."""

    text = TextAreaField()
