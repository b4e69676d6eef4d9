"""What a reader thinks is amiss."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField

LONGEST = 2000


class MistakeForm(FlaskForm):
    """A few words about a page."""

    text = TextAreaField()
