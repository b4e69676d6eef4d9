"""The rows: what learners did. Content is files; nothing of it is kept here but ids."""

from learn.models.account import Account
from learn.models.attempt import Attempt, Item
from learn.models.base import Base
from learn.models.care_line import CareLine
from learn.models.explanation import Explanation
from learn.models.memory import MemoryRow
from learn.models.reading import Reading
from learn.models.review import MistakeReport, Withheld
from learn.models.sign_in import Joined, Passkey, RateLimit, SignIn

__all__ = [
    "Account",
    "Attempt",
    "Base",
    "CareLine",
    "Explanation",
    "Item",
    "Joined",
    "MemoryRow",
    "MistakeReport",
    "Passkey",
    "RateLimit",
    "Reading",
    "SignIn",
    "Withheld",
]
