"""Plots of an item analysis as SVG: the item map, option curves, and how totals are spread.

Each is 360 wide, so that its words can be read on a phone, and has its colors from the page. What
it shows is in a table beside it, too; marks differ in form, not by color alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from questions.option_curves import OptionCurves

_WIDE, _HIGH = 360, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 344, 30, 214
_MOST_NUMBERED = 40  # items with a number beside their mark
_MOST_COLUMNS = 21
_DASHES = ("6 3", "2 3", "9 3 2 3", "4 2 1 2", "1 2", "12 4", "3 6")
MOST_CURVES = len(_DASHES) + 1

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bin:
    """How many learners have a total in a range, named as people read it."""

    name: str
    count: int


def item_map(points: Sequence[tuple[int, float, float]]) -> str:
    """Return a plot of facility against discrimination; each point has its item's number."""
    low = min([-0.2, *(y for _, _, y in points)]) - 0.05

    def place(x: float, y: float) -> Point:
        return _across(x), _up((y - low) / (1 - low))

    parts = [*_grid_down(_percents()), *_axis_names("right answers", "discrimination")]
    step = 0.2 if low > -0.5 else 0.5
    ticks = [round(i * step, 1) for i in range(int(low / step), int(1 / step) + 1)]
    for tick in ticks:
        y = _up((tick - low) / (1 - low))
        parts += [_line(_LEFT, y, _RIGHT, y, "zero" if tick == 0 else "grid")]
        parts.append(_text(_LEFT - 6, y + 4, f"{tick:.1f}".replace("-", "−"), "end"))
    places = {number: place(x, y) for number, x, y in points}
    taken = [*places.values()]
    for number, _x, y in points:
        cx, cy = places[number]
        named = f"<title>{number}</title>"  # where a mouse rests
        parts.append(
            f'<path class="bad" d="M{cx} {cy - 5}l5 9h-10z">{named}</path>'
            if y < 0
            else f'<circle class="dot" cx="{cx}" cy="{cy}" r="4">{named}</circle>'
        )
        if len(points) <= _MOST_NUMBERED and (free := _free_place(cx, cy, taken)):
            taken.append(free)
            parts.append(_text(free[0], free[1] + 4, str(number), "middle"))
    return _svg("Each question by how many had it right and how it tells people apart", parts)


def _free_place(x: float, y: float, taken: Sequence[Point]) -> Point | None:
    """Return where the number of a mark has room, around it; None if there is none."""
    for right, down in ((12, 0), (-12, 0), (0, -12), (0, 13), (11, -10), (-11, -10)):
        if all(abs(x + right - a) >= 11 or abs(y + down - b) >= 10 for a, b in taken):
            return x + right, y + down
    return None


def curves(name: str, found: OptionCurves, letters: Mapping[str, str], right: set[str]) -> str:
    """Return a plot of who chose what, from those who did least well on the rest to most."""
    groups = len(found.groups)
    xs = [_across((i + 0.5) / groups) for i in range(groups)]
    parts = [*_grid_up(), *_axis_names("did well on the other questions", "chose it")]
    parts += (
        _text(x, _BOTTOM + 16, named, "middle")
        for i, x in enumerate(xs)
        if (named := _group_name(i, groups))
    )
    drawn = [option for option in found.options if option in letters][:MOST_CURVES]
    ends: list[float] = []
    for option, dash in zip(
        sorted(drawn, key=lambda o: o not in right), ("", *_DASHES), strict=False
    ):
        ys = [_up(share) for share in found.options[option]]
        css = "key" if option in right else "curve"
        dashed = "" if css == "key" else f' stroke-dasharray="{dash or _DASHES[0]}"'
        path = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
        parts.append(f'<polyline class="{css}"{dashed} points="{path}"/>')
        parts += (
            f'<circle class="{css}" cx="{x}" cy="{y}" r="{3.5 if css == "key" else 2.5}"/>'
            for x, y in zip(xs, ys, strict=True)
        )
        end = ys[-1]
        while any(abs(end - other) < 12 for other in ends):
            end -= 4
        ends.append(end)
        mark = f"{letters[option]}{' ✓' if option in right else ''}"
        parts.append(_text(xs[-1] + 8, end + 4, mark, "start"))
    return _svg(f"Who chose which answer to: {name}", parts)


def bins(totals: Sequence[float], most: int) -> list[Bin]:
    """Return the learners by their totals: by points if those are few, else by tenths of all."""
    whole = [round(total) for total in totals]
    if most < _MOST_COLUMNS and all(abs(t - w) < 1e-9 for t, w in zip(totals, whole, strict=True)):
        counts = Counter(whole)
        return [Bin(str(points), counts[points]) for points in range(most + 1)]
    tenths = Counter(min(9, int(10 * total / most + 1e-9)) for total in totals)
    return [Bin(f"{10 * i}–{10 * i + 10}%", tenths[i]) for i in range(10)]


def histogram(found: Sequence[Bin]) -> str:
    """Return a plot of how many learners have which total."""
    most = max((each.count for each in found), default=0) or 1
    room = (_RIGHT - _LEFT) / len(found)
    parts = _axis_names("points" if "%" not in found[0].name else "share of all points", "people")
    each = -(-len(found) // 11)  # of many columns, every second is named
    for place, column in enumerate(found):
        x = _LEFT + room * place
        y = _up(column.count / most)
        if column.count:
            parts.append(
                f'<rect class="bar" x="{x + 1:.1f}" y="{y}" width="{room - 2:.1f}" '
                f'height="{_BOTTOM - y:.1f}"/>'
            )
            parts.append(_text(x + room / 2, y - 4, str(column.count), "middle"))
        if place % each == 0:
            name = re.sub(r"–\d+", "", column.name)
            parts.append(_text(x + room / 2, _BOTTOM + 16, name, "middle"))
    parts.append(_line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "zero"))
    return _svg("How many people have which total", parts)


def _group_name(place: int, groups: int) -> str:
    if groups == 1:
        return "everybody"
    return {0: "least", groups - 1: "most"}.get(place, "")


def _across(share: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT - 16) * share, 1)


def _up(share: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * share, 1)


def _percents() -> Iterator[tuple[float, str]]:
    return ((share / 100, f"{share}%") for share in range(0, 101, 25))


def _grid_down(ticks: Iterator[tuple[float, str]]) -> Iterator[str]:
    for share, name in ticks:
        x = _across(share)
        yield _line(x, _TOP, x, _BOTTOM, "grid")
        yield _text(x, _BOTTOM + 16, name, "middle")


def _grid_up() -> Iterator[str]:
    for share, name in _percents():
        y = _up(share)
        yield _line(_LEFT, y, _RIGHT, y, "zero" if share == 0 else "grid")
        yield _text(_LEFT - 6, y + 4, name, "end")


def _axis_names(across: str, up: str) -> list[str]:
    return [
        _text((_LEFT + _RIGHT) / 2, _HIGH - 8, f"{across} →", "middle"),
        _text(6, 14, f"↑ {up}", "start"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<path class="{css}" d="M{x1} {y1}L{x2} {y2}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
