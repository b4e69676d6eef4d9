"""The fields of the account's forms; `pages` checks their values."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, StringField

from learn import nicknames
from learn.account import codes
from learn.forms import TokenForm


class NicknameForm(TokenForm):
    """A new nickname."""

    nickname = StringField()


class RegistrationForm(NicknameForm):
    """A nickname and a passphrase; the recovery code is derived from `code_seed`.

    In the page, it is named `draft`.
    """

    passphrase = PasswordField()
    shared = BooleanField()
    code_seed = HiddenField(name="draft")

    @property
    def owner(self) -> str:
        """What its recovery code is bound to: who read the open page doesn't know the nickname."""
        return nicknames.skeleton(self.nickname.data or "")


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
    code_seed = HiddenField(name="draft")

    @property
    def owner(self) -> str:
        """What its new code is bound to: the code that was typed."""
        try:
            return codes.parse(self.code.data or "")
        except codes.CodeError:
            return ""


class PassphraseForm(TokenForm):
    """The current passphrase and a new one."""

    current = PasswordField()
    passphrase = PasswordField()


class CodeForm(TokenForm):
    """The current passphrase, for a new recovery code."""

    current = PasswordField()
    code_seed = HiddenField(name="draft")


class ConfirmForm(TokenForm):
    """The current passphrase; `lapsed` says where to send a form again (`expired_form`)."""

    current = PasswordField()
    lapsed = HiddenField()


class SignOutForm(TokenForm):
    """Only the token."""
