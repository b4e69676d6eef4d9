"""Explanations of a lesson that lost points, or is gone."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from learn.library.content import Content
from tests.learn.own_words import LESSON, WORDS, WRITE, link, part, say, texts_of, tick, ticked


def with_points(content: Content, *points: Any) -> Content:
    """Return the content after the points of the lesson were edited."""
    lesson = replace(content.lessons[LESSON], points=tuple(points))
    lessons = MappingProxyType({**content.lessons, LESSON: lesson})
    return replace(content, lessons=lessons)


def test_a_lesson_without_points_has_no_form(ana, content, app):
    address = say(ana)
    app.extensions["learn.content"] = with_points(content)

    assert ana.open(WRITE).status_code == 404
    assert ana.open(f"{address}/change").status_code == 404
    assert WORDS in ana.open(f"{address}/look-back").get_data(as_text=True)
    assert "What you wrote is still yours." in ana.text
    assert "Write about a lesson" not in ana.open("/own-words").get_data(as_text=True)
    ana.open(f"{address}/delete")
    assert ana.post(address, ana.form(point=["no-stage"])).status_code == 303
    assert texts_of(ana)[0].ticked is None


def test_a_lesson_page_without_points_has_no_link(another_app, content, settings):
    app = another_app(settings, content=with_points(content))
    page = app.test_client().get(f"/lessons/{LESSON}").get_data(as_text=True)
    other = app.test_client().get("/lessons/what-is-all").get_data(as_text=True)

    assert "own words</a>" not in page
    assert "own words</a>" in other


def test_a_tick_for_a_removed_point_stays_stored(ana, content, app):
    address = say(ana)
    tick(ana, "no-stage", "remission")
    rest = [p for p in content.lessons[LESSON].points if p.id != "remission"]
    app.extensions["learn.content"] = with_points(content, *rest)
    ana.open(address)
    assert ticked(ana) == {"no-stage"}
    tick(ana, "untreated")

    assert texts_of(ana)[0].ticked == {"points": ["untreated", "remission"]}
    assert content.lessons[LESSON].points[2].text not in ana.text


def test_a_text_on_a_removed_lesson_stays_readable(ana, content, app):
    address = say(ana)
    tick(ana, "no-stage")
    lessons = {k: v for k, v in content.lessons.items() if k != LESSON}
    app.extensions["learn.content"] = replace(content, lessons=MappingProxyType(lessons))
    ana.open("/own-words")
    assert "ALL has no stage." in part(ana, "From lessons that are no longer on the site")
    ana.open(link(ana, "<bdi>ALL has"))

    assert ana.address == address
    assert WORDS in ana.text
    assert "This lesson is no longer on the site." in ana.text
    assert ana.open(f"{address}/change").status_code == 404
    ana.open(f"{address}/delete")
    ana.post(f"{address}/delete", ana.form())
    assert texts_of(ana) == []
