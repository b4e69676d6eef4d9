"""Documents for a clinician, written by command, to read and sign on paper."""

from __future__ import annotations

import html
import re
import shlex
from datetime import date

import pytest

from learn.authoring.review_pack import PrintOptions, Tier, file_name, pack
from learn.authoring.signing import questions_of, sheet_digest
from learn.config import texts
from tests.learn.signing_desk import Desk
from tests.library.small import FIRST, SETTINGS, SOURCE

OPTIONS = PrintOptions(SETTINGS, date(2026, 3, 1))
FILES = ["1-safety.html", "2-claims.html", "3-all.html"]


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = Desk(tmp_path)
    desk.small.change(FIRST, 'reviewed_by = "the editors"\n', 'reviewed_by = "me"\nsafety = true\n')
    return desk


def words(document: str) -> str:
    """Return the text of a document, without its style."""
    body = re.sub(r"<style>.*?</style>", "", document, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def printed(desk: Desk, tier: Tier) -> str:
    return words(pack(desk.small.content(), tier, OPTIONS))


def test_the_pack_has_a_file_for_each_tier(desk):
    folder = desk.home / "paper" / "today"
    ran = desk.run("pack", "--output", str(folder))

    assert ran.stdout.splitlines() == [str(folder / name) for name in FILES]
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert [file_name(tier) for tier in Tier] == FILES


def test_one_tier_is_written_alone_and_again(desk):
    for _ in range(2):
        ran = desk.run("pack", "--tier", "claims", "--output", str(desk.home / "paper"))
        assert ran.returncode == 0, ran.stderr
    assert [path.name for path in (desk.home / "paper").iterdir()] == ["2-claims.html"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--output", "lib.txt"), 1, "lib.txt can't be written: "),
        (("--output", "x", "--tier", "urgent"), 2, "'urgent' is not one of"),
        ((), 2, "Missing option '--output'"),
    ],
)
def test_a_pack_that_cannot_be_written_says_why(desk, arguments, code, message):
    (desk.home / "lib.txt").write_text("a file")
    ran = desk.run("pack", *arguments)

    assert (ran.returncode, ran.stdout) == (code, "")
    assert message in ran.stderr


def test_broken_content_is_named_and_not_printed(desk):
    desk.small.change(FIRST, "{F1}\n\n## The", "{F99}\n\n## The")
    ran = desk.run("pack", "--output", "paper")

    assert "unknown fact “F99”" in ran.stderr
    assert not (desk.home / "paper").exists()


@pytest.mark.parametrize("tier", Tier)
def test_a_document_needs_nothing_else(content, tier):
    document = pack(content, tier, PrintOptions(texts({}), date(2026, 3, 1)))

    assert document.startswith("<!doctype html>")
    for part in ("src=", "<link", "<script", "@import", "<a ", "<iframe", "<img"):
        assert part not in document, part
    assert not re.search(r"url\((?!#)", document)
    assert "☐ Right as it is" in document
    assert "Change this:" in document


def test_safety_has_get_help_and_the_lessons_that_safety_depends_on(desk):
    content = desk.small.content()
    output = printed(desk, Tier.SAFETY)

    assert "Learn Blood: Safety" in output
    assert "This is a page. us" in output
    assert "Marrow is soft. F2 It makes blood. F1 Flat bones hold a lot. A-bones" in output
    assert "A bone, cut open. The middle is soft." in output
    assert (
        f"digest {sheet_digest(content, content.lessons['first'], with_questions=False)}" in output
    )
    assert "What cells do" not in output
    assert "call 911" not in output.lower()


def test_safety_ends_with_the_lines_below_questions(content, ana):
    said = words(pack(content, Tier.SAFETY, PrintOptions(texts({}), date(2026, 3, 1))))

    assert "The sign in the question: call 911 right away. A-911" in said
    assert "The sign in the question: call your care team now, day or night." in said
    assert "The sign in the question: mention it at your next visit." in said
    for lesson in ("when-to-call", "how-all-is-found", "treatment", "at-home-during-treatment"):
        assert content.lessons[lesson].title in said


def test_a_claim_stands_with_its_citation_and_each_use(desk):
    desk.small.write(
        SOURCE,
        desk.small.text(SOURCE)
        + '\n[[added]]\nid = "A-new"\nsays = "Unused."\ncitation = "A Page, 2026"\n'
        'addresses = ["https://example.org/page"]\n',
    )
    output = printed(desk, Tier.CLAIMS)

    assert "☐ A-bones : Flat bones hold much of it." in output
    assert "From: A Handbook, 2025 L Where blood is made: Flat bones hold a lot." in output
    assert "Q where: Where is blood made? In the marrow" in output
    assert "From: A Page, 2026 https://example.org/page nowhere" in output


def test_everything_has_each_lesson_question_reason_and_fact(desk):
    content = desk.small.content()
    output = printed(desk, Tier.ALL)

    for lesson in content.lessons.values():
        digest = sheet_digest(content, lesson, with_questions=True)
        assert f"{lesson.title} digest {digest}" in output
        for question in questions_of(content, lesson):
            assert question.id in output
            for part in question.parts:
                assert f"{part.text} . {part.rationale}" in output
    assert "right: In the marrow" in output
    assert "(Wrong idea: The heart makes blood.)" in output
    assert "F4 Marrow weighs so much. (Not taught: The number is disputed.)" in output
    assert "red cell : A cell that carries oxygen." in output


def test_the_command_on_a_sheet_signs_what_was_printed(desk):
    output = printed(desk, Tier.ALL)
    (command,) = re.findall(r"learn review (sign first .*? --questions)", output)
    filled = command.replace("NAME, ROLE", "Dr. Lee, hematology").replace("MM-DD", "02-01")

    assert "“first” and its questions, " in desk.sign(*shlex.split(filled)[1:])


def test_texts_with_markup_are_printed_as_they_are(desk):
    desk.small.change(FIRST, "Marrow is soft. {F2}", "Marrow <i>is</i> soft & red. {F2}")
    document = pack(desk.small.content(), Tier.SAFETY, OPTIONS)

    assert "Marrow &lt;i&gt;is&lt;/i&gt; soft &amp; red." in document


def test_the_sheet_of_a_translation_says_its_language(desk):
    printing = PrintOptions(SETTINGS, date(2026, 3, 1), "es")
    document = pack(desk.small.content("es"), Tier.SAFETY, printing)

    assert '<html lang="es">' in document
    assert "learn review --language es sign first" in document
