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
_US_DIGITS = 10  # of a number in the US, after the 1 that may come first
_SERVICES = frozenset({*(f"{n}11" for n in range(2, 10)), "988"})  # whole with three digits
# The number itself, where it is followed by its end, an extension, or words; never by letters that
# stand for digits, as in 1-800-FLOWERS.
_END = r"(?![-.]?\d)(?!\s\d{1,3}(?![\d\s.-]))(?![-.]?(?!(?:ext|x)\.?\s*\d)[^\W\d_])"
_ABROAD = re.compile(r"\+\d[\d\s().-]*\d" + _END)
_US = re.compile(r"(?<![\w.-])(?:1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ]?)\d{3}[-. ]?\d{4}" + _END)
_WHOLE = re.compile(
    r"(?:tel:?\s*)?((?:1[-. ])?\(?\d\d[\d\s().-]*\d)(?:\s*(?:,|;|#|x|ext)[\s.\w]*)?", re.IGNORECASE
)

_CUT = re.compile(r"(?<![\w.-])(?:1[-. ]?)?(?:\(\d{3}\)\s?|\d{3}[-. ]?)\d{3}[-. ]?\d{1,3}" + _END)


@dataclass(frozen=True, slots=True)
class Miscount:
    """How many digits were written where a US number has ten, not counting a 1 before them."""

    digits: int
    has_one: bool


@dataclass(frozen=True, slots=True)
class CareNumber:
    """A number as the learner wrote it.

    `shown` is the part of it that a phone can call, and `dial` its digits; both are empty where it
    isn't certain which digits to call. `miscount` is set where it can't be whole, as one of the US.
    """

    text: str
    shown: str
    dial: str
    miscount: Miscount | None = None

    @classmethod
    def of(cls, text: str) -> CareNumber:
        """Return what `text` says."""
        digits = "".join(_ascii(c) for c in text)
        match = _ABROAD.search(digits) if "+" in digits else _US.search(digits)
        number = match[0] if match else ""
        if not match and "+" not in digits and (whole := _WHOLE.fullmatch(digits.strip())):
            number = whole[1]
        cut = None if number else _CUT.search(digits)  # one among words that ends too soon
        dial = _digits_of(number)
        can_be_called = _MIN_DIGITS <= len(dial.lstrip("+")) <= _MAX_DIGITS or dial in _SERVICES
        if not can_be_called:
            return cls(text, "", "", _miscount(_digits_of(cut[0]) if cut else dial))
        return cls(text, number.strip(), dial, _miscount(dial))

    @property
    def can_be_tried(self) -> bool:
        """Whether it is a line to call once to see that it works, unlike 911."""
        return bool(self.dial) and self.dial not in _SERVICES

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


def _digits_of(number: str) -> str:
    return re.sub(r"[^\d+]", "", number)


def _miscount(dial: str) -> Miscount | None:
    """Return how many digits there are, unless that many can be right."""
    is_abroad = dial.startswith("+") and not dial.startswith("+1")
    if not dial or is_abroad or dial in _SERVICES:
        return None
    digits = dial.lstrip("+")
    has_one = digits.startswith("1") and len(digits) > _MIN_DIGITS  # no area code begins with it
    count = len(digits) - has_one
    return None if count == _US_DIGITS else Miscount(count, has_one)


def _ascii(character: str) -> str:
    """Return a digit of any script as 0 to 9, and wide signs and dashes as plain ones."""
    value = unicodedata.digit(character, None)
    if value is not None:
        return str(value)
    if unicodedata.category(character) == "Pd":
        return "-"
    return "+" if character == "\uff0b" else character
