"""What comes in, and never whether it is right. Each form checks the token of our page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField

from learn import access


class _OurForm(FlaskForm):
    class Meta(FlaskForm.Meta):
        csrf = False  # `is_from_our_page` checks the token; whoever comes in gets another one

    @property
    def is_from_our_page(self) -> bool:
        """Whether it came with the token of a page that this learner was shown."""
        return access.sent_from_our_page()


class NicknameForm(_OurForm):
    """A nickname."""

    nickname = StringField()


class KeepForm(NicknameForm):
    """A nickname and a new passphrase; `draft` is what the recovery code will be made from."""

    passphrase = PasswordField()
    shared = BooleanField()
    draft = HiddenField()


class SignInForm(NicknameForm):
    """A nickname and its passphrase; `mine`: the answers on this device are, too."""

    passphrase = PasswordField()
    shared = BooleanField()
    mine = BooleanField()


class RecoverForm(_OurForm):
    """A recovery code and a new passphrase."""

    code = StringField()
    passphrase = PasswordField()
    shared = BooleanField()
    mine = BooleanField()
    draft = HiddenField()


class PassphraseForm(_OurForm):
    """The passphrase as it is now, and a new one."""

    current = PasswordField()
    passphrase = PasswordField()


class CodeForm(_OurForm):
    """The passphrase, for a new recovery code."""

    current = PasswordField()
    draft = HiddenField()


class SignOutForm(_OurForm):
    """A press of the button."""
