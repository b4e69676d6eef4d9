"""Somebody who asks a site for pages, and looks at the clock."""

from __future__ import annotations

import html
import http.client
import re
import time
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

_PATIENCE = 60.0


@dataclass(frozen=True)
class Reply:
    """What came, and after how many seconds."""

    status: int
    page: str
    location: str
    retry_after: str
    seconds: float

    @property
    def fields(self) -> dict[str, str]:
        """What the form on the page sends, as it is."""
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', self.page)
        texts = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', self.page)
        return {name: html.unescape(value) for name, value in (*hidden, *texts)}


class Asker:
    """A browser with a cookie; each request has a connection of its own, so any worker gets it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._request("GET", path, "")

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        """Send a form."""
        return self._request("POST", path, urlencode(fields))

    def _request(self, method: str, path: str, body: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(connection):
            began = time.monotonic()
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            seconds = time.monotonic() - began
            if cookie := answer.getheader("Set-Cookie"):
                self._cookie = cookie.partition(";")[0]
            names = "Location", "Retry-After"
            location, retry_after = (answer.getheader(name) or "" for name in names)
            return Reply(answer.status, page, location, retry_after, seconds)
