"""What an educator reads on the pages of results, and in their files."""

from __future__ import annotations

import csv
import io
import re

from openpyxl import load_workbook

QUESTION = "how-all-begins-start"  # a choice of four, each with a wrong idea behind it


def table(kim, group, name, choice=""):
    page = kim.browser.get(f"/groups/{group.id}/results.csv?table={name}{choice}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    return [*csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")))]


def workbook(kim, group, choice=""):
    page = kim.browser.get(f"/groups/{group.id}/results.xlsx{choice}")
    return load_workbook(io.BytesIO(page.data))


def about(kim, group, choice=""):
    return {row["Item"]: row["Value"] for row in table(kim, group, "about", choice)}


def shown_questions(kim):
    """Id, missed, right, and first answers of each question on the page, in its order."""
    matches = re.findall(
        r"questions/([\w-]+)(?:\?[^\"]*)?\">[^<]+</a></h3>.*?<b>Missed</b> <span>(\d+) of (\d+)"
        r".*?<b>(?:Fully r|R)ight</b> <span>(\d+) of \3",
        kim.html,
        re.DOTALL,
    )
    return [(id_, missed, right, n) for id_, missed, n, right in matches]
