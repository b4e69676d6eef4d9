"""Request class whose form and files hold only fields with a name."""

from __future__ import annotations

from typing import IO, Any

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser

_Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]


class FormParser(FormDataParser):
    """Werkzeug's parser, without the parts of a multipart body that have no name.

    Werkzeug keeps them under None, and whatever reads the names of fields expects text.
    """

    def parse(self, *arguments: Any, **named: Any) -> _Parsed:
        """Return the stream, the fields, and the files."""
        stream, form, files = super().parse(*arguments, **named)
        unnamed: Any = None
        for file in files.getlist(unnamed):
            file.close()
        return stream, self._with_names(form), self._with_names(files)

    def _with_names(self, fields: MultiDict[Any, Any]) -> MultiDict[str, Any]:
        if None not in fields:
            return fields
        return self.cls([(k, v) for k, v in fields.items(multi=True) if k is not None])


class Request(flask.Request):
    """Flask's request, with a form that was parsed by `FormParser`."""

    form_data_parser_class = FormParser
