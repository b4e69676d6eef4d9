"""Items of the two checklists that lessons are scored by, in our words.

The CDC Clear Communication Index has 20 items, and PEMAT for printed material has 24: the numbers
left out are those for video and audio. Each item is put so that “yes” is the good answer.
"""

from __future__ import annotations

from dataclasses import dataclass

CCI_ALWAYS = range(1, 12)
"""Items of the CDC index that apply to every page."""

CCI_NEED_MESSAGE = (2, 3, 4)
"""Items of the CDC index that score only if there is one main message, item 1."""

CCI_NEED_BOTH = 6
"""The item of the CDC index that scores only if items 1 and 5 do."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist: its key in the files, its name, its items, and scores by their name.

    Each score has the items that it covers, and the least that it should be.
    """

    key: str
    name: str
    items: dict[int, str]
    scores: dict[str, tuple[range, int]]


CCI = Checklist(
    "cci",
    "CDC Clear Communication Index",
    {
        1: "Is there one main message? (If not, 2, 3, and 4 score nothing.)",
        2: "Is it in the first part, seen without scrolling?",
        3: "Does it stand out, by type, color, a box, or a heading?",
        4: "Does a picture with a caption or labels carry it?",
        5: "Is the reader asked to do something?",
        6: "Are message and request in the active voice? (Not if 1 or 5 is “no”.)",
        7: "Are all words those that readers use, or explained where they first come?",
        8: "Are lists bulleted or numbered, with at most 7 items unbroken?",
        9: "Are chunks short, with one idea each and headings that fit?",
        10: "Is what matters most summed up at the start?",
        11: "Does it say what experts know and what they don't?",
        12: "If it advises something: is that advice for this reader?",
        13: "If it advises something: is the reason given, and not by numbers alone?",
        14: "If it advises something: is it clear how, when, and whom to call?",
        15: "If it has numbers: are they whole ones that the reader uses and needs?",
        16: "If it has numbers: is each explained?",
        17: "If it has numbers: does the reader get by without calculating?",
        18: "If it tells of a risk: does it say what the risk is, for whom, and why?",
        19: "If it tells of a risk: both benefit and risk of what it advises?",
        20: "If it tells of a risk: is a chance in numbers also put in words or a picture?",
    },
    {"CDC index": (range(1, 21), 90)},
)
PEMAT = Checklist(
    "pemat",
    "PEMAT for printed material",
    {
        1: "Is the purpose obvious at once?",
        2: "Is there nothing that distracts from it?",
        3: "Are the words everyday words?",
        4: "Are medical terms only there to teach them, and explained?",
        5: "Is it in the active voice, mostly?",
        6: "Are its numbers clear?",
        7: "Does the reader get by without calculating?",
        8: "Is it in short chunks?",
        9: "Do headings tell what is below them?",
        10: "Is the order sensible?",
        11: "Is there a summary?",
        12: "Do cues such as bold, boxes, and arrows mark what counts?",
        15: "Are there pictures wherever they would help?",
        16: "Do pictures support the text?",
        17: "Do pictures have titles or captions?",
        18: "Are pictures clear and uncluttered?",
        19: "Are tables simple, with short headings?",
        20: "Does it name at least one thing to do?",
        21: "Does it speak to “you” about what to do?",
        22: "Are actions split into small, exact steps?",
        23: "Does it give a thing to use, such as a checklist, wherever that helps?",
        24: "Does it help with any calculation in a simple way?",
        25: "Does it say how to use its charts or tables to act?",
        26: "Are there pictures wherever they make acting easier?",
    },
    {"understandable": (range(1, 20), 95), "actionable": (range(20, 27), 80)},
)
CHECKLISTS = (CCI, PEMAT)
