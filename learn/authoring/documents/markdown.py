"""Read Markdown by CommonMark, with tables, and without the marks around its words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from learn.authoring.documents.blocks import (
    BOLD_DOUBT,
    CODE_DOUBT,
    LINK_DOUBT,
    BlockDocument,
    BlockKind,
    TextBlock,
    has_words,
    lines_of,
    plain,
    row_text,
)
from learn.authoring.documents.html import NestedError, read_fragment

_FRONT = re.compile(
    r"\ufeff?(?:---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)|\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+)"
    r"[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_YAML_LINE = re.compile(r"[\w\"'.-]+[ \t]*:(?:\s|$)|\s*-(?:\s|$)|[ \t]+\S|\s*#|\s*$|[\]}]")
_YAML_VALUE = r"^{}[ \t]*:[ \t]*(\S.*?)[ \t]*(?: #.*)?$"
_TEMPLATE = re.compile(
    r"\{:[^{}]*\}|\{#[\w-]+\}|\{%[^%]*%\}|\{\{[<%][^{}]*[>%]\}\}|\[\^[^\]\s]{1,40}\]:?"
    r"|^\[\[?_?TOC_?\]\]?$",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"[a-z][a-z0-9+.-]{1,31}://", re.IGNORECASE)
_OTHER_BULLET = re.compile(r"^( {0,3})[•◦▪‣·●▸]\s+", re.MULTILINE)  # of pages that were copied
_BREAK = re.compile(r"<br\b", re.IGNORECASE)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 200}).enable(["table", "strikethrough"])


def read_markdown(text: str) -> BlockDocument:
    """Read a document in Markdown. Its title is that of the front matter, if any."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    title = language = ""
    offset = 0
    if front := _front_matter(text):
        title, language, end = front
        offset = text.count("\n", 0, end)
        text = text[end:]
    text = _OTHER_BULLET.sub(r"\1- ", text)
    return BlockDocument(tuple(_blocks(_parser().parse(text), offset)), title, language)


def _front_matter(text: str) -> tuple[str, str, int] | None:
    """Return the title and language that front matter names, and where it ends."""
    match = _FRONT.match(text)
    if match is None:
        return None
    if match["toml"] is not None:
        try:
            values = tomllib.loads(match["toml"])
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            return "", "", match.end()
        named = {k.lower(): v for k, v in values.items() if isinstance(v, str)}
        return plain(named.get("title", "")), _language(named), match.end()
    lines = match["yaml"].split("\n")
    if not all(map(_YAML_LINE.match, lines)) or not any(":" in line for line in lines):
        return None  # two rules with text between them
    named = {}
    for key in ("title", "lang", "language", "locale"):
        if value := re.search(_YAML_VALUE.format(key), match["yaml"], re.MULTILINE | re.IGNORECASE):
            named[key] = value[1].strip("\"'")
    title = named.get("title", "")
    return plain("" if title in {">", "|", ">-", "|-"} else title), _language(named), match.end()


def _language(named: dict[str, str]) -> str:
    found = named.get("lang") or named.get("language") or named.get("locale") or ""
    return found[:2].lower() if re.match(r"[A-Za-z]{2}(?![A-Za-z])", found) else ""


def _blocks(  # noqa: C901, PLR0912 - a kind of token each
    tokens: Sequence[Token], offset: int
) -> Iterator[TextBlock]:
    lists = 0
    is_item = is_first = False
    heads: list[str] = []
    cells: list[str] = []
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        line = token.map[0] + 1 + offset if token.map else 0
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists += 1
            case "bullet_list_close" | "ordered_list_close":
                lists -= 1
            case "list_item_open":
                is_item = True
            case "list_item_close":
                is_item = False
            case "table_open":
                heads = []
            case "tr_open":
                cells = []
            case "tr_close" if not heads:
                heads, is_first = cells or [""], True
            case "tr_close":
                if has_words(row := row_text(heads, cells)):
                    at_line = line or _line(before, offset)
                    yield TextBlock(row, BlockKind.ROW, at_line, is_first=is_first)
                    is_first = False
            case "html_block":
                with suppress(NestedError):
                    yield from read_fragment(token.content, line)
            case "fence" | "code_block":
                for part in re.split(r"\n\s*\n", token.content):
                    if has_words(said := plain(part)):
                        yield TextBlock(said, line=line, doubt=CODE_DOUBT)
            case "inline" if before is not None and before.type in {"th_open", "td_open"}:
                cells.append(_words(token)[0])
            case "inline" if before is not None and before.type == "heading_open":
                if has_words(said := _words(token)[0]):
                    yield TextBlock(said, BlockKind.HEADING, line)
            case "inline":
                yield from _text(token, line, in_list=lists > 0, begins_item=is_item)
                is_item = False


def _line(token: Token | None, offset: int) -> int:
    return token.map[0] + 1 + offset if token is not None and token.map else 0


def _text(token: Token, line: int, *, in_list: bool, begins_item: bool) -> Iterator[TextBlock]:
    said, doubt = _words(token, keeps_breaks=True)
    kind = BlockKind.ITEM if begins_item else BlockKind.TEXT
    for one in lines_of(said):
        if has_words(one):
            yield TextBlock(plain(one), kind, line, "" if in_list else doubt)
            kind = BlockKind.TEXT


def _words(  # noqa: C901, PLR0912 - a kind of token each
    token: Token, *, keeps_breaks: bool = False
) -> tuple[str, str]:
    """Return the words of a paragraph, and the doubt about it, if any."""
    said: list[str] = []
    linked = bold = other = depth = strong = 0
    address = False
    for child in token.children or ():
        match child.type:
            case "link_open":
                depth += 1
                address = child.markup == "autolink"
            case "link_close":
                depth -= 1
                address = False
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "text" | "code_inline":
                if address and _AUTOLINK.match(child.content):
                    continue
                said.append(child.content)
                if has_words(child.content):
                    linked += depth > 0
                    bold += strong > 0
                    other += not depth
            case "softbreak":
                said.append(" ")
            case "hardbreak":
                said.append("\n")
            case "html_inline" if _BREAK.match(child.content):
                said.append("\n")
    text = "\n".join(_TEMPLATE.sub("", part.strip()) for part in "".join(said).split("\n"))
    doubt = ""
    if linked and not other:
        doubt = LINK_DOUBT
    elif bold and bold == linked + other and text.strip()[-1:] not in ".:;,!?…”":
        doubt = BOLD_DOUBT
    if not keeps_breaks:
        return plain(text.replace("\n", " ")), doubt
    return "\n".join(map(plain, text.split("\n"))), doubt
