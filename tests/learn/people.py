"""People who use the site, and the strict browser that they use."""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from functools import cache
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from learn.library.content import Content
from questions.bank import Bank
from questions.kinds import Choice, Choices, Match, Order
from questions.model import Question, Response

_DOUBLED = r"[.?!]:|[?!]”?\.(?!\w)|\.”\.|%%|Quiz: Quiz"
_ONE_TIME = (
    r"(?<=[\"/-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<=value=\")[\w.-]{60,}(?=\")"
)
"""What is new each time a page is made: ids of rows, and tokens of forms."""
_PLAIN = re.compile(r"(?<=>)[\w \n.,:;!?…“”‘’()/%·–-]*\w[\w \n.,:;!?…“”‘’()/%·–-]*(?=<)")
"""Words between two tags, of which none can break the HTML."""
_VALUE = re.compile(r"(?<! type)=\"[\w !#%()*+,./:;=?@’-]*\"")
"""The value of an attribute, of which only a type can matter to the parser."""


class _Compiled(BytecodeCache):
    """Cache of compiled templates for all applications of a test run, by source."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._codes.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def made_for_tests(app: Flask) -> Flask:
    """Return the application, with a strict browser and templates shared by all applications."""
    app.test_client_class = StrictClient
    app.jinja_env.bytecode_cache = _COMPILED
    return app


class StrictClient(FlaskClient):
    """A browser that accepts no page with broken HTML, and none with a text that ends twice."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and "Content-Encoding" not in response.headers:
            body = response.get_data(as_text=True)
            if body.startswith("<!doctype"):
                ids = re.findall(r'\sid="([^"]+)"', body)
                assert len(ids) == len(set(ids)), f"an id stands twice: {sorted(ids)}"
                _check(re.sub(_ONE_TIME, "0", body))
        return response


@cache
def _check(body: str) -> None:
    """Refuse a page with broken HTML or a text that ends twice; the same page is read once."""
    _parse(_VALUE.sub('="a"', _PLAIN.sub("a", body)))
    title = body[body.index("<title>") : body.index("</title>")]
    words = title + " " + _words(body)
    said = [words[max(0, m.start() - 40) : m.end() + 40] for m in re.finditer(_DOUBLED, words)]
    assert not said, f"it ends twice: {said}"


@cache
def _parse(body: str) -> None:
    """Refuse broken HTML; pages that differ in plain words and values alone are parsed once."""
    html5lib.HTMLParser(strict=True).parse(body)


class Person:
    """Somebody at a browser of their own, who walks through the site.

    With an `account` they have opened a question page before, and no answer is kept yet. Which
    questions they are asked rests on it, so that a test asks the same ones every time.
    """

    def __init__(self, app: Flask, content: Content, account: uuid.UUID | None = None) -> None:
        self.browser = app.test_client()
        if account:
            with self.browser.session_transaction() as session:
                session["account"], session["session"] = account.hex, ""
        self.content = content
        self.page: TestResponse | None = None
        self.address = ""

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        assert self.page is not None
        return text_of(self.page)

    @property
    def html(self) -> str:
        assert self.page is not None
        return self.page.get_data(as_text=True)

    def open(self, address: str) -> TestResponse:
        """Open a page, and go where it sends on to."""
        self.page = self.browser.get(address, follow_redirects=True)
        self.address = self.page.request.path
        return self.page

    def read(self, lesson: str) -> TestResponse:
        """Open a lesson, and read it to its end."""
        page = self.open(f"/lessons/{lesson}")
        end = re.search(r'data-end="([^"]+)"', self.html)
        assert end, "the lesson has no end"
        self.browser.post(end[1], headers={"Sec-Fetch-Site": "same-origin"})
        return page

    def is_led_to_sign_in(self, address: str) -> bool:
        """Whether the page is one for which they have to sign in first."""
        page = self.browser.get(address)
        path = address.partition("?")[0]
        return page.status_code == 302 and page.location.startswith(f"/sign-in?to={path}")

    def post(self, address: str, data: Any) -> TestResponse:
        """Send a form as it is, and stay."""
        self.page = self.browser.post(address, data=data)
        return self.page

    @property
    def question(self) -> Question:
        """Question on the page."""
        return self.content.bank.questions[self.hidden("question")]

    def hidden(self, name: str) -> str:
        match = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        assert match, f"no hidden field {name}"
        return match.group(1)

    def form(self, **values: Any) -> dict[str, Any]:
        """Return the form on the page, filled in."""
        names = re.findall(r'<input type="hidden" name="([^"]+)"', self.html)
        return {name: self.hidden(name) for name in names} | values

    def answer(self, fields: dict[str, Any], **more: Any) -> TestResponse:
        """Answer the question on the page, and see what comes."""
        self.page = self.browser.post(
            self.address, data=self.form() | fields | more, follow_redirects=True
        )
        self.address = self.page.request.path
        return self.page

    def answer_right(self, **more: Any) -> TestResponse:
        return self.answer(right_answer(self.question), **more)

    def answer_wrong(self, **more: Any) -> TestResponse:
        return self.answer(wrong_answer(self.question), **more)

    def go_on(self) -> TestResponse:
        """Follow the page's one button."""
        match = re.search(r'<a class="button" href="([^"]+)"', self.html)
        assert match, "no button to go on with"
        return self.open(match.group(1))

    def follow(self, words: str) -> TestResponse:
        """Follow the link that says exactly this."""
        match = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(words)}</a>', self.html)
        assert match, f"no link says {words}"
        return self.open(match.group(1))

    def take(self, quiz: str, *, right: bool = True) -> str:
        """Take a whole quiz, and return the address of its summary."""
        self.open(f"/quizzes/{quiz}")
        while 'name="csrf_token"' in self.html and 'name="question"' in self.html:
            self.answer_right() if right else self.answer_wrong()
            self.go_on()
        return self.address

    def come_to(self, kind: str) -> Question:
        """Answer until a question of that kind is on the page.

        A quiz asks one question on each idea, and others when it's taken again. The lesson that
        has most of that kind comes first.
        """
        shares = _shares(self.content.bank, kind)
        for lesson in sorted(shares, key=lambda lesson: -shares[lesson]) * 4:
            self.open(f"/quizzes/lesson/{lesson}")
            while 'name="question"' in self.html:
                if self.question.kind == kind:
                    return self.question
                self.answer_right()
                self.go_on()
        raise AssertionError(f"no quiz asked a question of the kind {kind}")

    @property
    def account(self) -> uuid.UUID:
        with self.browser.session_transaction() as session:
            return uuid.UUID(hex=session["account"])


def _shares(bank: Bank, kind: str) -> dict[str, float]:
    """Return by lesson which share of its questions is of that kind, where there are any."""
    kinds = defaultdict[str, list[str]](list)
    for question in bank.questions.values():
        kinds[bank.objectives[question.objective].lesson].append(question.kind)
    return {k: v.count(kind) / len(v) for k, v in kinds.items() if kind in v}


def text_of(page: TestResponse) -> str:
    body = re.sub(r"<title>.*?</title>", "", page.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def _words(body: str) -> str:
    """Return the text of a page, without a space between a word in a tag and punctuation."""
    unread = r"(?s)<title>.*?</title>|<textarea.*?</textarea>|<svg.*?</svg>"
    inline = r"</?(?:b|bdi|a|em|i|strong|span|button|code)\b[^>]*>"
    body = re.sub(inline, "", re.sub(unread, "", body))
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def right_answer(question: Question) -> dict[str, Any]:
    """Return the form fields of the right answer."""
    return form_fields(question, question.right_response())


def wrong_answer(question: Question) -> dict[str, Any]:
    """Return the form fields of an answer with score 0."""
    return form_fields(question, wrong_response(question))


def wrong_response(question: Question) -> Response:
    """A response that is not right at all."""
    match question:
        case Match():
            others = {
                r.id: next(t for t in question.targets if t != r.target) for r in question.parts
            }
            return Response(pairs=others)
        case Order():
            return Response(places={s.id: n for n, s in enumerate(question.parts[::-1], 1)})
        case Choice() | Choices():
            return Response(chosen=(next(o.id for o in question.parts if not o.right),))
        case _:
            raise AssertionError(f"say what a wrong answer to “{question.kind}” is")


def form_fields(question: Question, response: Response) -> dict[str, Any]:
    """What a browser sends for `response`."""
    if response.chosen:
        return {"answer": [*response.chosen]}
    by_part = {**response.pairs, **response.places}
    return {question.field_name(part): str(value) for part, value in by_part.items()}
