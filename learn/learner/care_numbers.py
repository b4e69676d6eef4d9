"""The phone numbers of a learner's own care team, and which of them a phone can call."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import CareNumbers
from learn.models.base import table_of
from learn.sign_in_sessions import IS_CURRENT

_numbers = table_of(CareNumbers)

_MIN_DIGITS, _MAX_DIGITS = 7, 15  # of a number that anybody can call, with its country code
# The number itself, where it is followed by its end, an extension, or words; never by letters that
# stand for digits, as in 1-800-FLOWERS.
_END = r"(?![-.]?\d)(?!\s\d{1,3}(?![\d\s.-]))(?![-.]?(?!(?:ext|x)\.?\s*\d)[^\W\d_])"
_ABROAD = re.compile(r"\+\d[\d\s().-]*\d" + _END)
_US = re.compile(r"(?<![\w.-])(?:1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ]?)\d{3}[-. ]?\d{4}" + _END)
_WHOLE = re.compile(
    r"(?:tel:?\s*)?(\d\d[\d\s().-]*\d)(?:\s*(?:,|;|#|x|ext)[\s.\w]*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class CareNumber:
    """A number as the learner wrote it.

    `shown` is the part of it that a phone can call, and `dial` its digits; both are empty where it
    isn't certain which digits to call.
    """

    text: str
    shown: str
    dial: str

    @classmethod
    def of(cls, text: str) -> CareNumber:
        """Return what `text` says."""
        digits = "".join(_ascii(c) for c in text)
        match = _ABROAD.search(digits) if "+" in digits else _US.search(digits)
        number = match[0] if match else ""
        if not match and "+" not in digits and (whole := _WHOLE.fullmatch(digits.strip())):
            number = whole[1]
        dial = re.sub(r"[^\d+]", "", number)
        if not _MIN_DIGITS <= len(dial.lstrip("+")) <= _MAX_DIGITS:
            return cls(text, "", "")
        return cls(text, number.strip(), dial)

    @property
    def note(self) -> str:
        """What was written beside the number; all of it where no number is certain."""
        return self.text.replace(self.shown, "", 1).strip(" ,;:–-") if self.shown else self.text


@dataclass(frozen=True, slots=True)
class OwnCareNumbers:
    """Whom to call in the daytime, and at night and on weekends; None where nothing was written.

    On a shared device, the browser keeps no copy of them.
    """

    daytime: CareNumber | None
    nights: CareNumber | None
    is_shared_device: bool = False

    @property
    def all(self) -> list[CareNumber]:
        """Those that were written."""
        return [number for number in (self.daytime, self.nights) if number]


def care_numbers(
    session: Session, account: uuid.UUID, signed_in: uuid.UUID | None
) -> OwnCareNumbers | None:
    """Return the account's numbers, or None; none if the sign-in session has ended."""
    query = select(_numbers.c.daytime, _numbers.c.nights)
    row = session.execute(
        query.where(_numbers.c.account_id == account, IS_CURRENT),
        {"account": account, "session": signed_in},
    ).first()
    if row is None:
        return None
    daytime, nights = (CareNumber.of(text) if text else None for text in row)
    return OwnCareNumbers(daytime, nights)


def _ascii(character: str) -> str:
    """Return a digit of any script as 0 to 9, and wide signs and dashes as plain ones."""
    value = unicodedata.digit(character, None)
    if value is not None:
        return str(value)
    if unicodedata.category(character) == "Pd":
        return "-"
    return "+" if character == "\uff0b" else character
