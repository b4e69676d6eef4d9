"""Read Word documents (.docx), in a process of its own: see `sandbox`."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from learn.authoring.documents.blocks import BlockDocument
from learn.authoring.documents.html import read_html

_UNPACKED = 64 * 2**20  # bytes of XML
_RATIO = 200  # how much smaller than its text a part can be
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Table Heading'] => p > strong:fresh
comment-reference => !
"""
_CONTENTS = "".join(
    f"p[style-name='{name}'] => !\n"
    for name in (
        *(f"{toc} {level}" for toc in ("toc", "TOC", "Contents") for level in range(1, 10)),
        "TOC Heading",
        "toc heading",
        "Contents Heading",
    )
)
_FIELD_OF_CONTENTS = re.compile(
    rb"<w:sdt>(?:(?!</?w:sdt>).)*?w:docPartGallery w:val=\"Table of Contents\""
    rb"(?:(?!</?w:sdt>).)*</w:sdt>",
    re.DOTALL,
)
_DOCUMENT = "word/document.xml"
_NAMED_STYLES = "word/styles.xml"
_STYLE = re.compile(r"<w:style\s[^>]*>(?:(?!<w:style\s).)*?</w:style>", re.DOTALL)
_STYLE_ID = re.compile(r'w:styleId="([^"]*)"')
_STYLE_NAME = re.compile(r'<w:name w:val="([^"]*)"')
_BASED_ON = re.compile(r'<w:basedOn w:val="([^"]*)"')
_OUTLINE = re.compile(r'<w:outlineLvl w:val="(\d)"')
_HEADING_NAME = re.compile(r"heading (\d)", re.IGNORECASE)
_MOST_BASES = 12
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class WordError(Exception):
    """Raised for a file that isn't read; the message goes on after the file's name."""


def read_word(path: Path) -> BlockDocument:
    """Read a Word document. Macros are never run, and nothing outside the file is opened."""
    import mammoth  # noqa: PLC0415 - optional

    _check(path)
    converted = mammoth.convert_to_html(
        _without_contents(path),
        style_map=_STYLES + _CONTENTS + "\n".join(_own_headings(path)),
        convert_image=lambda _image: [],
        include_embedded_style_map=False,
        external_file_access=False,
    )
    return read_html(f"<main>{_with_notes_in_place(converted.value)}</main>")


def _own_headings(path: Path) -> Iterator[str]:
    """Yield a rule for each style of a document's own that is a heading by what it is based on."""
    with zipfile.ZipFile(path) as archive:
        if _NAMED_STYLES not in archive.namelist():
            return
        text = archive.read(_NAMED_STYLES).decode("utf-8", "replace")
    styles = {
        _value(_STYLE_ID, style): style
        for style in _STYLE.findall(text)
        if 'w:type="paragraph"' in style[: style.find(">")]
    }
    for style in styles.values():
        name = html.unescape(_value(_STYLE_NAME, style))
        level = _level(style, styles)
        if level and _HEADING_NAME.fullmatch(name) is None and not {*"'\\"} & {*name}:
            yield f"p[style-name='{name}'] => h{level}:fresh"


def _level(style: str, styles: Mapping[str, str]) -> int:
    """Return the level of a heading from 1 to 6; 0 for other styles."""
    for _ in range(_MOST_BASES):
        if outline := _value(_OUTLINE, style):
            return int(outline) + 1 if int(outline) < 6 else 0
        if named := _HEADING_NAME.fullmatch(_value(_STYLE_NAME, style)):
            return min(int(named[1]), 6)
        style = styles.get(_value(_BASED_ON, style), "")
    return 0


def _value(pattern: re.Pattern[str], style: str) -> str:
    found = pattern.search(style)
    return found[1] if found else ""


def _without_contents(path: Path) -> io.BytesIO:
    """Return the file without its table of contents, which only says its headings again."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w") as copy:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                text = archive.read(part)
                if part.filename == _DOCUMENT:
                    text = _FIELD_OF_CONTENTS.sub(b"", text)
                copy.writestr(part.filename, text)
    made.seek(0)
    return made


def _with_notes_in_place(page: str) -> str:
    """Put each footnote after the paragraph, list, or table that it belongs to."""
    if 'id="footnote-' not in page and 'id="endnote-' not in page:
        return page
    tree = LexborHTMLParser(page)
    body = tree.body
    if body is None:
        return page
    last: dict[int, LexborNode] = {}
    for note in body.css('li[id^="footnote-"], li[id^="endnote-"]'):
        name = note.attributes.get("id") or ""
        kind, _, number = name.partition("-")
        block = body.css_first(f"#{kind}-ref-{number}")
        while block is not None and block.parent is not None and block.parent.tag != "body":
            block = block.parent
        if block is None:
            continue
        place = block.mem_id
        moved = LexborHTMLParser(f"<div>{note.inner_html}</div>").css_first("div")
        if moved is not None:
            last.get(place, block).insert_after(moved)
            last[place] = last.get(place, block).next or block
            note.decompose()
    return body.inner_html or ""


def _check(path: Path) -> None:
    """Refuse what is no Word document, or would unpack to more than a document has."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if _DOCUMENT not in {part.filename for part in parts}:
                raise WordError("is not a Word document (.docx)")
            if any(part.flag_bits & 1 for part in parts):
                raise WordError("is encrypted: save it without a password")
            texts = [p for p in parts if p.filename.endswith((".xml", ".rels"))]
            size = sum(part.file_size for part in texts)
            if size > _UNPACKED or any(
                p.file_size > 2**20 and p.file_size > _RATIO * max(p.compress_size, 1)
                for p in texts
            ):
                raise WordError("unpacks to far more than a document has")
            for part in texts:
                with archive.open(part) as content:
                    if _ENTITY.search(content.read(part.file_size + 1)):
                        raise WordError("has definitions in its XML that no document needs")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise WordError("is not a whole Word document (.docx)") from error
