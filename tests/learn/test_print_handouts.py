"""Print handouts: one page for each wrong idea and each lesson, alone or together for a class."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import replace

import pytest

from learn.authoring.masking import NAMES
from learn.handouts import sheets
from learn.handouts.sheets import MAX_TOGETHER
from learn.library import headlines
from learn.public_url import parse
from tests.learn.groups import MISSED, ClassOf, sign_in_as_educator
from tests.learn.people import Person
from tests.learn.printed_text import tight

IDEA = "platelets-fight-infection"


def articles(person: Person) -> list[str]:
    return re.findall(r'<article class="handout".*?</article>', person.html, re.DOTALL)


@pytest.mark.fast("handouts")
def test_a_handout_says_what_is_true_first_and_the_wrong_idea_once(ana, content):
    idea = content.bank.misconceptions[IDEA]
    assert ana.open(f"/handouts/idea/{IDEA}").status_code == 200
    (page,) = articles(ana)

    assert page.index(html.escape(idea.truth)) < page.index("Not true, but easy to believe")
    assert page.count(html.escape(idea.belief)) == 1
    for said in ("Talk about it", "<svg", content.ledger.document.title, "Not yet reviewed"):
        assert said in page


def test_every_wrong_idea_of_the_bank_has_a_handout_with_its_source(content):
    for idea in content.bank.misconceptions.values():
        sheet = sheets.of_idea(content, idea.id)
        assert sheet.idea is idea
        assert sheet.sections or sheet.citations, idea.id


def test_every_lesson_has_a_handout_with_its_points_picture_questions_and_source(ana, content):
    for lesson in content.lessons.values():
        ana.open(f"/handouts/lesson/{lesson.id}")
        (page,) = articles(ana)
        for said in (*(point.text for point in lesson.points), *lesson.care_questions):
            assert tight(said) in tight(page), lesson.id
        sheet = sheets.of_lesson(content, lesson.id)
        assert ("<figure>" in page) != bool(sheet.lists), lesson.id
        assert sheet.sections or sheet.citations, lesson.id
        for cited in sheet.citations:
            assert tight(cited) in tight(page)


def test_what_is_asked_aloud_is_a_question_of_the_bank_about_that_idea(content):
    asked = 0
    for idea in content.bank.misconceptions:
        sheet = sheets.of_idea(content, idea)
        if not sheet.ask:
            assert sheet.safety is None
            continue
        asked += 1
        (question,) = (
            q
            for q in content.bank.questions.values()
            if f"{q.vignette} {q.stem}".strip() == sheet.ask
        )
        assert idea in question.misconceptions, "its answers show the idea"
        assert question.exhibit is None, "nobody would see it"
        assert not re.search(r"\b(which|these|this|below)\b", question.stem, re.IGNORECASE)
        assert sheet.safety is question.safety, "a sign of illness has its line"
    assert asked > 50


def test_a_picture_of_a_handout_shows_what_all_questions_about_its_idea_are_about(content):
    with_picture = 0
    for idea in content.bank.misconceptions:
        sheet = sheets.of_idea(content, idea)
        if not sheet.picture:
            continue
        with_picture += 1
        shown_by = [q for q in content.bank.questions.values() if idea in q.misconceptions]
        facts = {fact for question in shown_by for fact in question.facts}
        (shown,) = {
            frozenset(element.facts)
            for block in sheet.lesson.text.all_blocks
            for element in block.elements
            if element.name and sheet.picture[0].id in (element.name, f"{element.name}-1")
        }
        assert 4 * len(facts & shown) >= len(shown), idea
    assert with_picture > 60


def test_a_picture_about_something_else_is_left_out(content):
    """Low counts are no picture of the way that oxygen takes."""
    sheet = sheets.of_idea(content, "leukemia-cells-use-up-oxygen")
    assert not any("count" in figure.title for figure in sheet.picture)
    assert sheets.of_idea(content, "refractory-is-blame").ask


def test_a_headline_stands_alone_and_names_nobody(content):
    for objective in content.bank.objectives.values():
        truths = [headlines.of_idea(content, i, objective) for i in objective.misconceptions]
        for question in objective.questions:
            lesson = content.lessons[objective.lesson]
            truth = headlines.of_question(lesson, objective, question)
            truths += [truth] if truth else []
        for truth in truths:
            first = truth.split()[0].removesuffix("’s")
            assert first not in {"It", "They", "They’re", "His", "Her", "He", "She", "This"}, truth
            assert not NAMES & {*re.findall(r"\w+", truth)}, truth


def test_where_a_correction_only_answers_the_idea_it_stands_under_it(ana, content):
    idea = content.bank.misconceptions["sex-more-females"]
    ana.open(f"/handouts/idea/{idea.id}")
    (page,) = articles(ana)
    assert 'handout-truth">ALL is a little more common in males' in page
    assert page.index(html.escape(idea.belief)) < page.index(html.escape(idea.truth))


def test_a_handout_leads_back_to_the_group_whose_page_led_to_it(ana):
    group = uuid.uuid4()
    for address in (f"/idea/{IDEA}?", "/lesson/treatment?", f"/together?idea={IDEA}&"):
        ana.open(f"/handouts{address}group={group}")
        assert f'href="/groups/{group}"' in ana.html
        ana.open(f"/handouts{address}group=no-group")
        assert "Back to your group" not in ana.text
    ana.open(f"/handouts/idea/{IDEA}")
    assert "Back to your group" not in ana.text, "the page that is kept for everybody"


def test_handouts_on_questions_for_practice_only_say_so(ana, content):
    practice = 0
    for objective in content.bank.objectives.values():
        for idea in objective.misconceptions:
            sheet = sheets.of_idea(content, idea.id)
            assert sheet.is_practice is objective.practice_only
            asked = [
                q
                for q in content.bank.questions.values()
                if sheet.ask == f"{q.vignette} {q.stem}".strip()
            ]
            for question in asked:
                if not objective.practice_only:
                    assert not content.bank.objective_of(question.id).practice_only, idea.id
            practice += sheet.is_practice
            if practice == 1 and sheet.is_practice:
                ana.open(f"/handouts/idea/{idea.id}")
                assert "For practice only" in ana.text
    assert practice
    ana.open(f"/handouts/idea/{IDEA}")
    assert "For practice only" not in ana.text
    ana.open("/handouts/lesson/when-to-call")
    assert "For practice only" in ana.text


def test_several_are_printed_together_in_the_order_of_the_lessons(ana, content):
    ana.open(f"/handouts/together?idea={IDEA}&lesson=treatment&lesson=what-is-all&idea={IDEA}")
    names = re.findall(r'<article class="handout" aria-labelledby="([^"]+)"', ana.html)

    assert names == ["lesson-what-is-all", f"idea-{IDEA}", "lesson-treatment"]
    ids = re.findall(r'\sid="([^"]+)"', "".join(articles(ana)))
    assert len(ids) == len({*ids}), "pictures of several handouts stay apart"


def test_more_than_are_shown_at_once_are_named_and_not_dropped(ana, content):
    ideas = [*content.bank.misconceptions][: MAX_TOGETHER + 3]
    ana.open("/handouts/together?" + "&".join(f"idea={idea}" for idea in ideas))

    assert len(articles(ana)) == MAX_TOGETHER
    assert f"We show {MAX_TOGETHER} at once" in ana.text
    notice = ana.html.split("error-summary")[1].split("</div>")[0]
    assert notice.count("<li>") == 3


def test_no_more_are_made_than_are_shown(ana, content, monkeypatch):
    made = []
    for kind in ("of_idea", "of_lesson"):
        make = getattr(sheets, kind)
        monkeypatch.setattr(
            sheets, kind, lambda *given, _make=make: made.append(1) or _make(*given)
        )
    every = [f"idea={idea}" for idea in content.bank.misconceptions]
    ana.open("/handouts/together?lesson=treatment&" + "&".join(every))

    assert len(articles(ana)) == MAX_TOGETHER == len(made)


def test_what_is_not_there_is_said(ana):
    ana.open(f"/handouts/together?idea={IDEA}&idea=no-such-idea&lesson=no-such-lesson")

    assert len(articles(ana)) == 1
    assert "2 handouts that you asked for aren’t here anymore." in ana.text
    for address in ("/idea/no-such-idea", "/lesson/no-such-lesson", "/lesson/%00"):
        assert ana.open(f"/handouts{address}").status_code == 404


@pytest.mark.parametrize("query", ["", "?idea=", "?lesson=&idea=", "?idea=no-such-idea"])
def test_choosing_nothing_brings_the_list_back_and_says_so(ana, query):
    assert ana.open(f"/handouts/together{query}").status_code == 200
    assert "Choose at least one handout first." in ana.text
    assert 'name="idea"' in ana.html


def test_the_list_has_a_box_for_each_handout(ana, content):
    ana.open("/handouts")
    boxes = re.findall(r'type="checkbox" name="(\w+)" value="([^"]+)"', ana.html)

    assert len(boxes) == len({*boxes})
    assert {v for n, v in boxes if n == "lesson"} == {*content.lessons}
    assert {v for n, v in boxes if n == "idea"} == {*content.bank.misconceptions}


def test_handouts_ask_no_database_and_are_not_listed_by_search_engines(ana, statements):
    statements.clear()
    for address in ("", f"/idea/{IDEA}", "/lesson/treatment", f"/together?idea={IDEA}"):
        page = ana.browser.get(f"/handouts{address}")
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert page.headers["Cache-Control"] == "private, no-cache"
    assert statements == []
    assert "handouts" not in ana.browser.get("/sitemap.xml").get_data(as_text=True)


def test_lessons_and_what_to_teach_next_lead_to_their_handouts(ana, ben, connection, content):
    ana.open("/lessons/treatment")
    assert 'href="/handouts/lesson/treatment"' in ana.html
    ana.open("/lessons")
    assert 'href="/handouts"' in ana.html
    group = ClassOf(connection, content.bank)
    kim = sign_in_as_educator(ben, group)
    believed = content.bank.questions["how-all-begins-start"]
    other = content.bank.questions["no-stage-lump"]
    for _ in range(4):
        group.answer(group.join(), {believed.id: MISSED, other.id: MISSED})
    kim.open(f"/groups/{group.id}")
    assert "The handout isn’t reviewed by a clinician yet." in kim.text
    links = re.findall(r'href="(/handouts/(?:idea|lesson)/[^"]+)"', kim.html)
    assert len(links) == 2
    for link in links:
        assert kim.browser.get(link).status_code == 200
    (together,) = re.findall(r'href="(/handouts/together[^"]+)"', kim.html)
    kim.open(html.unescape(together))
    assert len(articles(kim)) == 2


def test_the_handout_on_when_to_call_has_both_lists_in_place_of_its_picture(ana, content):
    ana.open("/handouts/lesson/when-to-call")
    (page,) = articles(ana)
    shown = page.split('class="handout-lists"')[1].split("Key points")[0]

    sheet = sheets.of_lesson(content, "when-to-call")
    assert [block.heading for block in sheet.lists] == ["", "Call 911", "Call your care team now"]
    for said in (
        "100.4°F (38°C)",
        "go to the emergency room",
        "chest pain",
        "a seizure",
        "seeing or speaking",
        "Chills, cough",
        "blow to the head",
    ):
        assert said in shown
    assert "<figure" not in page
    assert "Nights and weekends" in page
    assert {"A-911", "A-head-call"} <= {f for block in sheet.lists for f in block.facts}


def test_a_lesson_on_when_to_call_leads_to_the_card_for_the_fridge(ana):
    ana.open("/lessons/when-to-call")
    assert 'href="/help/card"' in ana.html
    ana.open("/lessons/treatment")
    assert 'href="/help/card"' not in ana.html


OWN = "/handouts/lesson/when-to-call?numbers=mine"


def save_numbers(person: Person, daytime: str) -> None:
    person.page = person.browser.post(
        "/care-team/numbers", data={"daytime": daytime}, headers={"Sec-Fetch-Site": "same-origin"}
    )


def test_saved_numbers_are_on_the_page_that_its_reader_prints_from_the_lesson(ana, ben):
    save_numbers(ana, "206-555-0142, <b>ask</b>")
    ana.open("/lessons/when-to-call")
    assert f'href="{OWN}"' in ana.html
    ana.open(OWN)
    (page,) = articles(ana)

    assert "206-555-0142" in page
    assert "&lt;b&gt;ask" in page
    assert ana.page.headers["Cache-Control"] == "no-store"
    ben.open(OWN)
    assert "206-555-0142" not in ben.html
    assert ben.page.headers["Cache-Control"] == "private, no-cache"
    assert articles(ben)[0].count("<dd>") == 2, "room to write"


@pytest.mark.parametrize(
    "address",
    [
        "/handouts/lesson/when-to-call",
        f"{OWN}&group={uuid.UUID(int=1)}",
        "/handouts/together?lesson=when-to-call&numbers=mine",
        "/handouts/lesson/treatment?numbers=mine",
    ],
)
def test_a_page_for_a_class_has_nobodys_numbers(ana, address):
    save_numbers(ana, "206-555-0142")
    assert ana.open(address).status_code == 200

    assert "206-555-0142" not in ana.html
    assert "/static/care-team." not in ana.html, "nor does a script fill them in"


@pytest.mark.parametrize("kind", ["lesson/when-to-call", "lesson/treatment", f"idea/{IDEA}"])
def test_what_no_clinician_has_signed_says_so_at_the_top_and_as_large_as_the_text(ana, kind):
    ana.open(f"/handouts/{kind}")
    (page,) = articles(ana)
    line, _, rest = page.partition("<h2")
    assert re.search(r"<p data-not-reviewed><strong>.*ot yet reviewed by a clinician\.", line)
    assert "muted" not in line
    assert "reviewed by a clinician" not in rest


def test_a_handout_that_speaks_of_get_help_says_where_that_is(ana, settings, another_app, content):
    for lesson in ("when-to-call", "if-you-care-for-someone", "if-your-child-has-all"):
        ana.open(f"/handouts/lesson/{lesson}")
        (page,) = articles(ana)
        assert re.search(r"“Get help” on Learn ALL has all the signs\.", page), lesson
    ana.open(f"/handouts/idea/{IDEA}")
    assert "has all the signs" not in ana.text
    own = replace(settings, public_url=parse("https://learn.example.org/all"))
    there = Person(another_app(own), content)
    page = there.browser.get(
        "/all/handouts/lesson/when-to-call", base_url="https://learn.example.org"
    )
    assert "“Get help” has all the signs: https://learn.example.org/all/help" in page.get_data(
        as_text=True
    )
