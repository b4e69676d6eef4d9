"""What nobody types: odd texts, numbers, bodies, cookies and headers, for the fuzzer."""

from __future__ import annotations

import uuid
from random import Random
from urllib.parse import quote, quote_from_bytes

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from questions.kinds import KINDS

_LONG = 70_000

TEXTS: tuple[bytes, ...] = (
    b"",
    b" ",
    b"\x00",
    b"a\x00b",
    b"\xff\xfe\x80",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf5\x80\x80\x80",
    "e\u0301".encode() * 3,
    b"a" + "\u0301".encode() * 3000,
    "\u202eetirw\u202c \u2067x".encode(),
    "\u200b\u200d\ufeff".encode(),
    "\ufdd0\uffff".encode(),
    "\U000e0041\U0001f468\u200d\U0001f469".encode(),
    "ﷺ".encode() * 500,
    "İıſKÅ".encode(),
    "Ａｎａ".encode(),
    b"x" * 81,
    b"x" * 321,
    b"x" * 20_002,
    b"-1",
    b"0",
    b"1e309",
    b"NaN",
    b"9" * 30,
    b"9" * 5_000,
    "٣".encode(),
    "²".encode(),
    b"1_000",
    b"true",
    b"None",
    b"[]",
    b"{}",
    b'{"a": {"b": [1]}}',
    b"../../etc/passwd",
    b"%00%0a",
    b"%252e%252e%252f",
    b"%ud800",
    b"&lt;b&gt;",
    b"<script>alert(1)</script>",
    b"\"'><img src=x onerror=x>",
    b"{{ 7*7 }}{% raw %}",
    b"%(name)s %d {0}",
    b"' OR 1=1; --",
    b"=cmd|' /C calc'!A0",
    b"line\r\nSet-Cookie: x=y",
    b"\r\n\t\x0b\x0c\x1b[2J\x85",
    "\u2028\u2029".encode(),
    b"//evil.example/",
    b"/\\evil.example",
    b"javascript:alert(1)",
    b"https://evil.example/",
    b"?",
    b"yes",
    b"y",
)

NAMES: tuple[str, ...] = (
    *("csrf_token", "answer[]", "sure", "plan"),
    *(f.name + part for kind in KINDS.values() for f in kind.fields for part in ("", "x")),
    *("text", "words", "objective", "mine", "shared", "draft", "code", "nickname", "passphrase"),
    *("__class__", "self", "form", "data", "", " ", "\x00", "a\x00", "é", "\u202e", "x" * 300),
    *("kind", "name", "to", "page", "earlier", "seen", "_method", "account", "known"),
)


def text(rng: Random) -> bytes:
    """An odd text, sometimes two of them together, seldom a very long one."""
    found = rng.choice(TEXTS)
    if rng.random() < 0.15:
        found += rng.choice(TEXTS)
    if rng.random() < 0.005:
        found = (found or b"x") * (_LONG // max(1, len(found)))
    return found


def escaped(value: bytes, rng: Random) -> str:
    """The value as it stands in an address or in a form, seldom escaped twice or not at all."""
    if rng.random() < 0.03:
        return quote(quote_from_bytes(value))
    if rng.random() < 0.02:
        return value.decode("latin-1").translate(dict.fromkeys(b" \r\n\t\x00#?&"))
    return quote_from_bytes(value, safe="")


def number(rng: Random) -> str:
    return rng.choice(("0", "1", "2", "-1", "007", "99", "32768", "9" * 19, "9" * 400, "1.5", "١"))


def nonexistent_id(rng: Random) -> str:
    """An id of nothing."""
    own = uuid.UUID(int=rng.getrandbits(128), version=4)
    return rng.choice((str(own), own.hex, str(own).upper(), str(uuid.UUID(int=0)), "x" * 36))


_SHAPES: tuple[object, ...] = (
    [],
    "text",
    5,
    None,
    {"account": 5},
    {"account": None, "known": "x"},
    {"account": "zz", "nickname": "Ana", "known": 1},
    {"account": ["a"], "nickname": {"a": 1}},
    {"account": "0" * 32, "nickname": "Ana", "known": 10**30},
    {"account": "\ud800", "csrf_token": 7},
    {"csrf_token": ["a"], "earlier_token": {}},
    {"read": 5, "visit": []},
    {"passkey": "x"},
    {"passkey": [1, 2, 3]},
    {"passkey": ["a", "b", "c"], "account": "0" * 32},
    {"session": 5},
    {"session": "x" * 43, "nickname": "Ana", "known": 1},
    {"x" * 200: "y" * 200},
)


class Cookies:
    """Session cookies that this site never made, and damaged ones."""

    def __init__(self, app: Flask) -> None:
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)
        ours, other = (interface.get_signing_serializer(app) for _ in range(2))
        assert ours
        assert other
        other.secret_keys = [b"another key that nobody knows"]
        self._ours, self._other = ours, other

    def odd(self, rng: Random, real: str) -> str:
        """One in place of a real one."""
        match rng.randrange(5):  # below: random() takes as much of the generator for any length
            case 0:
                return escaped(text(rng), rng)
            case 1:
                at = int(rng.random() * len(real))
                return real[:at] + rng.choice("aB-_.") + real[at + 1 :]
            case 2:
                return real[: int(rng.random() * len(real))]
            case 3:
                return str(self._other.dumps({"account": "0" * 32, "nickname": "x"}))
            case _:
                return str(self._ours.dumps(rng.choice(_SHAPES)))


HEADERS: tuple[tuple[str, str], ...] = (
    ("Host", ""),
    ("Host", "evil.example"),
    ("Host", "127.0.0.1:99999"),
    ("Host", "[::1"),
    ("Host", "a" * 300),
    ("Range", "bytes=0-1"),
    ("Range", "bytes=5-1,9999999999999999999-"),
    ("If-None-Match", "*"),
    ("If-None-Match", '"a", W/"b", c'),
    ("If-Match", '"x"'),
    ("If-Modified-Since", "yesterday"),
    ("If-Range", "Tue, 32 Foo"),
    ("Accept-Language", "xx-YY;q=nan, *;q=1e9"),
    ("Accept-Language", "x" * 2000),
    ("Accept-Language", "de, es;q=0.5"),
    ("Accept-Encoding", "gzip;q=x, br, *"),
    ("Accept", "text/csv;q=0.1, ;;"),
    ("Referer", "https://evil.example/\u0080"),
    ("User-Agent", ""),
    ("X-Forwarded-For", "1.2.3.4, , ::1, x"),
    ("X-Forwarded-For", ""),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Proto", "x,y"),
    ("X-Forwarded-Port", "abc"),
    ("X-Forwarded-Prefix", "//evil.example"),
    ("X-Request-ID", "a\tb" * 50),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Expect", "100-continue"),
    ("Connection", "upgrade, x"),
    ("Upgrade", "websocket"),
    ("Content-Encoding", "gzip"),
    ("Forwarded", "for=x;host=evil.example;proto=https"),
    ("Authorization", "Basic Og=="),
    ("Cookie", "=; ;a; learn_all; b=\x7f"),
    ("Cookie", "learn_all=x; learn_all=y"),
    ("Cookie", "learn_all_aside=x"),
)
CROSS_SITE_HEADERS: tuple[tuple[str, str], ...] = (
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Site", "same-site"),
    ("Origin", "https://evil.example"),
    ("Origin", "null"),
    ("Origin", ""),
)
CONTENT_TYPES: tuple[str, ...] = (
    "",
    "text/plain",
    "application/json",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such",
    "application/x-www-form-urlencoded;;;",
    "APPLICATION/X-WWW-FORM-URLENCODED",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary=\xff",
    "multipart/mixed; boundary=x",
    "x/" * 500,
)
METHODS: tuple[str, ...] = (
    *("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"),
)
