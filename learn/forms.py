"""Base of all forms, and the decorator of views whose form checks the CSRF token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, ParamSpec

from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from learn import cross_site, extensions
from learn.session_cookie import EARLIER_CSRF_TOKEN_KEY

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def checks_token(view: View[P]) -> View[P]:
    """Exempt a view from the global CSRF check, since it checks its form's `has_valid_token`.

    So a page that was open for too long comes back with everything that was typed.
    """
    exempt: View[P] = extensions.csrf.exempt(view)
    return exempt


class TokenForm(FlaskForm):
    """A form that reads the fields of the request's form, never files or JSON.

    Its texts come cleaned from `form_parser`.
    The token is checked by the global CSRF check, or by a view that `checks_token`.
    """

    allows_earlier_token: ClassVar[bool] = False
    """Whether the token from before the same person signed in, in another tab, is valid, too."""

    class Meta(FlaskForm.Meta):
        csrf = False  # `has_valid_token` checks the token without making a new one

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Return what to fill the fields from: `formdata`, or by default the request's form."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if form.is_submitted() else None

    @property
    def has_valid_token(self) -> bool:
        """Whether the form came with the visitor's CSRF token."""
        token = request.form.get("csrf_token")
        keys = (None, EARLIER_CSRF_TOKEN_KEY) if self.allows_earlier_token else (None,)
        return any(_is_token(token, key) for key in keys)


class SharedPageForm(TokenForm):
    """A form that stands on pages that are the same for everybody, so without a token.

    Its view is marked `@checks_token`, and checks that it `is_from_here`.
    """

    @property
    def is_from_here(self) -> bool:
        """Whether it came from a page of this site, as far as the browser says, or with a token."""
        return self.has_valid_token or cross_site.is_from_this_site(request.environ)


def _is_token(token: str | None, key: str | None) -> bool:
    try:
        validate_csrf(token, token_key=key)
    except ValidationError:
        return False
    return True
