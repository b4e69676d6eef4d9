"""A quiz on paper: printed for a group, and typed in afterwards, a row for each paper.

Papers have a number and no name, and tables of their own: no figure about accounts counts them, and
no figure about papers counts an account.

`views` lists, makes, prints, and deletes sittings; `typing_in` takes what people marked on their
papers, and changes or deletes one; `report_pages` shows how a sitting went, also in files.
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("paper", __name__, url_prefix="/groups/<uuid:group_id>/paper")
