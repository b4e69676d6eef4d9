"""A clinician signs a lesson or Get help, by command, and its page says so until it changes."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date

import pytest

from learn.authoring.signing import sheet_digest
from learn.library import read_content as library
from learn.library.signatures import (
    FILE,
    Signature,
    digest_as_read,
    lesson_digest,
    questions_digest,
)
from tests.learn.signing_desk import Desk
from tests.library.small import BANK, FIGURE, FIRST, SECOND, SOURCE

SIGNATURES = f"learn/library/{FILE}"
LEE = ("--by", "Dr. Lee, hematology")
LESSON = "when-to-call"
NOT_YET = "not yet reviewed by a clinician"


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def digest(desk) -> str:
    content = desk.small.content()
    return lesson_digest(content.lessons["first"], content.figures)


def test_our_content_has_no_signature(ana, content):
    assert not (library.FOLDER / FILE).exists()
    assert content.signatures == ()
    for lesson in content.lessons.values():
        ana.open(f"/lessons/{lesson.id}")
        assert NOT_YET in ana.text, lesson.id
        assert "Reviewed by a clinician" not in ana.text, lesson.id


def test_the_page_shows_role_and_day_until_the_lesson_changes(settings, another_app, content):
    lesson = content.lessons[LESSON]
    day, digest = date(2026, 3, 1), lesson_digest(lesson, content.figures)
    signed = Signature(LESSON, "Dr. Lee", "hematology", day, digest)

    def page_with(*signatures: Signature, title: str = lesson.title) -> str:
        lessons = {**content.lessons, LESSON: replace(lesson, title=title)}
        changed = replace(content, lessons=lessons, signatures=signatures)
        client = another_app(settings, content=changed).test_client()
        found = client.get(f"/lessons/{LESSON}")
        assert found.status_code == 200
        return html.unescape(found.text)

    page = page_with(signed, replace(signed, role="nursing", on=date(2026, 2, 1)))
    assert "Reviewed by a clinician (hematology) on March 1, 2026." in page
    assert "Dr. Lee" not in page
    assert NOT_YET not in page.lower()

    assert NOT_YET in page_with(signed, title="When to call us")
    assert NOT_YET in page_with(replace(signed, lesson="treatment"))


def test_a_signature_has_name_role_day_and_digest(desk, digest):
    said = desk.sign("first", *LEE, "--on", "2026-03-01")

    assert said == f"“first”, {digest}: signed by Dr. Lee (hematology) on 2026-03-01.\n"
    (signature,) = desk.small.content().signatures
    assert replace(signature, line=0) == Signature(
        "first", "Dr. Lee", "hematology", date(2026, 3, 1), digest
    )
    content = desk.small.content()
    assert content.signature(content.lessons["first"]) == signature
    assert content.signature(content.lessons["second"]) is None


def test_a_name_and_a_role_may_have_quotes_and_more_commas(desk):
    desk.sign("first", "--by", 'Ana "Annie" Ng,  RN,\tpediatrics \\ oncology')

    (signature,) = desk.small.content().signatures
    assert (signature.name, signature.role) == ('Ana "Annie" Ng', "RN, pediatrics \\ oncology")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("third", *LEE), "There is no lesson “third”. The lessons are: first, second.\n"),
        (("first",), "Who read it, and in what role? Say both,"),
        (("first", "--by", " , "), "Who read it, and in what role? Say both,"),
        (("first", "--by", "Dr. Lee"), "In what role did Dr. Lee read it?"),
        (("first", "--by", "Dr. Lee, "), "In what role did Dr. Lee read it?"),
        (("first", "--by", ", hematology"), "Who read it? The name comes before the comma"),
        (("first", "--by", f"Dr. Lee, {'x' * 81}"), "The role has 81 characters: at most 80 fit."),
        (("first", *LEE, "--on", "March 1"), "“March 1” is not a day, such as"),
        (("first", *LEE, "--on", "2026-02-30"), "“2026-02-30” is not a day, such as"),
        (("first", *LEE, "--on", "9999-01-01"), "9999-01-01 is still to come"),
        (("first", *LEE, "--sheet", "0123456789ab"), "the sheet says 0123456789ab, and the lesson"),
    ],
)
def test_a_signature_that_says_too_little_is_refused(desk, arguments, message):
    assert message in desk.refusal(*arguments)


def test_signing_twice_changes_nothing(desk):
    desk.sign("first", *LEE, "--on", "2026-03-01")

    message = "Dr. Lee has signed “first” as it is now already, on 2026-03-01."
    assert message in desk.refusal("first", *LEE)
    desk.sign("first", "--by", "Ana Ng, nursing")
    desk.sign("first", *LEE, "--questions")
    assert message in desk.refusal("first", *LEE)
    assert len(desk.small.content().signatures) == 3


def test_the_sheet_that_was_read_must_be_that_of_the_lesson_now(desk, digest):
    desk.sign("first", *LEE, "--sheet", digest)
    desk.small.change(FIRST, "Marrow is soft.", "Marrow is very soft.")

    assert "Print it again" in desk.refusal("first", "--by", "Ana Ng, nursing", "--sheet", digest)


def test_questions_are_signed_only_from_a_sheet_that_has_them(desk, digest):
    asked = desk.small.content().bank.objectives["marrow"].questions
    sheet = f"{digest}-{questions_digest(asked)}"

    said = desk.refusal("first", *LEE, "--questions", "--sheet", digest)
    assert f"and the lesson with its questions is {sheet} now" in said
    desk.sign("first", *LEE, "--questions", "--sheet", sheet)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (FIRST, "Marrow is soft.", "Marrow is very soft."),
        (FIRST, "!ask How is my marrow?", "!ask How is my marrow today?"),
        (FIRST, 'title = "Where blood is made"', 'title = "Where all blood is made"'),
        (FIRST, "## The soft middle", "## The middle"),
        (FIGURE, "The middle is soft.", "The middle is red."),
        (FIGURE, "M0 0H9", "M0 0H8"),
    ],
)
def test_a_signature_is_stale_when_the_lesson_changes_and_holds_when_it_changes_back(
    desk, file, old, new
):
    desk.sign("first", *LEE, "--on", "2026-03-01")
    assert desk.status()["first"]["state"] == "signed"

    desk.small.change(file, old, new)
    assert desk.status()["first"]["state"] == "stale"
    said = "stale   first: Dr. Lee (hematology), 2026-03-01; the lesson has changed since\n"
    assert said in desk.run("status").stdout
    content = desk.small.content()
    assert content.signature(content.lessons["first"]) is None

    desk.small.change(file, new, old)
    assert desk.status()["first"]["state"] == "signed"


def test_another_source_or_lesson_leaves_a_signature_alone(desk):
    desk.sign("first", *LEE)
    desk.small.change(FIRST, "It makes blood. {F1}", "It makes blood. {F1 F2}")
    desk.small.change(SECOND, "Ask about yours.", "Ask about yours soon.")
    desk.small.change(SOURCE, "A Handbook, 2025", "A Handbook, 2026")

    assert {name: row["state"] for name, row in desk.status().items()} == {
        "first": "signed",
        "second": "open",
        "help": "open",
    }
    assert desk.run("status").stdout.endswith("\n1 signed, 0 stale, 2 open.\n")


def test_a_signature_lifts_practice_only_once_the_questions_are_signed_too(desk):
    def says() -> str:
        assert desk.status()["first"]["practice_only"] == ["marrow"]
        return desk.run("status").stdout.splitlines()[1].strip()

    desk.small.change(BANK, 'facts = ["F1"]\nask', 'facts = ["F1"]\npractice_only = true\nask')
    assert says() == "practice only, as the lesson isn’t signed as it is: marrow"
    desk.sign("first", *LEE)
    assert says() == "practice only, as the questions aren’t signed as they are: marrow"
    assert desk.status()["first"]["may_lift"] is False
    desk.sign("first", *LEE, "--questions")
    assert says() == "may count now; delete “practice_only = true” in: marrow"
    assert desk.status()["first"]["may_lift"] is True
    assert desk.small.content().bank.objectives["marrow"].practice_only

    desk.small.change(BANK, 'why = "It pumps."', 'why = "It only pumps."')
    assert says() == "practice only, as the questions aren’t signed as they are: marrow"


def test_the_digest_of_questions_ignores_their_order(desk):
    content = desk.small.content()
    asked = [*content.bank.questions.values()]

    assert questions_digest(asked) == questions_digest(reversed(asked))
    assert questions_digest(asked) != questions_digest(asked[:1])


# Get help

HELP = "learn/library/pages/help.md"
SHOWING_HELP = ("/help", "/help/card", "/booklet")


def test_get_help_says_that_nobody_has_reviewed_it(ana):
    for address in SHOWING_HELP:
        ana.open(address)
        assert f"This page is {NOT_YET}." in ana.text, address


def test_get_help_shows_role_and_day_until_it_changes(settings, another_app, content):
    page = content.pages["help"]
    day, digest = date(2026, 3, 1), digest_as_read(page, content.figures)
    signed = Signature("help", "Dr. Lee", "hematology", day, digest, is_page=True)

    def pages_with(*signatures: Signature, title: str = page.title) -> list[str]:
        pages = {**content.pages, "help": replace(page, title=title)}
        changed = replace(content, pages=pages, signatures=signatures)
        client = another_app(settings, content=changed).test_client()
        return [html.unescape(client.get(address).text) for address in SHOWING_HELP]

    for shown in pages_with(signed):
        assert "Reviewed by a clinician (hematology) on March 1, 2026." in shown
        assert "Dr. Lee" not in shown
        assert f"page is {NOT_YET}" not in shown
    for shown in (
        *pages_with(signed, title="Get help now"),
        *pages_with(replace(signed, is_page=False)),
    ):
        assert f"This page is {NOT_YET}." in shown
        assert "Reviewed by a clinician" not in shown


def test_get_help_is_signed_by_its_id_from_the_sheet_of_the_pack(desk):
    page = desk.small.content().pages["help"]
    digest = sheet_digest(desk.small.content(), page, with_questions=False)
    said = desk.sign("help", *LEE, "--on", "2026-03-01", "--sheet", digest)

    assert said == f"“help”, {digest}: signed by Dr. Lee (hematology) on 2026-03-01.\n"
    content = desk.small.content()
    signature = content.signature(content.pages["help"])
    assert signature
    assert (signature.is_page, signature.role, signature.on) == (
        True,
        "hematology",
        date(2026, 3, 1),
    )
    assert desk.status()["help"]["state"] == "signed"
    assert "already, on 2026-03-01" in desk.refusal("help", *LEE)
    assert "The page “help” has no questions to sign." in desk.refusal("help", *LEE, "--questions")
    assert "the page is " in desk.refusal("help", "--by", "Ana, RN", "--sheet", "0123456789ab")


def test_a_signature_under_get_help_is_stale_when_its_text_changes(desk):
    desk.sign("help", *LEE, "--on", "2026-03-01")
    desk.small.change(HELP, "This is a page.", "This is another page.")

    assert desk.status()["help"]["state"] == "stale"
    said = "stale   help: Dr. Lee (hematology), 2026-03-01; the page has changed since\n"
    assert said in desk.run("status").stdout
    desk.small.change(HELP, "This is another page.", "This is a page.")
    assert desk.status()["help"]["state"] == "signed"


def test_only_get_help_is_signed_among_the_pages(desk):
    assert "There is no lesson “privacy”." in desk.refusal("privacy", *LEE)
    desk.small.write(SIGNATURES, ENTRY.replace('lesson = "first"', 'page = "privacy"'))
    (error,) = desk.small.errors
    assert error.startswith(f"{SIGNATURES}:1: there is no page “privacy” to sign")


ENTRY = """\
[[signature]]
lesson = "first"
name = "Dr. Lee"
role = "hematology"
on = 2026-03-01
digest = "0123456789ab"
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"first"', '"third"', 1, "there is no lesson “third” to sign"),
        ('name = "Dr. Lee"\n', "", 1, "missing key “name”"),
        ('"hematology"', '" "', 4, "“role” is empty"),
        ("2026-03-01", '"March 1"', 5, "“on” must be a date"),
        ("0123456789ab", "0123", 6, "“digest” is not a digest of 12 hex digits"),
        ("digest", "questions = 7\ndigest", 6, "“questions” must be a text"),
        ("digest", 'by = "me"\ndigest', 6, "unknown key “by”"),
        ("[[signature]]", "[[signature]", 1, "not valid TOML"),
    ],
)
def test_an_error_in_the_file_of_signatures_has_its_line(desk, old, new, line, message):
    desk.small.write(SIGNATURES, ENTRY)
    assert desk.small.errors == []
    desk.small.change(SIGNATURES, old, new)

    (error,) = desk.small.errors
    assert error.startswith(f"{SIGNATURES}:{line}: {message}")
    assert error in desk.run("status").stderr
    assert error in desk.run("sign", "second", *LEE).stderr


def test_a_folder_that_cannot_be_written_is_named(desk):
    desk.small.path(f"{SIGNATURES}.new").mkdir()

    assert f"{desk.small.folder} can't be written: " in desk.refusal("first", *LEE)


def test_a_language_that_is_no_code_is_refused(desk):
    assert "is not the code of a language" in desk.run("--language", "../x", "status").stderr
