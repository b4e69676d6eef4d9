"""Folders of templates, migrations and static files: in the wheel, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def _packed_or_checkout(packed: str, checkout: str) -> Path:
    inside = _PACKAGE / packed
    return inside if inside.is_dir() else _CHECKOUT / checkout


TEMPLATES = _packed_or_checkout("_templates", "templates")
MIGRATIONS = _packed_or_checkout("_migrations", "migrations")
STATIC = _PACKAGE / "static"
