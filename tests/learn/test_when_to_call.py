"""Where a question tells of a sign of illness, it says when to call, whatever was answered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import html5lib
import pytest

from learn.config import Settings, texts
from learn.library.content import Content
from questions.kinds import KINDS
from questions.model import Safety
from tests.learn.classroom import ASSIGNMENTS, ask, lead
from tests.learn.groups import MISSED, ClassOf, sign_in_as_educator
from tests.learn.people import Person, right_answer, wrong_answer

SAYS = {
    Safety.CALL_911: ("A sign to call 911 right away", "call 911 right away. Get help"),
    Safety.CALL_NOW: (
        "A sign to call your care team right away",
        (
            "call your care team now, day or night. Can’t reach them? Go to the emergency room. "
            "If bleeding won’t stop, it’s hard to breathe, or someone is suddenly confused, "
            "call 911. Get help"
        ),
    ),
    Safety.NEXT_VISIT: (
        "A sign to mention at your next visit",
        (
            "mention it at your next visit. If it gets worse, call your care team sooner. "
            "If it’s hard to breathe, call 911. Get help"
        ),
    ),
}
WHOM = "Do you have ALL, or care for someone who does?"
ANSWERS = {"right": right_answer, "wrong": wrong_answer, "unsure": lambda _: {"answer": "?"}}
NOT_NAMED: Mapping[Safety, str] = MappingProxyType({})
HTML = "{http://www.w3.org/1999/xhtml}"


def saying(
    content: Content, safety: Safety | None, signs: Mapping[Safety, str] = NOT_NAMED
) -> Content:
    """Return the content with that safety on all questions."""
    bank = content.bank
    questions = {i: replace(q, safety=safety, signs=signs) for i, q in bank.questions.items()}
    objectives = {
        i: replace(o, questions=tuple(questions[q.id] for q in o.questions))
        for i, o in bank.objectives.items()
    }
    return replace(
        content,
        bank=replace(
            bank,
            questions=MappingProxyType(questions),
            objectives=MappingProxyType(objectives),
        ),
    )


@pytest.fixture
def say(app, content):
    """Put a safety on all questions."""

    def put(safety: Safety | None, **signs: str) -> None:
        named = {Safety(name.replace("_", "-")): text for name, text in signs.items()}
        app.extensions["learn.content"] = saying(content, safety, named)

    return put


def lines(html: str) -> list[str]:
    """Return the full text of each line on the page; none may be folded."""
    tree = html5lib.parse(html)
    around = {child: parent for parent in tree.iter() for child in parent}
    found = [p for p in tree.iter(f"{HTML}p") if "safety" in (p.get("class") or "").split()]
    for line in found:
        above = line
        while above in around:
            above = around[above]
            assert above.tag != f"{HTML}details"
            assert above.get("hidden") is None
    return [" ".join("".join(p.itertext()).split()) for p in found]


def expected(safety: Safety) -> str:
    label, says = SAYS[safety]
    return f"{label} {WHOM} If you notice a sign like this, {says}"


@pytest.mark.parametrize("kind", [*KINDS])
@pytest.mark.parametrize("how", ANSWERS)
def test_the_safety_line_is_below_the_feedback_on_every_answer(ana: Person, say, kind, how):
    say(Safety.CALL_NOW)
    question = ana.come_to(kind)
    assert lines(ana.html) == []
    ana.answer(ANSWERS[how](question))

    assert lines(ana.html) == [expected(Safety.CALL_NOW)]
    assert ana.html.index('class="safety') > ana.html.index("</section>")


def short_lines(html: str) -> list[str]:
    """Return what the top of the feedback says to call about, before all that is right or not."""
    top = html.split('<section class="feedback')[1].partition("</section>")[0]
    assert '<h2 id="headline"' in top.split("call-lines")[0]
    matches = re.findall(r'(?s)<span class="call-line [^"]*">.*?</span>', top)
    return [" ".join(re.sub("<[^>]+>", " ", line).split()) for line in matches]


@pytest.mark.parametrize("how", ANSWERS)
def test_whom_to_call_about_each_sign_stands_right_below_the_verdict(ana: Person, say, how):
    say(Safety.CALL_911, call_911="Coughing up blood", call_now="A fever", next_visit="Being tired")
    question = ana.come_to("choice")
    assert "call-lines" not in ana.html
    ana.answer(ANSWERS[how](question))

    assert short_lines(ana.html) == [
        "Coughing up blood: call 911 right away.",
        "A fever: call your care team now, day or night. No answer? Go to the emergency room.",
    ]
    assert len(lines(ana.html)) == 1, "and the whole box below"


def test_a_sign_for_the_next_visit_waits_for_the_box_below(ana: Person, say):
    say(Safety.NEXT_VISIT, next_visit="Being tired")
    ana.answer(right_answer(ana.come_to("choice")))

    assert short_lines(ana.html) == []


def test_an_almost_right_answer_shows_the_safety_line(ana, say):
    say(Safety.CALL_911)
    question = ana.come_to("choices")
    ana.answer({"answer": [o.id for o in question.parts if o.right][:1]})

    assert "You found 1 of" in ana.text
    assert lines(ana.html) == [expected(Safety.CALL_911)]


@pytest.mark.parametrize("safety", [*Safety])
def test_each_safety_line_has_its_text_and_a_link_to_get_help(ana, say, safety):
    say(safety)
    ana.open("/quizzes/mixed")
    ana.answer_wrong()

    assert lines(ana.html) == [expected(safety)]
    line = ana.html.split('<p class="safety')[1].split("</p>")[0]
    assert re.search(r'href="/help[?]question=[0-9a-f-]+-1"', line)
    assert "<svg" not in line


def test_the_safety_line_names_each_sign_with_what_to_do_about_it(ana, say):
    say(Safety.CALL_911, call_911="Coughing up blood", call_now="A fever")
    ana.open("/quizzes/mixed")
    ana.answer_wrong()

    assert lines(ana.html) == [
        (
            f"{WHOM} Coughing up blood: call 911 right away. "
            "A fever: call your care team now, day or night. Get help"
        )
    ]


@pytest.mark.parametrize(
    ("safety", "says"),
    [
        (
            Safety.CALL_NOW,
            (
                "call your care team now, day or night. Can’t reach them? "
                "Go to the emergency room. If bleeding won’t stop, "
                "it’s hard to breathe, or someone is suddenly confused, call 911."
            ),
        ),
        (
            Safety.NEXT_VISIT,
            (
                "mention it at your next visit. If it gets worse, call your care team sooner. "
                "If it’s hard to breathe, call 911."
            ),
        ),
    ],
)
def test_a_named_sign_that_is_no_emergency_says_what_would_be_one(ana, say, safety, says):
    say(safety, **{safety.replace("-", "_"): "Paleness"})
    ana.open("/quizzes/mixed")
    ana.answer_right()

    assert lines(ana.html) == [f"{WHOM} Paleness: {says} Get help"]


def test_without_a_warning_sign_there_is_no_safety_line(ana, say):
    say(None)
    ana.open("/quizzes/mixed")
    ana.answer_right()

    assert lines(ana.html) == []


def test_reopened_feedback_shows_the_safety_line(ana, say):
    say(Safety.CALL_NOW)
    summary = ana.take("lesson/what-is-all")
    ana.open(summary)
    shown = re.findall(rf'href="({summary}/\d+)"', ana.html)

    assert shown
    for address in shown:
        ana.open(address)
        assert lines(ana.html) == [expected(Safety.CALL_NOW)]


@pytest.mark.parametrize("quiz", ["before", "check/questions?about=all&length=5", "review"])
def test_every_kind_of_quiz_shows_the_safety_line(ana, say, clock, quiz):
    say(Safety.CALL_NOW)
    if quiz == "review":
        ana.take("lesson/what-is-all", right=False)
        clock.forward(days=20)
    ana.open(f"/quizzes/{quiz}")
    ana.answer_wrong()

    assert lines(ana.html) == [expected(Safety.CALL_NOW)]


def test_an_edited_question_still_shows_the_safety_line(ana, app, content, say):
    say(Safety.CALL_NOW)
    question = ana.come_to("choice")
    ana.answer_right()
    address = ana.address
    now = app.extensions["learn.content"]
    changed = replace(
        now.bank.questions[question.id],
        version="0" * 12,
        parts=tuple(replace(o, id=f"{o.id}-2") for o in question.parts),
    )
    questions = {**now.bank.questions, question.id: changed}
    app.extensions["learn.content"] = replace(
        now, bank=replace(now.bank, questions=MappingProxyType(questions))
    )
    ana.open(address)

    assert "We changed this question after you answered it." in ana.text
    assert lines(ana.html) == [expected(Safety.CALL_NOW)]


def elsewhere(another_app, settings: Settings, content: Content, **env: str) -> Person:
    """Somebody at a site of its own."""
    url = f"sqlite:///{settings.data / uuid.uuid4().hex}.sqlite3"
    found = another_app(replace(settings, database_url=url, texts=texts(env)), content=content)
    return Person(found, content, uuid.UUID(int=0xA7A))


def test_the_phone_number_comes_from_the_settings(another_app, settings, content):
    there = saying(content, Safety.CALL_911)
    ana = elsewhere(another_app, settings, there, LEARN_EMERGENCY_NUMBER="112")
    ana.open("/quizzes/mixed")
    ana.answer_right()

    (line,) = lines(ana.html)
    assert line.startswith("A sign to call 112 right away")
    assert "call 112 right away." in line
    assert "911" not in ana.text


def test_a_site_without_an_illness_names_nobody_to_call(another_app, settings, content):
    there = saying(replace(content, ledger=replace(content.ledger, illness="")), Safety.CALL_NOW)
    ana = elsewhere(another_app, settings, there)
    ana.open("/quizzes/mixed")
    ana.answer_right()

    assert lines(ana.html) == [expected(Safety.CALL_NOW).replace(f" {WHOM}", "")]


def test_a_safety_line_costs_no_statement(ana, say, statements):
    counts = []
    for safety in (None, Safety.CALL_NOW):
        say(safety)
        ana.open("/quizzes/mixed")
        ana.answer_right()
        statements.clear()
        ana.open(ana.address)
        counts.append(len(statements))

    assert counts[0] == counts[1]


# for those who lead a group


def test_the_printed_key_has_the_safety_line_and_the_quiz_has_not(app, ana, say):
    lead(app, ana)
    say(Safety.CALL_911)
    assignment = ask(ana, kind="quiz", about="some", lesson=["what-is-all"], length="5")
    ana.open(f"{ASSIGNMENTS}/{assignment.id}/key")
    assert lines(ana.html) == [expected(Safety.CALL_911)] * 5

    ana.open(f"{ASSIGNMENTS}/{assignment.id}/quiz")
    assert lines(ana.html) == []


def test_educators_see_which_questions_have_a_safety_line(app, ana, connection, content):
    named, other = "too-few-healthy-cells-gums", "how-all-begins-start"
    group = ClassOf(connection, content.bank)
    kim = sign_in_as_educator(ana, group)
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {named: MISSED, other: MISSED})
    here = f"/groups/{group.id}"
    mention = (
        "Members also see: “Bleeding gums, or getting out of breath on the stairs: "
        "call your care team now, day or night.”"
    )

    kim.open(f"{here}/questions/{named}")
    assert "Members also see:" in kim.text
    (line,) = lines(kim.html)
    assert "Bleeding gums, or getting out of breath on the stairs: call your care team" in line
    kim.open(f"{here}/questions/{other}")
    assert (lines(kim.html), "everybody sees" in kim.text) == ([], False)
    kim.open(f"{here}/questions")
    assert kim.text.count(mention) == 1
    kim.open(f"{here}/people")
    page = re.search(rf'href="({here}/people/[0-9a-f-]{{36}})"', kim.html)
    assert page
    kim.open(page.group(1))
    assert kim.text.count(mention) == 1


# where it comes from


def test_our_source_lists_the_sources_of_the_safety_lines(ana, content):
    ana.open("/source/added")
    found = ana.html.split('id="when-to-call"')[1].split("<h2")[0]

    for safety, sources in content.ledger.safety.items():
        assert (SAYS[safety][0] in found) is bool(sources)
        for source in sources:
            assert f'href="#{source.lower()}"' in found
            assert f'id="{source.lower()}"' in ana.html
