"""An educator sees what changed in a group between before and after."""

from __future__ import annotations

import uuid
from datetime import timedelta

import html5lib
import pytest
from sqlalchemy import select

from learn.models import AuditLog
from learn.models.base import table_of
from questions.gain import gain
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf

DAY = timedelta(days=1)
AUDIT_LOG = table_of(AuditLog)


@pytest.fixture
def ideas(content):
    """Four ideas, each with a question before and another after."""
    return [o for o in content.bank.objectives.values() if len(o.questions) > 1][:4]


@pytest.fixture
def assigned(group, ideas):
    contents = {
        "before": [o.questions[0].id for o in ideas],
        "after": [o.questions[1].id for o in ideas],
    }
    own = group.assign(kind="before-after", title="Two times four", contents=contents)
    return f"assignment/{own.hex}"


def sit(group, account, ideas, quiz, marks, *, at=BEGUN + DAY):  # noqa: PLR0913 - a sitting is all of that
    """Answer the ideas’ questions of that sitting: `+` right, `-` missed, `?` not sure."""
    how = {"+": RIGHT, "-": MISSED, "?": UNSURE}
    number = int(quiz.endswith("after"))
    given = {o.questions[number].id: how[m] for o, m in zip(ideas, marks, strict=True)}
    group.answer(account, given, quiz=quiz, at=at + number * DAY)


def sit_both(group, account, ideas, quiz, *marks):
    for part, own in zip(("before", "after"), marks, strict=True):
        sit(group, account, ideas, f"{quiz}{part}", own)


def tables(person):
    body = html5lib.parse(person.html, namespaceHTMLElements=False)
    return [
        [[" ".join("".join(c.itertext()).split()) for c in row] for row in table.iterfind(".//tr")]
        for table in body.iterfind(".//main//table")
    ]


def test_an_assignment_shows_counts_chance_and_gain(kim, group, ideas, assigned):
    marks = [("--+?", "++++"), ("+---", "++-+"), ("?--+", "+--+"), ("----", "----")]
    marks += [("+++-", "+-+-"), ("-+-+", "++-+"), ("-?+-", "+?+-")]
    for before, after in marks:
        sit_both(group, group.join(), ideas, f"{assigned}/", before, after)

    kim.open(f"/groups/{group.id}/before-and-after")

    columns = [
        {o.id: [float(m[sitting][i] == "+") for m in marks] for i, o in enumerate(ideas)}
        for sitting in (0, 1)
    ]
    expected = gain(*columns)
    how_many, _, chance = (table[1:] for table in tables(kim))
    assert [row[0] for row in how_many] == [row[0] for row in chance] == [o.to_teach for o in ideas]
    for counted, changed, idea in zip(how_many, chance, ideas, strict=True):
        found = expected.items[idea.id]
        counts = [7, sum(columns[0][idea.id]), sum(columns[1][idea.id])]
        assert counted[1:] == [str(int(n)) for n in counts]
        assert changed[1:] == [str(found.gained), str(found.lost), f"{found.p:.3f}"]
    assert f"Class gain: {expected.of_class:.2f}." in kim.text
    assert "Two times four 32% → 57% right 7 people answered both times." in kim.text
    first, folded = kim.text.split("Statistics")
    assert "→" in first
    for statistic in ("Class gain", "McNemar", "Probability"):
        assert statistic not in first
        assert statistic in folded
    assert "Before: 9 of 28 answers were right. After: 16 of 28." in kim.text
    assert "5 people got more right the second time." in kim.text
    assert "1 person got the same number right both times." in kim.text
    assert "1 person got fewer right the second time." in kim.text
    own = uuid.UUID(assigned.split("/")[1])
    assert f'href="/groups/{group.id}/assignments/{own}">Who answered what, before' in kim.html


def test_figures_of_a_few_people_are_suppressed(kim, group, ideas, assigned):
    for _ in range(3):
        sit_both(group, group.join(), ideas, f"{assigned}/", "----", "++++")

    kim.open(f"/groups/{group.id}/before-and-after")

    assert "With 3 people, chance alone could explain this." in kim.text
    assert "Class gain:" not in kim.text
    assert {row[3] for row in tables(kim)[2][1:]} == {"too few people"}


def test_the_page_says_what_the_figures_cannot_prove(kim, group, ideas):
    sit_both(group, group.join(), ideas, "", "----", "++++")

    kim.open(f"/groups/{group.id}/before-and-after")

    assert "There’s no control group" in kim.text
    line = "These numbers can’t prove that the class made the difference"
    assert line in kim.text.split("1 person answered both times.")[0]
    assert (
        "Answering the first questions makes people do better on the second ones, "
        "even without the class." in kim.text
    )
    assert "This includes only people who share with a nickname and finished both." in kim.text


def test_quizzes_taken_outside_assignments_are_counted_separately(kim, group, ideas):
    """Each was asked about ideas of their own; an idea counts those who were asked about it."""
    first, second = group.join(), group.join()
    sit_both(group, first, ideas[:2], "", "--", "+-")
    sit_both(group, second, ideas[1:3], "", "-+", "++")

    kim.open(f"/groups/{group.id}/before-and-after")

    assert "What people answered on their own, before and after the lessons 2 people" in kim.text
    assert [row[1:4] for row in tables(kim)[0][1:]] == [
        ["1", "0", "1"],
        ["2", "0", "1"],
        ["1", "1", "1"],
    ]


def test_only_complete_pairs_of_members_who_share_by_name_count(
    kim, group, ideas, assigned, content
):
    before_only, totals, left = group.join(), group.join("totals"), group.join()
    late = group.join(at=BEGUN + 2 * DAY)
    sit(group, before_only, ideas, f"{assigned}/before", "++++")
    sit_both(group, totals, ideas, f"{assigned}/", "----", "++++")
    sit_both(group, left, ideas, f"{assigned}/", "----", "++++")
    sit_both(group, late, ideas, f"{assigned}/", "----", "++++")  # before they shared
    backwards = group.join()
    sit(group, backwards, ideas, f"{assigned}/after", "++++")
    sit(group, backwards, ideas, f"{assigned}/before", "----", at=BEGUN + 9 * DAY)
    other = ClassOf(group.connection, content.bank, "Another class")
    sit_both(other, other.join(), ideas, "", "----", "++++")
    group.leave(left)

    kim.open(f"/groups/{group.id}/before-and-after")

    assert "Nobody who shares with a nickname has answered both before and after yet." in kim.text
    assert not tables(kim)


def test_two_sittings_on_two_devices_count_once(kim, group, ideas, assigned):
    zoe = group.join()
    sit(group, zoe, ideas[:1], f"{assigned}/before", "+")
    sit(group, zoe, ideas, f"{assigned}/before", "----", at=BEGUN + DAY + timedelta(hours=1))
    sit(group, zoe, ideas, f"{assigned}/after", "+++-")

    kim.open(f"/groups/{group.id}/before-and-after")

    assert "Before: 0 of 4 answers were right. After: 3 of 4." in kim.text


def test_without_room_for_improvement_the_page_says_so(kim, group, ideas, assigned):
    for _ in range(6):
        sit_both(group, group.join(), ideas, f"{assigned}/", "++++", "++++")

    kim.open(f"/groups/{group.id}/before-and-after")

    assert "Everything was right before, so there was nothing to gain." in kim.text
    assert {row[3] for row in tables(kim)[2][1:]} == {"1.000"}


def _marks(drawing):
    return ((m.get("class"), m.attrib) for m in drawing.iter() if m.get("class"))


def plots(person):
    """Return each drawing as its class and the attributes of what is drawn in it."""
    body = html5lib.parse(person.html, namespaceHTMLElements=False)
    drawings = (one for one in body.iter() if "change-plot" in one.get("class", ""))
    return [(drawing.get("class"), [*_marks(drawing)]) for drawing in drawings]


def test_each_idea_has_a_line_from_before_to_after(kim, group, ideas, assigned):
    """From 10 (nobody right) to 310 (all right). By hand: 2 of 12 is 60, 9 of 12 is 235."""
    marks = [("+---", "++--"), ("+---", "++--"), *[("----", "+---")] * 7, *[("----", "----")] * 3]
    for before, after in marks:
        sit_both(group, group.join(), ideas, f"{assigned}/", before, after)

    kim.open(f"/groups/{group.id}/before-and-after")

    lines = [
        {kind: m.get("cx", m.get("d")) for kind, m in drawn[1:] if kind != "change-axis"}
        for name, drawn in plots(kim)
        if len(drawn) == 5
    ]
    assert lines == [
        {"change-line": f"M{a} 10H{b}", "change-before": a, "change-after": b}
        for a, b in (("60.0", "235.0"), ("10.0", "60.0"), ("10.0", "10.0"), ("10.0", "10.0"))
    ]
    assert not any("is-few" in name for name, _ in plots(kim))
    assert "Before: 2 of 12 right. After: 9 of 12." in kim.text
    assert tables(kim)[0][1][1:] == ["12", "2 (17%)", "9 (75%)"]


def test_people_stand_in_columns_by_how_much_they_had_right(kim, group, ideas, assigned):
    marks = [("----", "++++"), ("----", "+++-"), ("+---", "+++-"), ("++--", "+---")]
    for before, after in marks * 3:
        sit_both(group, group.join(), ideas, f"{assigned}/", before, after)

    kim.open(f"/groups/{group.id}/before-and-after")

    assert tables(kim)[1] == [
        ["Right", "People before", "People after"],
        ["0", "6", "0"],
        ["1", "3", "3"],
        ["2", "3", "0"],
        ["3", "0", "6"],
        ["4", "0", "3"],
    ]
    drawn = [(kind, m["height"]) for kind, m in plots(kim)[-1][1] if kind and "height" in m]
    assert drawn == [
        ("change-before", "100.0"),
        ("change-before", "50.0"),
        ("change-after", "50.0"),
        ("change-before", "50.0"),
        ("change-after", "100.0"),
        ("change-after", "50.0"),
    ]
    assert "How many of the 4 ideas each person got right" in kim.text


def test_people_with_different_numbers_of_ideas_stand_by_percent(kim, group, ideas):
    sit_both(group, group.join(), ideas[:3], "", "+--", "++-")
    sit_both(group, group.join(), ideas, "", "+---", "++++")

    kim.open(f"/groups/{group.id}/before-and-after")

    rows = [row for row in tables(kim)[1][1:] if row[1:] != ["0", "0"]]
    assert rows == [
        ["20% to 29%", "1", "0"],
        ["30% to 39%", "1", "0"],
        ["60% to 69%", "0", "1"],
        ["100%", "0", "1"],
    ]
    assert len(tables(kim)[1]) == 12
    assert "in each range of 10 percentage points" in kim.text


@pytest.mark.parametrize("people", [9, 10])
def test_marks_of_fewer_than_ten_people_are_gray(kim, group, ideas, assigned, people):
    gray = people < 10
    for _ in range(people):
        sit_both(group, group.join(), ideas, f"{assigned}/", "----", "++++")

    kim.open(f"/groups/{group.id}/before-and-after")

    drawn = [name for name, marks in plots(kim) if len(marks) > 2]
    assert {"is-few" in name for name in drawn} == {gray}
    assert ("Gray: fewer than 10 people" in kim.text) is gray
    assert ("(100%)" in kim.text) is not gray


def test_nothing_of_people_in_totals_or_who_left_is_drawn(kim, group, ideas, assigned):
    for _ in range(3):
        sit_both(group, group.join(), ideas, f"{assigned}/", "----", "++++")
    kim.open(f"/groups/{group.id}/before-and-after")
    before = kim.html
    for _ in range(12):
        sit_both(group, group.join("totals"), ideas, f"{assigned}/", "+---", "+++-")
    sit_both(group, left := group.join(), ideas, f"{assigned}/", "----", "----")
    group.leave(left)
    kim.open(f"/groups/{group.id}")  # discloses blocks

    kim.open(f"/groups/{group.id}/before-and-after")

    assert kim.html == before


def test_educators_and_members_can_open_it_in_four_statements(
    kim, group, ideas, assigned, statements
):
    counted, other = group.join(), group.join()
    sit_both(group, counted, ideas, f"{assigned}/", "----", "++++")
    sit(group, other, ideas, f"{assigned}/before", "----")
    statements.clear()

    kim.open(f"/groups/{group.id}/before-and-after")

    assert len(statements) == 4, statements
    rows = group.connection.execute(select(AUDIT_LOG)).all()
    assert [(r.account_id, r.view, r.times) for r in rows] == [(counted, "group", 1)]
