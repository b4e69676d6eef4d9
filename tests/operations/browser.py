"""A browser without JavaScript: it keeps cookies, reads forms, and sends them as they stand."""

from __future__ import annotations

import http.client
import http.cookies
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

_PATIENCE = 30  # seconds
_MAX_REDIRECTS = 5
_TICKED = {"checkbox", "radio"}

Values = list[tuple[str, str]]
"""What a form sends, in the order of its fields."""


@dataclass
class Field:
    """An input, a text area, a select, or a button that has a name."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form of a page; `action` is the address that it is sent to."""

    action: str
    method: str
    is_multipart: bool
    fields: list[Field] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of all its fields and buttons."""
        return {one.name for one in self.fields}

    def filled(self, press: str = "", **given: str | Iterable[str]) -> Values:
        """What is sent after somebody filled in `given` and pressed the button named `press`."""
        kept = [
            (one.name, one.value)
            for one in self.fields
            if one.name not in given and (one.name == press if one.kind == "submit" else one.is_on)
        ]
        for name, value in given.items():
            kept += [(name, v) for v in ([value] if isinstance(value, str) else value)]
        return kept


class _FormReader(HTMLParser):
    """Reads all forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._address = address
        self._form: Form | None = None
        self._text: Field | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(
                urljoin(self._address, found.get("action") or self._address),
                found.get("method", "get").upper(),
                found.get("enctype") == "multipart/form-data",
            )
            self.forms.append(self._form)
        elif tag == "option" and self._select is not None:
            value = found.get("value", "")
            self._select.options.append(value)
            if "selected" in found or len(self._select.options) == 1:
                self._select.value = value
        elif self._form is not None and found.get("name"):
            self._add(tag, found)

    def parse_marked_section(self, i: int, report: int = 1) -> int:  # noqa: ARG002 - its base's
        """Read `<![` as HTML says, as a comment up to the next `>`; Python's own refuses some."""
        return self.parse_bogus_comment(i)

    def _add(self, tag: str, found: dict[str, str]) -> None:
        kind = {"button": "submit", "input": found.get("type", "text")}.get(tag, tag)
        if tag not in {"input", "button", "textarea", "select"} or self._form is None:
            return
        is_ticked = kind in _TICKED
        value = found.get("value", "on" if is_ticked else "")
        own = Field(found["name"], kind, value, not is_ticked or "checked" in found)
        self._form.fields.append(own)
        if tag == "textarea":
            self._text = own
        if tag == "select":
            self._select = own

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self._text.value = self._text.value.removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


@dataclass
class Page:
    """A response, and the address that it came from."""

    status: int
    address: str
    headers: list[tuple[str, str]]
    content: bytes

    @cached_property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    @cached_property
    def forms(self) -> list[Form]:
        """The forms of an HTML page; other content, such as a copy of somebody's data, has none."""
        if not self.header("content-type").startswith("text/html"):
            return []
        reader = _FormReader(self.address)
        reader.feed(self.text)
        return reader.forms

    def form(self, *names: str) -> Form | None:
        """The first form that has fields of these names."""
        return next((one for one in self.forms if one.names() >= {*names}), None)

    def header(self, name: str) -> str:
        return next((v for k, v in self.headers if k.lower() == name), "")


Exchange = Callable[[str, str, dict[str, str], bytes], tuple[int, list[tuple[str, str]], bytes]]
"""Sends method, target, headers and body; returns status, headers and content."""


def over_http(port: Callable[[], int]) -> Exchange:
    """Exchange with 127.0.0.1, at whatever port the site has by then, a connection a request.

    It raises OSError or HTTPException if the connection breaks.
    """

    def exchange(
        method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port(), timeout=_PATIENCE)
        with closing(connection):
            connection.request(method, target, body or None, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()

    return exchange


class Browser:
    """Opens pages and sends forms, with the cookies that it was given."""

    def __init__(self, exchange: Exchange, client: str) -> None:
        self.cookies: dict[str, str] = {}
        self._exchange = exchange
        self._client = client

    def get(self, address: str) -> Page:
        """Open a page, and go where it sends on to."""
        for _ in range(_MAX_REDIRECTS):
            page = self.request("GET", address)
            if page.status not in {301, 302, 303}:
                return page
            address = urljoin(address, page.header("location"))
        raise AssertionError(f"{address} leads in a circle")

    def post(self, form: Form, values: Values) -> Page:
        """Send a form, and stay."""
        body, kind = multipart(values) if form.is_multipart else urlencoded(values)
        return self.request(form.method, form.action, body, kind)

    def request(self, method: str, address: str, body: bytes = b"", kind: str = "") -> Page:
        """Send one request, and keep the cookies that the answer sets."""
        headers = {"X-Forwarded-For": self._client}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if kind:
            headers |= {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        target = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
        status, found, content = self._exchange(method, target, headers, body)
        keep_cookies(self.cookies, found)
        return Page(status, address, found, content)


def keep_cookies(jar: dict[str, str], headers: Iterable[tuple[str, str]]) -> None:
    """Set and delete cookies as an answer says."""
    for name, morsel in cookies_in(headers):
        if morsel["max-age"] == "0" or not morsel.value:
            jar.pop(name, None)
        else:
            jar[name] = morsel.value


def cookies_in(
    headers: Iterable[tuple[str, str]],
) -> Iterator[tuple[str, http.cookies.Morsel[str]]]:
    """The cookies that an answer sets."""
    for name, value in headers:
        if name.lower() == "set-cookie":
            yield from http.cookies.SimpleCookie(value).items()


def urlencoded(values: Values) -> tuple[bytes, str]:
    """The body of a form, and its content type."""
    return urlencode(values).encode(), "application/x-www-form-urlencoded"


def multipart(values: Values) -> tuple[bytes, str]:
    """The body of a form in parts, and its content type."""
    boundary = secrets.token_hex(12)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values
    ]
    body = "".join([*parts, f"--{boundary}--\r\n"])
    return body.encode(), f"multipart/form-data; boundary={boundary}"
