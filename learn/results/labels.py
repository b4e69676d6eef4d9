"""Texts that pages and exports share."""

from __future__ import annotations

from collections.abc import Mapping

from learn.messages import gettext as _
from learn.messages import lazy_gettext, ngettext, translate
from learn.results.item_statistics import GroupStatistics, MissingReason
from learn.results.report import BeliefCount, PartCount, VersionResult, VersionStatus
from questions.advice import ENOUGH, Advice
from questions.versions import DisplayedVersion

_ADVICE = {
    Advice.NOBODY_MISSED: lazy_gettext("Nobody missed it."),
    Advice.EVERYBODY_MISSED: lazy_gettext(
        "Everybody missed it. Teach it again, and check the answer key and the wording."
    ),
    Advice.CHECK_KEY: lazy_gettext(
        "Check the answer key and the wording: people who did well on the other questions "
        "missed this one more often."
    ),
    Advice.IDLE_DISTRACTOR: lazy_gettext(
        "Almost nobody chose some of the other answers, so those choices don’t tell you much."
    ),
}
_STATUSES = {
    VersionStatus.CURRENT: lazy_gettext("as asked now"),
    VersionStatus.OLDER: lazy_gettext("an earlier version"),
    VersionStatus.RETIRED: lazy_gettext("no longer asked"),
}
_MISSING_REASONS = {
    MissingReason.NONE: "",
    MissingReason.NOBODY: lazy_gettext(
        "Nobody who shares with a nickname answered all of the same questions."
    ),
    MissingReason.DIFFERENT_QUESTIONS: lazy_gettext(
        "People who share with a nickname had different questions. "
        "Choose an assignment where everybody had the same ones."
    ),
    MissingReason.TOO_FEW: lazy_gettext(
        "Shown once %(enough)d people share with a nickname.", enough=ENOUGH
    ),
}

_TELLS_APART = 0.2
"""From this item discrimination on, a question tells apart who knows the others."""


def version_status(result: VersionResult) -> str:
    """Whether this version of the question is still asked, and with which key it is shown."""
    if result.wording is DisplayedVersion.CORRECTED:
        return str(_("an earlier version, with the corrected key"))
    return str(_STATUSES[result.status])


def wording(result: VersionResult) -> str:
    """Return a sentence about the words of an earlier version; empty where they are its own."""
    if result.wording is DisplayedVersion.CORRECTED:
        return str(_("We’ve corrected this question since then. This is how it is now."))
    if result.wording is DisplayedVersion.LOST and result.question is not None:
        return str(_("Some words in this question may have changed since then."))
    return ""


def part(count: PartCount) -> str:
    """Return the words of an option, row, or step; where they were not kept, what is known."""
    if count.text:
        return count.text
    return str(_("Answer %(id)s (wording no longer available)", id=count.id))


def discrimination(result: VersionResult) -> str:
    """Return item discrimination in plain words; empty if it isn't shown or `advice` says it."""
    found = result.statistics.discrimination
    if found is None or found < 0:
        return ""
    if found >= _TELLS_APART:
        return str(_("People who did well on the other questions also did better on this one."))
    return str(
        _(
            "This question doesn’t really separate people who did well on the other questions "
            "from people who didn’t. It may be too easy, too hard, or not clear."
        )
    )


def belief(count: BeliefCount | None) -> str:
    """A sentence about the most common misconception."""
    if count is None:
        return ""
    return str(
        ngettext(
            "One answer could show this idea, which isn’t true, and %(count)d did: “%(belief)s”",
            "Of the %(num)d answers that could show this idea, which isn’t true, %(count)d did: "
            "“%(belief)s”",
            count.total,
            count=count.count,
            belief=count.misconception.belief,
        )
    )


def advice(result: VersionResult) -> tuple[str, ...]:
    """Sentences of advice about a question, most important first."""
    return tuple(
        _shared_mistake(result) if entry is Advice.SHARED_MISTAKE else str(_ADVICE[entry])
        for entry in result.advice
    )


def doubt(assignment: str = "") -> str:
    """What item analysis says of a question that discriminates negatively in an assignment.

    Without a title, it is on a page about that assignment.
    """
    if not assignment:
        return str(_ADVICE[Advice.CHECK_KEY])
    found = _("Found in the answers to “%(title)s”", title=assignment)
    return f"{_ADVICE[Advice.CHECK_KEY]} {found}"


def what_to_check(result: VersionResult, doubted: Mapping[str, str]) -> tuple[str, ...]:
    """Return the advice about a question, with the doubt that an assignment's answers raise."""
    is_new = result.status is VersionStatus.CURRENT and Advice.CHECK_KEY not in result.advice
    doubts = (doubt(doubted[result.id]),) if is_new and result.id in doubted else ()
    return doubts + advice(result)


def missing_reason(statistics: GroupStatistics) -> str:
    """Why discrimination and alpha are missing; empty if they are not."""
    return str(_MISSING_REASONS[statistics.missing_reason])


def _shared_mistake(result: VersionResult) -> str:
    mistake = result.shared_mistake
    if mistake is None:
        return ""
    if mistake.belief:
        return str(
            _(
                "Most people who missed it chose: “%(text)s” "
                "This may mean they think: “%(belief)s”",
                text=mistake.text,
                belief=mistake.belief,
            )
        )
    return str(_("Most people who missed it chose: “%(text)s”", text=mistake.text))


def part_count(result: VersionResult) -> str:
    """What the counts of the question's parts mean."""
    question = result.question
    if question is not None and not question.counts_chosen:
        return str(_("put in the right place"))
    return str(_("chosen"))


def exhibit(result: VersionResult) -> str:
    """Return the question's exhibit in words; empty if it has none."""
    material = result.question.exhibit if result.question else None
    return "\n".join(material.describe(translate)) if material else ""
