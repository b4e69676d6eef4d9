"""All content, read from files and held against each other."""

from __future__ import annotations

from tests.library.small import (
    BANK,
    FIGURE,
    FIRST,
    GLOSSARY,
    SECOND,
    TOPICS,
)
from tests.our_content import our_content

# what is read


def test_the_real_content_has_no_errors():
    content = our_content()

    assert content.lessons
    for question in content.bank.questions.values():
        lesson, address = content.passage(question)
        assert lesson.anchors[question.facts[0]] == address


def test_content_without_errors_is_read(small):
    content = small.content()

    assert [*content.lessons] == ["first", "second"]
    assert [*content.topics] == ["cells", "jobs"]
    assert content.topics["cells"].title == "Blood cells"
    assert [*content.figures] == ["marrow"]
    assert [*content.bank.questions] == ["where", "job"]


def test_a_lesson_is_read_with_all_its_fields(small):
    lesson = small.content().lessons["second"]

    assert (lesson.title, lesson.topic, lesson.sections) == ("What cells do", "jobs", ("S2",))
    assert (lesson.reviewed_on.isoformat(), lesson.reviewed_by) == ("2026-03-01", "the editors")
    assert dict(lesson.borrows) == {"F1": "Cells come from the marrow."}
    assert lesson.care_questions == ("How are my red cells?",)
    assert lesson.term_names == ("RBC",)
    assert lesson.minutes == 1
    assert lesson.file == SECOND


def test_lessons_know_their_neighbors(small):
    content = small.content()
    first, second = content.lessons.values()

    assert content.neighbors(first) == (None, second)
    assert content.neighbors(second) == (first, None)


def test_a_question_links_to_its_passage_in_the_body(small):
    content = small.content()
    lesson, address = content.passage(content.bank.questions["where"])

    assert (lesson.id, address) == ("first", "f1")
    assert dict(lesson.lead_anchors) == {}
    assert dict(content.lessons["second"].lead_anchors) == {"F3": "f3", "F1": "f1"}


def test_placeholders_of_a_page_are_filled_from_the_settings(small):
    page = small.content().pages["about"]

    assert page.title == "About us"
    assert "Call 112." in [p.plain for p in page.text.passages]


def test_windows_line_endings_make_no_difference(small):
    before = small.content()
    for path in [*small.folder.glob("**/*.*")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    after = small.content()
    assert after.lessons == before.lessons
    assert after.bank == before.bank
    assert after.pages == before.pages


# languages


def test_a_file_in_the_language_is_used_and_english_otherwise(small):
    small.write(
        "learn/library/lessons/01-first.es.md",
        small.text(FIRST).replace("Where blood is made", "Dónde se hace la sangre"),
    )
    small.write(
        "learn/library/topics.es.toml", small.text(TOPICS).replace("Blood cells", "Células")
    )
    small.write(
        "learn/library/figures/marrow.es.svg",
        small.text(FIGURE).replace("The marrow", "La médula"),
    )
    small.write(
        "bank/cells/marrow.es.toml", small.text(BANK).replace("In the heart", "En el corazón")
    )
    spanish, english = small.content("es"), small.content()

    assert spanish.lessons["first"].title == "Dónde se hace la sangre"
    assert spanish.topics["cells"].title == "Células"
    assert spanish.figures["marrow"].title == "La médula"
    assert spanish.bank.questions["where"].parts[1].text == "En el corazón"
    assert spanish.lessons["second"] == english.lessons["second"]
    assert spanish.pages == english.pages
    assert english.lessons["first"].title == "Where blood is made"
    assert [*spanish.lessons] == [*english.lessons]


def test_an_error_in_a_translated_file_names_that_file(small):
    sibling = "learn/library/glossary.es.toml"
    small.write(sibling, small.text(GLOSSARY).replace('"F3"', '"F9"'))

    assert [str(f) for f in small.read("es")[1]] == [f"{sibling}:1: unknown fact “F9”"]
    assert small.errors == []
