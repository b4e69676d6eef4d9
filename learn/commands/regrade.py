"""`learn regrade …`: grade all answers to a question again, after its key was corrected."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from learn.commands.terminal import as_json, login, opened, printable
from learn.config import from_environment
from learn.library.content import load_content
from learn.regrading import actions, queries
from learn.regrading.queries import Tally, Way
from questions.model import Question

_LONGEST = 80
_NEAR = 5

_WORDS = {
    Way.RIGHT: "from not right to right",
    Way.NOT_RIGHT: "from right to not right",
    Way.MORE: "partly right, and more of it now",
    Way.LESS: "partly right, and less of it now",
}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regrade` to the commands of `learn`."""
    parser = commands.add_parser(
        "regrade",
        help="grade all answers to a question again, after its key was corrected",
        description=regrade.__doc__,
    )
    parser.add_argument("question", metavar="QUESTION", help="the question's id")
    parser.add_argument("--apply", action="store_true", help="do it; otherwise it is only shown")
    parser.add_argument("--only-raise", action="store_true", help="lower no grade")
    parser.add_argument("--by", default="", metavar="NAME", help="who does it (your login name)")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=regrade)


def regrade(options: argparse.Namespace) -> int:
    """Show which grades change by the question's key of now; with --apply, change them.

    Each old grade is kept, with who changed it and when. What the learners remember is worked out
    anew, and each of them gets a notice. A second time changes nothing.
    """
    settings = from_environment()
    by = printable(options.by).strip() or login()
    if options.apply and not 1 <= len(by) <= _LONGEST:
        print(f"Who are you? Say so with --by NAME, in 1 to {_LONGEST} letters.", file=sys.stderr)
        return 1
    content = load_content(settings.texts, settings.content, settings.language)
    question = content.bank.questions.get(options.question)
    with opened(settings) as database:
        if question is None:
            with database.reading() as session:
                was_there = queries.was_ever_asked(session, options.question)
            _no_such_question(options.question, content.bank.questions, was_there=was_there)
            return 1
        done = None
        if options.apply:
            with database.writing() as session:
                now = datetime.now(UTC)
                done = actions.regrade(session, question, by, now, only_raise=options.only_raise)
        with database.reading() as session:
            left = queries.tally(session, question, only_raise=options.only_raise)
    if options.json:
        print(as_json(_figures(question, done, left)))
    else:
        print("\n".join(map(printable, _lines(question, done, left))))
    return 0


def _no_such_question(name: str, there: Any, *, was_there: bool) -> None:
    shown = printable(name)
    if was_there:
        print(
            f"“{shown}” has left the questions, so there is no key to grade its answers by. "
            "They stay as they are.",
            file=sys.stderr,
        )
        return
    print(f"There is no question “{shown}”.", file=sys.stderr)
    if near := get_close_matches(name, there, _NEAR):
        print(f"Is it one of these? {', '.join(near)}", file=sys.stderr)


def _lines(question: Question, done: Tally | None, left: Tally) -> Iterator[str]:
    """What was done, if anything was, and what would change now."""
    tally = done or left
    yield f"{question.id}, version {question.version}: {question.ask}"
    yield f"{_count(tally.answers, 'answer')} of {_count(tally.learners, 'learner')}."
    for version, count in sorted(tally.versions.items(), key=lambda one: (-one[1], one[0])):
        now = " (as it is now)" if version == question.version else ""
        yield f"  to version {version}{now}: {count}"
    verb = "Changed" if done else "Would change"
    if tally.changed:
        yield (
            f"{verb}: {_count(tally.changed, 'answer')} of "
            f"{_count(tally.learners_touched, 'learner')}, "
            f"in {_count(tally.attempts_touched, 'attempt')}."
        )
    else:
        yield f"{verb}: nothing."
    for way in Way:
        if count := tally.ways[way]:
            yield f"  {_WORDS[way]}: {count}"
    if tally.spared:
        yield f"Left as they are, as they would get lower: {_count(tally.spared, 'answer')}."
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _figures(question: Question, done: Tally | None, left: Tally) -> dict[str, Any]:
    tally = done or left
    ways = {way.value.replace("-", "_"): tally.ways[way] for way in Way}
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
            "learners": tally.learners_touched,
            "attempts": tally.attempts_touched,
            **ways,
        },
        "spared": tally.spared,
        "ungradable": tally.ungradable,
        "left": left.changed,
    }
