"""Which questions are to be added or removed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField


class ObjectivesForm(FlaskForm):
    """One or more objectives, by id."""

    objective = SelectMultipleField(validate_choice=False)
