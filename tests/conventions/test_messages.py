"""Code and templates fill texts in by one rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from jinja2 import Environment, nodes

from learn import messages
from learn.app import create_app
from learn.config import Settings
from tests.interface_texts import KEYWORDS, ROOT, texts_by_place

OURS = ROOT / "learn/messages.py"
_COUNTS = {"ngettext": 2}


@pytest.fixture(scope="module")
def fill() -> Iterator[list]:
    """All the ways in which a text is filled in."""
    app = Flask("texts")
    Babel(app)
    with app.app_context():
        said = messages.for_templates(app)
        yield [
            messages.gettext,
            lambda text, **values: str(messages.lazy_gettext(text, **values)),
            said["_"],
            lambda text, **values: messages.ngettext(text, "", 1, **values),
            lambda text, **values: said["ngettext"](text, "", 1, **values),
        ]


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("With 95%% confidence (Wilson).", {}, "With 95% confidence (Wilson)."),
        ("%(n)d%%", {"n": 95}, "95%"),
        ("%(n)d%% of all", {"n": 5}, "5% of all"),
        ("With 95% confidence", {}, "With 95% confidence"),
        ("100% (all) of %(n)d", {"n": 3}, "100% (all) of 3"),
        ("50% sure", {"n": 1}, "50% sure"),
        ("%", {}, "%"),
        ("%(a)s %(a)s", {"a": "100%%"}, "100%% 100%%"),
        ("%(page)s. %(site)s", {"page": "Lessons", "site": "Learn ALL"}, "Lessons. Learn ALL"),
        ("%(page)s. %(site)s", {"page": "What is ALL?", "site": "A"}, "What is ALL? A"),
        ("%(page)s. %(site)s", {"page": "And so on …", "site": "A"}, "And so on … A"),
        ("%(page)s. %(site)s", {"page": "Dr. K.", "site": "A"}, "Dr. K. A"),
        ("%(page)s. %(site)s", {"page": "She said “Why?”", "site": "A"}, "She said “Why?” A"),
        ("%(page)s. %(site)s", {"page": "", "site": "A"}, ". A"),
        ("You chose “%(what)s”.", {"what": "B cells"}, "You chose “B cells”."),
        ("You chose “%(what)s”.", {"what": "Which line?"}, "You chose “Which line?”"),
        ("%(row)s: %(answer)s", {"row": "It lives on.", "answer": "B"}, "It lives on: B"),
        ("%(row)s: %(answer)s", {"row": "It lives on", "answer": "B"}, "It lives on: B"),
        ("%(row)s: %(answer)s", {"row": "Who?", "answer": "B"}, "Who? B"),
        ("“%(row)s”: %(answer)s", {"row": "Who?", "answer": "B"}, "“Who?”: B"),
        ("Read %(title)s", {"title": "A."}, "Read A."),
        ("They chose “%(what)s”", {"what": "“Yes,” or no"}, "They chose “‘Yes,’ or no”"),
        ("They chose “%(what)s.”", {"what": "Say “yes.”"}, "They chose “Say ‘yes.’”"),
        ("They chose %(what)s", {"what": "“Yes”"}, "They chose “Yes”"),
    ],
)
def test_percent_signs_are_unescaped_and_punctuation_is_not_doubled(fill, text, values, filled):
    for way in fill:
        assert way(text, **values) == filled


def test_templates_escape_values_but_not_texts(fill):
    assert str(fill[2]("Hi <b>%(name)s</b>.", name="<i>")) == "Hi <b>&lt;i&gt;</b>."


def test_singular_and_plural_are_chosen():
    app = Flask("texts")
    Babel(app)
    with app.app_context():
        texts = [messages.ngettext("%(num)d%%", "%(num)d%% each", n) for n in (1, 2)]

    assert texts == ["1%", "2% each"]


def test_only_one_module_looks_up_texts():
    """A text that Flask-Babel fills in by itself shows `%%` where it has no values."""
    for path in ROOT.glob("learn/**/*.py"):
        if path == OURS:
            continue
        source = path.read_text()
        for node in ast.walk(ast.parse(source)) if "flask_babel" in source else ():
            if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
                names = {name.name for name in node.names}
                assert not any("text" in name or "transl" in name for name in names), path


def test_templates_follow_the_same_rule(tmp_path):
    app = create_app(Settings(f"sqlite:///{tmp_path / 'x.sqlite3'}", ("k" * 16,), tmp_path))
    said = app.jinja_env.from_string(
        "{{ _('95%% of') }}{{ gettext('5% of') }}{{ ngettext('%%', '', 1) }}"
    )
    with app.app_context():
        assert said.render() == "95% of5% of%"
    app.extensions["learn.database"].dispose()


def test_every_text_is_a_literal_that_translators_get():
    """`make messages` doesn't find a text in a variable or a condition, or in another file."""
    translatable = {text for _place, text in texts_by_place()}
    for place, text in _text_arguments():
        assert isinstance(text, str), f"{place}: no literal text"
        assert text in translatable, f"{place}: {text}"


def _text_arguments() -> Iterator[tuple[str, object]]:
    """Yield each text that a call of a message function has; None unless it is a literal."""
    for folder in ("learn", "questions"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text()
            looks_up = path != OURS and any(f"{keyword}(" in source for keyword in KEYWORDS)
            for node in ast.walk(ast.parse(source)) if looks_up else ():
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                    for text in node.args[: _COUNTS.get(node.func.id, 1)]:
                        yield f"{path}:{node.lineno}", getattr(text, "value", None)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for call in Environment().parse(path.read_text()).find_all(nodes.Call):  # noqa: S701
            if getattr(call.node, "name", "") in KEYWORDS:
                for text in call.args[: _COUNTS.get(call.node.name, 1)]:
                    yield f"{path}:{call.lineno}", getattr(text, "value", None)


def test_each_percent_sign_is_doubled_or_a_placeholder():
    texts = [*texts_by_place()]
    assert len(texts) > 900
    for place, text in texts:
        assert "%" not in re.sub(r"%%|%\(\w+\)[sd]", "", text), place


def test_no_template_adds_punctuation_after_a_value():
    """`_('%(page)s. %(site)s', …)` knows how a value ends; `{{ page }}. {{ site }}` doesn't."""
    value = r"\{\{ *[\w.]+ *\}\}(?:</\w+>)*[.:](?!\w)"
    for path in ROOT.glob("templates/**/*.html"):
        assert not re.findall(value, path.read_text()), path
