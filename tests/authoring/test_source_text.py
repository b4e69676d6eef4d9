"""Read a document into headings and sentences."""

from __future__ import annotations

import random
import struct
import textwrap
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.authoring.source_text import DocumentError, digest, read_file, read_sentences, words
from tests.second_document import TEXT


def sentences(text: str) -> list[str]:
    return [s.text for s in read_sentences(text) if not s.is_heading]


def headings(text: str) -> list[str]:
    return [s.text for s in read_sentences(text) if s.is_heading]


def same(text: str, other: str) -> bool:
    return digest(words(text)) == digest(words(other))


# sentences


def test_a_paragraph_is_split_into_sentences():
    assert sentences("Bees hum. Do they sting? Rarely! “They are busy.” 2 of them sleep.") == [
        "Bees hum.",
        "Do they sting?",
        "Rarely!",
        "“They are busy.",  # the closing mark belongs to nobody
        "2 of them sleep.",
    ]


def test_a_number_or_lowercase_letter_after_a_period_starts_no_sentence():
    text = "It grows 2.5 inches, i.e. more than a thumb."

    assert sentences(text) == [text]


def test_a_sentence_belongs_to_the_last_heading_before_it():
    parsed = read_sentences(
        "Before all of it there is this.\n\n# Bees\n\nThey hum.\n\n# Ants\n\nNo."
    )

    assert [(s.heading, s.text, s.is_heading) for s in parsed] == [
        ("", "Before all of it there is this.", False),
        ("Bees", "Bees", True),
        ("Bees", "They hum.", False),
        ("Ants", "Ants", True),
        ("Ants", "No.", False),
    ]


def test_hard_wrapped_lines_are_one_paragraph():
    text = "Bees hum in the\nwarm  grass all\n day long. They\tsting rarely."

    assert sentences(text) == [
        "Bees hum in the warm grass all day long.",
        "They sting rarely.",
    ]


def test_a_wrapped_line_that_begins_with_a_number_is_no_list_item():
    assert sentences("Please plant the bulbs in all beds up to\n12. Then water them.") == [
        "Please plant the bulbs in all beds up to 12.",
        "Then water them.",
    ]


@pytest.mark.parametrize("width", [24, 40, 60, 79])
def test_wrapping_a_whole_document_changes_no_sentence(width):
    wrapped = "\n".join(
        textwrap.fill(line, width, subsequent_indent="  " if line.startswith("- ") else "")
        if len(line) > width and not line.startswith("#")
        else line
        for line in TEXT.split("\n")
    )

    assert wrapped != TEXT
    assert read_sentences(wrapped) == read_sentences(TEXT)


# headings


@pytest.mark.parametrize(
    "text",
    [
        "Bees and Ants\n\nThey hum.",
        "# Bees and Ants\nThey hum.",
        "###### Bees and Ants ######\n\nThey hum.",
        "Bees and Ants\n=============\nThey hum.",
        "  Bees  and Ants \n---\n\nThey hum.",
        "\n\n\nBees and Ants\n\n\n\nThey hum.\n\n",
    ],
)
def test_a_heading_can_be_plain_marked_or_underlined(text):
    assert [(s.text, s.is_heading) for s in read_sentences(text)] == [
        ("Bees and Ants", True),
        ("They hum.", False),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "They hum.",
        "You need these:",
        "As somebody said, “they hum”",
        "one two three four five six seven eight nine ten eleven twelve thirteen",
        "- Bees",
        "1. Bees",
        "Bees\nand ants",
    ],
)
def test_a_sentence_a_list_item_or_a_long_line_is_no_heading(line):
    assert headings(line) == []
    assert sentences(line)


def test_a_question_can_be_a_heading():
    assert headings("Why do bees hum?\n\nNobody knows.") == ["Why do bees hum?"]


@pytest.mark.parametrize("line", ["#", "# ", "##   ", "# #", "* * *", "***", "§", "– —"])
def test_a_line_without_words_is_ignored(line):
    assert sentences(f"# Bees\n\n{line}\n\nThey hum.") == ["They hum."]
    assert headings(f"# Bees\n\n{line}\n\nThey hum.") == ["Bees"]


def test_a_document_without_headings_can_be_read():
    assert headings("They hum. They sting.") == []
    assert sentences("They hum. They sting.") == ["They hum.", "They sting."]


# lists


@pytest.mark.parametrize("bullet", ["-", "*", "+", "•", "◦", "–", "·", "1.", "2)", "(3)", "12."])
def test_each_item_of_a_list_is_a_sentence(bullet):
    text = f"You need:\n\n{bullet} Gloves\n{bullet} A hat\n\nThat is all."

    assert sentences(text) == ["You need:", "Gloves", "A hat", "That is all."]


def test_a_list_can_follow_its_sentence_without_an_empty_line():
    assert sentences("You need:\n- Gloves\n  - thin\n- A hat") == [
        "You need:",
        "Gloves",
        "thin",
        "A hat",
    ]
    assert sentences("You need:\n1. Gloves\n2. A hat") == ["You need:", "Gloves", "A hat"]


def test_an_indented_line_continues_its_list_item():
    assert sentences("- Gloves that are\n  strong. And warm.\n- A hat") == [
        "Gloves that are strong.",
        "And warm.",
        "A hat",
    ]


def test_an_unindented_line_after_a_list_item_stands_alone():
    assert sentences("- Gloves\n- A hat\nThat is all.") == ["Gloves", "A hat", "That is all."]


# what counts in a sentence


@pytest.mark.parametrize(
    "other",
    [
        "The B-cell’s “home” – it is warm, isn’t it?",
        "the b-cell's \"home\" - it is warm, isn't it?",
        "THE B‑CELL'S ‘HOME’: IT IS WARM (ISN'T IT)",
        "The\u00a0B–cell’s   home it\n\tis\u202fwarm, isn‘t it…",
        "The B-cell’s home—it is warm. Isn’t it?",
        "The B-cell’s home--it is warm; isn’t it",
        "• The B-cell’s **home** it is _warm_, isn’t it!",
        "The B-cell’s ho\u00adme it is wa\u200brm, isn’t it",
        "Ｔｈｅ B-cell’s home it is warm, isn’t it",  # wide letters
    ],
)
def test_typography_does_not_change_a_digest(other):
    assert same("The B-cell’s home — it is warm, isn’t it.", other)


@pytest.mark.parametrize(
    "other",
    [
        "Take 2–5 of 12.5 grams (25%) of it",
        "Take 2-5 of 12.5 grams (25%) it",
        "Take 2-5 of 125 grams (25%) of it",
        "Take 2-5 of 12.5 grams (25) of it",
        "Take 2-6 of 12.5 grams (25%) of it",
        "Take it of 2-5 of 12.5 grams (25%)",
    ],
)
def test_words_numbers_and_their_order_change_a_digest(other):
    assert same("Take 2-5 of 12.5 grams (25%) of it.", other) is ("2–5" in other)


@given(st.lists(st.sampled_from(["water", "bees", "2-5", "25%", "isn't", "B-cell", "1.5"])))
def test_spacing_and_case_do_not_change_a_digest(found):
    chance = random.Random(len(found))  # noqa: S311
    other = "".join(
        chance.choice([w.upper(), w.title(), w]) + chance.choice([" ", "\u00a0", "\n", " — "])
        for w in found
    )

    assert same(" ".join(found), other)


@given(st.text())
def test_any_text_can_be_read(text):
    for sentence in read_sentences(text):
        assert sentence.words
        assert sentence.text == " ".join(sentence.text.split())


# files


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("\n\n", "\n\f\n").encode(),
    ],
    ids=["utf-8", "windows", "old-mac", "mark", "utf-16", "utf-16-be", "form-feeds"],
)
def test_every_common_text_encoding_reads_the_same(tmp_path, raw):
    path = tmp_path / "document.md"
    path.write_bytes(raw)

    assert read_sentences(read_file(path)) == read_sentences(TEXT)


def test_a_windows_1252_file_is_read(tmp_path):
    path = tmp_path / "document.txt"
    text = "The café’s “garden” – it’s open."
    path.write_bytes(text.encode("cp1252"))

    assert read_file(path) == text


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\1\2\3")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ("\u00a0\n\u2003".encode(), "is empty"),
        (b"Bees hum. " * 524_288, "has 5.0 MB; a document has at most 2 MB"),
        (png(), "is not a text file"),
        (b"A caf\xe9 with \x8f in it", "is not text in UTF-8"),
        (b"A caf\xe9 with \x1b in it", "is not a text file"),
        (b"ELF\0\1\2\3 and so on", "is not a text file"),
        (TEXT.encode("utf-16-le"), "is not a text file"),  # without the mark that names it
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "is not a text file"),
    ],
    ids=[
        "nothing",
        "white",
        "mark",
        "wide-white",
        "5-mb",
        "png",
        "no-letter",
        "control",
        "program",
        "bare-utf-16",
        "cut-off",
    ],
)
def test_an_invalid_document_is_rejected_in_one_line(tmp_path, raw, says):
    path = tmp_path / "document.md"
    path.write_bytes(raw)
    with pytest.raises(DocumentError) as refused:
        read_file(path)

    assert str(refused.value).startswith(f"{path} {says}")
    assert "\n" not in str(refused.value)


def test_a_document_of_the_maximum_size_is_read(tmp_path):
    path = tmp_path / "document.md"
    path.write_bytes(b"hum " * 524_288)

    assert len(read_file(path)) == 2**21


def test_a_missing_file_or_a_folder_is_rejected(tmp_path):
    with pytest.raises(DocumentError, match=r"nothing\.md can't be read: No such file"):
        read_file(tmp_path / "nothing.md")
    with pytest.raises(DocumentError, match="can't be read: Is a directory"):
        read_file(tmp_path)
