"""Requests of the fuzzer: any route, any method, any field; each follows from a number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import unquote

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from learn.library.content import Content
from tests.operations import fuzz_inputs
from tests.operations.browser import Form
from tests.operations.fuzz_users import FuzzUser, FuzzUsers

_PLACEHOLDER = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
_READS_QUERY = re.compile(r'args(?:\.get)?[(\[]"(\w+)"|"(\w+)" in request\.args')
_OF_SOMEBODY = {
    *("attempt_id", "line", "text_id", "passkey_id", "notice_id", "membership_id", "session_id"),
}
_OF_GROUPS = {"group_id", "assignment_id", "room_id", "sitting_id"}
_FOR_MEMBERS = ("membership.change", "membership.decide", "membership.leave", "quizzes.assigned")
_LEARN = Path(__file__).parents[2] / "learn"


@dataclass
class FuzzRequest:
    """One request. `owners` has the people whose ids stand in its address."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    endpoint: str
    is_foreign: bool
    owners: set[str]

    def wire(self) -> bytes:
        """The request as it goes over the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{k}: {v}" for k, v in self.headers)]
        head = "\r\n".join([*lines, "", ""])
        return head.encode("latin-1", errors="replace") + self.body

    def __str__(self) -> str:
        return f"{self.method} {self.target[:200]}"


def _is_of_its_host(headers: Mapping[str, str]) -> bool:
    """Whether the request names its host by the origin that it comes from: it's no other site's."""
    return "Sec-Fetch-Site" not in headers and (
        headers.get("Origin", "").partition("://")[2] == headers.get("Host")
    )


class RequestGenerator:
    """Makes visits: a few requests in a row of one user."""

    def __init__(self, app: Flask, content: Content, users: FuzzUsers) -> None:
        self._users = users
        self._cookies = fuzz_inputs.Cookies(app)
        self._rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self._urls = app.url_map.bind("127.0.0.1")
        self._words = {
            "lesson_id": [*content.lessons],
            "step": ["renew", "close", "leave", "archive", "delete"],
            "idea_id": [*content.bank.misconceptions],
            "question_id": [*content.bank.questions],
            "code": [*users.codes, "DAGO-MELU-ZAPO", "x"],
            "room_code": [*users.room_codes, *users.room_codes, "DAGO-MELO", "x"],
            "token": ["token-of-kim", "x" * 32],
            "name": [*content.lessons, *content.topics, *content.bank.questions, "copy.js"],
            "kind": ["lesson", "question", "topic"],
        }
        self._query = sorted(
            {
                a or b
                for p in sorted(_LEARN.rglob("*.py"))
                for a, b in _READS_QUERY.findall(p.read_text())
            }
            | {"about", "idea", "lesson", "length"}
        )
        self._forms: dict[str, list[Form]] = defaultdict(list)
        for member in users.everyone:
            for form in member.forms:
                self._forms[self._endpoint(form.action, form.method)].append(form)
        self._names = sorted(
            {n for forms in self._forms.values() for f in forms for n in f.names()}
        )

    def visitor(self, rng: Random) -> FuzzUser:
        return rng.choice(self._users.everyone)

    def generate(self, rng: Random, user: FuzzUser, cookies: dict[str, str]) -> FuzzRequest:
        """A request of `user`, with these cookies if they are not exchanged for others."""
        rule = rng.choice(self._rules)
        method = self._method(rng, rule)
        owners: set[str] = set()
        target = self._target(rng, rule, user, owners)
        if owners and rule.endpoint.startswith(_FOR_MEMBERS):
            owners |= {n for owner in owners for n in self._users.members_of.get(owner, ())}
        headers = [("Host", "127.0.0.1:8000")]
        body = b""
        if method not in {"GET", "HEAD", "OPTIONS"} or rng.random() < 0.03:
            kind, body = self._body(rng, rule, user)
            if kind or rng.random() < 0.5:
                headers.append(("Content-Type", kind))
            if rng.random() < 0.9:
                headers.append(("Sec-Fetch-Site", "same-origin"))
        if cookies and rng.random() < 0.93:
            sent = "; ".join(f"{k}={self._cookie(rng, v)}" for k, v in cookies.items())
            headers.append(("Cookie", sent))
        is_foreign = rng.random() < 0.06
        if is_foreign:
            headers = [(k, v) for k, v in headers if k != "Sec-Fetch-Site"]
            headers.append(rng.choice(fuzz_inputs.CROSS_SITE_HEADERS))
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            self._add_header(headers, rng.choice(fuzz_inputs.HEADERS))
        is_foreign = is_foreign and not _is_of_its_host(dict(headers))
        endpoint = self._endpoint(target, method) or rule.endpoint
        return FuzzRequest(method, target, headers, body, endpoint, is_foreign, owners)

    def _method(self, rng: Random, rule: Rule) -> str:
        if rng.random() < 0.85:
            return rng.choice(sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}))
        return rng.choice(fuzz_inputs.METHODS)

    @staticmethod
    def _add_header(headers: list[tuple[str, str]], header: tuple[str, str]) -> None:
        """Add it, in place of another of that name: a cookie stays what it is."""
        if header[0] == "Cookie" and any(k == "Cookie" for k, _ in headers):
            return
        headers[:] = [(k, v) for k, v in headers if k != header[0]] + [header]

    def _target(self, rng: Random, rule: Rule, user: FuzzUser, owners: set[str]) -> str:
        def value(found: re.Match[str]) -> str:
            kind, choices, name = found.groups()
            if rng.random() < 0.04:
                return fuzz_inputs.escaped(fuzz_inputs.text(rng) or b"x", rng)
            if kind == "int":
                return fuzz_inputs.number(rng)
            if kind == "uuid":
                return self._id(rng, user, name, owners)
            if kind == "any":
                return rng.choice(choices.split(", "))
            return rng.choice(self._words.get(name, ["x"]))

        path = _PLACEHOLDER.sub(value, rule.rule)
        count = rng.choice((0, 0, 0, 1, 2))
        query = "&".join(f"{self._name(rng)}={self._text(rng, user)}" for _ in range(count))
        return f"{path}?{query}" if query else path

    def _name(self, rng: Random) -> str:
        if rng.random() < 0.8:
            return rng.choice(self._query)
        return fuzz_inputs.escaped(rng.choice(fuzz_inputs.NAMES).encode(), rng)

    def _text(self, rng: Random, user: FuzzUser) -> str:
        if rng.random() < 0.3:
            return self._id(rng, user, rng.choice(sorted(_OF_SOMEBODY)), set())
        return fuzz_inputs.escaped(fuzz_inputs.text(rng), rng)

    def _id(self, rng: Random, user: FuzzUser, name: str, owners: set[str]) -> str:
        """Mostly an id of their own or of somebody else, of that kind or of another."""
        if rng.random() < 0.08:
            name = rng.choice(sorted(_OF_SOMEBODY | _OF_GROUPS))
        pool: Sequence[str] = user.ids.get(name, [])
        if rng.random() < 0.45 or not pool:
            pool = self._users.known(name)
        if rng.random() < 0.05 or not pool:
            return fuzz_inputs.nonexistent_id(rng)
        found = rng.choice(pool)
        owners |= {u.name for u in self._users.everyone if found in u.ids.get(name, [])}
        return found

    # bodies

    def _body(self, rng: Random, rule: Rule, user: FuzzUser) -> tuple[str, bytes]:
        fields = [*self._fields(rng, rule, user)]
        roll = rng.random()
        if roll < 0.72:
            joined = "&".join(
                f"{fuzz_inputs.escaped(n, rng)}={fuzz_inputs.escaped(v, rng)}" for n, v in fields
            )
            return "application/x-www-form-urlencoded", joined.encode("latin-1")
        boundary = "b0und" if roll < 0.98 else "b0und\xff"
        body = b"".join(self._part(rng, boundary, n, v) for n, v in fields)
        body += f"--{boundary}--\r\n".encode("latin-1") if rng.random() < 0.9 else b""
        if roll < 0.92:
            return f"multipart/form-data; boundary={boundary}", body
        return rng.choice(fuzz_inputs.CONTENT_TYPES), rng.choice(
            (body, fuzz_inputs.text(rng), b'{"a": [1')
        )

    def _fields(self, rng: Random, rule: Rule, user: FuzzUser) -> Iterator[tuple[bytes, bytes]]:
        """The fields of a real form of that address: kept, changed, doubled, dropped, and more."""
        forms = self._forms.get(rule.endpoint) or [Form("", "POST", is_multipart=False)]
        form = rng.choice(forms)
        calm = rng.random() < 0.3
        for name, value in form.filled():
            found = self._token(user, value) if name == "csrf_token" else value.encode()
            roll = 1.0 if name == "csrf_token" and rng.random() < 0.9 else rng.random()
            if calm or roll >= 0.25:
                yield name.encode(), found
            elif roll < 0.17:
                yield name.encode(), self._value(rng, user)
            elif roll < 0.2:
                yield name.encode(), found
                yield name.encode(), self._value(rng, user)
        unset = form.names() - {name for name, _ in form.filled()}
        for name in sorted(unset):
            if rng.random() < 0.6:
                values = [o for f in form.fields if f.name == name for o in (f.value, *f.options)]
                is_real = values and rng.random() < 0.6
                yield (
                    name.encode(),
                    rng.choice(values).encode() if is_real else self._value(rng, user),
                )
        for _ in range(rng.choice((0, 0, 0, 1, 3))):
            name = rng.choice(self._names if rng.random() < 0.6 else fuzz_inputs.NAMES)
            yield name.encode(errors="surrogatepass"), self._value(rng, user)

    def _value(self, rng: Random, user: FuzzUser) -> bytes:
        roll = rng.random()
        if roll < 0.15:
            return self._id(rng, user, rng.choice(sorted(_OF_SOMEBODY)), set()).encode()
        if roll < 0.2:
            return rng.choice((user.passphrase, f"Nick {user.text}", self._users.codes[0])).encode()
        return fuzz_inputs.text(rng)

    def _token(self, user: FuzzUser, other: str) -> bytes:
        """The token of their own session, no matter who got the form."""
        for form in user.forms:
            for field in form.fields:
                if field.name == "csrf_token":
                    return field.value.encode()
        return other.encode()

    @staticmethod
    def _part(rng: Random, boundary: str, name: bytes, value: bytes) -> bytes:
        shown = name.replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")
        disposition = b'form-data; name="' + shown + b'"'
        roll = rng.random()
        if roll < 0.12:
            disposition += b'; filename="' + fuzz_inputs.text(rng)[:200].replace(b"\n", b"") + b'"'
        elif roll < 0.15:
            disposition = b"form-data"
        more = b"Content-Type: text/plain; charset=utf-7\r\n" if rng.random() < 0.1 else b""
        head = f"--{boundary}\r\nContent-Disposition: ".encode("latin-1")
        return head + disposition + b"\r\n" + more + b"\r\n" + value + b"\r\n"

    def _cookie(self, rng: Random, real: str) -> str:
        return self._cookies.odd(rng, real) if rng.random() < 0.05 else real

    def _endpoint(self, address: str, method: str) -> str:
        try:
            path = unquote(address.partition("?")[0], errors="replace")
            return str(self._urls.match(path, method.upper())[0])
        except HTTPException:
            return ""
