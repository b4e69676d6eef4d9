"""Read the figures of lessons and questions: SVG files with a caption and a text alternative."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as ET
from xml.parsers import expat

from questions.reading import ContentError, content_files, read_utf8
from questions.svg import NAMESPACE, refusals

FOLDER = "figures"
"""The folder of the figures, next to that of the bank."""

_SVG = f"{{{NAMESPACE}}}"
_BETWEEN_TAGS = re.compile(r">\s+<")
_ID = re.compile(r'(?<=\sid=")[^"]+')


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: its caption (`title`), text alternative (`words`), and SVG to inline.

    `places` are the numbers drawn in it (attributes `data-place`), in document order.
    """

    id: str
    title: str
    words: str
    svg: str
    places: tuple[str, ...] = ()

    def drawn_in(self, name: str) -> str:
        """Return the SVG with `name` added to every id, so a page can inline it more than once."""
        ids = sorted(_ID.findall(self.svg), key=len, reverse=True)
        if not ids:
            return self.svg
        any_id = re.compile(rf"(?<=[\"#\s])({'|'.join(map(re.escape, ids))})(?=[\"\s)])")
        return _ATTRIBUTE.sub(lambda m: any_id.sub(rf"\1-{name}", m.group()), self.svg)


_ATTRIBUTE = re.compile(r'\s(?:id|href|aria-\w+|clip-path|mask|fill|marker-\w+)="[^"]*"')


def steps(figures: Mapping[str, Figure], name: str) -> Mapping[int, Figure]:
    """Return the steps of a picture by their numbers: the figures `name-1`, `name-2`, and so on."""
    numbered = re.compile(rf"{re.escape(name)}-([1-9]\d*)")
    by_number = {int(m[1]): figure for i, figure in figures.items() if (m := numbered.fullmatch(i))}
    return MappingProxyType(dict(sorted(by_number.items())))


def read_figures(
    folder: Path, name: str, language: str = "en"
) -> tuple[Mapping[str, Figure], list[ContentError]]:
    """Read the figures in `folder`, called `name` in errors; return them by id, and errors."""
    figures, errors = {}, []
    for path in content_files(folder, "*.svg", language):
        figure, its_errors = read_figure(path, f"{name}/{path.name}")
        figures[figure.id] = figure
        errors += its_errors
    return MappingProxyType(figures), errors


def read_figure(path: Path, name: str) -> tuple[Figure, list[ContentError]]:
    """Read the figure in the file at `path`, called `name` in errors."""
    figure_id = path.name.split(".")[0]
    raw, unreadable = read_utf8(path, name)
    if unreadable:
        return Figure(figure_id, "", "", ""), unreadable
    return parse_figure(figure_id, raw, name)


def parse_figure(figure_id: str, raw: str, name: str) -> tuple[Figure, list[ContentError]]:
    """Parse the text of an SVG file; `figure_id` is the figure's id."""
    try:
        refused = refusals(raw)
    except expat.ExpatError as error:
        return Figure(figure_id, "", "", ""), [
            ContentError(name, error.lineno, f"not valid SVG: {expat.ErrorString(error.code)}")
        ]
    if refused:
        return Figure(figure_id, "", "", ""), [
            ContentError(name, line, f"not allowed in a picture: {what}") for line, what in refused
        ]
    root = ET.fromstring(raw)  # noqa: S314 - it has no entities
    title, words = (_text(root.find(_SVG + tag)) for tag in ("title", "desc"))
    errors = [
        ContentError(name, 1, f"a picture needs a <{tag}>: {why}")
        for tag, text, why in (
            ("title", title, "its caption"),
            ("desc", words, "the same in words"),
        )
        if not text
    ]
    if root.get("role") != "img":
        errors.append(ContentError(name, 1, 'a picture needs role="img"'))
    places = [e.get("data-place", "") for e in root.iter() if "data-place" in e.attrib]
    errors += [
        ContentError(name, 1, f"the place “{place}” is drawn twice")
        for place in dict.fromkeys(places)
        if places.count(place) > 1
    ]
    svg = _BETWEEN_TAGS.sub("><", raw.strip())
    return Figure(figure_id, title, words, svg, tuple(dict.fromkeys(places))), errors


def _text(element: ET.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
