"""HTML about a question that is the same for everybody is rendered once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from learn.quizzes.taking import prepared
from learn.quizzes.taking.prepared import PreparedHtml


@pytest.fixture
def html(app):
    with app.test_request_context():
        yield PreparedHtml(app.jinja_env, app.extensions["learn.content"])


@pytest.fixture
def question(app):
    return next(iter(app.extensions["learn.content"].bank.questions.values()))


def test_a_piece_is_rendered_once_for_the_same_values(html, question):
    first = html("report", question, is_on_hold=True)
    assert html("report", question, is_on_hold=True) is first
    assert html("report", question, is_on_hold=False) != first


def test_an_earlier_version_is_shown_as_it_was_and_never_kept(html, question):
    now = html("told", question)
    earlier = replace(question, stem="How was it before?")
    assert "How was it before?" in html("told", earlier)
    assert html("told", question) is now


def test_a_question_that_was_edited_is_rendered_again(app, html, question):
    html("told", question)
    edited = replace(question, stem="How is it now?")
    content = app.extensions["learn.content"]
    bank = replace(content.bank, questions={**content.bank.questions, question.id: edited})
    app.extensions["learn.content"] = replace(content, bank=bank)
    assert "How is it now?" in html("told", edited)
    assert html("told", edited) is html("told", edited)


def test_addresses_that_change_all_the_time_fill_no_memory(app, question, monkeypatch):
    monkeypatch.setattr(prepared, "_MAX_KEPT", 3)
    made = PreparedHtml(app.jinja_env, app.extensions["learn.content"])
    for number in range(10):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": f"/at-{number}"}):
            assert f"/at-{number}/" in made("report", question, is_on_hold=False)
    assert len(made) <= 3
