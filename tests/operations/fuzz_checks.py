"""What must hold after each request of the fuzzer, whatever was sent."""

from __future__ import annotations

import gzip
import io
import logging
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import html5lib
from sqlalchemy import Connection, select

from learn.models import Base
from tests.operations.browser import Page
from tests.operations.fuzz_requests import FuzzRequest
from tests.operations.fuzz_users import FuzzUser, FuzzUsers

_ONE_TIME = re.compile(
    r"(?<=[\"/-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<=value=\")[\w.-]{22,}(?=\")"
)
_INNER_WORKINGS = re.compile(
    rb"Traceback \(most recent|sqlalchemy\.|werkzeug\.|psycopg|sqlite3\.|/site-packages/"
)
_GONE_ALREADY = {
    *("care_team.move", "care_team.remove", "care_team.reword", "care_team.tick"),
    *("explanations.delete_text", "passkeys.submit_removal", "account.sign_out_device"),
}
"""Nothing happens to what is not yours, and the answer is as if it were gone already."""

_BEFORE_THE_VIEW = {400, 403, 404, 405, 408, 413, 429}
_WHATEVER_THE_ID = re.compile(r"/(?:sign-in|account/confirm)\?to=")
_SEEN_BY_EDUCATORS = {"viewing", "released"}
_OF_NOBODY = {"rate_limit", "mistake_report", "question_version", "withheld"}

Rows = dict[tuple[str, tuple[Any, ...]], tuple[str, tuple[Any, ...]]]
"""Each row by its table and key: the account or group that it belongs to, and its values."""


class LogWatch(logging.Handler):
    """Keeps what the application logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


def rows(connection: Connection) -> Rows:
    """All rows of all tables."""
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        if table.name in _OF_NOBODY:
            continue
        key = [column.key for column in table.primary_key]
        owner = next((n for n in ("account_id", "group_id", "id") if n in table.c), key[0])
        for row in connection.execute(select(table)).mappings():
            name = table.name, tuple(row[k] for k in key)
            found[name] = str(row[owner]), tuple(map(repr, row.values()))
    return found


def changes_of_others(
    before: Rows, after: Rows, users: FuzzUsers, sender: FuzzUser
) -> Iterator[str]:
    """Yield the rows of other users that a request of `sender` changed."""
    owners = {str(user.account): user for user in users.everyone if user.account}
    groups = {group: user for user in users.everyone for group in user.groups_led}
    for name in {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}:
        owner, _ = before.get(name) or after[name]
        whose = owners.get(owner) or groups.get(owner)
        if whose is None or whose is sender:
            continue
        if name[0] in _SEEN_BY_EDUCATORS and sender.groups_led:
            continue
        if name[0] == "group_educator" and {str(part) for part in name[1]} & sender.groups_led:
            continue
        how = "changed" if name in before and name in after else "made or deleted"
        yield f"a row of {whose.name} in {name[0]} was {how} by {sender.name}"


def failures(
    request: FuzzRequest, page: Page, users: FuzzUsers, user: FuzzUser, sent: bytes
) -> Iterator[str]:
    """What is wrong with an answer. `sent` is all that the visitor has sent so far, in lower case.

    What somebody sent may be shown to them, even if it is an id of somebody else.
    """
    if page.status >= 500:
        yield f"status {page.status}"
    text = _text(page)
    if _INNER_WORKINGS.search(text):
        yield "the page tells of our inner workings"
    yield from _shown(text, page, users, user, sent)
    yield from _foreign(request, page)
    yield from _of_others(request, page, user)
    if page.header("content-type").startswith("text/html") and page.content:
        yield from _html(_ONE_TIME.sub("0", _unpacked(page).decode(errors="replace")))


def _text(page: Page) -> bytes:
    """The headers and the content, out of whatever it is packed in."""
    content = _unpacked(page)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return b"\n".join([content, *(f"{k}: {v}".encode() for k, v in page.headers)])


def _unpacked(page: Page) -> bytes:
    is_packed = page.header("content-encoding") == "gzip" and page.content
    return gzip.decompress(page.content) if is_packed else page.content


def _shown(text: bytes, page: Page, users: FuzzUsers, user: FuzzUser, sent: bytes) -> Iterator[str]:
    for secret, may_see in users.texts.items():
        raw = secret.encode()
        if user.name not in may_see and raw in text and raw.lower() not in sent:
            yield f"{user.name} sees “{secret}” of {sorted(may_see)} (status {page.status})"


def _foreign(request: FuzzRequest, page: Page) -> Iterator[str]:
    if not request.is_foreign or request.method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
        return
    if page.header("set-cookie") or page.header("clear-site-data"):
        yield "a post of another site changes a cookie"
    if page.status not in _BEFORE_THE_VIEW:
        yield f"a post of another site is answered by {page.status}"


def _of_others(request: FuzzRequest, page: Page, user: FuzzUser) -> Iterator[str]:
    """An address with an id of somebody else is not there.

    Who is signed out, or has to confirm that it is them, is led there whatever the id.
    """
    is_theirs = request.owners and user.name not in request.owners
    if not is_theirs or request.endpoint in _GONE_ALREADY or request.method == "OPTIONS":
        return
    is_led_on = page.status == 302 and _WHATEVER_THE_ID.search(page.header("location"))
    if page.status not in _BEFORE_THE_VIEW and not is_led_on:
        yield f"{user.name} gets {page.status} at an address of {sorted(request.owners)}"


@cache
def _html(body: str) -> tuple[str, ...]:
    """Broken HTML, by the rules of the standard; the same page is read once."""
    found: list[str] = []
    ids: Iterable[str] = re.findall(r'\sid="([^"]+)"', body)
    if len([*ids]) != len({*ids}):
        found.append("an id stands twice on the page")
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(body)
    found += [f"broken HTML: {code} {more}" for _, code, more in parser.errors[:3]]
    return tuple(found)
