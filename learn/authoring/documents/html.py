"""Read saved web pages: the main part, without navigation, scripts, and what repeats on each page.

The parser is that of browsers; it knows no entities of others and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from learn.authoring.documents.blocks import (
    BOLD_DOUBT,
    CODE_DOUBT,
    FOLDED_DOUBT,
    LINK_DOUBT,
    BlockDocument,
    BlockKind,
    TextBlock,
    has_words,
    lines_of,
    names,
    plain,
    row_text,
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = _HEADINGS | names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption"
    " figure footer form header hgroup hr li main nav ol p pre section summary table tbody td tfoot"
    " th thead tr ul caption legend"
)
_NEVER = names(
    "script style noscript template button select option input textarea svg iframe object embed"
    " video audio canvas map datalist head title -comment nav dialog"
)
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu"}
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|consent|share|sharing|social(?:-?media)?|skip-?\w*"
    r"|newsletter|subscribe|related|sidebar|(?:site|page|global)-?(?:header|footer|nav)|menu"
    r"|nav(?:bar|igation)?|pagination|pager|toc|table-of-contents|on-this-page|adverts?|promo"
    r"|popup|modal|masthead|language-?\w*|rating|feedback|print-?only|tags?-list)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST_LOOKS = 300  # inside elements by their class, since each looks through all of its text
_MAX_SPAN = 40
_MAX_DEPTH = 3000
_NESTING = re.compile(
    r"<(/?)(?:div|section|span|b|i|em|strong|a|blockquote|ul|ol|table|font|article)\b",
    re.IGNORECASE,
)  # those whose end is always written
_MAX_CELLS = 200_000
_CELL_WORDS = 120  # a longer cell belongs to a table that is there for its looks
_TITLE_END = re.compile(r"\s+[|–—»·-]\s+[^|–—»·]*$")


class NestedError(Exception):
    """Raised for a page whose elements nest deeper than any page's."""


def read_html(text: str) -> BlockDocument:
    """Read a saved web page. Raises NestedError."""
    _check_depth(text)
    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        return BlockDocument(())
    root = _main_part(body)
    blocks = tuple(_Walk(root, is_page=root.tag == "body").blocks())
    html = tree.css_first("html")
    language = _attribute(html, "lang")[:2].lower() if html is not None else ""
    return BlockDocument(blocks, _title(tree, root), language if language.isalpha() else "")


def _check_depth(text: str) -> None:
    depth = 0
    for tag in _NESTING.finditer(text):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > _MAX_DEPTH:
            raise NestedError


def read_fragment(text: str, line: int) -> Iterator[TextBlock]:
    """Read the HTML between the lines of a Markdown document. Raises NestedError."""
    _check_depth(text)
    body = LexborHTMLParser(text).body
    if body is not None:
        yield from _Walk(body, is_page=False, line=line).blocks()


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _words(node: LexborNode) -> int:
    return len((node.text() or "").split())


def _main_part(body: LexborNode) -> LexborNode:
    for wanted in ("main, [role=main]", "article"):
        found = [*islice(body.css(wanted), _MOST_LOOKS)]
        if found:
            largest = max(found, key=_words)
            if wanted != "article" or _words(largest) * 5 >= 2 * _words(body):
                return largest
    root = body
    for _ in range(_MOST_LOOKS):  # into the one part that has nearly all paragraphs
        total = len(root.css("p, li, h1, h2, h3"))
        child = root.child
        inner = None
        while child is not None and inner is None:
            if child.tag in {"div", "section", "td", "table", "tbody", "tr", "center"}:
                inside = child.css("p, li, h1, h2, h3")
                inner = child if inside and len(inside) * 10 >= 9 * total else None
            child = child.next
        if inner is None or len(inner.css("h1")) < len(root.css("h1")):
            break
        root = inner
    return root


def _title(tree: LexborHTMLParser, root: LexborNode) -> str:
    for node in (root.css_first("h1"), tree.css_first("h1")):
        if node is not None and has_words(said := plain(node.text() or "")):
            return said
    named = tree.css_first('meta[property="og:title"]')
    title = tree.css_first("title")
    said = plain(_attribute(named, "content")) if named is not None else ""
    if not said and title is not None:
        said = _TITLE_END.sub("", plain(title.text() or ""))
    return said if " " in said or "_" not in said else ""  # no name of a file


class _Walk:
    """One walk through the tree, without recursion: pages may nest as deep as they like."""

    def __init__(self, root: LexborNode, *, is_page: bool, line: int = 0) -> None:
        self._root = root
        self._is_page = is_page
        self._line = line
        self._total = _words(root)
        self._looks = 0
        self._heading = False
        self._said: list[str] = []
        self._linked = self._bold = self._other = 0
        self._within = {"a": 0, "b": 0, "strong": 0, "li": 0, "pre": 0, "summary": 0}

    def blocks(self) -> Iterator[TextBlock]:
        """Yield what the page says, block by block."""
        node = self._root.child
        while node is not None:
            enters = yield from self._enter(node)
            if enters and node.child is not None:
                node = node.child
                continue
            if enters:
                yield from self._leave(node)
            while node.next is None:
                node = node.parent
                if node is None or node.mem_id == self._root.mem_id:
                    yield from self._flush()
                    return
                yield from self._leave(node)
            node = node.next
        yield from self._flush()

    def _enter(self, node: LexborNode) -> Generator[TextBlock, None, bool]:
        """Begin an element, and return whether to go into it."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(node.text(deep=False) or "")
            return False
        if tag == "br":
            self._said.append("\n")
            return False
        if self._is_left_out(node, tag):
            return False
        if tag == "table" and (rows := _rows(node)):
            yield from self._flush()
            yield from self._table(rows)
            return False
        if tag in _LINES:
            yield from self._flush()
        if tag in _HEADINGS:
            self._heading = True
        if tag in self._within:
            self._within[tag] += 1
        return True

    def _leave(self, node: LexborNode) -> Iterator[TextBlock]:
        tag = node.tag or ""
        if tag in _LINES:
            yield from self._flush()
        if tag in _HEADINGS:
            self._heading = False
        if tag in self._within:
            self._within[tag] -= 1

    def _add(self, text: str) -> None:
        self._said.append(text if self._within["pre"] else " ".join(f"|{text}|".split())[1:-1])
        if has_words(text):
            self._linked += self._within["a"] > 0
            self._bold += self._within["b"] + self._within["strong"] > 0
            self._other += not self._within["a"]

    def _flush(self) -> Iterator[TextBlock]:
        said, linked, bold, other = "".join(self._said), self._linked, self._bold, self._other
        self._said.clear()
        self._linked = self._bold = self._other = 0
        if not has_words(said):
            return
        if self._heading or self._within["summary"]:
            if has_words(said := plain(said)):
                doubt = "" if self._heading else FOLDED_DOUBT
                yield TextBlock(said, BlockKind.HEADING, self._line, doubt)
            return
        doubt = ""
        if self._within["pre"]:
            doubt = CODE_DOUBT
        elif linked and not other and not self._within["li"]:
            doubt = LINK_DOUBT
        elif bold and bold == linked + other and said.strip()[-1:] not in ".:;,!?…”":
            doubt = BOLD_DOUBT if not self._within["li"] else ""
        for one in lines_of(said):
            if has_words(text := plain(one)):
                yield TextBlock(text, line=self._line, doubt=doubt)

    def _table(self, rows: Sequence[Sequence[str]]) -> Iterator[TextBlock]:
        heads, *others = map(list, rows)
        if len({len(r) for r in rows}) == 1 == len(heads):  # one column is a list
            others = [heads, *others]
            heads = []
        for cells in others:
            if has_words(row := row_text(heads, cells)):
                yield TextBlock(row, BlockKind.ROW, self._line)

    def _is_left_out(  # noqa: C901, PLR0911 - a reason each
        self, node: LexborNode, tag: str
    ) -> bool:
        if tag in _NEVER or (tag.startswith("-") and tag != "-text"):
            return True
        if tag == "header":
            return self._is_page and node.css_first("h1") is None
        if tag == "footer":
            return self._is_page or node.css_first("p") is None
        attributes = node.attributes
        if not attributes and tag not in {"aside", "form", "ul", "ol", "sup"}:
            return False
        if (attributes.get("role") or "") in _ROLES:
            return True
        if tag == "sup":  # the number of a note
            link = node.css_first("a")
            return link is not None and _attribute(link, "href").startswith("#")
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return node.css_first("p, li") is None  # a folded part has some
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if tag in {"aside", "form"}:
            return (self._is_page and tag == "aside") or self._is_of_links(node)
        if tag in {"ul", "ol"} and not self._within["li"]:
            return self._is_contents(node)
        if not _NAVIGATION.search(name) or self._looks > _MOST_LOOKS:
            return False
        self._looks += 1
        return _words(node) * 10 < 3 * self._total

    def _is_of_links(self, node: LexborNode) -> bool:
        if self._looks > _MOST_LOOKS:
            return False
        self._looks += 1
        total = _words(node)
        return sum(map(_words, node.css("a"))) * 2 >= total

    def _is_contents(self, node: LexborNode) -> bool:
        """Whether a list leads to the parts of its own page."""
        if self._looks > _MOST_LOOKS:
            return False
        self._looks += 1
        links = [*islice(node.css("a"), _MOST_LOOKS)]
        inside = sum(_attribute(link, "href").startswith("#") for link in links)
        return inside > 1 and inside == len(links) and sum(map(_words, links)) >= _words(node)


def _rows(  # noqa: C901, PLR0912 - rows, cells, and what spans them
    table: LexborNode,
) -> list[list[str]]:
    """Return the cells of a table of data, the heads of its columns first; [] for other tables.

    A cell that spans rows or columns stands in each of them.
    """
    if _attribute(table, "role") in {"presentation", "none"}:
        return []
    if len(table.css("table")) > 1 or table.css_first("h1, h2, h3, h4, ul ul, form") is not None:
        return []
    rows: list[list[str]] = []
    heads: list[bool] = []
    open_cells: dict[int, tuple[int, str]] = {}
    count = 0
    for row in table.css("tr"):
        cells: list[str] = []
        is_head: list[bool] = []
        cell = row.child
        while cell is not None:
            while len(cells) in open_cells:
                _continue(open_cells, cells)
            if cell.tag in {"td", "th"}:
                text = plain(cell.text(separator=" ") or "")
                if len(text.split()) > _CELL_WORDS:
                    return []
                is_head += [cell.tag == "th" or _is_bold(cell)] if text else []
                down = _span(cell, "rowspan")
                for _ in range(_span(cell, "colspan")):
                    if down > 1:
                        open_cells[len(cells)] = (down - 1, text)
                    cells.append(text)
            cell = cell.next
        while len(cells) in open_cells:
            _continue(open_cells, cells)
        count += len(cells)
        if count > _MAX_CELLS:
            return []
        if any(map(has_words, cells)):
            rows.append(cells)
            heads.append(bool(is_head) and all(is_head))
    if not rows:
        return []
    if not heads[0] or len(rows) == 1:
        rows.insert(0, [""])
    return rows


def _continue(open_cells: dict[int, tuple[int, str]], cells: list[str]) -> None:
    left, text = open_cells.pop(len(cells))
    if left > 1:
        open_cells[len(cells)] = (left - 1, text)
    cells.append(text)


def _span(cell: LexborNode, name: str) -> int:
    value = _attribute(cell, name)
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() and len(value) < 5 else 1


def _is_bold(cell: LexborNode) -> bool:
    strong = cell.css("strong, b")
    return (
        bool(strong)
        and "".join(s.text() or "" for s in strong).split() == (cell.text() or "").split()
    )
