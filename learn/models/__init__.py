"""Tables: what learners did. Content is files; rows keep its ids, and the questions."""

from learn.models.account import Account
from learn.models.attempt import Attempt, Item
from learn.models.base import Base
from learn.models.care_line import CareLine
from learn.models.care_numbers import CareNumbers
from learn.models.deletion import Deletion
from learn.models.editorial import MistakeReport, QuestionHold
from learn.models.educator import Educator, Group, GroupEducator, Invite
from learn.models.explanation import Explanation
from learn.models.membership import (
    Assignment,
    AssignmentKind,
    AuditLog,
    DisclosedAnswer,
    Membership,
    Removal,
    SharingMode,
    SharingTerms,
)
from learn.models.memory import MemoryRow
from learn.models.paper import PaperQuestion, PaperSheet, PaperSitting
from learn.models.question_version import QuestionVersion
from learn.models.reading import Reading
from learn.models.regrade import Demo, Notice, Regrade
from learn.models.room import CountKind, Phase, Room, RoomCount, RoomMark
from learn.models.sign_in import MergedGuest, Passkey, RateLimit, SignIn, SignInSession

__all__ = [
    "Account",
    "Assignment",
    "AssignmentKind",
    "Attempt",
    "AuditLog",
    "Base",
    "CareLine",
    "CareNumbers",
    "CountKind",
    "Deletion",
    "Demo",
    "DisclosedAnswer",
    "Educator",
    "Explanation",
    "Group",
    "GroupEducator",
    "Invite",
    "Item",
    "Membership",
    "MemoryRow",
    "MergedGuest",
    "MistakeReport",
    "Notice",
    "PaperQuestion",
    "PaperSheet",
    "PaperSitting",
    "Passkey",
    "Phase",
    "QuestionHold",
    "QuestionVersion",
    "RateLimit",
    "Reading",
    "Regrade",
    "Removal",
    "Room",
    "RoomCount",
    "RoomMark",
    "SharingMode",
    "SharingTerms",
    "SignIn",
    "SignInSession",
]
