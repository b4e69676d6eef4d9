"""Mistakes after which files can’t be read, or name what is not there."""

from __future__ import annotations

from tests.authoring.mistakes import (
    ABOUT,
    BLOOD_JOBS_TOGETHER,
    BLOOD_STEM_CELLS,
    BONE_MARROW,
    BUILDUP,
    CAUSES,
    FIGURE,
    GLOSSARY,
    HOW_ALL_IS_FOUND,
    KINDS_OF_WHITE_CELLS,
    LEDGER,
    MARROW_AND_STEM_CELLS,
    PLATELETS_JOB,
    QUESTION,
    REMISSION,
    STANDS,
    TOP,
    TOPICS,
    WHAT_HEALTHY_BLOOD_CELLS_DO,
    WHAT_IS_ALL,
    WHY_BLOOD_STEM_CELLS_MATTER,
    Mistake,
    lesson_file,
)

BROKEN = [
    # the bank
    Mistake(
        "a misspelled key", REMISSION, "^you_can =", "you_could =", TOP, "missing key “you_can”"
    ),
    Mistake(
        "no valid TOML",
        BLOOD_JOBS_TOGETHER,
        "^you_can = ",
        "you_can = = ",
        "^you_can",
        "not valid TOML",
    ),
    Mistake(
        "an id used twice",
        BLOOD_STEM_CELLS,
        r'(?s)(\nid = "([^"]+)"\nkind.*?\n)id = "[^"]+"(?=\nkind)',
        r'\1id = "\2"',
        QUESTION,
        "is used twice",
    ),
    Mistake(
        "two keys in a choice",
        BONE_MARROW,
        r'^misconception = "[^"]+"$',
        "right = true",
        r"^\[\[question\]\]",
        "a choice needs exactly one right option, not 2",
    ),
    Mistake(
        "an unknown misconception",
        KINDS_OF_WHITE_CELLS,
        '^misconception = "',
        'misconception = "no-such-',
        "^misconception = ",
        "unknown misconception “no-such-",
    ),
    Mistake(
        "a question about what the lesson does not teach",
        REMISSION,
        r'(?<=\n)facts = \["F30"\]',
        'facts = ["F69"]',
        QUESTION,
        "F69 is not taught in the lesson",
    ),
    Mistake(
        "an answer without a why",
        PLATELETS_JOB,
        '^why = ".*"\n',
        "",
        r"^\[\[question.option",
        "missing key “why”",
    ),
    Mistake(
        "an unknown word on when to call",
        BUILDUP,
        '^safety = "call-now"',
        'safety = "call-later"',
        "^safety = ",
        "unknown safety “call-later”: call-911, call-now, next-visit",
    ),
    # lessons
    Mistake(
        "a sentence without a fact",
        STANDS,
        r"\{us\}$",
        "",
        "^",
        "no marker says what this rests on",
    ),
    Mistake("an unknown fact", WHAT_IS_ALL, r"\{us\}", "{F999}", "^", "unknown fact “F999”"),
    Mistake(
        "a fact that is not taught", CAUSES, r"\{us\}", "{F18}", "^", "F18 is not taught: The comp"
    ),
    Mistake(
        "a fact of another section",
        MARROW_AND_STEM_CELLS,
        r"\{us\}",
        "{F17}",
        "^",
        "F17 belongs to S2: say",
    ),
    Mistake(
        "a term that nobody explains",
        WHY_BLOOD_STEM_CELLS_MATTER,
        r" \[\[",
        " [[spleen]] [[",
        "^",
        "“spleen” is not in",
    ),
    Mistake(
        "a picture that is not there",
        WHAT_HEALTHY_BLOOD_CELLS_DO,
        "^!figure ",
        "!figure a-",
        "^!f",
        "unknown figure",
    ),
    Mistake(
        "a pause without an answer",
        lesson_file("t-cell-all"),
        r"^(!pause [^|]*)\|.*",
        r"\1",
        "^!pause",
        "a pause is written as",
    ),
    Mistake(
        "a pause whose answer names no fact",
        lesson_file("mixed-phenotype"),
        r"^(!pause .*) \{[^}]*\}",
        r"\1",
        "^!pause",
        "no marker says what this rests on",
    ),
    Mistake(
        "a pause on what the lesson does not teach",
        lesson_file("ph-positive-all"),
        r"^(!pause .*) \{[^}]*\}",
        r"\1 {F17}",
        "^!pause",
        "F17 is not taught in the lesson “ph-positive-all”",
    ),
    Mistake(
        "no question for the team",
        HOW_ALL_IS_FOUND,
        r"(?s)^!ask .*\Z",
        "",
        TOP,
        "a lesson ends with one or more !ask",
    ),
    Mistake(
        "a section that is not there", STANDS, '"S3"', '"S3", "S99"', TOP, "unknown section “S99”"
    ),
    # the points of a lesson
    Mistake(
        "a point of another lesson",
        STANDS,
        r'\["F29"\]',
        '["F69"]',
        r"^\[\[po",
        "F69 is not taught in",
    ),
    # the ledger
    Mistake("a fact used twice", LEDGER, 'id = "F2"', 'id = "F1"', "^id", "“F1” is used twice"),
    Mistake("a fact of no section", LEDGER, '^section = "S1"', 'section = "S99"', "^sec", "“S99”"),
    Mistake(
        "a note on no fact", LEDGER, r'^facts = \["F44"\]', 'facts = ["F999"]', "^facts", "“F999”"
    ),
    # glossary, pictures, pages, topics
    Mistake("a term on no fact", GLOSSARY, r"^facts = \[", 'facts = ["F999", ', r"^\[", "“F999”"),
    Mistake(
        "one name for two terms",
        GLOSSARY,
        r'(?<=^term = ")cancer"',
        'leukemia"',
        r"^\[",
        "“leukemia” names two terms",
    ),
    Mistake("a picture without words", FIGURE, "(?s)<desc.*</desc>", "", TOP, "needs a <desc>"),
    Mistake(
        "a picture with styles", FIGURE, "<path ", '<path style="x" ', "<path ", "not allowed in a"
    ),
    Mistake("a page without a title", ABOUT, "^title = .*\n", "", "^id", "missing key “title”"),
    Mistake("a topic without a text", TOPICS, "^about = .*\n", "", r"^\[", "missing key “about”"),
]
"""Files that can't be read, or that name what is not there: only this is said."""
