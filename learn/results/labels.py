"""Texts that pages and exports share."""

from __future__ import annotations

from learn.messages import gettext as _
from learn.messages import lazy_gettext, translate
from learn.results.item_statistics import GroupStatistics, MissingReason
from learn.results.report import BeliefCount, VersionResult, VersionStatus
from questions.advice import ENOUGH, Advice

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
        "Hardly anyone chose some of the answers, so those choices don’t add much."
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


def version_status(result: VersionResult) -> str:
    """Whether this version of the question is still asked."""
    return str(_STATUSES[result.status])


def belief(count: BeliefCount | None) -> str:
    """A sentence about the most common misconception."""
    if count is None:
        return ""
    return str(
        _(
            "%(count)d of %(of)d chose an answer that means “%(belief)s”",
            count=count.count,
            of=count.total,
            belief=count.misconception.belief,
        )
    )


def advice(result: VersionResult) -> tuple[str, ...]:
    """Sentences of advice about a question, most important first."""
    return tuple(
        _shared_mistake(result) if entry is Advice.SHARED_MISTAKE else str(_ADVICE[entry])
        for entry in result.advice
    )


def missing_reason(statistics: GroupStatistics) -> str:
    """Why discrimination and alpha are missing; empty if they are not."""
    return str(_MISSING_REASONS[statistics.missing_reason])


def _shared_mistake(result: VersionResult) -> str:
    mistake = result.shared_mistake
    if mistake is None:
        return ""
    if mistake.belief:
        return str(_("Most who missed it believed: “%(belief)s”", belief=mistake.belief))
    return str(_("Most who missed it chose: “%(text)s”", text=mistake.text))


def part_count(result: VersionResult) -> str:
    """What the counts of the question's parts mean."""
    question = result.question
    if question is not None and not question.counts_chosen:
        return str(_("placed correctly"))
    return str(_("chosen"))


def exhibit(result: VersionResult) -> str:
    """Return the question's exhibit in words; empty if it has none."""
    material = result.question.exhibit if result.question else None
    return "\n".join(material.describe(translate)) if material else ""
