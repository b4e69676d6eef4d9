"""Read saved web pages: the main part, without navigation, scripts, and what repeats on each page.

The parser is that of browsers; it knows no entities of others and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from learn.authoring.documents.blocks import (
    BOLD_DOUBT,
    CODE_DOUBT,
    FOLDED_DOUBT,
    HEADS_DOUBT,
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
from learn.authoring.documents.html_tables import HtmlTable, read_table

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = _HEADINGS | names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption"
    " figure footer form header hgroup hr li main nav ol p pre section summary table tbody td tfoot"
    " th thead tr ul caption legend"
)
_NEVER = names(
    "script style noscript template button select option input textarea svg iframe object embed"
    " video audio canvas map datalist head title -comment nav dialog label"
)
_PARTS = names("div section td table tbody tr center form")
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "tablist"}
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|consent|share|sharing|social(?:-?media)?|skip-?\w*"
    r"|newsletter|subscribe|related|sidebar|(?:site|page|global)-?(?:header|footer|nav)|menu"
    r"|nav(?:bar|igation)?|pagination|pager|toc|table-of-contents|on-this-page|adverts?|promo"
    r"|popup|modal|masthead|language-?\w*|rating|feedback|print-?only|tags?-list|enlarge|ads?|byline|cta)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-?reader(?:-text|-only)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])", re.IGNORECASE)
_TYPED_BULLET = re.compile(r"(?:[•◦▪‣·●○■▸]\s*|[-–*]\s+)(?=\S)")
_NOTE_MARK = re.compile(r"[a-z*†‡§¶#]|[ivx]{1,4}")  # beside a word of a table
_MOST_LOOKS = 300  # inside elements by their class, since each looks through all of its text
_MAX_DEPTH = 3000
_NESTING = re.compile(
    r"<(/?)(?:div|section|span|b|i|em|strong|a|blockquote|ul|ol|table|font|article)\b",
    re.IGNORECASE,
)  # those whose end is always written
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
    for _ in range(_MOST_LOOKS):  # into the one part that has nearly all words
        parts = [n for n in _children(root) if not _is_named_navigation(n)]
        weights = [_own_words(n) for n in parts]
        most = max(weights, default=0)
        if not most or most * 10 < 9 * sum(weights):
            break
        inner = parts[weights.index(most)]
        if inner.tag not in _PARTS or len(inner.css("h1")) < len(root.css("h1")):
            break
        root = inner
    return root


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.tag not in _NEVER and child.tag not in {"header", "footer", "aside"}:
            yield child
        child = child.next


def _own_words(node: LexborNode) -> int:
    """Count the words that lead nowhere else."""
    if node.tag == "-text":
        return _words(node)
    never = ("a", "script", "style", "noscript", "nav", "aside", "footer", "svg")
    found = node.css(", ".join(never))
    return max(_words(node) - sum(_words(n) for n in islice(found, 10 * _MOST_LOOKS)), 0)


def _is_named_navigation(node: LexborNode) -> bool:
    attributes = node.attributes
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return (
        node.tag != "-text"
        and node.css_first("h1") is None
        and ((attributes.get("role") or "") in _ROLES or _NAVIGATION.search(name) is not None)
    )


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


def _cell_text(cell: LexborNode) -> str:
    """Return what a cell says, on one line."""
    said = ""
    for block in _Walk(cell, is_page=False).blocks():
        said += ("" if not said else " " if said[-1] in ".:;,!?…" else ", ") + block.text
    return said


class _Walk:
    """One walk through the tree, without recursion: pages may nest as deep as they like."""

    def __init__(self, root: LexborNode, *, is_page: bool, line: int = 0) -> None:
        self._root = root
        self._is_page = is_page
        self._line = line
        self._total = _words(root)
        self._looks = 0
        self._heading = False
        self._starts = root.css_first("h1") is None  # what stands before it leads elsewhere
        self._is_item = self._is_of_leads = False
        self._term = ""
        self._said: list[str] = []
        self._linked = self._bold = self._other = 0
        self._within = {"a": 0, "b": 0, "strong": 0, "li": 0, "pre": 0, "summary": 0}
        self._within |= {"dt": 0, "dd": 0, "td": 0, "th": 0, "caption": 0}

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
        if tag == "table" and (read := read_table(node, _cell_text)):
            yield from self._flush()
            yield from self._table(node, read)
            return False
        if tag in _LINES:
            yield from self._flush()
        yield from self._enter_item(node, tag)
        if tag in _HEADINGS:
            self._heading = True
        if tag in self._within:
            self._within[tag] += 1
        return True

    def _enter_item(self, node: LexborNode, tag: str) -> Iterator[TextBlock]:
        if tag in {"ul", "ol"} and not self._within["li"]:
            self._is_of_leads = self._leads_away(node)
        if tag == "dd" and self._term and node.css_first("li, table, p + p") is not None:
            yield from self._leave_term()
        self._is_item = tag in {"li", "dd"} or (self._is_item and tag not in {"ul", "ol"})

    def _table(self, node: LexborNode, read: HtmlTable) -> Iterator[TextBlock]:
        caption = node.css_first("caption")
        if caption is not None and has_words(said := _cell_text(caption)):
            yield TextBlock(said, line=self._line)
        doubt = HEADS_DOUBT if read.asks else ""
        for place, cells in enumerate(read.rows):
            if has_words(row := row_text(read.heads if len(cells) > 1 else [], cells)):
                own = "" if place else doubt
                yield TextBlock(row, BlockKind.ROW, self._line, own, is_first=not place)

    def _leave(self, node: LexborNode) -> Iterator[TextBlock]:
        tag = node.tag or ""
        if tag in _LINES:
            yield from self._flush()
        if tag in _HEADINGS:
            self._heading = False
            self._starts = self._starts or tag == "h1"
        if tag in {"li", "dd"}:
            self._is_item = False
        if tag == "dl":
            yield from self._leave_term()
        if tag in self._within:
            self._within[tag] -= 1

    def _add(self, text: str) -> None:
        self._said.append(text if self._within["pre"] else " ".join(f"|{text}|".split())[1:-1])
        if has_words(text):
            self._linked += self._within["a"] > 0
            self._bold += self._within["b"] + self._within["strong"] > 0
            self._other += not self._within["a"]

    def _flush(self) -> Iterator[TextBlock]:  # noqa: C901 - a kind of block each
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
        if self._within["dt"]:
            self._term = f"{self._term}, {plain(said)}" if self._term else plain(said)
            return
        if linked and not other and not self._starts:
            return
        doubt = ""
        if self._within["pre"]:
            doubt = CODE_DOUBT
        elif linked and not other and (not self._within["li"] or self._is_of_leads):
            doubt = LINK_DOUBT
        elif bold and bold == linked + other and said.strip()[-1:] not in ".:;,!?…”":
            doubt = BOLD_DOUBT if not self._within["li"] else ""
        for one in lines_of(said):
            if has_words(text := self._defined(plain(one))):
                bullet = _TYPED_BULLET.match(text)
                text = text[bullet.end() :] if bullet else text
                kind = BlockKind.ITEM if self._is_item or bullet else BlockKind.TEXT
                self._is_item = False
                yield TextBlock(text, kind, self._line, doubt)

    def _defined(self, text: str) -> str:
        """Return what a term means, after the term."""
        term, self._term = self._term, ""
        if not term:
            return text
        return f"{term} {text}" if term[-1] in ":?!." else f"{term}: {text}"

    def _leave_term(self) -> Iterator[TextBlock]:
        if self._term:
            yield TextBlock(self._term, line=self._line)
            self._term = ""

    def _leads_away(self, node: LexborNode) -> bool:
        """Whether each item of a list is a link, and nothing else."""
        if self._looks > _MOST_LOOKS:
            return False
        self._looks += 1
        items, links = node.css("li"), node.css("li > a")
        return len(items) == len(links) > 1 and sum(map(_words, links)) == _words(node)

    def _is_left_out(  # noqa: C901, PLR0911, PLR0912 - a reason each
        self, node: LexborNode, tag: str
    ) -> bool:
        if tag in _NEVER or (tag.startswith("-") and tag != "-text"):
            return tag != "button" or not self._heading  # a heading to unfold a part with
        if tag == "header":
            return self._is_page and node.css_first("h1") is None
        if tag == "footer":
            return self._is_page or node.css_first("p") is None
        attributes = node.attributes
        if not attributes and tag not in {"aside", "form", "ul", "ol", "sup", "a"}:
            return False
        if (attributes.get("role") or "") in _ROLES:
            return True
        if tag == "sup":  # the number of a note
            link = node.css_first("a")
            if link is not None:
                return _attribute(link, "href").startswith("#")
            is_cell = self._root.tag in {"td", "th", "caption"}
            return is_cell and _NOTE_MARK.fullmatch((node.text() or "").strip()) is not None
        if tag == "a" and (
            not has_words(node.text() or "")
            or _BUTTON.search(attributes.get("class") or "")
            or _attribute(node, "href").startswith("javascript:")
        ):
            return True
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return node.css_first("p, li") is None  # a folded part has some
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if tag not in _HEADINGS and _UNSEEN.search(name):
            return True
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
