"""Texts that pages and exports share."""

from __future__ import annotations

from learn.messages import gettext as _
from learn.messages import lazy_gettext
from learn.people.queries import NamedMember
from questions.model import Question, Response
from questions.progress import Standing

_STANDINGS = {
    Standing.NOT_STARTED: lazy_gettext("Not started"),
    Standing.ANOTHER_LOOK: lazy_gettext("Needs another look"),
    Standing.GETTING_THERE: lazy_gettext("Getting there"),
    Standing.MASTERED: lazy_gettext("Remembered"),
}


def standing(value: Standing) -> str:
    """Return the name of a standing."""
    return str(_STANDINGS[value])


def shared(member: NamedMember) -> str:
    """Return which answers of a named member are shown."""
    if member.shows_latest:
        return str(_("first and latest answers"))
    return str(_("first answers only"))


def share(count: int, total: int) -> str:
    """“3 of 7”."""
    return str(_("%(n)d of %(total)d", n=count, total=total))


def answer(question: Question, response: Response) -> tuple[str, ...]:
    """A response as readable lines, one for each thing that was chosen."""
    if response.unsure:
        return (str(_("“I’m not sure”")),)
    return tuple(
        str(_("%(row)s: %(answer)s", row=line.text, answer=line.answer))
        if line.answer
        else line.text
        for line in question.describe(response)
    )


def key(question: Question) -> tuple[str, ...]:
    """Return the right answer, in the same form as `answer`."""
    return answer(question, question.right_response())


def chance(p: float | None) -> str:
    """A p value as a decimal; empty for None."""
    if p is None:
        return ""
    return str(_("below 0.001")) if p < 0.001 else f"{p:.3f}"
