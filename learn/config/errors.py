"""The error of a setting."""

from __future__ import annotations


class ConfigError(Exception):
    """A setting is unusable; the message is one line for the person who runs the site."""
