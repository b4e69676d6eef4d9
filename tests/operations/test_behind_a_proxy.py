"""The site below a path of another host name, behind a real proxy."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import html5lib
import pytest

from tests.operations.proxy import proxying
from tests.serving import Site, serving

pytestmark = pytest.mark.operations

PREFIX = "/learn"
HOST = "learn.example.org"
PATHS = {"href", "src", "action", "data-options"}


class Browser:
    """Asks a proxy for pages of the site, and keeps its cookie."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookie = ""

    def send(self, address: str, form: dict[str, str] | None = None) -> Any:
        """Return the response, with its text as `text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"Host": HOST, "Cookie": self._cookie, "Referer": f"https://{HOST}{PREFIX}/"}
        body = urlencode(form) if form else None
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form else "GET", address, body, headers)
        response: Any = connection.getresponse()
        response.text = response.read().decode(errors="replace")  # pictures, too
        connection.close()
        for sent in response.headers.get_all("Set-Cookie") or ():
            assert re.match(r"__Secure-learn_all=\S+; .*Secure; .*Path=/learn;", sent), sent
            self._cookie = sent.partition(";")[0]
        return response


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    own = {"LEARN_PUBLIC_URL": f"https://{HOST}{PREFIX}", "LEARN_TRUSTED_PROXIES": "1"}
    with serving(tmp_path_factory.mktemp("behind") / "data", workers=1, **own) as found:
        yield found


@pytest.fixture(params=[True, False], ids=["removed", "kept"])
def browser(request: pytest.FixtureRequest, site: Site) -> Iterator[Browser]:
    with proxying(site.port, PREFIX, removes_prefix=request.param) as port:
        yield Browser(port)


def paths(page: str) -> set[str]:
    """The addresses on a page that lead to this site, without fragments."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    found = {e.attrib[a] for e in tree.iter() for a in PATHS if a in e.attrib}
    found = {address.removeprefix(f"https://{HOST}").partition("#")[0] for address in found}
    return {address for address in found if address and not re.match(r"\w+:", address)}


def test_every_link_leads_to_a_page(browser):
    """From page to page, as far as links lead; forms are looked at, and not sent."""
    seen, left = set(), [PREFIX]
    while left:
        address = left.pop()
        seen.add(address)
        found = browser.send(address)
        assert found.status in {200, 302, 303, 405, 422}, address  # a form wants its fields
        more = paths(found.text) if "text/html" in found.headers["Content-Type"] else set()
        more |= {found.headers["Location"]} if found.headers["Location"] else set()
        for path in more:
            assert path.startswith((f"{PREFIX}/", f"{PREFIX}?")) or path == PREFIX, (address, path)
        left += sorted(more - seen - {*left})

    assert len(seen) > 100


def test_a_question_is_answered_and_the_next_page_is_below_the_path(browser):
    address = f"{PREFIX}/quizzes/lesson/what-is-all"
    page = browser.send(address).text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    option = re.search(r'name="(answer\w*)" value="([^"]+)"', page)
    assert option, page
    sent = browser.send(address, fields | {option.group(1): option.group(2)})

    assert sent.status == 303, sent.text
    assert sent.headers["Location"].startswith(f"{PREFIX}/quizzes/")
    assert browser.send(sent.headers["Location"]).status == 200
    assert "Welcome back" in browser.send(f"{PREFIX}/").text


def test_requests_past_the_proxy_get_health_checks_only(site):
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/help", 421), ("/learn/help", 421)):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        connection.request("GET", path)
        assert connection.getresponse().status == status, path
        connection.close()
