"""The request class: the one place where text comes in, and is cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import IO, Any
from urllib.parse import parse_qsl

import flask
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.routing import UnicodeConverter

from learn import typed_text

COMPARED_AS_TYPED = frozenset({"passphrase", "current"})
"""Fields with a passphrase: cleaning it would change whose passphrase it is, so it is only cut."""

_MAX_PART_LENGTH = 200  # characters of a path part; ids and codes are shorter

_Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]


class FormParser(FormDataParser):
    """Werkzeug's parser, with cleaned fields (`typed_text.clean`), each with a name.

    Werkzeug keeps parts of a multipart body without a name under None, and whatever reads the names
    of fields expects text: they are left out.
    """

    def parse(self, *arguments: Any, **named: Any) -> _Parsed:
        """Return the stream, the fields, and the files."""
        stream, form, files = super().parse(*arguments, **named)
        unnamed: Any = None
        for file in files.getlist(unnamed):
            file.close()
        named_files = [(k, v) for k, v in files.items(multi=True) if k is not None]
        return stream, _cleaned(form, self.cls), self.cls(named_files)


class Request(flask.Request):
    """Flask's request, with cleaned fields in the form and in the query."""

    form_data_parser_class = FormParser

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Fields of the query; bytes that aren't UTF-8, which browsers never send, are replaced."""
        query = self.query_string.decode(errors="replace")
        fields = parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote")
        return _cleaned(ImmutableMultiDict(fields), ImmutableMultiDict)


class PartConverter(UnicodeConverter):
    """Converts a part of the path; it is cleaned, and cut to a length that no id or code has."""

    def to_python(self, value: str) -> str:
        """Return what the view gets."""
        return typed_text.clean(value[:_MAX_PART_LENGTH])


def _cleaned(fields: MultiDict[Any, str], kind: type[MultiDict[str, str]]) -> MultiDict[str, str]:
    pairs = [*fields.items(multi=True)]
    if _are_plain(pairs):
        return fields
    return kind(
        [
            (typed_text.clean(name), _cleaned_value(name, value))
            for name, value in pairs
            if name is not None
        ]
    )


def _are_plain(pairs: Sequence[tuple[str | None, str]]) -> bool:
    """Whether there is nothing to clean, as in nearly all forms; it is much cheaper to ask.

    All names and values are looked at together: an answer waits for this.
    """
    try:
        texts = "".join(map("".join, pairs))  # type: ignore[arg-type]
    except TypeError:  # a field without a name
        return False
    if not (texts.isascii() and texts.isprintable()):
        return False
    return len(texts) <= typed_text.MAX_LENGTH or all(
        len(name or "") <= typed_text.MAX_LENGTH >= len(value) for name, value in pairs
    )


def _cleaned_value(name: str, value: str) -> str:
    if name in COMPARED_AS_TYPED:
        return value[: typed_text.MAX_LENGTH]
    return typed_text.clean(value)
