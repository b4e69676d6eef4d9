"""A page of another site posts forms here, in a real browser that holds somebody's cookie."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

ADDRESSES = ("/sign-out", "/quizzes/mixed", "/care-team/write", "/my-data/delete")


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """A site at another host, whose page at `/ADDRESS` posts a form to `ADDRESS` at ours.

    Ours is a number, 127.0.0.1, and this one has a name: to a browser, those are two sites.
    """

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = self.path.lstrip("/")
            body = (
                f'<!doctype html><title>Free prizes</title><form method="post" action="{target}">'
                '<input name="text" value="hello"></form>'
                "<script>document.forms[0].submit()</script>"
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_sites_form_takes_nothing_away(ana: Visitor, site, elsewhere, address):
    ana.begin("topic/what-is-all")
    before = ana.page.context.cookies()
    with ana.page.expect_navigation(url=f"{site.address}{address}"):
        ana.page.goto(f"{elsewhere}/{site.address}{address}", wait_until="commit")

    assert ana.heading.inner_text() == "This came from another site"
    assert ana.page.context.cookies() == before
    ana.open("/")
    assert "Welcome back" in ana.page.locator("main").inner_text()


def test_our_own_forms_go_through(ana: Visitor):
    """Chromium tells of every form where it came from: ours come from ourselves."""
    attempt = ana.begin("topic/what-is-all")

    assert ana.path.startswith(attempt)
