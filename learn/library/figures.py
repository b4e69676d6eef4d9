"""Figures: SVG drawings made for this site, each with a text alternative."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from questions.reading import Fault, read_utf8

_SVG = "{http://www.w3.org/2000/svg}"
_BETWEEN_TAGS = re.compile(r">\s+<")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its caption, its text alternative, and the SVG to inline."""

    id: str
    title: str
    words: str
    svg: str


def read_figure(path: Path, name: str) -> tuple[Figure, list[Fault]]:
    """Read the figure in `path` and its errors."""
    own = path.name.split(".")[0]
    raw, unreadable = read_utf8(path, name)
    if unreadable:
        return Figure(own, "", "", ""), unreadable
    try:
        root = ET.fromstring(raw)  # noqa: S314 - our own file
    except ET.ParseError as error:
        return Figure(own, "", "", ""), [Fault(name, error.position[0], f"not valid SVG: {error}")]
    title, words = (_text(root.find(_SVG + tag)) for tag in ("title", "desc"))
    faults = [
        Fault(name, 1, f"a picture needs a <{tag}>: {why}")
        for tag, text, why in (
            ("title", title, "its caption"),
            ("desc", words, "the same in words"),
        )
        if not text
    ]
    if root.get("role") != "img":
        faults.append(Fault(name, 1, 'a picture needs role="img"'))
    faults += [
        Fault(name, 1, f"a picture has no {what}: the page's policy blocks it")
        for what in ("style attributes", "style elements", "scripts")
        if _has(root, what)
    ]
    return Figure(own, title, words, _BETWEEN_TAGS.sub("><", raw.strip())), faults


def _text(element: ET.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _has(root: ET.Element, what: str) -> bool:
    if what == "style attributes":
        return any("style" in e.attrib for e in root.iter())
    return any(e.tag == _SVG + what.split(maxsplit=1)[0].rstrip("s") for e in root.iter())
