"""What comes in, and never whether it is right. Each form checks the token of our page."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, StringField

from learn.forms import TokenForm


class NicknameForm(TokenForm):
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


class RecoverForm(TokenForm):
    """A recovery code and a new passphrase."""

    code = StringField()
    passphrase = PasswordField()
    shared = BooleanField()
    mine = BooleanField()
    draft = HiddenField()


class PassphraseForm(TokenForm):
    """The passphrase as it is now, and a new one."""

    current = PasswordField()
    passphrase = PasswordField()


class CodeForm(TokenForm):
    """The passphrase, for a new recovery code."""

    current = PasswordField()
    draft = HiddenField()


class SignOutForm(TokenForm):
    """A press of the button."""
