"""The bases of all forms: what comes in is read in one way, and texts come in clean."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField

from learn import access, typed_text


class BaseForm(FlaskForm):
    """A form that reads the fields of the request's form, never files or JSON.

    Every text is cleaned first (`typed_text.clean`), except for passphrases, which are compared
    as they were typed. `validate` checks the token of our page.
    """

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Return what to fill the fields from: `formdata`, or by default the request's form."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if form.is_submitted() else None

        def bind_field(self, form: FlaskForm, unbound_field: Any, options: Any) -> Any:
            """Bind a field; a text field gets the filter that cleans it."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                filters = (_cleaned, *unbound_field.kwargs.get("filters", ()))
                options = {**options, "filters": filters}
            return super().bind_field(form, unbound_field, options)


class TokenForm(BaseForm):
    """A form whose view asks for the token itself, so that its page can come again as it was."""

    class Meta(BaseForm.Meta):
        csrf = False  # `has_valid_token` checks the token, and makes no new one for it

    @property
    def has_valid_token(self) -> bool:
        """Whether it came with the token of a page that its sender was shown."""
        return access.has_valid_token()


def _cleaned(text: str | None) -> str | None:
    return None if text is None else typed_text.clean(text)
