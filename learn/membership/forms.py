"""What comes in: a code, how somebody wants to be in a group, and that they want to leave it."""

from __future__ import annotations

from wtforms import BooleanField, StringField

from learn import nicknames
from learn.forms import TokenForm

NAMED = "named"
TOTALS = "totals"

Problems = dict[str, str]
"""What is to be mended: a word for each field, "" for the whole page."""


class LeaveForm(TokenForm):
    """The wish to leave a group."""


class ChoiceForm(TokenForm):
    """How somebody wants to be in a group: by name, with a nickname, or in totals only."""

    how = StringField()
    nickname = StringField()
    earlier = BooleanField()

    @property
    def typed(self) -> str:
        """The nickname, to be shown again."""
        return "".join(c for c in self.nickname.data or "" if c.isprintable())

    def checked(self) -> tuple[str, Problems]:
        """The nickname that is to be read, none for totals only; or what is to be mended."""
        if not self.has_valid_token:
            return "", {"": "expired"}
        if self.how.data == TOTALS:
            return "", {}
        if self.how.data != NAMED:
            return "", {"how": "choose"}
        try:
            return nicknames.normalize(self.nickname.data or ""), {}
        except nicknames.NicknameError as error:
            return "", {"nickname": error.reason}
