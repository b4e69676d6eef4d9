"""Texts of the interface, translated into the site's language, with their values filled in.

Code and templates share one syntax. `%%` is a percent sign, and so is a `%` without a name.
A text never ends twice: where a value that ends in a mark comes before a period or a colon, as in
`%(title)s. %(site)s`, one of the two is dropped. Nor is it quoted twice: the double quotation marks
in a value are single ones where the value stands between double ones, as in `“%(title)s”`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import format_date, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

_PLACE = re.compile(r"%(?:%|\((\w+)\)([sd])(”?)([.:]?))")
_ENDS = frozenset(".?!…:")
_CLOSING = "”’)"
_INSIDE = str.maketrans("“”", "‘’")


def gettext(text: str, /, **values: object) -> str:
    """Return the translated text with its values."""
    return _fill(get_translations().gettext(text), values, str)


def translate(text: str, /, **values: str | date) -> str:
    """Return the translated text with its values, dates written out; for the exhibits."""
    return gettext(text, **{k: _day(v) if isinstance(v, date) else v for k, v in values.items()})


def _day(day: date) -> str:
    written: str = format_date(day, "long")
    return written


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """Return the singular or plural text; `num` is among its values."""
    text = get_translations().ngettext(singular, plural, num)
    return _fill(text, {"num": num} | values, str)


def lazy_gettext(text: str, /, **values: object) -> LazyString:
    """Return a text that is translated when it is printed, for module-level constants."""
    return LazyString(gettext, text, **values)


def for_templates(app: Flask) -> Mapping[str, Callable[..., Markup]]:
    """Return `_` and `ngettext` for templates; values are escaped.

    Translations are looked up once for each text: Flask-Babel finds the locale on every call, which
    takes a third of a page's time.
    """
    with app.app_context():
        translations = get_translations()
    find = cache(translations.gettext)
    plain = cache(lambda text: _fill_markup(find(text), {}))

    def translated(text: str, /, **values: object) -> Markup:
        return _fill_markup(find(text), values) if values else plain(text)

    def counted(singular: str, plural: str, num: int, /, **values: object) -> Markup:
        return _fill_markup(translations.ngettext(singular, plural, num), {"num": num} | values)

    return {"_": translated, "gettext": translated, "ngettext": counted}


def _fill_markup(text: str, values: Mapping[str, Any]) -> Markup:
    return Markup(_fill(text, values, escape))  # noqa: S704 - our own words, and values escaped


def _fill(text: str, values: Mapping[str, Any], written: Callable[[object], str]) -> str:
    first, places = _parts(text)
    filled = [first]
    for name, kind, quote, stop, after in places:
        if name is None:
            filled += ("%", after)
            continue
        value, end = str(int(values[name]) if kind == "d" else written(values[name])), stop
        if "“" in value and filled[-1].endswith("“") and (quote or after.startswith("”")):
            value = value.translate(_INSIDE)
        if stop == "." and value.rstrip(_CLOSING)[-1:] in _ENDS:
            end = ""
        elif stop == ":" and not quote and value[-1:] in _ENDS:
            value, end = (value[:-1], ":") if value.endswith(".") else (value, "")
        filled += (value, quote, end, after)
    return "".join(filled)


@cache
def _parts(text: str) -> tuple[str, tuple[tuple[str | None, str, str, str, str], ...]]:
    """Return what is before the first place, and each place with what is after it."""
    first, *rest = _PLACE.split(text)
    each = iter(rest)
    return first, tuple(zip(each, each, each, each, each, strict=True))
