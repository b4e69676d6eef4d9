"""The names of all settings."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

NAMES = (
    "DATABASE_URL",
    "LEARN_POOLER",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "LEARN_DATA",
    "LEARN_CONTENT",
    "LEARN_PUBLIC_URL",
    "LEARN_TRUSTED_PROXIES",
    "LEARN_TIME_ZONE",
    "LEARN_LANGUAGE",
    "LEARN_OFFLINE",
    "LEARN_LOG_FORMAT",
    "LEARN_LOG_REQUESTS",
    "LEARN_METRICS_PORT",
    "LEARN_EMERGENCY_NAME",
    "LEARN_EMERGENCY_NUMBER",
    "LEARN_CRISIS_NUMBER",
    "LEARN_CRISIS_LINE",
    "LEARN_CONTACT",
)


def unknown_setting_warnings(names: Iterable[str]) -> list[str]:
    """Return a line for each name that looks like a setting but isn't one.

    Only a warning: a setting of a newer version must not keep an older one from starting.
    """
    unknown = sorted(n for n in names if n.startswith("LEARN_") and n not in NAMES)
    return [f"{name} isn't a setting{_nearest(name)}" for name in unknown]


def _nearest(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1, cutoff=0.7)
    return f". Did you mean {near[0]}?" if near else " of this version."
