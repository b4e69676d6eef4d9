"""Interface in another language: no text stays in English."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from html import escape, unescape

import pytest
from flask import Flask

from learn import schema
from learn.app import create_app
from learn.authoring.language import all_texts
from learn.database import Database
from learn.messages import translate
from questions.kinds import KINDS
from tests.exhibits.files import EXHIBITS, merged, write
from tests.interface_texts import ROOT, texts_by_place
from tests.learn.access_scene import ROLES, answer, cells
from tests.learn.conftest import QUICK, Clock, made_for_tests
from tests.learn.groups import BEGUN, MISSED, ClassOf, sign_in_as_educator
from tests.learn.people import Person, right_answer, wrong_answer
from tests.learn.pseudo import LANGUAGE, plain, unmarked, write_catalog

TYPED = (
    *ROLES,
    *("Ana", "Kim", "Lee", "Mia", "Finn", "Somebody", "Phone", "Why?", "It is …"),
    *("Tuesday class", "A class", "Another class", "Before the class", "Before Tuesday"),
)
"""What people of the tests wrote themselves."""


NO_WORDS = (
    r"^\s*\d+\. |\d+-a de \w+ \d+|(?<![\d-])\d+-(?!\d{3})\w+-\d+"
    r"|https?://\S+|(?:[A-Z]{4}-){1,2}[A-Z]{4}|localhost|/room|[0-9a-f]{16}"
)
"""Numbers before titles, dates, addresses, codes, and ids of requests."""
MARKS = " “”‘’:.,;()…·"


@pytest.fixture(scope="module")
def whole_app(settings, content, tmp_path_factory) -> Iterator[Flask]:
    """Yield the site in a language whose every text is marked."""
    folder = tmp_path_factory.mktemp("marked")
    assert write_catalog(folder / "translations") > 1000
    url = f"sqlite:///{folder / 'x.sqlite3'}"
    own = replace(settings, database_url=url, content=folder, language=LANGUAGE)
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
    app = made_for_tests(create_app(own, content=content, clock=Clock(), hasher=QUICK))
    app.testing = True
    yield app
    app.extensions["learn.database"].dispose()


@pytest.fixture(scope="module")
def words(settings, content) -> str:
    """All words of the content, and of people."""
    files = [
        path
        for folder in ("learn/library", "questions/bank", "questions/figures")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".md", ".toml", ".svg"}
    ]
    every = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        for name, value in settings.texts.items():
            text = text.replace(f"{{{{{name}}}}}", value)
        every.append(plain(text))
    every += [plain(visible.text) for visible in all_texts(content)]
    every += [plain(f"{note.says} {note.we}") for note in content.ledger.notes]
    return " | ".join([*every, *map(plain, TYPED)])


def left_over(page, words: str) -> set[str]:
    """Return the English texts of a page that are not content."""
    if page.mimetype != "text/html" or 300 <= page.status_code < 400:
        return set()
    found = unmarked(page.get_data(as_text=True))
    texts = {plain(re.sub(NO_WORDS, "", text)).strip(MARKS) for text in found}
    return {text for text in texts if not all(is_in(words, part) for part in text.split(", "))}


@cache
def is_in(words: str, part: str) -> bool:
    """Whether a text is content, which is long; the same ones stand on many pages."""
    return part in words


def test_untranslated_text_is_found_anywhere_in_a_page():
    page = (
        '<!doctype html><title>⟦A %(b)s⟧</title><p aria-label="Read">⟦One ⟦two⟧ three⟧ Four '
        "<b>five</b><script>six</script> 7 <button value=Eight>⟦Nine⟧</button>"
    )

    assert sorted(unmarked(page)) == ["Eight", "Four", "Read", "five"]


@pytest.mark.parametrize("role", ["guest", "member", "educator of the group"])
def test_every_text_of_every_page_can_be_translated(app, scene, words, role):
    found: dict[str, set[str]] = {}
    for cell in cells(app):
        page = answer(app, scene, scene.people[role], cell)
        if texts := left_over(page, words):
            found[f"{cell[1]} {cell[0]}"] = texts

    assert found == {}, found


@pytest.mark.parametrize("kind", [*KINDS])
def test_every_text_of_every_quiz_can_be_translated(app, ana, words, kind):
    ana.come_to(kind)
    question, here, found = ana.question, ana.address, set()
    for given in ({}, {"answer": "not-there"}, {"answer": "?"}):
        found |= left_over(ana.post(here, ana.form() | given), words)
        ana.open(here)
    for person, give in ((ana, right_answer), (Person(app, ana.content, None), wrong_answer)):
        if person is not ana:
            person.come_to(kind)
            question = person.question
        found |= left_over(person.page, words)
        found |= left_over(person.answer(give(question), sure="no"), words)
        found |= left_over(person.open(f"{person.address.rpartition('/')[0]}/stop"), words)

    assert found == set()


@pytest.fixture
def group(app, content, connection, tmp_path) -> ClassOf:
    """Return a group on a site whose questions show exhibits."""
    with_exhibits = app.extensions["learn.content"] = merged(content, write(tmp_path, content))
    return ClassOf(connection, with_exhibits.bank)


@pytest.mark.parametrize("name", [name for name in EXHIBITS if name != "options"])
def test_every_description_of_an_exhibit_can_be_translated(app, ben, group, name):
    exhibit = app.extensions["learn.content"].bank.questions[f"shows-{name}"].exhibit
    kim = sign_in_as_educator(ben, group)
    learner = group.join(nickname="Zoe")
    group.answer(learner, {f"shows-{name}": MISSED}, at=BEGUN + timedelta(days=1))
    with app.test_request_context():
        lines = exhibit.describe(translate)
    kim.open(f"/groups/{group.id}/people")
    kim.open(re.search(rf'"(/groups/{group.id}/people/[0-9a-f-]+)"', kim.html).group(1))
    results = kim.browser.get(f"/groups/{group.id}/results.csv?table=questions")
    rows = csv.reader(io.StringIO(results.data.decode("utf-8-sig")))

    assert "\n".join(lines) in {cell for row in rows for cell in row}
    for line in lines:
        assert line in unescape(kim.html)
        assert {plain(text) for text in unmarked(escape(line))} <= author_texts(exhibit), line


def author_texts(exhibit) -> set[str]:
    texts = (*exhibit.author_texts, *(figure.words for figure in exhibit.figures))
    return {plain(text) for text in texts}


def test_every_text_of_every_summary_can_be_translated(ana, ben, words):
    found = set()
    for person, right in ((ana, True), (ben, False)):
        person.take("lesson/what-is-all", right=right)
        found |= left_over(person.page, words)
        for page in ("/", "/progress", "/quizzes/review", "/care-team", "/my-data"):
            found |= left_over(person.open(page), words)

    assert found == set()


def test_no_text_is_a_fragment_of_a_sentence():
    """Other languages put its parts in another order: a value has its place in the text."""
    for place, text in texts_by_place():
        assert text.split()[-1].lower() not in {"of", "the", "a", "an"}, f"{place}: {text}"
        assert text == text.strip(), place
