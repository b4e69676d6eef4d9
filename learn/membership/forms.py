"""Forms for joining a group, changing what is shared, and leaving."""

from __future__ import annotations

from wtforms import BooleanField, StringField

from learn import nicknames
from learn.forms import TokenForm
from learn.models import SharingMode

FieldErrors = dict[str, str]
"""An error code for each field name; the key "" is for the whole form."""


class LeaveForm(TokenForm):
    """Confirms leaving a group."""


class TermsForm(TokenForm):
    """Whether educators may also see latest answers; `accepts` is “yes” or anything else for no."""

    accepts = StringField()


class SharingForm(TokenForm):
    """What to share with a group: by name, with a nickname, or in totals only."""

    sharing = StringField()
    nickname = StringField()
    earlier = BooleanField()

    @property
    def typed(self) -> str:
        """Nickname as typed, to fill in the form again."""
        return "".join(c for c in self.nickname.data or "" if c.isprintable())

    def parse(self) -> tuple[str, FieldErrors]:
        """Return the nickname (empty for totals only) and the errors."""
        if not self.has_valid_token:
            return "", {"": "expired"}
        if self.sharing.data == SharingMode.TOTALS:
            return "", {}
        if self.sharing.data != SharingMode.NAMED:
            return "", {"sharing": "choose"}
        try:
            return nicknames.normalize(self.nickname.data or ""), {}
        except nicknames.NicknameError as error:
            return "", {"nickname": error.reason}
