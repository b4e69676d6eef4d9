"""Links in the text of lessons and pages: to Get help, and to call a number by one tap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from flask import url_for
from markupsafe import Markup, escape

from learn.library.content import Content
from learn.messages import gettext as _

_HELP_LINE = r"(?<![\d-])(?:1-)?\d{3}-\d{3}-\d{4}(?![\d-])"


def adder(content: Content, texts: Mapping[str, str]) -> Callable[[str], Markup]:
    """Return a function that makes links in a text, and escapes the rest.

    The quoted name of Get help leads there. The numbers for an emergency and a crisis are called,
    with “Call” before them in the link, and so are those of help lines.
    """
    page = content.pages.get("help")
    before = re.escape(_("Call %(number)s", number="\0").partition("\0")[0])
    now = "|".join(map(re.escape, (texts["emergency_number"], texts["crisis_number"])))
    called = rf"(?i:{before})?(?<![\d.,-])(?P<now>{now})(?![\d-]|[.,]\d)|(?P<line>{_HELP_LINE})"
    help_page = f"|“{re.escape(page.title)}" if page else ""
    find = re.compile(called + help_page).finditer

    def parts(text: str) -> Iterator[str]:
        end = 0
        for found in find(text):
            yield escape(text[end : found.start()])
            end = found.end()
            number = found["now"] or found["line"]
            if number:
                dial = re.sub(r"[^\d+]", "", number)
                yield Markup('<a href="tel:{}">{}</a>').format(dial, found[0])
            else:
                yield Markup('“<a href="{}">{}</a>').format(url_for("about.get_help"), found[0][1:])
        yield escape(text[end:])

    return lambda text: Markup("").join(parts(text))
