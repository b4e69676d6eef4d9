"""The table of limits: what is counted, for whom, how much of it is allowed, and why that much.

No window is longer than 15 minutes, which is the longest wait. Limits by address leave room for a
hospital, 300 people behind one address, who do something in the same quarter of an hour. Answers
have no limit; new quizzes have one, so that nobody fills an account by a script.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """For whom a limit counts. An address is an IPv4 address or an IPv6 /64 network."""

    ADDRESS = "address"
    ACCOUNT = "account"
    NICKNAME = "nickname"
    NICKNAME_AND_ADDRESS = "nickname and address"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `maximum` of `what` within `minutes`, counted for each `per`, because of `why`."""

    what: str
    maximum: int
    minutes: int
    per: Per
    why: str


# fmt: off
# Attempts, counted whether they succeed or not

SIGN_IN_BURST = Limit(
    "attempts to sign in", 5, 1, Per.NICKNAME_AND_ADDRESS,
    "Enough for slips; a success starts over.",
)
SIGN_IN = Limit(
    "attempts to sign in", 20, 15, Per.NICKNAME_AND_ADDRESS,
    "Twenty passphrases are more than anybody remembers.",
)
REGISTRATION = Limit(
    "registrations and other nicknames", 400, 15, Per.ADDRESS,
    "All 300 register in one session, and a third of them choose again.",
)

# Failures

WRONG_PASSPHRASE_PER_IP = Limit(
    "wrong passphrases", 300, 15, Per.ADDRESS,
    "Each of 300 mistypes once; 1,200 an hour try few passphrases of many people.",
)
WRONG_PASSPHRASE = Limit(
    "wrong passphrases", 50, 15, Per.NICKNAME,
    "Stops guesses from many addresses; addresses where the owner signed in within 30 days go on.",
)
WRONG_RECOVERY_CODE = Limit(
    "unknown recovery codes", 100, 15, Per.ADDRESS,
    "One in ten of 300 needs three tries; nobody guesses 112 bits.",
)
WRONG_JOIN_CODE = Limit(
    "unknown join codes", 120, 15, Per.ADDRESS,
    "A third of 300 mistype the code on the wall; 12,000 million codes take centuries.",
)
WRONG_ROOM_CODE = Limit(
    "unknown codes of rooms", 300, 15, Per.ADDRESS,
    "All 300 mistype the code once; a room ends in hours, and five million codes take weeks.",
)
WRONG_INVITATION = Limit(
    "links of invitations that are over", 60, 15, Per.ADDRESS,
    "Few people get one; nobody guesses 192 bits.",
)

# Writes, counted in the transaction that writes

NEW_GUEST = Limit(
    "new guests", 900, 15, Per.ADDRESS,
    "All 300 begin at once, and twice more on shared devices.",
)
SIGNED_IN = Limit(
    "sign-ins and uses of the passphrase", 900, 15, Per.ADDRESS,
    "All 300 sign in, on up to three devices each; a passphrase takes long to compare.",
)
ATTEMPT = Limit(
    "new quizzes", 60, 15, Per.ACCOUNT,
    "A quiz every fifteen seconds; pages that add up answers stay fast.",
)
MISTAKE_REPORT = Limit(
    "reports of mistakes", 10, 15, Per.ACCOUNT,
    "A careful reader of one lesson.",
)
MISTAKE_REPORT_HERE = Limit(
    "reports of mistakes", 100, 15, Per.ADDRESS,
    "A third of 300 report something in the same session.",
)
CARE_LINE = Limit(
    "questions for the care team", 100, 15, Per.ACCOUNT,
    "The whole list of 50, twice.",
)
CARE_LINE_HERE = Limit(
    "questions for the care team", 3000, 15, Per.ADDRESS,
    "Ten for each of 300.",
)
CARE_NUMBERS = Limit(
    "numbers of the care team", 30, 15, Per.ACCOUNT,
    "To type both again and again.",
)
CARE_NUMBERS_HERE = Limit(
    "numbers of the care team", 900, 15, Per.ADDRESS,
    "Three times for each of 300.",
)
EXPLANATION = Limit(
    "explanations", 30, 15, Per.ACCOUNT,
    "One every half minute, with changes.",
)
EXPLANATION_HERE = Limit(
    "explanations", 1200, 15, Per.ADDRESS,
    "Four for each of 300.",
)
SHARING = Limit(
    "changes of what a group sees", 20, 15, Per.ACCOUNT,
    "To join several groups and change one's mind about each.",
)
SHARING_HERE = Limit(
    "changes of what a group sees", 900, 15, Per.ADDRESS,
    "All 300 join in one session, and some join again.",
)
PASSKEY = Limit(
    "new passkeys", 30, 15, Per.ACCOUNT,
    "More than an account can have at a time.",
)
PASSKEY_HERE = Limit(
    "new passkeys", 600, 15, Per.ADDRESS,
    "Two for each of 300.",
)
ACCEPTED_INVITATION = Limit(
    "accepted invitations", 300, 15, Per.ADDRESS,
    "A hospital whose 300 nurses all become educators.",
)
GROUP = Limit(
    "new groups", 30, 15, Per.ACCOUNT,
    "A school year's classes in one go.",
)
CO_EDUCATOR = Limit(
    "educators added to a group", 60, 15, Per.ACCOUNT,
    "A whole department; the form tells whether an educator has that name.",
)
ASSIGNMENT = Limit(
    "new assignments", 60, 15, Per.ACCOUNT,
    "All lessons, for three groups.",
)

ROOM = Limit(
    "questions asked in a room", 120, 15, Per.ACCOUNT,
    "One every eight seconds.",
)
PAPER = Limit(
    "papers printed or typed in", 120, 15, Per.ACCOUNT,
    "A class of 100, saved one paper at a time.",
)
ROOM_ANSWER = Limit(
    "answers in a room", 9000, 15, Per.ADDRESS,
    "Thirty for each of 300; counted in the process, so nothing about it is written.",
)

# Reads that cost much

DATA_COPY = Limit(
    "copies of my data", 10, 15, Per.ACCOUNT,
    "Both files, on several devices.",
)
DATA_COPY_HERE = Limit(
    "copies of my data", 900, 15, Per.ADDRESS,
    "Both files for each of 300, and some again.",
)
REPORT = Limit(
    "pages of reports", 60, 1, Per.ACCOUNT,
    "A whole class, person by person, at one page a second.",
)
RESULTS_FILE = Limit(
    "files of results", 120, 15, Per.ACCOUNT,
    "Three files for each of 40 groups.",
)

# fmt: on

TABLE = tuple(found for found in globals().values() if isinstance(found, Limit))
"""All limits, in this order."""
