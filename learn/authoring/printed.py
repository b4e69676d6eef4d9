"""HTML to print for reviewers: one self-contained document, with room to sign and to change."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from learn.authoring.item_sheets import exhibit_lines
from learn.library.content import Content
from learn.library.prose import Block, Element, ElementKind, Passage, Span, SpanKind
from learn.paths import STATIC
from questions.figures import Figure
from questions.model import Question

_STYLES = ("20-base.css", "41-icon-array.css", "60-figures.css")
_OWN_STYLE = """
@page { size: letter; margin: 1.2cm 1.4cm; }
:root { color-scheme: light; --paper: #fff; }
html { font: 9.25pt/1.3 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { display: block; min-height: 0; max-width: 19cm; margin: auto; }
h1 { font-size: 15pt; margin: 0 0 .1cm; }
h2 { font-size: 10.5pt; margin: 0 0 .05cm; break-after: avoid; }
h3 { font-size: 9.5pt; margin: .1cm 0 .05cm; break-after: avoid; }
p, ul, ol { margin: 0 0 .08cm; text-wrap: wrap; }
p:has(+ ul) { break-after: avoid; }
ul { padding-left: .45cm; }
li { margin: 0; break-inside: avoid; }
code { font-family: ui-monospace, monospace; font-size: 8.5pt; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.sheet { margin-bottom: .4cm; }
.page { break-before: page; }
.sheet > thead th { padding: .05cm 0; border-bottom: 1.5pt solid; text-align: left; }
.sheet > thead th + th { width: 4cm; padding-left: .25cm; }
.sheet > tbody > tr > td { padding: .08cm .25cm .08cm 0; vertical-align: top; }
.sheet > tbody > tr { border-bottom: .5pt solid #999; }
.sheet > tbody > tr > td.change { padding-left: .25cm; border-left: .5pt dotted #777; }
.sheet > tbody > tr > td[colspan] { padding: .15cm 0 0; }
.digest { font-weight: normal; font-size: 8.5pt; }
.tag { color: #555; font-size: 6.5pt; }
.small { font-size: 8.5pt; }
figure, .keep, .sign { break-inside: avoid; }
figure { display: grid; grid-template-columns: 4.2cm 1fr; gap: .3cm; margin: .05cm 0; }
figure > svg { max-width: 4.2cm; max-height: 4.2cm; margin: 0; }
figcaption { font-size: 8.5pt; align-self: center; }
.sign { padding: .15cm .25cm; border: 1pt solid; }
.sign p { margin: 0 0 .05cm; }
.lines { display: grid; grid-template-columns: 2fr 2fr 2fr 1fr; gap: .4cm; margin-top: .7cm; }
.lines span { border-top: .5pt solid; font-size: 8pt; }
.icon-array { width: 6cm; }
"""


def tag(name: str, inner: str, css: str = "") -> str:
    """Return an element; `inner` is HTML."""
    opening = f'{name} class="{css}"' if css else name
    return f"<{opening}>{inner}</{name}>"


def document(title: str, intro: Iterable[str], sheets: Iterable[str], language: str) -> str:
    """Return a whole document that needs nothing else; `intro` and `sheets` are HTML."""
    styles = "".join((STATIC / "style" / name).read_text(encoding="utf-8") for name in _STYLES)
    body = tag("h1", escape(title)) + "".join(intro) + "\n".join(sheets)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>\n<style>{styles}{_OWN_STYLE}</style></head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def sheet(
    title: str, digest: str, rows: Iterable[str], *, command: str = "", begins_page: bool = False
) -> str:
    """Return a sheet to sign: a table whose head, with the digest, is repeated on each page.

    `rows` are HTML, each with room beside it. `command` records the signature.
    """
    head = (
        f"<tr><th>{escape(title)} "
        f"{tag('span', 'digest ' + tag('code', escape(digest)), 'digest')}</th>"
        f"<th>{tag('span', 'Change this:', 'digest')}</th></tr>"
    )
    body = "\n".join(f'<tr><td>{row}</td><td class="change"></td></tr>' for row in rows)
    body += f'\n<tr><td colspan="2">{_sign_box(digest, command)}</td></tr>'
    css = "sheet page" if begins_page else "sheet"
    return f'<table class="{css}"><thead>{head}</thead>\n<tbody>{body}</tbody></table>'


def _sign_box(digest: str, command: str) -> str:
    boxes = "☐ Right as it is &emsp; ☐ Right with the changes written here &emsp; ☐ Not right"
    lines = "".join(
        tag("span", what) for what in ("Name", "Role, such as hematology", "Signature", "Date")
    )
    recorded = (
        tag("p", f"For the editors: {tag('code', escape(command))}", "small") if command else ""
    )
    return tag(
        "div",
        tag("p", f"I have read what has the digest {tag('code', escape(digest))}.")
        + tag("p", boxes)
        + tag("div", lines, "lines")
        + recorded,
        "sign",
    )


def block_row(block: Block, content: Content) -> str:
    """Return the HTML of a block of a lesson or page, with its tags."""
    heading = tag("h2", escape(block.heading)) if block.heading else ""
    body = "".join(_element(element, content) for element in block.elements)
    asks = "".join(tag("li", escape(ask)) for ask in block.care_questions)
    return heading + body + (tag("p", "Ask your care team:") + tag("ul", asks) if asks else "")


def plain_passages(passages: Iterable[Passage]) -> str:
    """Return the HTML of passages without their tags."""
    return " ".join(_spans(passage.spans).strip() for passage in passages)


def tags(facts: Iterable[str]) -> str:
    """Return the HTML of references to facts."""
    return tag("span", escape(" ".join(facts)), "tag")


def _passages(passages: Iterable[Passage]) -> str:
    return " ".join(f"{_spans(p.spans).strip()} {tags(p.facts)}" for p in passages)


def _spans(spans: Iterable[Span]) -> str:
    written = []
    for span in spans:
        match span.kind:
            case SpanKind.STRONG:
                written.append(tag("strong", _spans(span.inner)))
            case SpanKind.EM:
                written.append(tag("em", _spans(span.inner)))
            case _:
                written.append(escape(span.text + span.after))
    return "".join(written)


def _element(element: Element, content: Content) -> str:
    rows = [_passages(row) for row in element.rows]
    match element.kind:
        case ElementKind.PARAGRAPH:
            written = "".join(tag("p", row) for row in rows)
        case ElementKind.LIST:
            written = tag("ul", "".join(tag("li", row) for row in rows))
        case ElementKind.FIGURE:
            written = picture(content.figures[element.name], element.name) + tags(element.facts)
        case ElementKind.STEPS:
            drawn = [picture(step, step.id) for step in content.steps(element.name)]
            written = tag("div", "".join(drawn), "steps") + tags(element.facts)
        case ElementKind.PEOPLE:
            filled = '<i class="is-filled"></i>' * element.count
            dots = filled + "<i></i>" * (100 - element.count)
            written = tag("p", rows[0]) + tag("div", dots, "icon-array")
        case ElementKind.PAUSE:
            prompt = f"Pause and think: {escape(element.prompt)}"
            written = tag("p", tag("strong", prompt)) + tag("p", f"Answer: {rows[0]}")
        case ElementKind.RESOURCES:
            names = (tag("li", escape(f"{r.name}: {r.about}")) for r in content.resources)
            written = tag("ul", "".join(names))
    return written


def picture(figure: Figure, name: str) -> str:
    """Return a picture with its caption and the text that stands for it; `name` is unique."""
    words = tag("figcaption", tag("b", escape(figure.title)) + f" {escape(figure.words)}")
    return tag("figure", figure.drawn_in(name) + words)


def question_row(question: Question, content: Content) -> str:
    """Return the HTML of a question with its key, reasons, and facts."""
    about = ", ".join(filter(None, (question.kind, question.level, question.safety)))
    lines = [tag("h3", f"{escape(question.id)} {tag('span', escape(about), 'tag')}")]
    if question.vignette:
        lines.append(tag("p", f"Case: {escape(question.vignette)}"))
    lines += (tag("p", f"Shown: {escape(text)}") for text in exhibit_lines(question))
    lines.append(tag("p", tag("b", escape(question.stem)) + " " + tags(question.facts)))
    for line in question.describe(question.right_response()):
        right = f"{line.text} → {line.answer}" if line.answer else line.text
        lines.append(tag("p", f"Right: {escape(right)}"))
    parts = []
    for part in question.parts:
        mark = {True: "right: ", False: "wrong: ", None: ""}[part.right]
        picture = f" [{part.figure.title}: {part.figure.words}]" if part.figure else ""
        why = escape(part.rationale) + " " + tags(part.facts)
        idea = content.bank.misconceptions.get(part.misconception)
        wrong = f" (Wrong idea: {escape(idea.belief)})" if idea else ""
        parts.append(tag("li", f"{mark}{tag('b', escape(part.text + picture))}. {why}{wrong}"))
    lines.append(tag("ul", "".join(parts), "small"))
    lines += (
        tag("p", f"Box below ({safety}): {escape(sign)}") for safety, sign in question.signs.items()
    )
    return "".join(lines)
