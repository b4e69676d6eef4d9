"""The person who runs the site sets something wrong, and one line says what."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from learn.config import NAMES, ConfigError, from_environment, warn_of_own_key
from learn.database import Database
from tests import forked

KEY = "a key of one's own, long enough"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    return kept | {"LEARN_DATA": str(tmp_path / "data")}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DATABASE_URL", "mysql://root:secret@localhost/learn", "“mysql” is not the address"),
        ("DATABASE_URL", "postgresql+asyncpg://root:secret@localhost/x", "must begin with"),
        ("DATABASE_URL", "postgresql://root:secret@localhost:port/x", "not the address of"),
        ("DATABASE_URL", "http://example.org", "must begin with postgresql:// or sqlite:///"),
        ("DATABASE_URL", "learn.sqlite3", "not the address of a database"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("SECRET_KEY", "fifteen letters", "SECRET_KEY is too short: give it at least 16"),
        ("SECRET_KEY_FALLBACKS", f"{KEY.replace(' ', '')} short", "SECRET_KEY_FALLBACKS is too"),
        ("LEARN_TRUSTED_PROXIES", "11", "a whole number from 0 to 10, not “11”"),
        ("LEARN_TRUSTED_PROXIES", "-1", "from 0 to 10"),
        ("LEARN_TRUSTED_PROXIES", "²", "from 0 to 10"),
        ("LEARN_TRUSTED_PROXIES", "9" * 5000, "from 0 to 10"),
        ("LEARN_TIME_ZONE", "America", "not a time zone"),
        ("LEARN_TIME_ZONE", "../../etc/passwd", "not a time zone"),
        ("LEARN_LANGUAGE", "vo", "“vo”: there is no translation"),
        ("LEARN_LANGUAGE", "xx", "no translation"),
        ("LEARN_LANGUAGE", "../en", "no translation"),
        ("LEARN_PUBLIC_URL", "learn.example.org", "like https://learn.example.org"),
        ("LEARN_DATA", "/dev/null", "can't be made"),
        ("LEARN_METRICS_PORT", "65536", "from 0 to 65535"),
        ("LEARN_POOLER", "transaction", "must be yes or no"),
        ("LEARN_POOLER", "yes", "is for PostgreSQL"),
    ],
)
def test_an_unusable_value_is_reported_in_one_line(env, name, value, says):
    with pytest.raises(ConfigError, match=r"^[^\n]+$") as refused:
        from_environment(env | {name: value})

    assert says in str(refused.value)
    assert "secret@" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("LEARN_DATTA", "Did you mean LEARN_DATA?"),
        ("LEARN_PUBLIC_ADDRESS", "LEARN_PUBLIC_ADDRESS isn't a setting"),
        ("LEARN_TIMEZONE", "Did you mean LEARN_TIME_ZONE?"),
        ("LEARN_FROM_A_LATER_VERSION", "isn't a setting of this version."),
    ],
)
def test_an_unknown_name_is_only_a_warning(env, log, name, nearest):
    assert from_environment(env | {name: "x"}).data == Path(env["LEARN_DATA"])

    (warning,) = [line for line in log.text.splitlines() if name in line]
    assert nearest in warning
    assert '"level": "warning"' in warning


def test_known_and_unrelated_names_cause_no_warning(env, log):
    from_environment(env | {"LEARN_LANGUAGE": "en", "_LEARN_COMPLETE": "x", "LEARNING": "x"})

    assert log.text == ""


def test_a_command_warns_on_stderr_and_continues(env):
    ran = forked.learn("migrate", env=env | {"LEARN_DATTA": "x"})

    assert ran.returncode == 0
    assert ran.stderr == "LEARN_DATTA isn't a setting. Did you mean LEARN_DATA?\n"


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("http://learn.example.org", True),
        ("https://learn.example.org", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000/learn", False),
        ("http://[::1]:8000", False),
        ("", False),
    ],
)
def test_an_address_without_tls_is_a_warning(env, log, address, is_open):
    from_environment(env | {"LEARN_PUBLIC_URL": address})

    assert ("begins with http: " in log.text) is is_open


def test_a_local_key_file_with_a_database_server_is_a_warning(env, log):
    server = env | {"DATABASE_URL": "postgresql://localhost/learn"}
    for own, times in (({}, 1), ({"SECRET_KEY": KEY}, 1)):
        warn_of_own_key(from_environment(server | own), server | own)
        assert log.text.count("SECRET_KEY is not set") == times
    warn_of_own_key(from_environment(env), env)
    assert log.text.count("SECRET_KEY is not set") == 1


def test_a_pooler_leaves_the_address_of_the_server_as_it_was(env):
    url = "postgresql://ana:secret@/learn?host=a:5432&host=b:5433&target_session_attrs=read-write"
    for own, has_pooler in (({}, False), ({"LEARN_POOLER": "yes"}, True)):
        settings = from_environment(env | {"DATABASE_URL": url, "SECRET_KEY": KEY} | own)
        database = Database(settings.database_url)
        assert database.has_pooler is has_pooler
        _, named = database.engine.dialect.create_connect_args(database.url)
        assert (named["host"], named["port"]) == ("a,b", "5432,5433")
        assert "pooler" not in named
        database.dispose()


@pytest.mark.parametrize("workers", ["0", "-1", "129", "100000", "9" * 5000, "two", "", "1.5", "²"])
def test_an_invalid_number_of_workers_is_reported(env, workers):
    ran = forked.learn("serve", f"--workers={workers}", env=env)

    assert ran.returncode == 2
    assert ran.stderr == f"--workers is a number from 1 to 128, not “{workers}”.\n"


UNUSABLE = {
    "DATABASE_URL": ["mysql://x/y", "sqlite:////nowhere/learn.sqlite3", "postgresql://[::1/x"],
    "LEARN_POOLER": ["x"],
    "SECRET_KEY": ["short"],
    "SECRET_KEY_FALLBACKS": ["short"],
    "LEARN_DATA": ["/dev/null", "/proc/learn"],
    "LEARN_CONTENT": ["/nowhere", "/dev/null"],
    "LEARN_PUBLIC_URL": ["x", "https://learn.example.org/quizzes", "ftp://learn.example.org"],
    "LEARN_TRUSTED_PROXIES": ["x"],
    "LEARN_TIME_ZONE": ["x"],
    "LEARN_LANGUAGE": ["x"],
    "LEARN_OFFLINE": ["x"],
    "LEARN_LOG_FORMAT": ["x", "json\ntext"],
    "LEARN_LOG_REQUESTS": ["x"],
    "LEARN_METRICS_PORT": ["x"],
}
ANY_TEXT = {
    *("LEARN_EMERGENCY_NAME", "LEARN_EMERGENCY_NUMBER", "LEARN_CRISIS_NUMBER", "LEARN_CRISIS_LINE"),
    "LEARN_CONTACT",
}


def test_every_setting_is_tried_with_unusable_values():
    assert {*UNUSABLE} | ANY_TEXT == {*NAMES}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in UNUSABLE.items() for value in values]
)
def test_serve_reports_an_unusable_setting_in_one_line_with_exit_code_2(env, name, value):
    ran = forked.learn("serve", "--port=18234", env=env | {name: value})

    assert ran.returncode == 2
    assert name.removeprefix("LEARN_DATA") in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


# files


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("name", ["secret_key", "learn.sqlite3"])
def test_a_readable_file_is_restricted_to_its_owner(env, log, name):
    from_environment(env)
    path = Path(env["LEARN_DATA"]) / name
    sqlite3.connect(path).close() if name.startswith("learn") else path.touch()
    log_before = log.text
    path.chmod(0o644)
    from_environment(env)

    assert log_before == ""
    assert mode(path) == 0o600
    assert f"Others could read {path} until now" in log.text


@pytest.mark.parametrize("name", ["secret_key", "learn.sqlite3"])
def test_a_file_that_stays_open_to_others_is_refused(env, monkeypatch, name):
    from_environment(env)
    path = Path(env["LEARN_DATA"]) / name
    sqlite3.connect(path).close() if name.startswith("learn") else path.touch()
    path.chmod(0o644)
    monkeypatch.setattr(Path, "chmod", lambda *_: None)  # as on a disk without modes

    with pytest.raises(ConfigError, match="its mode can't be changed"):
        from_environment(env)


def test_a_world_writable_data_folder_is_refused(env):
    folder = Path(env["LEARN_DATA"])
    folder.mkdir()
    for forbidden in (0o777, 0o1777, 0o702):
        folder.chmod(forbidden)
        with pytest.raises(ConfigError, match="Everybody on this machine can write"):
            from_environment(env)
    folder.chmod(0o755)
    from_environment(env)
    assert {mode(path) for path in folder.iterdir()} == {0o600}


def test_a_world_writable_folder_of_the_database_is_refused(env, tmp_path):
    """Others could put a link there that a file beside the database would follow."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    env["DATABASE_URL"] = f"sqlite:///{folder / 'learn.sqlite3'}"
    from_environment(env)

    folder.chmod(0o777)
    with pytest.raises(ConfigError, match=r"can write to the data folder .*DATABASE_URL"):
        from_environment(env)


def test_a_data_folder_that_others_can_replace_is_told(env, tmp_path, caplog):
    """Anybody who may rename it may put another one in its place."""
    open_to_all = tmp_path / "shared"
    env["LEARN_DATA"] = str(open_to_all / "here" / "data")
    open_to_all.mkdir()
    for safe in (0o755, 0o1777):
        open_to_all.chmod(safe)
        from_environment(env)
    assert not caplog.messages

    open_to_all.chmod(0o777)
    from_environment(env)
    assert [m for m in caplog.messages if f"chmod o-w {open_to_all}, or chmod +t it." in m]


@pytest.mark.parametrize(("text", "says"), [("", "too short"), ("käse" * 9, "not ASCII")])
def test_an_invalid_key_file_is_refused(env, text, says):
    folder = Path(env["LEARN_DATA"])
    folder.mkdir(mode=0o700)
    (folder / "secret_key").write_text(text)

    with pytest.raises(ConfigError, match=says) as refused:
        from_environment(env)
    assert str(folder / "secret_key") in str(refused.value)


# another program's database


OF_ALEMBIC = (
    "CREATE TABLE alembic_version (version_num TEXT)",
    "INSERT INTO alembic_version VALUES ('a1b2c3')",
)


@pytest.mark.parametrize("before", [(), OF_ALEMBIC], ids=["without Alembic", "with Alembic"])
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_file_of_another_program_is_left_unchanged(env, tmp_path, before, command):
    path = tmp_path / "bookmarks.sqlite3"
    with closing(sqlite3.connect(path)) as raw:
        for statement in (*before, "CREATE TABLE places (id INTEGER)"):
            raw.execute(statement)
        raw.commit()
    path.chmod(0o644)
    bytes_before = path.read_bytes()
    ran = forked.learn(command, env=env | {"DATABASE_URL": f"sqlite:///{path}"})

    assert ran.returncode == 2
    assert "is another program's" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    assert path.read_bytes() == bytes_before
    assert mode(path) == 0o644
    assert [*tmp_path.glob("bookmarks*")] == [path]


@pytest.mark.parametrize("table", ["_litestream_seq", "account", ""])
def test_a_file_of_ours_or_an_empty_one_is_used(env, table):
    path = Path(env["LEARN_DATA"]) / "learn.sqlite3"
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as raw:
        if table:
            raw.execute(f"CREATE TABLE {table} (id INTEGER)")
            raw.commit()

    assert from_environment(env).database_url == f"sqlite:///{path}"


def test_a_file_that_is_no_database_keeps_its_mode(env, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("not a database")
    notes.chmod(0o644)
    env["DATABASE_URL"] = f"sqlite:///{notes}"

    with pytest.raises(ConfigError, match="is no SQLite database"):
        from_environment(env)
    assert mode(notes) == 0o644


def test_a_device_is_no_database(env):
    env["DATABASE_URL"] = "sqlite:////dev/null"
    before = mode(Path("/dev/null"))

    with pytest.raises(ConfigError):
        from_environment(env)
    assert mode(Path("/dev/null")) == before


@pytest.mark.parametrize("key", [" " * 20, "k" * 16, "abababababababab"])
def test_a_key_that_is_easy_to_guess_is_refused(env, key):
    env["SECRET_KEY"] = key

    with pytest.raises(ConfigError, match="easy to guess"):
        from_environment(env)


def test_options_of_an_embedded_database_are_refused(env):
    env["DATABASE_URL"] = "sqlite:////x?mode=memory"

    with pytest.raises(ConfigError, match="has no options"):
        from_environment(env)
