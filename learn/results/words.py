"""What pages and files say of a figure, in the same words."""

from __future__ import annotations

from learn.messages import gettext as _
from learn.messages import lazy_gettext
from learn.results.items import Items, Lack
from learn.results.report import Answered, Asked, Belief
from questions.advice import ENOUGH, Advice

_ADVICE = {
    Advice.NOBODY_MISSED: lazy_gettext("Nobody missed it."),
    Advice.EVERYBODY_MISSED: lazy_gettext(
        "Everybody missed it. Teach it again, and check the key and the wording."
    ),
    Advice.CHECK_KEY: lazy_gettext(
        "Check the key and the wording: those who did well elsewhere missed it more often."
    ),
    Advice.IDLE_DISTRACTOR: lazy_gettext(
        "Some answers drew next to nobody. They do little in this question."
    ),
}
_ASKED = {
    Asked.NOW: lazy_gettext("as it is asked now"),
    Asked.OLDER: lazy_gettext("an older wording"),
    Asked.GONE: lazy_gettext("no longer asked"),
}
_LACKS = {
    Lack.NOTHING: "",
    Lack.NOBODY: lazy_gettext("No people who share by name answered all of the same questions."),
    Lack.DIFFERENT: lazy_gettext(
        "People who share by name met different questions here. "
        "Choose an assignment that gave everybody the same ones."
    ),
    Lack.FEW: lazy_gettext("Shown from %(enough)d people on who share by name.", enough=ENOUGH),
}


def asked(answered: Answered) -> str:
    """Whether the question is still asked in this version."""
    return str(_ASKED[answered.asked])


def belief(found: Belief | None) -> str:
    """The wrong idea that most answers show, in a sentence."""
    if found is None:
        return ""
    return str(
        _(
            "%(count)d of %(of)d chose an answer that means “%(belief)s”",
            count=found.count,
            of=found.of,
            belief=found.misconception.belief,
        )
    )


def advice(answered: Answered) -> tuple[str, ...]:
    """What the figures of a question ask for, in sentences, the weightiest first."""
    return tuple(
        _shared_mistake(answered) if one is Advice.SHARED_MISTAKE else str(_ADVICE[one])
        for one in answered.advice
    )


def lack(items: Items) -> str:
    """Why discrimination and alpha are not shown; empty where they are."""
    return str(_LACKS[items.lack])


def _shared_mistake(answered: Answered) -> str:
    mistake = answered.mistake
    if mistake is None:
        return ""
    if mistake.belief:
        return str(_("Most who missed it believed: “%(belief)s”", belief=mistake.belief))
    return str(_("Most who missed it chose: “%(text)s”", text=mistake.text))


def counted(answered: Answered) -> str:
    """What the count of a part of the question means."""
    question = answered.question
    if question is not None and not question.counts_chosen:
        return str(_("put right"))
    return str(_("chosen"))
