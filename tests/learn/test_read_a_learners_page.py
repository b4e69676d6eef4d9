"""An educator reads one learner’s page, together with them."""

from __future__ import annotations

import html
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from learn.models import AuditLog, DisclosedAnswer, Item, Membership, SharingTerms
from learn.models.base import table_of
from questions.grading import Outcome, grade, outcome_of
from questions.kinds import KINDS
from questions.model import Response, version_of
from tests.learn.edits import edited, with_another_key, without
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf, sign_in_as_educator

DAY = timedelta(days=1)
MEMBERSHIPS, AUDIT_LOG = table_of(Membership), table_of(AuditLog)


@pytest.fixture
def page_of(connection, group):
    """Return the address of a member’s page, by their latest membership."""

    def found(account):
        membership = connection.scalar(
            select(MEMBERSHIPS.c.id)
            .where(MEMBERSHIPS.c.account_id == account)
            .order_by(MEMBERSHIPS.c.since.desc())
            .limit(1)
        )
        return f"/groups/{group.id}/people/{membership}"

    return found


@pytest.fixture
def looks(connection):
    def found():
        return [(r.account_id, r.view, r.times) for r in connection.execute(select(AUDIT_LOG))]

    return found


def section(text, begin, end="Lesson by lesson"):
    return text.partition(begin)[2].partition(end)[0]


def of_kind(content, kind):
    return next(q for q in content.bank.questions.values() if q.kind == kind)


def test_the_page_shows_what_is_solid_and_what_is_not(kim, group, page_of, content, looks):
    zoe = group.join(nickname="Zoe")
    lesson, *others = content.counted_lessons.values()
    solid, met, *_ = content.bank.of_lesson(lesson.id)
    for day, question in enumerate(solid.questions[:2], 1):
        group.answer(zoe, {question.id: RIGHT}, at=BEGUN + day * DAY)
    group.answer(zoe, {met.questions[0].id: UNSURE}, at=BEGUN + 3 * DAY)

    kim.open(page_of(zoe))

    assert "In the group since November 1, 2026" in kim.text
    assert "From that day on. Earlier answers aren’t included." in kim.text
    total = len(content.bank.counted)
    assert f"{total} ideas: 1 remembered, 1 needs another look, {total - 2} not started" in kim.text
    assert f"Remembered {solid.to_teach}" in kim.text
    assert f"Needs another look {met.to_teach}" in kim.text
    right, _, missed = section(kim.text, "What they got right").partition("What they missed")
    assert "1 of 2 ideas, by their latest answer to each." in right
    assert f"Right {solid.to_teach}" in right
    assert met.to_teach not in right
    assert f"Not sure {met.to_teach}" in missed
    ahead = kim.text.partition("What these")[0]
    assert all(one.title in ahead for one in others)
    assert "Members can see that you looked at this." in kim.text
    assert looks() == [(zoe, "person", 1)]


def test_what_was_almost_right_does_not_count_as_right(kim, group, page_of, content):
    zoe = group.join(nickname="Zoe")
    partly, nearly = next(
        (q, response)
        for q in content.bank.questions.values()
        if q.kind == "choices" and q.objective in content.bank.counted
        for part in q.parts
        if not part.right
        and outcome_of(
            grade(q, response := Response(chosen=(*q.right_response().chosen, part.id))).score,
            unsure=False,
        )
        is Outcome.ALMOST
    )
    right = next(q for q in content.bank.questions.values() if q.objective != partly.objective)
    group.answer(zoe, {partly.id: nearly, right.id: RIGHT}, at=BEGUN + DAY)

    kim.open(page_of(zoe))

    known, _, almost = section(kim.text, "What they got right").partition(
        "What they got almost right"
    )
    assert "1 of 2 ideas, by their latest answer to each." in known
    idea = content.bank.objectives[partly.objective].to_teach
    assert idea not in known
    assert f"Almost right {idea}" in almost


def test_missed_ideas_about_safety_come_first_marked_and_unfolded(kim, group, page_of, content):
    zoe = group.join(nickname="Zoe")
    ideas = [idea for idea in content.bank.counted.values() if idea.questions]
    group.answer(zoe, {idea.questions[0].id: MISSED for idea in ideas}, at=BEGUN + DAY)

    kim.open(page_of(zoe))

    missed = kim.html.partition('id="missed"')[2].partition("</section>")[0]
    in_sight, _, folded = missed.partition("<details")
    assert folded
    safety = {idea.to_teach for idea in ideas if idea.about_safety}
    assert len(safety) > 1
    first = html.unescape(in_sight).split("<li>")[1 : len(safety) + 1]
    assert all("<b>Safety</b>" in line for line in first)
    assert {idea for line in first for idea in safety if idea in line} == safety
    assert "<b>Safety</b>" not in folded


def test_no_idea_is_said_as_if_the_educator_could_do_it(kim, group, page_of, content):
    zoe = group.join(nickname="Zoe")
    ideas = [idea for idea in content.bank.counted.values() if idea.questions]
    group.answer(zoe, {idea.questions[0].id: MISSED for idea in ideas}, at=BEGUN + DAY)

    kim.open(page_of(zoe))

    assert "You can " not in section(kim.text, "What they missed", "Questions we no longer ask")


@pytest.mark.parametrize("kind", [*KINDS])
def test_first_answers_are_shown_with_their_questions(kim, group, page_of, content, kind):
    question = of_kind(content, kind)
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {question.id: MISSED}, at=BEGUN + DAY)
    group.answer(zoe, {question.id: RIGHT}, at=BEGUN + 2 * DAY)
    group.answer(zoe, {question.id: RIGHT}, at=BEGUN + 3 * DAY)

    kim.open(page_of(zoe))

    text = kim.text
    assert question.stem in text
    assert text.count("Their answer:") == 2, "the first and the latest"
    assert "November 2, 2026" in text
    assert "Latest answer: Right, November 4, 2026" in text
    theirs, _, key = text.partition("Their answer:")[2].partition("The right answer:")
    match kind:
        case "choice" | "choices":
            missed = next(o.text for o in question.parts if not o.right)
            assert missed in theirs
            assert all(o.text in key for o in question.parts if o.right)
        case "match":
            pairs = [
                f"{r.text.removesuffix('.')}: {question.targets[r.target]}" for r in question.parts
            ]
            assert all(pair in key for pair in pairs)
            assert not any(pair in theirs for pair in pairs)
        case "order":
            assert f"1. {question.parts[-1].text}" in theirs
            assert f"1. {question.parts[0].text}" in key
        case _:
            pytest.fail(f"say what the page shows of “{kind}”")


@pytest.mark.parametrize("terms", [SharingTerms.FIRST, SharingTerms.KEPT])
def test_of_who_shares_only_first_answers_no_later_one_is_shown(
    kim, group, page_of, content, terms
):
    first, second, *_ = content.bank.questions.values()
    zoe = group.join(nickname="Zoe", terms=terms)
    group.answer(zoe, {first.id: MISSED, second.id: RIGHT}, at=BEGUN + DAY)
    group.answer(zoe, {first.id: RIGHT, second.id: MISSED}, at=BEGUN + 5 * DAY)

    kim.open(page_of(zoe))

    assert "This person shares only first answers." in kim.text
    assert "Right, November 6, 2026" not in kim.text
    assert "Latest answer" not in kim.text
    assert "Needs another look" not in kim.text
    assert kim.text.count("Their answer:") == 2
    assert "by their first answers." in section(kim.text, "What they got right")


def test_right_but_not_sure_is_shown_separately(kim, group, page_of, content):
    first, second, *_ = content.bank.questions.values()
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {first.id: RIGHT, second.id: UNSURE}, at=BEGUN + DAY)

    kim.open(page_of(zoe))

    assert "Right, November 2, 2026" in kim.text
    assert "Not sure, November 2, 2026 Their answer: “I’m not sure”" in kim.text
    assert kim.text.count("The right answer:") == 1


@pytest.mark.parametrize("terms", [*SharingTerms])
def test_answers_from_before_sharing_are_not_shown(kim, group, page_of, content, terms):
    """A later answer to the same question is no first answer either, but may be the latest."""
    early, again, totals, *_ = [o.questions[0] for o in content.bank.objectives.values()]
    zoe = group.join(nickname="Zoe", at=BEGUN + 5 * DAY, terms=terms)
    group.answer(zoe, {early.id: RIGHT, again.id: RIGHT}, at=BEGUN + DAY)
    group.answer(zoe, {again.id: MISSED, totals.id: MISSED}, at=BEGUN + 6 * DAY)
    group.connection.execute(
        insert(DisclosedAnswer),
        [
            {"group_id": group.id, "disclosed_at": BEGUN + 7 * DAY}
            | {"account_id": row.account_id, "attempt_id": row.attempt_id}
            | {"position": row.position, "block": None, "block_size": None}
            for row in group.connection.execute(
                select(table_of(Item)).where(Item.question_id == totals.id)
            )
        ],
    )

    kim.open(page_of(zoe))

    latest = terms is SharingTerms.LATEST
    assert kim.text.count("Their answer:") == latest
    assert (again.stem in kim.text) is latest
    assert not any(q.stem in kim.text for q in (early, totals))
    total = len(content.bank.counted)
    assert (
        f"1 {'needs another look' if latest else 'getting there'}, {total - 1} not started"
        in kim.text
    )


@pytest.mark.parametrize("terms", [SharingTerms.FIRST, SharingTerms.KEPT])
def test_open_quizzes_of_who_has_not_agreed_are_not_counted(kim, group, page_of, content, terms):
    question = next(iter(content.bank.questions.values()))
    zoe = group.join(nickname="Zoe", terms=terms)
    group.answer(zoe, {question.id: RIGHT}, at=BEGUN + DAY, finished=False)

    for page in (page_of(zoe), f"/groups/{group.id}/first-answers"):
        kim.open(page)
        assert "finished. Its" not in kim.text, page


def test_open_quizzes_are_counted_without_their_answers(kim, group, page_of, content):
    question = next(iter(content.bank.questions.values()))
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {question.id: RIGHT}, at=BEGUN + DAY, finished=False)

    kim.open(page_of(zoe))

    assert "1 quiz isn’t finished. Its answers aren’t here." in kim.text
    assert "No finished quizzes yet." in kim.text
    assert "Their answer:" not in kim.text


def test_quizzes_are_listed_except_those_of_other_groups(kim, group, page_of, content, connection):
    question = next(iter(content.bank.questions.values()))
    other = ClassOf(connection, content.bank, "Another class")
    own = group.assign([question.id], title="Before Tuesday")
    foreign = other.assign([question.id], title="A secret of theirs")
    lesson = next(iter(content.lessons.values()))
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {}, quiz=f"lesson/{lesson.id}", at=BEGUN + DAY)
    group.answer(zoe, {}, quiz=f"assignment/{own.hex}", at=BEGUN + 2 * DAY)
    group.answer(zoe, {}, quiz=f"assignment/{foreign.hex}", at=BEGUN + 3 * DAY)
    group.answer(zoe, {}, quiz="assignment/nonsense", at=BEGUN + 3 * DAY)

    kim.open(page_of(zoe))

    assert f"{lesson.title} finished on November 2, 2026" in kim.text
    assert "Before Tuesday finished on November 3, 2026" in kim.text
    assert kim.text.count("finished on") == 2


def test_the_quiz_of_a_path_is_named_without_the_path_that_says_who_somebody_is(
    kim, group, page_of, content
):
    zoe = group.join(nickname="Zoe")
    for path in content.paths:
        group.answer(zoe, {}, quiz=f"path/{path}", at=BEGUN + DAY)

    kim.open(page_of(zoe))

    named = kim.text.count("A few questions to begin with finished on")
    assert named == len(content.paths)
    assert not [path.title for path in content.paths.values() if path.title in kim.text]


def test_a_changed_or_removed_question_is_marked(kim, group, page_of, content, connection):
    first, second, *_ = [
        o.questions[0] for o in content.bank.objectives.values() if o.questions[0].kind == "choice"
    ]
    zoe = group.join(nickname="Zoe")
    old = dict.fromkeys((first.id, second.id), "0" * 12)
    group.answer(
        zoe, {first.id: RIGHT, second.id: RIGHT, "gone": RIGHT}, at=BEGUN + DAY, versions=old
    )
    connection.execute(
        update(table_of(Item))
        .where(Item.question_id == second.id)
        .values(response={"chosen": ["an-option-of-long-ago"]})
    )

    kim.open(page_of(zoe))

    assert "Some words in this question have changed since then." in kim.text
    assert (
        "We’ve changed this question since then, so we can’t show the answer with it." in kim.text
    )
    assert (
        "1 first answer was to a question we no longer ask, and we don’t have its wording"
        in kim.text
    )


def test_an_answer_is_shown_with_the_earlier_version_it_was_given_to(
    kim, group, page_of, content, app
):
    question = next(q for q in content.bank.questions.values() if q.kind == "choice")
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {question.id: RIGHT}, at=BEGUN + DAY)
    parts = tuple(replace(p, id=f"{p.id}-2", text=f"{p.text}, now") for p in question.parts)
    now = replace(question, stem="What is asked now?", parts=parts)
    app.extensions["learn.content"] = edited(content, replace(now, version=version_of(now)))
    kim.open(page_of(zoe))

    assert "We’ve changed this question since then. This is how it was asked." in kim.text
    assert question.stem in kim.text
    assert f"Their answer: {next(o.text for o in question.parts if o.right)}" in kim.text
    assert "What is asked now?" not in kim.text


def test_after_a_corrected_key_the_current_question_is_shown(kim, group, page_of, content, app):
    question = next(q for q in content.bank.questions.values() if q.kind == "choice")
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {question.id: UNSURE}, at=BEGUN + DAY)
    mended = with_another_key(question)
    app.extensions["learn.content"] = edited(content, mended)
    kim.open(page_of(zoe))

    assert "We’ve corrected this question since then. This is how it is now." in kim.text
    assert f"The right answer: {next(o.text for o in mended.parts if o.right)}" in kim.text


def test_a_removed_question_is_shown_with_its_answer(kim, group, page_of, content, app):
    question = next(q for q in content.bank.questions.values() if q.kind == "choice")
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {question.id: RIGHT}, at=BEGUN + DAY)
    app.extensions["learn.content"] = without(content, question.id)
    kim.open(page_of(zoe))

    below = kim.text[kim.text.index("Questions we no longer ask") :]
    assert question.stem in below
    assert f"Their answer: {next(o.text for o in question.parts if o.right)}" in below
    assert "we don’t have its wording" not in kim.text


def test_before_and_after_results_are_on_the_page(kim, group, page_of, content):
    pairs = [o.questions[:2] for o in content.bank.objectives.values()][:3]
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {q.id: UNSURE for q, _ in pairs}, quiz="before", at=BEGUN + DAY)
    group.answer(zoe, {q.id: RIGHT for _, q in pairs}, quiz="after", at=BEGUN + 9 * DAY)

    kim.open(page_of(zoe))

    told = "3 ideas were asked about both times. Right the first time: 0. Right the second time: 3."
    assert told in kim.text


def test_another_groups_member_is_not_found(kim, group, content, connection, looks):
    other = ClassOf(connection, content.bank, "Another class")
    zoe = other.join(nickname="Zoe")
    membership = connection.scalar(select(MEMBERSHIPS.c.id).where(MEMBERSHIPS.c.account_id == zoe))

    assert kim.open(f"/groups/{group.id}/people/{membership}").status_code == 404
    assert kim.open(f"/groups/{other.id}/people/{membership}").status_code == 404
    assert kim.open(f"/groups/{group.id}/people/{uuid.uuid4()}").status_code == 404
    assert looks() == []


def test_a_member_in_totals_or_a_former_member_is_not_found(kim, group, page_of, looks):
    zoe, mo, lee = (group.join(nickname=name) for name in ("Zoe", "Mo", "Lee"))
    before = page_of(zoe)
    assert kim.open(before).status_code == 200

    group.leave(zoe)
    assert kim.open(before).status_code == 404
    named = page_of(mo)
    group.join("totals", account=mo)
    assert kim.open(named).status_code == 404
    assert kim.open(page_of(mo)).status_code == 404
    address = page_of(lee)
    group.delete(lee)
    assert kim.open(address).status_code == 404
    assert [what for _, what, _ in looks()] == ["person"]


def test_another_educator_and_a_removed_educator_find_nothing(kim, ben, group, page_of, looks):
    zoe = group.join(nickname="Zoe")
    other = ClassOf(group.connection, kim.content.bank, "Another class")
    sign_in_as_educator(ben, other, "Lee")

    assert ben.open(page_of(zoe)).status_code == 404
    assert looks() == []


def test_viewing_ones_own_page_is_not_logged(kim, group, page_of, looks):
    group.join(account=kim.account, nickname="Kim")

    assert kim.open(page_of(kim.account)).status_code == 200
    assert looks() == []
