"""What a group has understood: what to teach next, first answers, and each question.

`views` has the pages of results; `files` their tables, the workbook, and first scores;
`assignment_pages` how one assignment went, and its files.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("results", __name__, url_prefix="/groups/<uuid:group_id>")
