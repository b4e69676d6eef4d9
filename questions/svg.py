"""What an SVG picture may consist of: an allowlist of elements, attributes, and references.

A picture is inlined into pages, so it is read by an HTML parser, too. What the two parsers read
differently, such as comments and CDATA sections, is refused as well.
"""

from __future__ import annotations

import contextlib
import re
from xml.parsers import expat

NAMESPACE = "http://www.w3.org/2000/svg"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names(
    "svg title desc defs g symbol use path rect circle ellipse line polyline polygon text tspan "
    "marker clipPath mask pattern linearGradient radialGradient stop"
)
ATTRIBUTES = (
    _names("xmlns id class role lang dir href data-place aria-hidden aria-roledescription")
    | _names("aria-label aria-labelledby aria-describedby")
    | _names("viewBox preserveAspectRatio width height x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy")
    | _names("d points pathLength rotate textLength lengthAdjust transform offset")
    | _names("fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray")
    | _names("stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit opacity")
    | _names("stop-color stop-opacity color display visibility paint-order vector-effect overflow")
    | _names("font-size font-family font-style font-weight letter-spacing word-spacing direction")
    | _names("text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift")
    | _names("marker-start marker-mid marker-end markerWidth markerHeight markerUnits refX refY")
    | _names("orient clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits")
    | _names("patternUnits patternContentUnits patternTransform")
    | _names("gradientUnits gradientTransform spreadMethod shape-rendering")
)
_ONLY_TEXT = frozenset({"title", "desc"})
_WORDS = frozenset({"aria-label", "aria-roledescription", "data-place"})
_TRANSFORMS = frozenset({"transform", "patternTransform", "gradientTransform"})
_REFERENCE = re.compile(r"#[\w.-]+")
_URL = re.compile(r"url\(#[\w.-]+\)")
_TRANSFORM = re.compile(
    r"\s*(?:(?:translate|scale|rotate|skewX|skewY|matrix)\s*\([-+\d.eE,\s]*\)[\s,]*)*"
)
_PLAIN = re.compile(r"[^()\\:;<>&]*")
_SHOWN = 40  # characters of a value in a message

Refusal = tuple[int, str]
"""A line, and what is wrong there."""


def refusals(raw: str) -> list[Refusal]:
    """Return what is not allowed in an SVG file, with its lines.

    Raises expat.ExpatError for a file that isn't well-formed XML.
    """
    reader = _Reader()
    with contextlib.suppress(_DoctypeError):
        reader.parser.Parse(raw.encode(), True)
    return reader.found


class _DoctypeError(Exception):
    """A DOCTYPE, which could define entities of any size: nothing after it is read."""


class _Reader:
    """Collects what is not allowed while expat parses."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate("utf-8")
        self.found: list[Refusal] = []
        self._open: list[str] = []
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _name: self._open.pop()
        parser.CommentHandler = lambda _text: self._refuse("a comment")
        parser.ProcessingInstructionHandler = lambda *_: self._refuse("a processing instruction")
        parser.StartCdataSectionHandler = lambda: self._refuse("a CDATA section")
        parser.StartDoctypeDeclHandler = self._stop

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name not in ELEMENTS or (name == "svg") == bool(self._open):
            self._refuse(f"<{name}>")
        elif self._open and self._open[-1] in _ONLY_TEXT:
            self._refuse(f"<{name}> in <{self._open[-1]}>")
        self._open.append(name)
        for attribute, value in attributes.items():
            if attribute not in ATTRIBUTES:
                self._refuse(f"the attribute “{attribute}”")
            elif not _is_allowed(attribute, value):
                self._refuse(f"{attribute}=“{value[:_SHOWN]}”")

    def _refuse(self, what: str) -> None:
        self.found.append((self.parser.CurrentLineNumber, what))

    def _stop(self, *_: object) -> None:
        self._refuse("a DOCTYPE")
        raise _DoctypeError


def _is_allowed(attribute: str, value: str) -> bool:
    """Return whether an attribute may have that value: references lead to the same file only."""
    if attribute in _WORDS:
        return True
    if attribute == "xmlns":
        return value == NAMESPACE
    if attribute == "href":
        return _REFERENCE.fullmatch(value) is not None
    if attribute in _TRANSFORMS:
        return _TRANSFORM.fullmatch(value) is not None
    return (_PLAIN.fullmatch(value) or _URL.fullmatch(value)) is not None
