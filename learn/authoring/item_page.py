"""An item analysis as one page that needs nothing else: words first, then plots and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from statistics import quantiles
from string import ascii_uppercase
from typing import Any

from learn.authoring.item_analysis import AnalysisReport
from learn.authoring.item_plots import MOST_CURVES, bins, curves, histogram, item_map
from learn.authoring.item_words import sentences, urgent
from learn.authoring.printed import tag
from questions.advice import ENOUGH, is_too_few
from questions.analysis import ItemAnalysis
from questions.reliability import why_negative

_FEW = 10
"""With fewer learners, shares have no percentage, as on the educators' pages."""

_MOST_OPTIONS = 30  # in the table of an item; answers in people's own words are many
_MARK = 3  # characters that fit beside a line of a plot
_SHORT = 70  # characters of an item's name where it is repeated

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #faf7f1; --card: #fff; --ink: #1b2a30; --quiet: #4a5c65; --line: #ddd6c9;
  --accent: #0a5c63; --yes: #1a6636; --again: #7d4500; --tint: #e2f0ee;
}
@supports (color: light-dark(#000, #fff)) {
  :root {
    --paper: light-dark(#faf7f1, #13191c); --card: light-dark(#fff, #1c262a);
    --ink: light-dark(#1b2a30, #e8edec); --quiet: light-dark(#4a5c65, #b0bec3);
    --line: light-dark(#ddd6c9, #36444a); --accent: light-dark(#0a5c63, #7fd6cf);
    --yes: light-dark(#1a6636, #8fd8a6); --again: light-dark(#7d4500, #f2c07e);
    --tint: light-dark(#e2f0ee, #18353a);
  }
}
html { font: 106%/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem 1rem 4rem; background: var(--paper);
  color: var(--ink); overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; }
h3 { margin-top: 2rem; }
a { color: var(--accent); }
section.item { border-top: 1px solid var(--line); }
.lead { font-size: 1.15rem; }
.quiet { color: var(--quiet); }
.first { padding: .5rem 1rem .5rem 2rem; border-left: .3rem solid var(--again);
  background: var(--card); }
svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 1rem 0;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
svg text { font: 12px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); }
svg .grid { stroke: var(--line); fill: none; }
svg .zero { stroke: var(--quiet); fill: none; }
svg .bar, svg circle.dot { fill: var(--accent); }
svg .bad { fill: var(--again); }
svg polyline { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
svg circle.curve { fill: var(--quiet); }
svg polyline.key { stroke: var(--yes); stroke-width: 3; }
svg circle.key { fill: var(--yes); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid var(--accent); }
table { border-collapse: collapse; font-size: .9rem; }
caption { text-align: start; font-weight: 600; padding: .3rem 0; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: end;
  font-variant-numeric: tabular-nums; overflow-wrap: normal; vertical-align: top; }
thead th { vertical-align: bottom; }
td { white-space: nowrap; }
th[scope="row"], th.words { text-align: start; min-width: 9rem; overflow-wrap: anywhere; }
th[scope="row"] { font-weight: normal; }
tr.right th { font-weight: 600; }
@page { margin: 1.5cm; }
@media print {
  :root { color-scheme: light; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; background: #fff; }
  h2, h3 { break-after: avoid; }
  svg { max-width: 11cm; break-inside: avoid; }
  tr, .first { break-inside: avoid; }
  .scroll { overflow: visible; }
  a { color: inherit; text-decoration: none; }
}
@media (forced-colors: active) {
  svg .bar, svg .dot, svg .bad, svg circle { fill: CanvasText; }
  svg polyline, svg .zero { stroke: CanvasText; }
  svg text { fill: CanvasText; }
  svg .grid { stroke: GrayText; }
}
"""


def page(name: str, report: AnalysisReport) -> str:
    """Return the page on a test of this name."""
    numbered = dict(enumerate(report.analysis.items.items(), 1))
    body = [
        tag("h1", f"How the test went: {_safe(name)}"),
        *_in_short(report),
        *_first(numbered),
        *_reading(report.reading),
        *_totals(report),
        *_map(numbered),
        tag("h2", "Question by question"),
        *(_item(number, name, item, report) for number, (name, item) in numbered.items()),
        *_gain(report.figures["gain"]),
        *_about(),
    ]
    title = _safe(f"How the test went: {name}")
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style></head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _in_short(report: AnalysisReport) -> Iterator[str]:
    test = report.analysis.test
    if not test.n or test.mean is None:
        yield tag("p", "The table has no learners, so there is nothing to show.", "lead")
        return
    people = "1 person" if test.n == 1 else f"{test.n:,} people"
    questions = "1 question" if test.k == 1 else f"{test.k:,} questions"
    yield tag(
        "p",
        f"{people} answered {questions}. On average they had {test.mean:.1f} of {test.k:,} points.",
        "lead",
    )
    if is_too_few(test.n):
        yield tag(
            "p",
            f"With fewer than {ENOUGH} people, counts are what you can rely on. "
            "How well a question tells people apart may be chance.",
        )
    if test.alpha is not None:
        yield tag("p", _reliability(report))


def _reliability(report: AnalysisReport) -> str:
    test = report.analysis.test
    alpha, bounds = test.alpha or 0.0, report.figures["test"]["alpha95"]
    said = f"Reliability (Cronbach’s alpha) is {_decimal(alpha)}."
    if bounds:
        said += (
            f" With this many people, it is likely between {_decimal(bounds[0])} and "
            f"{_decimal(bounds[1])}."
        )
    if alpha < 0:
        reason = why_negative(report.analysis)
        return f"{said} {_safe(reason[0].upper() + reason[1:])}"
    return said + (
        " It would be 0 if totals differed by chance alone, and 1 if not by chance at all."
    )


def _first(numbered: Mapping[int, tuple[str, ItemAnalysis]]) -> Iterator[str]:
    found = [
        tag("li", f'<a href="#q{number}">{number}. {_safe(_short(name))}</a>: {_safe(said)}')
        for number, (name, item) in numbered.items()
        for said in [next(urgent(item), "")]
        if said
    ]
    if found:
        yield tag("h2", "What to look at first")
        yield tag("ul", "".join(found), "first")


def _reading(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield tag("h2", "How the table was read")
        yield tag("p", "Please check these lines: some of them are guesses.")
        yield tag("ul", "".join(tag("li", _safe(note)) for note in notes))


def _totals(report: AnalysisReport) -> Iterator[str]:
    test = report.analysis.test
    if not test.n or not test.k:
        return
    found = bins(report.totals, test.k)
    yield tag("h2", "How totals are spread")
    if test.n > 1:
        low, _, high = quantiles(report.totals, n=4, method="inclusive")
        yield tag("p", f"The middle half of people have from {low:.1f} to {high:.1f} points.")
    yield histogram(found)
    rows = (_row(each.name, str(each.count), _percent(each.count / test.n)) for each in found)
    yield _table("People by their total", ("Total", "People", "Share"), rows)


def _map(numbered: Mapping[int, tuple[str, ItemAnalysis]]) -> Iterator[str]:
    points = [
        (number, item.facility, item.discrimination)
        for number, (_, item) in numbered.items()
        if item.facility is not None and item.discrimination is not None
    ]
    yield tag("h2", "All questions on one map")
    if points:
        yield tag(
            "p",
            "To the right are easy questions, and higher up those that tell people apart. "
            "Below the line at 0, people who did well on the rest missed it more often.",
        )
        yield item_map(points)
    columns = (
        "Question",
        "Right",
        "Likely range",
        "Discrimination",
        "Efficiency",
        "Weight",
        "Alpha without it",
    )
    rows = (
        _row(
            f"{number}. {_short(name)}",
            _percent(item.facility),
            "–".join(map(_percent, item.wilson95)) if item.wilson95 else "",
            _decimal(item.discrimination),
            _decimal(item.discriminative_efficiency),
            _percent(item.effective_weight),
            _decimal(item.alpha_if_dropped),
        )
        for number, (name, item) in numbered.items()
    )
    yield _table("Questions", columns, rows)


def _item(number: int, name: str, item: ItemAnalysis, report: AnalysisReport) -> str:
    said = f"{item.n - item.missed} of {item.n} had it right"
    share = f", {_percent(1 - item.missed / item.n)}" if item.n >= _FEW else ""
    parts = [f'<h3 id="q{number}">{number}. {_safe(name)}</h3>', tag("p", f"{said}{share}.")]
    if item.wilson95 is None and item.facility is not None:
        parts.append(tag("p", f"The mean score is {_percent(item.facility)} of its points."))
    parts += (tag("p", _safe(sentence)) for sentence in sentences(item))
    if item.options:
        parts += _options(name, item, report)
    return f'<section class="item">{"".join(parts)}</section>'


def _options(name: str, item: ItemAnalysis, report: AnalysisReport) -> Iterator[str]:
    found = report.curves[name]
    shown = sorted(item.options, key=lambda o: (not item.options[o].is_key, -item.options[o].count))
    is_short = all(len(option) <= _MARK for option in shown)
    letters = dict(zip(shown, shown if is_short else _letters(), strict=False))
    right = {option for option, each in item.options.items() if each.is_key}
    if found.groups:
        drawn = {option: letters[option] for option in shown[:MOST_CURVES]}
        yield curves(_short(name), found, drawn, right)
    groups = len(found.groups)
    columns = (
        "Answer",
        "Chose it",
        "Share",
        "Mean total",
        "Discrimination",
        *(f"Group {i} ({group.n})" for i, group in enumerate(found.groups, 1)),
    )
    rows = []
    for option in shown[:_MOST_OPTIONS]:
        each = item.options[option]
        mark = " (right)" if each.is_key else ""
        rows.append(
            _row(
                f"{'' if is_short else f'{letters[option]}: '}{_short(option)}{mark}",
                str(each.count),
                _percent(each.proportion),
                _decimal(each.mean_total, 1),
                _decimal(each.discrimination),
                *map(_percent, found.options[option]),
                css="right" if each.is_key else "",
            )
        )
    yield _table("Who chose what", columns, rows, name=f"Who chose what: {_short(name)}")
    more = len(shown) - _MOST_OPTIONS
    if more > 0:
        yield tag("p", f"{more} more answers, each chosen as rarely or less, aren’t shown.")
    if groups > 1:
        said = f"Group 1 did least well on the other questions, and group {groups} best."
        yield tag("p", f"{said} The right answer’s line should rise, and the others fall.", "quiet")


def _gain(gain: Mapping[str, Any] | None) -> Iterator[str]:
    if gain is None:
        return
    of_class, individual = gain["class"], gain["individual"]
    yield tag("h2", "Before and after")
    if isinstance(of_class, float):
        yield tag(
            "p",
            f"{len(individual):,} people are in both tables. Together they gained "
            f"{_percent(of_class)} of what they could still gain.",
        )
    yield tag(
        "p",
        "This doesn’t show that teaching caused it: retaking a test raises scores by itself.",
    )
    rows = (_row(_short(name), _decimal(p, 3)) for name, p in gain["mcnemar"].items())
    yield _table("McNemar’s test of each question", ("Question", "p"), rows)


def _about() -> Iterator[str]:
    yield tag("h2", "What the figures are")
    yield tag(
        "ul",
        "".join(
            tag("li", said)
            for said in (
                "Right: the mean score. The likely range is Wilson’s 95% interval.",
                "Discrimination: the correlation with the total of the other questions.",
                "From a discrimination of 0.2 on, a question tells people apart.",
                "Efficiency: discrimination as a share of the most that these scores allow.",
                "Weight: the question’s share of how totals vary.",
                "Alpha: Cronbach 1951. Its interval is Feldt’s of 1965, at 95%.",
                "A blank cell counts as 0. What can’t be computed is left empty.",
            )
        ),
    )


def _table(caption: str, columns: Sequence[str], rows: Iterable[str], name: str = "") -> str:
    """Return a table; `rows` are HTML, and `name` tells it from others with its caption."""
    first, *others = columns
    head = f'<th scope="col" class="words">{_safe(first)}</th>' + "".join(
        f'<th scope="col">{_safe(column)}</th>' for column in others
    )
    region = f'role="region" tabindex="0" aria-label="{_safe(name or caption)}"'
    return (
        f'<div class="scroll" {region}><table>'
        f"<caption>{_safe(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(head: str, *cells: str, css: str = "") -> str:
    written = "".join(tag("td", _safe(cell)) for cell in cells)
    return tag("tr", f'<th scope="row">{_safe(head)}</th>{written}', css)


def _letters() -> Iterator[str]:
    yield from ascii_uppercase
    number = len(ascii_uppercase)
    while True:
        number += 1
        yield str(number)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _safe(text: str) -> str:
    return escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split())))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _decimal(value: object, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("-", "−") if isinstance(value, float) else ""
