"""The rows: what learners did. Content is files; nothing of it is kept here but ids."""

from learn.models.account import Account
from learn.models.attempt import Attempt, Item
from learn.models.base import Base
from learn.models.care_question import CareQuestion
from learn.models.memory import MemoryRow
from learn.models.reading import Reading
from learn.models.review import MistakeReport, Withheld

__all__ = [
    "Account",
    "Attempt",
    "Base",
    "CareQuestion",
    "Item",
    "MemoryRow",
    "MistakeReport",
    "Reading",
    "Withheld",
]
