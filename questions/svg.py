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
_NAMES = re.compile(r"(?:^|url\()#([\w.-]+)")
_TRANSFORM = re.compile(
    r"\s*(?:(?:translate|scale|rotate|skewX|skewY|matrix)\s*\([-+\d.eE,\s]*\)[\s,]*)*"
)
_PLAIN = re.compile(r"[^()\\:;<>&]*")
_MAX_DRAWN = 2000
"""Elements that a picture may have once each reference has been followed."""

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
        if reader.tree.drawn() > _MAX_DRAWN:
            reader.found.append((1, f"references that draw more than {_MAX_DRAWN} shapes"))
    return reader.found


class _DoctypeError(Exception):
    """A DOCTYPE, which could define entities of any size: nothing after it is read."""


class _Reader:
    """Collects what is not allowed while expat parses."""

    def __init__(self) -> None:
        self.parser = parser = expat.ParserCreate("utf-8")
        self.found: list[Refusal] = []
        self._open: list[str] = []
        self.tree = _Tree()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
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
        self.tree.begin(attributes)
        for attribute, value in attributes.items():
            if attribute not in ATTRIBUTES:
                self._refuse(f"the attribute “{attribute}”")
            elif not _is_allowed(attribute, value):
                self._refuse(f"{attribute}=“{value[:_SHOWN]}”")

    def _end(self, _name: str) -> None:
        self._open.pop()
        self.tree.end()

    def _refuse(self, what: str) -> None:
        self.found.append((self.parser.CurrentLineNumber, what))

    def _stop(self, *_: object) -> None:
        self._refuse("a DOCTYPE")
        raise _DoctypeError


class _Element:
    """An element, and what it draws: its children, and what it refers to."""

    def __init__(self, id_: str, refers_to: list[str]) -> None:
        self.id, self.refers_to = id_, refers_to
        self.children: list[_Element] = []


class _Tree:
    """Counts what a picture draws: a reference repeats an element with all that it refers to.

    Ten groups, each of ten references to the group before, are a thousand million shapes. A file of
    one kilobyte can hold them, and no browser can draw them.
    """

    def __init__(self) -> None:
        self._root = _Element("", [])
        self._open = [self._root]
        self._named: dict[str, _Element] = {}

    def begin(self, attributes: dict[str, str]) -> None:
        """Add an element to the one that is open, and open it."""
        found = [name for value in attributes.values() for name in _NAMES.findall(value)]
        element = _Element(attributes.get("id", ""), found)
        self._named.setdefault(element.id, element)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self) -> None:
        """Close the element that is open."""
        self._open.pop()

    def drawn(self) -> int:
        """Return the number of elements, each reference followed; too many if one leads back."""
        sizes: dict[int, int] = {}
        # Children and what is referred to come before what needs them: no recursion, which deep
        # nesting would break.
        left, being = [(self._root, False)], set()
        while left:
            element, is_counted = left.pop()
            key = id(element)
            inside = [*element.children, *self._referred(element)]
            if is_counted:
                being.discard(key)
                sizes[key] = min(1 + sum(sizes[id(each)] for each in inside), _MAX_DRAWN + 2)
            elif key not in sizes:
                being.add(key)
                if any(id(each) in being for each in inside):
                    return _MAX_DRAWN + 1
                left.append((element, True))
                left += [(each, False) for each in inside if id(each) not in sizes]
        return sizes[id(self._root)] - 1

    def _referred(self, element: _Element) -> list[_Element]:
        return [self._named[name] for name in element.refers_to if name in self._named]


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
