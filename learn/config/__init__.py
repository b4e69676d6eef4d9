"""Settings, read once from the environment; docs/operations.md describes each."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from learn.config import files, values
from learn.config.errors import ConfigError
from learn.config.names import NAMES, unknown_setting_warnings
from learn.public_url import PublicURL

__all__ = ["NAMES", "ConfigError", "Settings", "from_environment"]

_MAX_PROXIES = 10
_MAX_PORT = 65535
_OWN_KEY = (
    "SECRET_KEY is not set: the one in %s is used. Another machine with the same database needs "
    "the same key, or nobody stays signed in there."
)
_NO_TLS = (
    "LEARN_PUBLIC_URL begins with http: so others on the network can read passphrases and answers. "
    "Serve the site with TLS, as docs/operations.md says, and give its https address"
)
_log = logging.getLogger("learn")


@dataclass(frozen=True, slots=True)
class Settings:
    """Configuration of a site.

    The first of the `secret_keys` signs; the others are still accepted. `content` is a folder of
    lessons and questions to serve in place of ours. `public_url` is the only address at which
    people open the site; None if it isn't set. Metrics are served at `metrics_port`; at 0, they
    aren't. `texts` fills `{{name}}` in the standing pages.
    """

    database_url: str
    secret_keys: tuple[str, ...]
    data: Path
    content: Path | None = None
    public_url: PublicURL | None = None
    trusted_proxies: int = 0
    time_zone: str = "UTC"
    language: str = "en"
    keeps_offline: bool = True
    metrics_port: int = 0
    texts: Mapping[str, str] = field(default_factory=lambda: texts({}))


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Creates the data folder and the secret key if they are missing.

    Logs a warning about what may be a mistake. Raises ConfigError for an unusable setting.
    """
    for line in unknown_setting_warnings(env):
        _log.warning(line)
    data = Path(env.get("LEARN_DATA") or "instance").absolute()
    content = content_folder(env)
    settings = Settings(
        database_url=values.with_pooler(
            values.database_url(env.get("DATABASE_URL") or f"sqlite:///{data / 'learn.sqlite3'}"),
            has_pooler=values.yes_or_no(env, "LEARN_POOLER", default=False),
        ),
        secret_keys=(),
        data=data,
        content=content,
        public_url=values.public_address(env.get("LEARN_PUBLIC_URL") or ""),
        trusted_proxies=values.whole_number(env, "LEARN_TRUSTED_PROXIES", _MAX_PROXIES),
        time_zone=values.time_zone(env.get("LEARN_TIME_ZONE") or "UTC"),
        language=values.language(env.get("LEARN_LANGUAGE") or "en", content),
        keeps_offline=values.yes_or_no(env, "LEARN_OFFLINE", default=True),
        metrics_port=values.whole_number(env, "LEARN_METRICS_PORT", _MAX_PORT),
        texts=texts(env),
    )
    if settings.public_url is not None and not settings.public_url.is_safe:
        _log.warning(_NO_TLS)
    return replace(settings, secret_keys=_secret_keys(env, settings))


def _secret_keys(env: Mapping[str, str], settings: Settings) -> tuple[str, ...]:
    """Return the keys; create the data folder if the key or the database will be in it."""
    own_key, file = env.get("SECRET_KEY"), settings.data / "secret_key"
    if not own_key or not env.get("DATABASE_URL"):
        files.make_folder(settings.data)
    database = values.sqlite_file(settings.database_url)
    if database:
        values.existing_folder(database.parent, "DATABASE_URL")
        files.refuse_open_folder(database.parent, "DATABASE_URL")
    if database and files.is_database(database):
        files.close_to_others(database)
    name = "SECRET_KEY" if own_key else f"The key in {file}"
    key, *earlier = (own_key or files.secret_key(file)).split("\n")
    fallbacks = (env.get("SECRET_KEY_FALLBACKS") or "").split()
    return (
        values.check_key(key, name),
        *(values.check_key(one, name) for one in earlier if one),
        *(values.check_key(one, "A key in SECRET_KEY_FALLBACKS") for one in fallbacks),
    )


def warn_of_own_key(settings: Settings, env: Mapping[str, str] = os.environ) -> None:
    """Log a warning if the database is on a server, and the key on this machine alone."""
    if not values.sqlite_file(settings.database_url) and not env.get("SECRET_KEY"):
        _log.warning(_OWN_KEY, settings.data / "secret_key")


def site_address(settings: Settings, named: str = "") -> str:
    """Return the address for links that a command prints, without a slash at the end."""
    return named.rstrip("/") or str(settings.public_url or "http://127.0.0.1:8000")


def content_folder(env: Mapping[str, str] = os.environ) -> Path | None:
    """Return the content folder that `env` names; None for the built-in content.

    Raises ConfigError if there is no such folder.
    """
    named = env.get("LEARN_CONTENT")
    return values.existing_folder(Path(named), "LEARN_CONTENT") if named else None


def log_format(env: Mapping[str, str] = os.environ, *, is_terminal: bool = False) -> str:
    """Return the format of log lines: “text” on a terminal and “json” elsewhere, unless set."""
    return values.log_format(env.get("LEARN_LOG_FORMAT") or ("text" if is_terminal else "json"))


def logs_requests(env: Mapping[str, str] = os.environ) -> bool:
    """Return whether each request that is answered has a line in the log."""
    return values.yes_or_no(env, "LEARN_LOG_REQUESTS", default=True)


def texts(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the numbers and names in "Get help": those of the United States by default."""
    return {
        "emergency_number": env.get("LEARN_EMERGENCY_NUMBER") or "911",
        "emergency_name": env.get("LEARN_EMERGENCY_NAME") or "emergency services",
        "crisis_number": env.get("LEARN_CRISIS_NUMBER") or "988",
        "contact": " ".join((env.get("LEARN_CONTACT") or "").split()),
        "crisis_line": env.get("LEARN_CRISIS_LINE") or "in the US, call or text 988, day or night",
    }
