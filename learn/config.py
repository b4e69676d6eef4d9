"""Settings, read once from the environment; docs/operations.md describes each."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from learn import public_url
from learn.public_url import PublicURL

NAMES = (
    "DATABASE_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "LEARN_DATA",
    "LEARN_CONTENT",
    "LEARN_PUBLIC_URL",
    "LEARN_TRUSTED_PROXIES",
    "LEARN_TIME_ZONE",
    "LEARN_LANGUAGE",
    "LEARN_LOG_FORMAT",
    "LEARN_EMERGENCY_NAME",
    "LEARN_EMERGENCY_NUMBER",
    "LEARN_CRISIS_NUMBER",
    "LEARN_CRISIS_LINE",
)


class ConfigError(Exception):
    """A setting is unusable; the message is one line for the person who runs the site."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from site to site.

    The first of the `secret_keys` signs; the others are still accepted. `content` is a folder of
    lessons and questions to serve in place of ours. `public_url` is the only address at which
    people open the site; None if it isn't set. `texts` fills `{{name}}` in the standing pages.
    """

    database_url: str
    secret_keys: tuple[str, ...]
    data: Path
    content: Path | None = None
    public_url: PublicURL | None = None
    trusted_proxies: int = 0
    time_zone: str = "UTC"
    language: str = "en"
    texts: Mapping[str, str] = field(default_factory=lambda: texts({}))


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Creates the data folder and the secret key if they are missing.

    Raises ConfigError for an unusable setting.
    """
    data = Path(env.get("LEARN_DATA") or "instance").absolute()
    url = env.get("DATABASE_URL") or f"sqlite:///{data / 'learn.sqlite3'}"
    own_key = env.get("SECRET_KEY")
    if not own_key or not env.get("DATABASE_URL"):
        _make_folder(data)
    key, *earlier = (own_key or _secret_key(data / "secret_key")).split("\n")
    if len(key) < 16:
        raise ConfigError("SECRET_KEY is too short: give it at least 16 characters.")
    fallbacks = earlier + (env.get("SECRET_KEY_FALLBACKS") or "").split()
    return Settings(
        database_url=url,
        secret_keys=(key, *fallbacks),
        data=data,
        content=content_folder(env),
        public_url=_public_url(env),
        trusted_proxies=_whole_number(env, "LEARN_TRUSTED_PROXIES", 0),
        time_zone=_time_zone(env.get("LEARN_TIME_ZONE") or "UTC"),
        language=env.get("LEARN_LANGUAGE") or "en",
        texts=texts(env),
    )


def site_address(settings: Settings, named: str = "") -> str:
    """Return the address for links that a command prints, without a slash at the end."""
    return named.rstrip("/") or str(settings.public_url or "http://127.0.0.1:8000")


def content_folder(env: Mapping[str, str] = os.environ) -> Path | None:
    """Return the content folder that `env` names; None for the built-in content."""
    named = env.get("LEARN_CONTENT")
    return Path(named) if named else None


def log_format(env: Mapping[str, str] = os.environ, *, is_terminal: bool = False) -> str:
    """Return the format of log lines: “text” on a terminal and “json” elsewhere, unless set."""
    named = env.get("LEARN_LOG_FORMAT") or ("text" if is_terminal else "json")
    if named not in {"json", "text"}:
        raise ConfigError(f"LEARN_LOG_FORMAT must be json or text, not “{named}”.")
    return named


def texts(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the numbers and names in "Get help": those of the United States by default."""
    return {
        "emergency_number": env.get("LEARN_EMERGENCY_NUMBER") or "911",
        "emergency_name": env.get("LEARN_EMERGENCY_NAME") or "emergency services",
        "crisis_number": env.get("LEARN_CRISIS_NUMBER") or "988",
        "crisis_line": env.get("LEARN_CRISIS_LINE") or "in the US, call or text 988, at any hour",
    }


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The data folder {path} can't be made: {error.strerror}.") from error


def _secret_key(path: Path) -> str:
    """Return the key in `path`; it is generated once, and readable by its owner alone."""
    try:
        with contextlib.suppress(FileExistsError):
            # Written whole under another name first: two starts at once end with one same key.
            draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)
            finally:
                draft.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(f"The secret key {path} can't be used: {error.strerror}.") from error


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdecimal():
        raise ConfigError(f"{name} must be a whole number, not “{value}”.")
    return int(value)


def _public_url(env: Mapping[str, str]) -> PublicURL | None:
    address = env.get("LEARN_PUBLIC_URL")
    if not address:
        return None
    try:
        return public_url.parse(address)
    except ValueError as error:
        raise ConfigError(
            f"LEARN_PUBLIC_URL must be like https://learn.example.org, not “{address}”."
        ) from error


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"LEARN_TIME_ZONE “{name}” is not a time zone.") from error
    return name
