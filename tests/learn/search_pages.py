"""What stands on the page of a search."""

from __future__ import annotations

import re

from tests.learn.people import Person


def results(person: Person) -> str:
    return person.html.split('<div class="search-results" data-count')[1].split("</main>")[0]


def links(person: Person) -> list[str]:
    return re.findall(r'href="([^"]+)"', results(person))


def card(person: Person) -> str:
    """Return the text of the boxes with whom to call; empty if there are none."""
    matches = re.findall(
        r'(?s)<section class="(?:care-box care-box-(?:now|emergency)|urgent)".*?</section>',
        results(person),
    )
    return re.sub("<[^>]+>", "", " ".join(matches))
