"""Check the values of settings. Each function raises ConfigError for one that is unusable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from learn import public_url
from learn.config.errors import ConfigError
from learn.public_url import PublicURL

POOLER = "pooler"
"""In the query of DATABASE_URL, once LEARN_POOLER was read: there is a pooler before the server."""

_MIN_DIFFERENT = 5  # characters
_MIN_KEY_LENGTH = 16
_DRIVERS = {"postgres", "postgresql", "postgresql+psycopg", "sqlite"}
_LIBRARY = Path(__file__).parents[1] / "library"
_CATALOG = "translations/{}/LC_MESSAGES/messages.mo"


def check_key(key: str, name: str) -> str:
    """Return a secret key if it is long enough; `name` says where it is from."""
    if len(key) < _MIN_KEY_LENGTH:
        raise ConfigError(f"{name} is too short: give it at least {_MIN_KEY_LENGTH} characters.")
    if len({*key} - {" "}) < _MIN_DIFFERENT:
        raise ConfigError(
            f"{name} is easy to guess: give it at least {_MIN_DIFFERENT} different ones."
        )
    return key


def whole_number(env: Mapping[str, str], name: str, most: int) -> int:
    """Return the number from 0 to `most` that a setting holds; 0 by default."""
    value = env.get(name) or "0"
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and int(value) <= most):
        raise ConfigError(f"{name} must be a whole number from 0 to {most}, not “{value}”.")
    return int(value)


def yes_or_no(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return whether a setting is “yes”, or 1."""
    value = env.get(name) or ("yes" if default else "no")
    if value not in {"yes", "no", "1", "0"}:
        raise ConfigError(f"{name} must be yes or no, not “{value}”.")
    return value in {"yes", "1"}


def time_zone(name: str) -> str:
    """Return the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"LEARN_TIME_ZONE “{name}” is not a time zone.") from error
    return name


def log_format(name: str) -> str:
    """Return the name of a log format."""
    if name not in {"json", "text"}:
        raise ConfigError(f"LEARN_LOG_FORMAT must be json or text, not “{name}”.")
    return name


def public_address(text: str) -> PublicURL | None:
    """Return the site's address; None if it isn't set."""
    if not text:
        return None
    try:
        return public_url.parse(text)
    except ValueError as error:
        raise ConfigError(
            f"LEARN_PUBLIC_URL must be like https://learn.example.org, not “{text}”."
        ) from error


def language(code: str, content: Path | None) -> str:
    """Return the code of a language into which interface or content are translated."""
    if code == "en":
        return code
    is_known = re.fullmatch(r"[a-z]{2,3}(_[A-Za-z]{2,4})*", code) and _has_locale(code)
    library = content or _LIBRARY
    is_there = is_known and (
        (_LIBRARY.parent / _CATALOG.format(code)).is_file()
        or (library / _CATALOG.format(code)).is_file()
        or any(library.rglob(f"*.{code}.*"))
    )
    if not is_there:
        raise ConfigError(f"LEARN_LANGUAGE “{code}”: there is no translation into it.")
    return code


def _has_locale(code: str) -> bool:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only needed for translations

    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def database_url(url: str, name: str = "DATABASE_URL") -> str:
    """Return the address of a database that we work with; `name` says where it is from.

    The message never repeats it.
    """
    from sqlalchemy import make_url  # noqa: PLC0415 - `learn --help` does without
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"{name} is not the address of a database.") from error
    if parsed.drivername not in _DRIVERS:
        raise ConfigError(
            f"{name} must begin with postgresql:// or sqlite:///: "
            f"“{parsed.drivername}” is not the address of a database that Learn ALL works with."
        )
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ConfigError(f"{name} names no file, so nothing would be kept: sqlite:///FILE.")
    if parsed.drivername == "sqlite" and parsed.query:
        raise ConfigError(f"{name} of an embedded database has no options: sqlite:///FILE.")
    return url


def existing_folder(folder: Path, name: str) -> Path:
    """Return a folder that is there; `name` is the setting that it is from."""
    if not folder.is_dir():
        raise ConfigError(f"{name}: the folder {folder} doesn't exist.")
    return folder


def with_pooler(url: str, *, has_pooler: bool) -> str:
    """Return the address with the mark that a pooler is before the server, if there is one."""
    if not has_pooler:
        return url
    if sqlite_file(url):
        raise ConfigError("LEARN_POOLER is for PostgreSQL, and DATABASE_URL names none.")
    from sqlalchemy import make_url  # noqa: PLC0415 - as above

    return make_url(url).update_query_dict({POOLER: "yes"}).render_as_string(hide_password=False)


def sqlite_file(url: str) -> Path | None:
    """Return the file of an embedded database; None for one on a server."""
    path = url.removeprefix("sqlite:///")
    return None if path == url else Path(path.partition("?")[0])
