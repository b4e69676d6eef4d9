"""The real nginx and the real Caddy, as docs/deploy sets them up, in front of the real site."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.operations.deployed import (
    BELOW_A_PATH,
    HOST,
    PROXIES,
    Proxy,
    Visitor,
    hidden_fields,
    needs,
    proxied,
)

pytestmark = pytest.mark.operations

QUIZ = "/quizzes/lesson/what-is-all"
UNFINISHED = 60
NAMES = [pytest.param(name, marks=needs(name)) for name in PROXIES]
BELOW = [pytest.param(*key, marks=needs(key[0])) for key in BELOW_A_PATH]


@pytest.fixture(scope="module", params=NAMES)
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with proxied(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


def lines_of(proxy: Proxy) -> list[dict[str, str]]:
    lines = proxy.site.log.read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def failed_sign_in(proxy: Proxy, source: str, nickname: str, forged: str = "") -> int:
    who = Visitor(proxy, source)
    fields = hidden_fields(who.get("/sign-in").text)
    sent = fields | {"nickname": nickname, "passphrase": "not the right one"}
    return who.post("/sign-in", sent, **({"X_Forwarded_For": forged} if forged else {})).status


def test_pages_come_over_tls_and_plain_requests_are_led_there(proxy):
    assert "911" in proxy.ask("/help").text
    with proxy.connect() as connection:
        assert connection.version() == "TLSv1.3"
    plain = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=30)
    plain.request("GET", "/lessons", headers={"Host": HOST})
    answer = plain.getresponse()
    plain.close()
    assert answer.status in {301, 308}
    assert re.match(rf"https://{HOST}(:\d+)?/lessons$", answer.headers["Location"])


@needs("nginx")
def test_nginx_serves_the_proof_that_an_authority_asks_for(tmp_path):
    with proxied("nginx", tmp_path) as proxy:
        proof = proxy.folder / "html/.well-known/acme-challenge/token"
        proof.parent.mkdir(parents=True)
        proof.write_text("proof")
        plain = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=30)
        plain.request("GET", "/.well-known/acme-challenge/token", headers={"Host": HOST})
        assert plain.getresponse().read() == b"proof"
        plain.close()


def test_old_versions_of_tls_are_refused(proxy):
    old = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"), pytest.raises(ssl.SSLError):
        proxy.connect(minimum_version=old, maximum_version=old)


def test_the_cookie_is_secure_and_for_this_host_alone(proxy):
    who = Visitor(proxy)
    page = who.get(QUIZ)
    option = re.search(r'name="(answer\w*)" value="([^"]+)"', page.text)
    assert option
    sent = who.post(QUIZ, hidden_fields(page.text) | {option.group(1): option.group(2)})

    assert sent.status == 303, sent.text
    assert sent.cookies
    for cookie in sent.cookies:
        assert cookie.startswith("__Host-learn_all=")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
    assert sent.headers["Location"].startswith(("/", f"https://{HOST}:{proxy.port}/"))
    assert sent.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Welcome back" in who.get("/").text


def test_a_form_from_another_site_is_refused(proxy):
    who = Visitor(proxy)
    fields = hidden_fields(who.get("/care-team").text)
    sent = who.post("/care-team/write", fields | {"text": "A?"}, Origin="https://evil.example")

    assert sent.status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"{HOST}.evil.example"])
def test_a_foreign_host_gets_no_page_and_no_cookie(proxy, host):
    reply = proxy.ask("/help", Host=host)

    assert "911" not in reply.text
    assert reply.cookies == []
    assert reply.status == 421 or (proxy.name == "caddy" and reply.body == b"")


def test_a_forwarded_host_of_the_client_is_discarded(proxy):
    reply = proxy.ask("/help", X_Forwarded_Host="evil.example", X_Forwarded_Port="1")

    assert reply.status == 200
    assert "evil.example" not in reply.text


def test_only_what_is_the_same_for_everybody_is_compressed(proxy):
    who = Visitor(proxy)
    for path in ("/help", "/lessons/what-is-all"):
        reply = who.get(path, Accept_Encoding="gzip, br, zstd")
        assert (reply.headers["Content-Encoding"], reply.cookies) == ("gzip", [])
    for path in (QUIZ, "/sign-in", "/care-team"):
        reply = who.get(path, Accept_Encoding="gzip, br, zstd")
        assert reply.headers["Content-Encoding"] is None, path
        assert "csrf_token" in reply.text


def test_slow_clients_delay_nobody_and_are_answered(proxy):
    who = Visitor(proxy)
    fields = hidden_fields(who.get("/care-team").text)
    with contextlib.ExitStack() as held:
        for _ in range(UNFINISHED):
            connection = held.enter_context(proxy.connect())
            head = f"POST /help HTTP/1.1\r\nHost: {HOST}:{proxy.port}\r\nContent-Length: 99\r\n\r\n"
            connection.sendall(head.encode() + b"a=")
        began = time.monotonic()
        assert "911" in proxy.ask("/help").text
        assert time.monotonic() - began < 5
        assert slowly_written(proxy, who, fields) == 303


def slowly_written(proxy: Proxy, who: Visitor, fields: dict[str, str]) -> int:
    """Send a form in ten pieces, one every third of a second; return the status."""
    body = urlencode(fields | {"text": "Written slowly?"}).encode()
    head = (
        f"POST /care-team/write HTTP/1.1\r\nHost: {HOST}:{proxy.port}\r\nCookie: {who.cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with proxy.connect() as connection:
        connection.sendall(head.encode())
        step = len(body) // 10 + 1
        for begin in range(0, len(body), step):
            time.sleep(0.3)
            connection.sendall(body[begin : begin + step])
        return int(connection.recv(100).split()[1])


def test_a_body_that_is_too_large_gets_the_sites_own_page(proxy):
    reply = Visitor(proxy).post("/care-team/write", {"text": "x" * 100_000})

    assert reply.status == 413
    assert "Learn ALL" in reply.text


def test_health_checks_pass_through(proxy):
    for path in ("/healthz", "/readyz"):
        reply = proxy.ask(path)
        assert (reply.status, reply.text, reply.cookies) == (200, "ok\n", [])


def test_the_request_id_is_the_proxys_and_in_the_log(proxy):
    reply = proxy.ask("/help", X_Request_ID="chosen-by-a-client")

    number = reply.headers["X-Request-ID"]
    assert number != "chosen-by-a-client"
    assert len(number) >= 32
    assert [line["endpoint"] for line in lines_of(proxy) if line.get("request_id") == number]


def test_failed_sign_ins_are_logged_with_the_clients_own_address(proxy):
    failed_sign_in(proxy, "127.0.0.5", "nobody", forged="203.0.113.1")

    addresses = [line["address"] for line in lines_of(proxy) if line["event"] == "failed sign-in"]
    assert addresses[-1] == "127.0.0.5"


def test_limits_are_counted_for_the_clients_address_whatever_it_claims(proxy):
    tries = [failed_sign_in(proxy, "127.0.0.6", "somebody", f"203.0.113.{n}") for n in range(6)]

    assert tries[-1] == 429
    assert 429 not in tries[:5]
    assert failed_sign_in(proxy, "127.0.0.7", "somebody") != 429


def test_no_log_of_the_proxy_has_a_path_or_an_address(proxy):
    proxy.ask("/join/SECRETCODE?q=secret-search")
    folder = proxy.site.data.parent

    files = [file for file in folder.rglob("*.log") if file.is_file()]
    assert len(files) > 1
    for file in files:
        text = file.read_text()
        assert "SECRETCODE" not in text, file
        assert "secret-search" not in text, file


@pytest.mark.parametrize("name", NAMES)
def test_while_the_site_is_away_a_calm_page_says_so(name, tmp_path):
    with proxied(name, tmp_path) as proxy:
        proxy.site.kill()
        reply = proxy.ask("/help")

    assert reply.status == 503
    assert reply.headers["Retry-After"] == "5"
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "Nothing you did is lost" in reply.text
    assert "911" in reply.text


@pytest.mark.parametrize("slash", ["", "/"], ids=["without-slash", "with-slash"])
@pytest.mark.parametrize(("name", "below"), BELOW)
def test_below_a_path_pages_forms_and_cookies_work(name, below, slash, tmp_path):
    with proxied(name, tmp_path, below, slash) as proxy:
        who = Visitor(proxy)
        root = who.get("/learn")
        while root.status in {301, 302, 308}:
            address = root.headers["Location"].removeprefix(f"https://{HOST}:{proxy.port}")
            assert address == "/learn/"
            root = who.get(address)
        assert 'href="/learn/help"' in root.text
        page = who.get(f"/learn{QUIZ}")
        option = re.search(r'name="(answer\w*)" value="([^"]+)"', page.text)
        assert option
        fields = hidden_fields(page.text) | {option.group(1): option.group(2)}
        sent = who.post(f"/learn{QUIZ}", fields)
        assert sent.status == 303
        for cookie in sent.cookies:
            assert re.match(r"__Secure-learn_all=\S+; .*Secure; .*Path=/learn;", cookie), cookie
        assert "Welcome back" in who.get("/learn/").text
        assert who.get("/learn/healthz").status == 200
        elsewhere = proxy.ask("/help")
        assert elsewhere.status == 404 or elsewhere.body == b""
