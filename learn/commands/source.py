"""The commands for editors: `learn source …`, `learn new`, `learn reports`, `learn analyse`."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from learn.authoring import item_analysis, scaffold, source, source_anchors, source_check
from learn.authoring.score_tables import TableError
from learn.authoring.source_text import DocumentError
from learn.commands import demo, educator, regrade
from learn.commands.terminal import as_json, login, opened, printable
from learn.config import content_folder, from_environment, texts
from learn.library import content as library
from learn.library.content import Content, read_content
from learn.review import actions, queries


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the editors' commands to those of `learn`."""
    _add_source(commands.add_parser("source", help="hold the source document against the ledger"))

    new = commands.add_parser(
        "new", help="begin lessons from another document", description=begin.__doc__
    )
    new.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that is not there yet")
    new.add_argument("document", type=Path, metavar="DOCUMENT", help="plain text or Markdown")
    new.set_defaults(run=begin)

    reports = commands.add_parser(
        "reports", help="list the mistakes that readers reported", description=list_reports.__doc__
    )
    reports.add_argument("--json", action="store_true", help="for machines")
    reports.set_defaults(run=list_reports)
    _add_analyse(commands)
    educator.add(commands)
    regrade.add(commands)
    demo.add(commands)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check = parts.add_parser(
        "check", help="what changed in a copy of the document", description=check_document.__doc__
    )
    check.add_argument("document", type=Path, metavar="FILE", help="a copy of the document")
    check.add_argument("--json", action="store_true", help="for machines")
    check.add_argument(
        "--withhold",
        action="store_true",
        help="ask no question that hangs on a change, until it was accepted",
    )
    check.set_defaults(run=check_document)

    accept = parts.add_parser(
        "accept", help="facts that still hold", description=accept_facts.__doc__
    )
    accept.add_argument("facts", nargs="*", metavar="FACT", help="such as F12")
    accept.add_argument("--by", default="", metavar="NAME", help="who read it (your login name)")
    accept.add_argument("--from", dest="document", type=Path, metavar="FILE", help="the document")
    accept.add_argument("--sentence", metavar="TEXT", help="where the one fact stands now")
    accept.add_argument(
        "--rest", action="store_true", help="and all that changed and carries no fact"
    )
    accept.set_defaults(run=accept_facts)


def _add_analyse(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "analyse",
        aliases=["analyze"],
        help="analyze a table of scores from anywhere",
        description=analyse_scores.__doc__,
    )
    parser.add_argument(
        "scores", type=Path, metavar="FILE", help="scores from 0 to 1: a line a learner"
    )
    parser.add_argument(
        "--options", type=Path, metavar="FILE", help="the same table, of the options chosen"
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="the right options, in the columns item and key"
    )
    parser.add_argument(
        "--pre", type=Path, metavar="FILE", help="the same table, of an earlier sitting"
    )
    parser.set_defaults(run=analyse_scores)


def check_document(options: argparse.Namespace) -> int:
    """Say what changed in a copy of the source document, and what hangs on it.

    Exit code 0 where nothing changed, 1 where something did, 2 where it can't be read.
    """
    content, folder = _content()
    try:
        checked = source.check_file(content, folder, options.document)
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(as_json(source_check.to_json(checked.check, checked.hanging, checked.headings)))
    else:
        print("\n".join(map(printable, source.to_text(checked).split("\n"))))
    if not checked.check.same:
        with suppress(OSError):  # then “accept” asks for the file
            source.remember(from_environment().data, options.document)
    if options.withhold:
        with opened(from_environment()) as database, database.writing() as session:
            source.withhold(session, content, checked.check, datetime.now(UTC))
        if checked.hanging.questions and not options.json:
            print("These questions are not asked until their facts were accepted.")
    return 0 if checked.check.same else 1


def accept_facts(options: argparse.Namespace) -> int:
    """Record that somebody has read what changed, and that these facts still hold."""
    settings = from_environment()
    content, folder = _content()
    who = printable(options.by).strip() or login()
    if not who:
        print("Who are you? Say so with --by NAME.", file=sys.stderr)
        return 1
    if not options.facts and not options.rest:
        print("Which facts? Name them, such as F12, or give --rest.", file=sys.stderr)
        return 1
    try:
        document = options.document or source.last_document(settings.data)
        checked = source.check_file(content, folder, document)
        today = datetime.now(UTC).date()
        anchors = source.accept(checked, options.facts, who, today, options.sentence)
        if options.rest:
            anchors = source.accept_rest(checked, anchors)
    except (source.AcceptError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    with opened(settings) as database, database.writing() as session:
        try:
            source_anchors.write_anchors(folder, anchors)
        except OSError as error:
            print(f"{folder} can't be written: {error.strerror}.", file=sys.stderr)
            return 1
        actions.release(session, options.facts)
    print(f"Accepted by {who}: {', '.join(options.facts) or 'what carries no fact'}.")
    return 0


def begin(options: argparse.Namespace) -> int:
    """Read a document with headings, and write a folder to make lessons and questions in."""
    try:
        made = scaffold.begin(options.folder, options.document, datetime.now(UTC).date())
    except (scaffold.ScaffoldError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{made.sections} sections and {made.sentences} sentences, in {options.folder}")
    print(f"Next: read {options.folder / 'README.md'}")
    return 0


def list_reports(options: argparse.Namespace) -> int:
    """List what readers reported, the latest first."""
    with opened(from_environment()) as database, database.reading() as session:
        found = queries.reports(session)
    if options.json:
        rows = [
            {"page": r.page, "text": r.text, "reported_at": r.reported_at.isoformat()}
            for r in found
        ]
        print(as_json(rows))
        return 0
    for report in found:
        print(f"{report.reported_at:%Y-%m-%d %H:%M} · {report.page}\n{_indented(report.text)}\n")
    print({0: "No reports.", 1: "1 report."}.get(len(found), f"{len(found)} reports."))
    return 0


def analyse_scores(options: argparse.Namespace) -> int:
    """Analyze a test from a CSV file, and print the figures as JSON in full precision.

    The file's first line names the columns. The first column is the learner, and each other column
    an item. A blank cell is no answer and counts 0. What can't be computed is null.
    """
    try:
        report = item_analysis.report(options.scores, options.options, options.key, options.pre)
    except (TableError, DocumentError) as error:
        print("\n".join(map(printable, str(error).split("\n"))), file=sys.stderr)
        return 1
    for note in report.notes:
        print(printable(note), file=sys.stderr)
    print(as_json(report.figures))
    return 0


def _indented(text: str) -> str:
    return "\n".join(f"    {printable(line)}" for line in text.splitlines())


def _content() -> tuple[Content, Path]:
    """The content, faults or not, and its folder: an alarm must ring in a broken house too."""
    folder = content_folder()
    content, _faults = read_content(texts(), folder)
    return content, folder or library.FOLDER
