"""An address of every route."""

from __future__ import annotations

from typing import Any

from flask import Flask

VALUES: dict[str, Any] = {
    "uuid": "018f0000-0000-7000-8000-000000000000",
    "integer": 1,
    "default": "what-is-all",
    "any": "lesson",
}


def unsafe_addresses(app: Flask) -> list[str]:
    """An address of every route, and some that are none."""
    found = []
    for rule in app.url_map.iter_rules():
        values = dict(rule.defaults or {})
        for name, converter in rule._converters.items():  # noqa: SLF001
            kind = type(converter).__name__.removesuffix("Converter").lower()
            values[name] = VALUES.get(kind, VALUES["default"])
        if "kind" in rule.arguments and "any" in rule.rule:
            values["kind"] = "lesson"
        with app.test_request_context():
            found.append(app.url_for(rule.endpoint, **values))
    return [*sorted(set(found)), "/nowhere", "/static/nothing.css"]
