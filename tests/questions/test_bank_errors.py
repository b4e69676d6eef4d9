"""Every error in the bank is named with its file and line."""

from __future__ import annotations

import pytest

from questions.bank import load_bank
from questions.kinds import KINDS
from questions.reading import InvalidContentError
from tests.questions.bank_files import ONE, TWO, errors_of, line_of, swap

CHOICE = '[[question]]\nid = "one-choice"\n'
CHOICES = '[[question]]\nid = "one-choices"\n'
ORDER = '[[question]]\nid = "one-order"\n'
GROWN = '[[question.step]]\nid = "grown"\ntext = "Grown cell"\nwhy = "It comes last."\n'
SLUGS = "lower case letters, digits and hyphens only"
NOBODY = "unknown misconception “nobody-thinks”"
NAMELESS = "missing key “misconception”: every wrong answer names the idea behind it"

# errors in a file, each alone and with its line

ERRORS = [
    # what is changed, into what, what then stands on the line of the error, the error
    ('belief = "All', "belief = All", "belief = All", "not valid TOML: Invalid value "),
    ('id = "one"', 'id = "One"', 'id = "One"', f"bad id “One”: {SLUGS}"),
    ('id = "one"', 'id = "other"', 'id = "other"', "the id “other” must be the file's name"),
    ('id = "one"\n', "", "topic =", "missing key “id”"),
    (
        'topic = "cells"',
        'topic = "blood"',
        "topic =",
        "the topic “blood” must be the folder's name",
    ),
    ('lesson = "first"\n', "", 'id = "one"\n', "missing key “lesson”"),
    ('lesson = "first"', "lesson = 1", "lesson = 1", "“lesson” must be a text"),
    (
        'you_can = "You can tell blood cells apart."',
        'you_can = ""',
        "you_can",
        "“you_can” is empty",
    ),
    (
        'facts = ["F1"]\nask_care',
        'facts = "F1"\nask_care',
        'facts = "F1"',
        "“facts” must be a list",
    ),
    ('facts = ["F1"]\nask_care', "facts = []\nask_care", "facts = []", "“facts” is empty"),
    ("ask_care_team =", "ask_team =", 'id = "one"\n', "missing key “ask_care_team”"),
    ("ask_care_team =", 'ask_team = "x"\nask_care_team =', "ask_team", "unknown key “ask_team”"),
    (
        'truth = "They start',
        'true = "They start',
        "[misconceptions.upside-down]",
        "missing key “truth”",
    ),
    ('truth = "They start in the marrow."', "truth = 7", "truth = 7", "“truth” must be a text"),
    (
        "[misconceptions.upside-down]",
        '[misconceptions."Up Side"]',
        '"Up Side"',
        f"bad id “Up Side”: {SLUGS}",
    ),
    ('id = "one-choice"', 'id = "one_choice"', "one_choice", f"bad id “one_choice”: {SLUGS}"),
    (
        'id = "one-choices"',
        'id = "one-match" # twice',
        'id = "one-match"\n',
        "the question id “one-match” is used twice",
    ),
    ('id = "one-choice"\n', "", '[[question]]\nkind = "choice"', "missing key “id”"),
    (
        'kind = "choice"',
        'kind = "essay"',
        "essay",
        f"unknown kind “essay”: {', '.join(KINDS)}",
    ),
    ('kind = "choice"', "", CHOICE, "missing key “kind”"),
    (
        'case = "Ana is tired."',
        'safety = "call-me"',
        "call-me",
        "unknown safety “call-me”: call-911, call-now, next-visit",
    ),
    ('case = "Ana is tired."', 'safety = ""', "safety", "“safety” is empty"),
    (
        'case = "Ana is tired."',
        'safety = "call-now"\nsigns = { call-now = "A fever", call-911 = "Fainting" }',
        "signs",
        "“safety” must be the most urgent of “signs”: call-911",
    ),
    (
        'case = "Ana is tired."',
        'safety = "call-now"\nsigns = { call-now = "A fever", call-later = "Hair loss" }',
        "call-later",
        "unknown key “call-later”",
    ),
    ('case = "Ana is tired."', "safety = true", "safety", "“safety” must be a text"),
    (
        'text = "The red cell"',
        'text = "The red cell"\nsafety = "call-now"',
        "safety",
        "unknown key “safety”",
    ),
    ('ask = "Which cell carries oxygen?"', 'ask = "  "', 'ask = "  "', "“ask” is empty"),
    ('case = "Ana is tired."', 'case = ""', 'case = ""', "“case” is empty"),
    ('case = "Ana', 'story = "Ana', "story", "unknown key “story”"),
    (
        'id = "nerve"',
        'id = "red" # twice',
        'id = "red" # twice',
        "the option id “red” is used twice in this question",
    ),
    (
        'id = "white-row"',
        'id = "red-row" # twice',
        "# twice",
        "the row id “red-row” is used twice in this question",
    ),
    (
        'id = "grown"',
        'id = "stem" # twice',
        "# twice",
        "the step id “stem” is used twice in this question",
    ),
    ('id = "grown"', 'id = ["grown"]', '["grown"]', "“id” must be a text"),
    (
        'why = "Red cells carry oxygen."\n',
        "",
        '[[question.option]]\nid = "red"\ntext = "The red',
        "missing key “why”",
    ),
    (
        'why = "White cells fight germs."\n',
        "",
        '[[question.option]]\nid = "white"',
        "missing key “why”",
    ),
    ('why = "It carries oxygen."\n', "", '[[question.row]]\nid = "red-row"', "missing key “why”"),
    ('why = "It comes next."\n', "", '[[question.step]]\nid = "blast"', "missing key “why”"),
    ('why = "It comes next."', 'why = ""', 'why = ""', "“why” is empty"),
    ('text = "The white cell"', "text = 1", "text = 1", "“text” must be a text"),
    (
        'text = "The red cell"\nright = true',
        'text = "The red cell"\nright = "yes"',
        'right = "yes"',
        "“right” must be true or false",
    ),
    ('facts = ["F2"]', "facts = []", "facts = []", "“facts” is empty"),
    ('facts = ["F2"]', "facts = [2]", "facts = [2]", "“facts” must be a list of texts"),
    (
        'misconception = "all-alike"\nfacts',
        'misconception = "nobody-thinks"\nfacts',
        "nobody-thinks",
        NOBODY,
    ),
    ('germs = "upside-down"', 'germs = "nobody-thinks"', "nobody-thinks", NOBODY),
    (
        'facts = ["F1"]\nmisconception = "upside-down"',
        'facts = ["F1"]\nmisconception = "nobody-thinks"',
        "nobody-thinks",
        NOBODY,
    ),
    ('misconception = "all-alike"\nfacts', "facts", '[[question.option]]\nid = "white"', NAMELESS),
    (
        'right = true\nwhy = "Red',
        'right = true\nmisconception = "all-alike" # odd\nwhy = "Red',
        "# odd",
        "a right option shows no misconception",
    ),
    (
        'fight germs."\nmisconception = "all-alike"',
        'fight germs."\nright = true',
        CHOICE,
        "a choice needs exactly one right option, not 2",
    ),
    (
        'right = true\nwhy = "Red',
        'misconception = "all-alike"\nwhy = "Red',
        CHOICE,
        "a choice needs exactly one right option, not 0",
    ),
    (
        'why = "It is not in the blood."\nmisconception = "all-alike"',
        'why = "It is not."\nright = true',
        CHOICES,
        "a choices question needs right options, and others",
    ),
    (
        'right = true\nwhy = "It is."',
        'misconception = "all-alike"\nwhy = "It is."',
        CHOICES,
        "a choices question needs right options, and others",
    ),
    ('target = "oxygen"', 'target = "luck"', 'target = "luck"', "unknown target “luck”"),
    (
        'target = "oxygen"',
        'target = "germs" # too',
        "[question.targets]",
        "no row has the target “oxygen”",
    ),
    (
        'germs = "Fights germs"',
        'germs = "Fights germs"\nluck = "Brings luck"',
        "[question.targets]",
        "no row has the target “luck”",
    ),
    ("{ germs =", "{ luck =", "{ luck =", "unknown target “luck”"),
    ('germs = "Fights germs"', "germs = 3", "germs = 3", "“germs” must be a text"),
    (GROWN, "", ORDER, "needs at least 3 [[question.step]]"),
    ('misconception = "upside-down"\n[[', "[[", ORDER, "missing key “misconception”"),
]


@pytest.mark.parametrize(("old", "new", "at", "message"), ERRORS, ids=[f[3] for f in ERRORS])
def test_an_error_is_named_with_its_file_and_line(folder, old, new, at, message):
    text = swap(ONE, old, new)
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")

    assert f"bank/cells/one.toml:{line_of(text, at)}: {message}" in errors_of(folder)


def test_an_error_is_reported_alone(folder):
    for old, new in (
        ('why = "It comes next."\n', ""),
        ('id = "grown"', 'id = ["grown"]'),
        ('case = "Ana', 'story = "Ana'),
        ('text = "The white cell"', "text = 1"),
        ("ask_care_team =", 'ask_team = "x"\nask_care_team ='),
    ):
        (folder / "cells" / "one.toml").write_text(swap(ONE, old, new), encoding="utf-8")
        assert len(errors_of(folder)) == 1, errors_of(folder)


def test_all_errors_are_reported_at_once(folder):
    text = swap(swap(ONE, 'kind = "choice"', 'kind = "essay"'), 'why = "It is."\n', "")
    (folder / "cells" / "one.toml").write_text(text, encoding="utf-8")
    (folder / "cells" / "two.toml").write_text("id = ", encoding="utf-8")

    with pytest.raises(InvalidContentError) as error:
        load_bank(folder)
    assert [(f.file, f.line) for f in error.value.errors] == [
        ("bank/cells/one.toml", line_of(text, 'kind = "essay"')),
        ("bank/cells/one.toml", line_of(text, "A red cell of the blood") - 2),
        ("bank/cells/two.toml", 1),
    ]


def test_a_question_without_answers_is_an_error(folder):
    text = TWO[: TWO.index("[[question.option]]")]
    (folder / "cells" / "two.toml").write_text(text, encoding="utf-8")
    line = line_of(text, "[[question]]")

    assert f"bank/cells/two.toml:{line}: needs at least 2 [[question.option]]" in errors_of(folder)


def test_an_objective_without_questions_is_an_error(folder):
    text = TWO[: TWO.index("[[question]]")]
    (folder / "cells" / "two.toml").write_text(text, encoding="utf-8")

    assert errors_of(folder) == ["bank/cells/two.toml:1: an objective needs questions"]


def test_a_file_that_is_not_utf_8_is_an_error(folder):
    (folder / "cells" / "two.toml").write_bytes(TWO.replace("heart", "cœur").encode("cp1252"))
    line = line_of(TWO, 'id = "heart"')

    [error] = errors_of(folder)
    assert error.startswith(f"bank/cells/two.toml:{line}: not UTF-8 text")


# ids used twice, in two files


def test_an_objective_id_in_two_folders_is_an_error(folder):
    (folder / "marrow").mkdir()
    text = TWO.replace('"cells"', '"marrow"').replace("two-choice", "again")
    text = text.replace("no-marrow", "none")
    (folder / "marrow" / "two.toml").write_text(text, encoding="utf-8")

    assert errors_of(folder) == ["bank/marrow/two.toml:1: the objective id “two” is used twice"]


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        (
            'id = "two-choice"',
            'id = "one-order"',
            'id = "one-order"',
            "the question id “one-order” is used twice",
        ),
        (
            "[misconceptions.no-marrow]",
            '[misconceptions.all-alike]\nbelief = "x"\ntruth = "x"\n\n[misconceptions.no-marrow]',
            "[misconceptions.all-alike]",
            "the misconception id “all-alike” is used twice",
        ),
    ],
)
def test_an_id_in_two_files_is_an_error(folder, old, new, at, message):
    text = swap(TWO, old, new)
    (folder / "cells" / "two.toml").write_text(text, encoding="utf-8")

    assert errors_of(folder) == [f"bank/cells/two.toml:{line_of(text, at)}: {message}"]


def test_two_missing_ids_are_not_a_duplicate_id(folder):
    for name, text in (("one", ONE), ("two", TWO)):
        less = swap(swap(text, f'id = "{name}"\n', ""), f'id = "{name}-choice"\n', "")
        (folder / "cells" / f"{name}.toml").write_text(less, encoding="utf-8")

    assert [f.split(": ")[1] for f in errors_of(folder)] == ["missing key “id”"] * 4


def test_a_misconception_of_another_objective_can_be_named(folder):
    text = TWO.replace('misconception = "no-marrow"', 'misconception = "all-alike"')
    (folder / "cells" / "two.toml").write_text(text, encoding="utf-8")

    assert errors_of(folder) == []
