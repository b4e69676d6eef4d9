"""The fields of the account's forms; `pages` checks their values."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, StringField

from learn.forms import TokenForm


class NicknameForm(TokenForm):
    """A new nickname."""

    nickname = StringField()


class RegistrationForm(NicknameForm):
    """A nickname and a passphrase; `draft` seeds the recovery code (`codes.from_draft`)."""

    passphrase = PasswordField()
    shared = BooleanField()
    draft = HiddenField()


class SignInForm(NicknameForm):
    """A nickname and its passphrase; `mine` merges this device's guest into the account."""

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
    """The current passphrase and a new one."""

    current = PasswordField()
    passphrase = PasswordField()


class CodeForm(TokenForm):
    """The current passphrase, for a new recovery code."""

    current = PasswordField()
    draft = HiddenField()


class ConfirmForm(TokenForm):
    """The current passphrase; `lapsed` says where to send a form again (`lapsed_form`)."""

    current = PasswordField()
    lapsed = HiddenField()


class SignOutForm(TokenForm):
    """Only the token."""
