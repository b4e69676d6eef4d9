"""`learn regrade …`: grade all answers to a question again after its key was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import click

from learn.commands.database import opened
from learn.commands.errors import CommandError
from learn.commands.terminal import as_json, login, printable
from learn.config import from_environment
from learn.library.read_content import bank_folder, load_content
from learn.regrading import actions, queries
from learn.regrading.queries import GradeChange, RegradeSummary
from learn.versions import queries as versions
from learn.versions.store import store_versions
from questions.model import Question
from questions.versions import QuestionSnapshot, VersionKey, load_archive

_MAX_LENGTH = 80
_NEAR = 5

_WORDS = {
    GradeChange.RIGHT: "from not right to right",
    GradeChange.NOT_RIGHT: "from right to not right",
    GradeChange.HIGHER: "partly right, and more of it now",
    GradeChange.LOWER: "partly right, and less of it now",
}


@click.command
@click.argument("name", metavar="QUESTION", help="the question's id")
@click.option("--apply", is_flag=True, help="do it; otherwise it is only shown")
@click.option("--only-raise", is_flag=True, help="lower no grade")
@click.option("--by", default="", metavar="NAME", help="who does it (your login name)")
@click.option("--json", is_flag=True, help="for machines")
def regrade(name: str, by: str, *, apply: bool, only_raise: bool, json: bool) -> None:
    """Show which grades change with the question's current key; with --apply, change them.

    Each old grade is kept, with who changed it and when. The learners' memories are recomputed, and
    each affected learner gets a notice. Running it again changes nothing.
    """
    settings = from_environment()
    by = printable(by).strip() or login()
    if apply and not 1 <= len(by) <= _MAX_LENGTH:
        raise CommandError(f"Who are you? Say so with --by NAME, in 1 to {_MAX_LENGTH} letters.")
    content = load_content(settings.texts, settings.content, settings.language)
    question = content.bank.questions.get(name)
    archive = load_archive(bank_folder(settings.content))
    with opened(settings) as database:
        database.merged_objectives = content.bank.merged_ids
        store_versions(database, content.bank, archive, datetime.now(UTC))
        if question is None:
            with database.read_session() as session:
                was_there = queries.is_in_any_attempt(session, name)
            raise CommandError(_not_there(name, content.bank.questions, was_there=was_there))
        done = None
        if apply:
            with database.transaction() as session:
                now = datetime.now(UTC)
                done = actions.regrade(session, question, by, now, only_raise=only_raise)
        with database.read_session() as session:
            left = queries.preview(session, question, only_raise=only_raise)
            earlier = versions.find(session, {(name, version) for version in left.versions})
    if json:
        click.echo(as_json(_figures(question, done, left)))
    else:
        click.echo("\n".join(map(printable, _lines(question, done, left, earlier))))


def _not_there(name: str, there: Iterable[str], *, was_there: bool) -> str:
    """Return why a question can't be regraded, with similar ids."""
    question = printable(name)
    if was_there:
        return (
            f"“{question}” has left the questions, so there is no key to grade its answers by. "
            "They stay as they are."
        )
    message = f"There is no question “{question}”."
    if near := get_close_matches(name, there, _NEAR):
        message += f"\nIs it one of these? {', '.join(near)}"
    return message


def _lines(
    question: Question,
    done: RegradeSummary | None,
    left: RegradeSummary,
    earlier: Mapping[VersionKey, QuestionSnapshot],
) -> Iterator[str]:
    """Yield what was done, if anything, and what would change now; `earlier` has their versions."""
    tally = done or left
    yield f"{question.id}, version {question.version}: {question.stem}"
    yield f"{_count(tally.answers, 'answer')} of {_count(tally.learners, 'learner')}."
    yield from _versions(question, tally, earlier)
    verb = "Changed" if done else "Would change"
    if tally.changed:
        yield (
            f"{verb}: {_count(tally.changed, 'answer')} of "
            f"{_count(tally.changed_learners, 'learner')}, "
            f"in {_count(tally.changed_attempts, 'attempt')}."
        )
    else:
        yield f"{verb}: nothing."
    for way in GradeChange:
        if count := tally.grade_changes[way]:
            yield f"  {_WORDS[way]}: {count}"
    if tally.not_lowered:
        yield f"Left as they are, as they would get lower: {_count(tally.not_lowered, 'answer')}."
    if tally.ungradable:
        yield (
            "Left as they are, as they name what is no longer in the question: "
            f"{_count(tally.ungradable, 'answer')}."
        )
    if done and done.changed:
        yield "The old grades are kept. Each learner finds a notice."
    if done and left.changed:
        yield (
            f"Meanwhile {_count(left.changed, 'answer')} came in by another key. "
            "Start the site again, so that it knows this one, and then run this once more."
        )
    if left.changed and not done:
        yield "Nothing was changed yet. To do it, run this again with --apply."


def _versions(
    question: Question, tally: RegradeSummary, earlier: Mapping[VersionKey, QuestionSnapshot]
) -> Iterator[str]:
    """How many answers there are to each version, and what an earlier one asked."""
    for version, count in sorted(tally.versions.items(), key=lambda entry: (-entry[1], entry[0])):
        now = " (as it is now)" if version == question.version else ""
        yield f"  to version {version}{now}: {count}"
        if not now:
            snapshot = earlier.get((question.id, version))
            yield f"    {snapshot.question.stem}" if snapshot else "    Its words were not kept."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _figures(
    question: Question, done: RegradeSummary | None, left: RegradeSummary
) -> dict[str, Any]:
    tally = done or left
    ways = {way.value.replace("-", "_"): tally.grade_changes[way] for way in GradeChange}
    return {
        "question": question.id,
        "version": question.version,
        "applied": done is not None,
        "only_raise": tally.only_raise,
        "answers": tally.answers,
        "learners": tally.learners,
        "versions": dict(sorted(tally.versions.items())),
        "changed": {
            "answers": tally.changed,
            "learners": tally.changed_learners,
            "attempts": tally.changed_attempts,
            **ways,
        },
        "spared": tally.not_lowered,
        "ungradable": tally.ungradable,
        "left": left.changed,
    }
