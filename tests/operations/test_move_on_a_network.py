"""A move to a server behind TLS, and to one behind a pooler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from learn import schema
from learn.database import Database
from learn.moving.pooler import WHY
from tests.learn.machine import Machine
from tests.learn.moves import all_rows
from tests.learn.table_rows import fill
from tests.operations.asking import Asker
from tests.operations.deployed import needs
from tests.operations.machine import Server
from tests.operations.patroni import tools
from tests.operations.pooler import Pooler
from tests.operations.tls_server import TlsServer, make_authority
from tests.serving import serving

pytestmark = pytest.mark.operations

needs_servers = pytest.mark.skipif(tools() is None, reason="PostgreSQL of Debian is not installed")


@pytest.fixture
def source(tmp_path: Path) -> Machine:
    """A machine with an embedded database that has a row in every table."""
    made = Machine(tmp_path)
    made.file.parent.mkdir(mode=0o700)
    database = Database(f"sqlite:///{made.file}")
    schema.upgrade(database)
    fill(database)
    database.dispose()
    return made


@pytest.fixture
def tls() -> Iterator[TlsServer]:
    found = TlsServer()
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def pooler(server: Server) -> Iterator[Pooler]:
    found = Pooler(server)
    try:
        yield found
    finally:
        found.kill()


@needs_servers
def test_a_move_checks_the_certificate_of_the_server_and_so_does_the_site(source, tls):
    url = tls.url(sslmode="verify-full", sslrootcert=str(tls.authority))
    before = all_rows(Database(f"sqlite:///{source.file}"))
    code, output = source.run("move", "--to", url)
    assert code == 0, output
    assert all_rows(Database(url)) == before
    address = f"postgresql://learn:***@localhost:{tls.port}/postgres"
    assert f"Now set DATABASE_URL to {address}, with all that --to has after “?”, and start" in (
        "\n".join(output)
    )
    assert "hidden" not in "\n".join(output)

    with serving(
        source.folder / "data",
        workers=1,
        DATABASE_URL=url,
        SECRET_KEY="a key that only this test knows",
    ) as site:
        assert Asker(site.port).get("/readyz").page == "ok\n"
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT bool_and(ssl) FROM pg_stat_ssl").fetchone()
            assert rows == (True,)


@needs_servers
def test_a_server_that_is_not_the_right_one_is_told_in_one_line(source, tls, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    tests = {
        tls.url(
            "127.0.0.1", sslmode="verify-full", sslrootcert=str(tls.authority)
        ): 'does not match host name "127.0.0.1"',
        tls.url(sslmode="verify-full", sslrootcert=str(make_authority(other))): (
            "certificate verify failed"
        ),
        tls.url(sslmode="verify-full", sslrootcert=str(tmp_path / "none.pem")): (
            f'root certificate file "{tmp_path}/none.pem" does not exist'
        ),
        tls.url(sslmode="disable"): "no encryption",
    }
    for url, reason in tests.items():
        code, output = source.run("move", "--to", url)
        assert (code, len(output)) == (1, 1), output
        assert reason in output[0]
        assert "hidden" not in output[0]
    assert source.run("educator", "list")[0] == 0


@needs("pgbouncer")
@pytest.mark.parametrize("ignored", ["", "options"])
def test_no_site_is_moved_through_a_pooler(source, server, pooler, ignored):
    pooler.kill()
    pooler.add(f"ignore_startup_parameters = {ignored}" if ignored else "")
    pooler.start()
    code, output = source.run("move", "--to", pooler.url)
    assert (code, output) == (2, [f"--to {WHY}."])
    assert source.file.exists()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT to_regclass('account')").fetchone() == (None,)

    pooler.kill()  # with the connections that it keeps
    code, output = source.run("move", "--to", server.url)
    assert code == 0, output
    pooler.start()
    for is_known in ("yes", "no"):
        source.env |= {"DATABASE_URL": pooler.url, "LEARN_POOLER": is_known}
        code, output = source.run("move", "--to", f"sqlite:///{source.folder}/back.sqlite3")
        assert (code, output) == (1, [f"DATABASE_URL {WHY}, with LEARN_POOLER=no."])
