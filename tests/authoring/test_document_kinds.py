"""Read web pages, Word, PDF, and plain text; and files that nobody should have to read."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from pathlib import Path

import pytest

from learn.authoring.documents import sandbox
from learn.authoring.documents.blocks import (
    FOLDED_DOUBT,
    HEADING_DOUBT,
    HYPHEN_DOUBT,
    LINK_DOUBT,
    PLACES_DOUBT,
    SIZE_DOUBT,
)
from learn.authoring.documents.read import ReadDocument, read_document, read_text
from learn.authoring.source_text import DocumentError
from tests.authoring.made_files import encrypted, paragraph, pdf, table, word

SAID = ["# Cuts", "Wash it.", "Dry it.", "# Later", "a bandage", "Age: 9; Cups: 2"]


def read(folder: Path, name: str, raw: bytes | str) -> ReadDocument:
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read_document(path)


def told(document: ReadDocument) -> list[str]:
    return [f"{'# ' if s.is_heading else ''}{s.text}" for s in document.sentences]


# web pages

PAGE = """<!doctype html><html lang="en-US"><head><meta charset="utf-8">
<title>Cuts | A Clinic</title>
<style>p { color: red }</style><script>var a = "<p>No.</p>"</script></head><body>
<a class="skip-link" href="#m">Skip to content</a>
<header><p>A Clinic.</p></header><nav><ul><li><a href="/">Home.</a></li></ul></nav>
<div class="breadcrumbs"><p>Home. Cuts.</p></div>
<main id="m"><h1>Cuts <img alt="A hand." src="h.png"></h1>
<ul><li><a href="#a">Wash</a></li><li><a href="#l">Later</a></li></ul>
<p>Wash <a href="/w" title="How.">it</a>.<sup><a href="#n1">1</a></sup> Dry<br>it.</p><!-- No. -->
<div class="social-share"><p>Share this.</p></div>
<h2 id="l">Later</h2><ul><li>a <b>bandage</b></li></ul>
<table><tr><th>Age</th><th>Cups</th></tr><tr><td>9</td><td>2</td></tr></table>
</main><aside><p>Read more.</p></aside><footer><p>© A Clinic.</p></footer></body></html>"""


def test_the_main_part_of_a_page_is_read(tmp_path):
    document = read(tmp_path, "page.html", PAGE)

    assert told(document) == SAID
    assert document.title == "Cuts"


def test_a_page_without_a_main_part_is_read_without_its_navigation(tmp_path):
    bare = PAGE.replace("<main", "<div").replace("</main>", "</div>")

    assert told(read(tmp_path, "page.html", bare)) == SAID


@pytest.mark.parametrize("name", ["page.htm", "page.txt", "page.md", "page"])
def test_a_page_is_known_by_how_it_begins(tmp_path, name):
    assert told(read(tmp_path, name, PAGE)) == SAID


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "shift_jis"])
def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path, encoding):
    said = "電話" if encoding == "shift_jis" else "Café"
    page = f"<html><meta charset={encoding}><main><h1>{said}</h1><p>Ask.</p></main></html>"

    assert told(read(tmp_path, "p.html", page.encode(encoding))) == [f"# {said}", "Ask."]


def test_cells_that_span_rows_or_columns_stand_in_each(tmp_path):
    page = """<main><h1>Cups</h1><table><thead><tr><th>Day<th>Who<th>Cups</thead>
    <tr><td rowspan=2>Monday<td>Ana<td>1<tr><td>Ben<td>2
    <tr><td>Tuesday<td colspan=2>nobody<tr><td rowspan=9999999 colspan=99999999>x</table></main>"""

    assert told(read(tmp_path, "p.html", page))[1:4] == [
        "Day: Monday; Who: Ana; Cups: 1",
        "Day: Monday; Who: Ben; Cups: 2",
        "Day: Tuesday; Who: nobody; Cups: nobody",
    ]


def test_folded_parts_are_read_and_their_titles_are_a_doubt(tmp_path):
    page = """<main><h1>Cuts</h1><details><summary>Is it deep?</summary><p>Call.</p></details>
    <div hidden><p>Wash it.</p></div><span hidden>Menu.</span></main>"""
    document = read(tmp_path, "p.html", page)

    assert told(document) == ["# Cuts", "# Is it deep?", "Call.", "Wash it."]
    assert [s.doubt for s in document.sentences] == ["", FOLDED_DOUBT, "", ""]


@pytest.mark.parametrize(
    "around",
    [
        '<div role="tablist"><a role="tab" href="/a">Signs.</a></div>',
        '<form><p>Write to us.</p><label for="e">Your address</label><input id="e"></form>',
        '<p><a href="javascript:print()">Print it.</a></p>',
        '<p><a class="btn btn-main" href="/visit">Ask for a visit.</a></p>',
        '<div class="ad"><p>Buy this.</p></div>',
        '<div class="c-byline"><p>By <a href="/s">our staff</a>.</p></div>',
        '<p class="sr-only">For the voice.</p>',
    ],
)
def test_what_a_page_offers_to_do_is_no_text(tmp_path, around):
    text = "<p>Wash it, and then dry it with a clean towel, gently, from the edge inward.</p>"
    page = f"<main><h1>Cuts</h1>{text}{around}{text}</main>"
    kept = ["Write to us."] if "Write" in around else []
    said = told(read(tmp_path, "p.html", page))

    assert said == ["# Cuts", text[3:-4], *kept, text[3:-4]]


# Word


def test_a_word_document_is_read(tmp_path):
    body = (
        paragraph("Cuts", "T") + paragraph("Wash it. Dry it.") + paragraph("Later", "H1")
        + paragraph("a bandage") + table(("Age", "Cups"), ("9", "2"))
        + "<w:p><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
    )  # fmt: skip
    document = read(tmp_path, "cuts.docx", word(body))

    assert told(document) == SAID
    assert document.title == "Cuts"


@pytest.mark.parametrize(
    ("style", "says"), [("Own", "# Later"), ("Flat", "# Later"), ("Body", "Later")]
)
def test_a_style_of_its_own_is_a_heading_by_what_it_is_based_on(tmp_path, style, says):
    body = paragraph("Cuts", "H1") + paragraph("Wash it.") + paragraph("Later", style)

    assert told(read(tmp_path, "cuts.docx", word(body))) == ["# Cuts", "Wash it.", says]


def test_macros_and_what_lies_outside_are_left_alone(tmp_path):
    picture = """<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr descr="A hand"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="i1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"""  # noqa: E501
    raw = word(
        paragraph("Cuts", "H1") + picture + paragraph("Wash it."),
        more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"},
    )

    assert told(read(tmp_path, "cuts.docm", raw)) == ["# Cuts", "Wash it."]


BOMB = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REMOTE = '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (word(paragraph("&b;"), head=BOMB), "has definitions in its XML that no document needs."),
        (word(paragraph("&a;"), head=REMOTE), "has definitions in its XML that no document needs."),
        (word(paragraph("a" * 100_000_000)), "unpacks to far more than a document has."),
        (word("<w:p>", more={}), "is not a Word document that can be read."),
        (word(""), "has no text in it."),
        (b"PK\x03\x04 and no more", "is not a whole Word document (.docx)."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is not a whole Word document (.docx)."),
    ],
    ids=["xml-bomb", "remote-entity", "zip-bomb", "broken", "empty", "cut-off", "encrypted"],
)
def test_a_word_document_that_cant_be_read_is_named_in_one_line(tmp_path, raw, says):
    with pytest.raises(DocumentError) as refused:
        read(tmp_path, "cuts.docx", raw)

    assert str(refused.value) == f"{tmp_path / 'cuts.docx'} {says}"


def test_another_archive_is_no_word_document(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    with pytest.raises(DocumentError, match=r"is not a Word document \(\.docx\)"):
        read(tmp_path, "book.md", file.getvalue())


# PDF

PAGES = (
    [(9, 780, "A Clinic"), (20, 700, "Cuts"), (11, 660, "Wash it. Dry it with a"),
     (11, 646, "clean band-"), (11, 632, "age. Then wait"), (9, 20, "Page 1 of 3")],
    [(9, 780, "A Clinic"), (11, 700, "for a day."), (11, 660, "Call us."), (9, 20, "Page 2 of 3")],
    [(9, 780, "A Clinic"), (14, 700, "Later"), (11, 660, "Rest."), (11, 620, "a pillow"),
     (11, 606, "Water"), (9, 20, "Page 3 of 3")],
)  # fmt: skip


def test_a_pdf_is_read_in_paragraphs_without_what_repeats(tmp_path):
    document = read(tmp_path, "cuts.pdf", pdf(*PAGES))

    assert told(document) == [
        "# Cuts",
        "Wash it.",
        "Dry it with a clean bandage.",
        "Then wait for a day.",
        "Call us.",
        "# Later",
        "Rest.",
        "a pillow",
        "Water",
    ]
    assert [s.doubt for s in document.sentences if s.is_heading] == [SIZE_DOUBT, SIZE_DOUBT]


LEFT = [
    "Anemia means that your blood", "has too few red cells. They",
    "carry oxygen, so you may feel", "tired, look pale, or be short",
    "of breath on the stairs. Rest", "when you are tired. Ask others",
]  # fmt: skip
RIGHT = [
    "to do the shopping. Eat what", "you like, with enough protein.",
    "Stand up slowly, so that you", "do not fall. Plan one thing a",
    "day that matters to you. Your", "nurse can help you with that.",
]  # fmt: skip


@pytest.mark.parametrize("by_line", [True, False])
def test_columns_are_read_one_after_the_other(tmp_path, by_line):
    lines = [(11, 700 - 13 * n, text, 50) for n, text in enumerate(LEFT)]
    others = [(11, 700 - 13 * n, text, 300) for n, text in enumerate(RIGHT)]
    both = [one for pair in zip(lines, others, strict=True) for one in pair]
    page = [(20, 740, "Anemia"), *(both if by_line else [*lines, *others])]
    document = read(tmp_path, "anemia.pdf", pdf(page))

    assert [s.text for s in document.sentences] == [
        "Anemia",
        "Anemia means that your blood has too few red cells.",
        "They carry oxygen, so you may feel tired, look pale, or be short of breath on the stairs.",
        "Rest when you are tired.",
        "Ask others to do the shopping.",
        "Eat what you like, with enough protein.",
        "Stand up slowly, so that you do not fall.",
        "Plan one thing a day that matters to you.",
        "Your nurse can help you with that.",
    ]
    said = "Page 1 has columns, which were read one after the other."
    assert document.notes == ((said,) if by_line else ())


@pytest.mark.parametrize("by_line", [True, False])
def test_a_table_of_a_pdf_is_read_by_row_and_is_a_doubt(tmp_path, by_line):
    cells = [
        [("Drink", 50), ("Sugar", 200), ("How often", 350)],
        [("Water", 50), ("none", 200), ("as often as you like", 350)],
        [("Juice", 50), ("21 g a cup, as much", 200), ("weekly, with", 350)],
    ]
    more = [("as five lumps", 200), ("a meal", 350)]
    page = [(20, 740, "Drinks"), (11, 715, "The table shows what is in a drink.")]
    page += [(11, 690 - 30 * n, text, x) for n, row in enumerate(cells) for text, x in row]
    wrapped = [(11, 617, text, x) for text, x in more]
    if by_line:
        page += wrapped
    else:
        page[-1:] = [wrapped[0], page[-1], wrapped[1]]
    page += [(11, 560, "Cola", 50), (11, 560, "39 g a can", 200), (11, 530, "Ask your nurse.")]
    document = read(tmp_path, "drinks.pdf", pdf(page))

    assert told(document) == [
        "# Drinks",
        "The table shows what is in a drink.",
        "Drink: Water; Sugar: none; How often: as often as you like",
        "Drink: Juice; Sugar: 21 g a cup, as much as five lumps; How often: weekly, with a meal",
        "Drink: Cola; Sugar: 39 g a can",
        "Ask your nurse.",
    ]
    assert [s.doubt for s in document.sentences][2:4] == [PLACES_DOUBT, ""]


@pytest.mark.parametrize(
    ("others", "reads", "doubt"),
    [
        ("", "Lie down after a meal at noontime.", ""),
        ("After a noon-time meal.", "Lie down after a meal at noon-time.", ""),
        ("It is noon. It is time.", "Lie down after a meal at noon-time.", HYPHEN_DOUBT),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_joined_or_a_doubt(tmp_path, others, reads, doubt):
    page = [(20, 740, "Rest"), (11, 700, "Lie down after a meal at noon-"), (11, 687, "time.")]
    page += [(11, 640, others)] if others else []
    sentence = read(tmp_path, "rest.pdf", pdf(page)).sentences[1]

    assert (sentence.text, sentence.doubt) == (reads, doubt)


def test_what_repeats_on_two_pages_is_left_out_and_pictures_are_named(tmp_path):
    said = enumerate(("Wash it.", "Dry it."), 1)
    pages = [[(9, 780, "A Clinic"), (11, 700, one), (9, 20, f"Leaflet 7, {n}")] for n, one in said]
    document = read(tmp_path, "days.pdf", pdf(*pages, []))

    assert told(document) == ["Wash it.", "Dry it."]
    assert document.notes == (
        "Page 3 has no text: it is a picture, or empty, and nothing of it was read.",
    )


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (pdf([], []), "has no text in it: its pages are pictures. Use a copy with text."),
        (b"%PDF-1.4\nand no more", "is not a whole PDF."),
        (pdf(*PAGES)[:400], "is not a whole PDF."),
    ],
    ids=["scans", "nothing", "cut-off"],
)
def test_a_pdf_that_cant_be_read_is_named_in_one_line(tmp_path, raw, says):
    with pytest.raises(DocumentError) as refused:
        read(tmp_path, "cuts.pdf", raw)

    assert str(refused.value) == f"{tmp_path / 'cuts.pdf'} {says}"


def test_an_encrypted_pdf_is_named_in_one_line(tmp_path):
    with pytest.raises(DocumentError, match=r"cuts\.pdf is encrypted: save it without a password"):
        read(tmp_path, "cuts.pdf", encrypted(pdf(*PAGES), tmp_path))


@pytest.mark.parametrize(("kind", "package"), [("word", "mammoth"), ("pdf", "pypdf")])
def test_a_reader_that_isnt_installed_is_named(tmp_path, monkeypatch, kind, package):
    monkeypatch.setitem(sys.modules, package, None)
    path = tmp_path / "cuts"
    path.write_bytes(word(paragraph("Cuts")) if kind == "word" else pdf(*PAGES))

    says = sandbox.main(kind, path)["refused"]
    assert str(says).endswith("pip install 'learn-all[documents]'")


# plain text


@pytest.mark.parametrize(
    ("line", "is_heading", "doubt"),
    [
        ("When to Call Your Nurse", True, ""),
        ("WHAT TO BRING WITH YOU TODAY", True, ""),
        ("When should I call?", True, ""),
        ("Later", True, ""),
        ("¿Cuándo llamo a la enfermera?", True, ""),
        ("The nurse comes on most days", True, HEADING_DOUBT),
        ("Reviewed by Ana, 2026-01-05", True, HEADING_DOUBT),
        ("https://a.example/cuts", False, LINK_DOUBT),
        ("It is a cut.", False, ""),
    ],
)
def test_a_line_of_plain_text_that_may_be_a_heading_or_text_has_a_doubt(line, is_heading, doubt):
    text = f"Cuts\n\nWash it.\n\n{line}\n\nDry it.\n"
    sentences = read_text(text, markdown=False).sentences

    assert len(sentences) == 4
    assert (sentences[2].is_heading, sentences[2].doubt) == (is_heading, doubt)
    assert [s.line for s in sentences] == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        ("Page last reviewed: 3 March 2026", False),
        ("Next review due: 3 March 2029", False),
        ("This page was last updated on March 3, 2026.", False),
        ("Updated 3/4/2026", False),
        ("© 2026 A Clinic. All rights reserved.", False),
        ("Copyright © 2026 A Clinic", False),
        ("Copyright lasts for many years.", True),
        ("Última actualización: 3 de marzo de 2026", False),
        ("Revisado en casa el 3 de marzo de 2026", True),
        ("The vaccine was updated in March 2026.", True),
        ("March 2026", True),
    ],
)
def test_a_line_that_only_says_when_a_page_was_reviewed_is_left_out(line, is_read):
    said = [s.text for s in read_text(f"# Cuts\n\nWash it.\n\n{line}\n").sentences]

    assert (len(said) == 3) == is_read


def test_a_short_line_with_no_text_of_its_own_has_a_doubt():
    sentences = read_text("Cuts\n\nWash it.\n\nA Clinic\n", markdown=False).sentences

    assert [s.doubt for s in sentences] == ["", "", HEADING_DOUBT]


# files of all sizes


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("lines.md", b"Wash it\n" * 200_000),
        ("lines.txt", b"Wash it\n" * 200_000),
        ("line.md", b"Wash it. " * 50_000),
        ("line.txt", b"Dr. " * 500_000),
        ("line.html", b"<html><main><p>" + b"Wash it. " * 50_000),
        ("deep.html", b"<html><main>" + b"<div>" * 200_000 + b"Wash it."),
        ("deep.md", b"> " * 50_000 + b"Wash it."),
        ("lists.md", b"".join(b"  " * (n % 40) + b"- wash it\n" for n in range(20_000))),
        ("links.md", b"[" * 20_000 + b"wash it" + b"](a)" * 20_000),
        ("stars.md", b"*a_ " * 20_000),
        (
            "table.html",
            b"<html><main><table>" + b"<tr>" + b"<td rowspan=9999 colspan=9999>a" * 9000,
        ),
        ("classes.html", b"<html>" + b"<div class=menu>" * 3000 + b"<p>Wash it."),
        ("dots.txt", b"." * 1_900_000 + b" A"),
        ("www.txt", b"www." * 400_000),
    ],
)
def test_a_document_of_any_shape_is_read_or_refused_in_a_while(tmp_path, name, raw):
    began = time.process_time()
    try:
        read(tmp_path, name, raw)
    except DocumentError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is fine

    assert time.process_time() - began < 40


def test_mixed_line_ends_and_control_marks_are_read(tmp_path):
    raw = "# Cuts\r\n\r\nWash\x07 it\u202e.\rDry\u200b it.\x0c\n\nThen wait.\x00".replace(
        "\x00", ""
    )

    assert told(read(tmp_path, "cuts.md", raw)) == [
        "# Cuts",
        "Wash it.",
        "Dry\u200b it.",
        "Then wait.",
    ]
