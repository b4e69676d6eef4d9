"""Differences between totals never disclose what one person answered.

Each answer is marked in what is downloaded: its score is a power of two of its own, so that the
mean score in the file tells exactly whose answers were added up. The attack has every file of two
groups, of all times and filters, and everything that was ever shown with a name.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from typing import Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from learn.library.content import Content
from learn.models import Item, Membership
from learn.results import queries
from questions.disclosure import CROWD
from tests.every import examples
from tests.learn.groups import RIGHT, ClassOf, sign_in_as_educator
from tests.learn.people import Person
from tests.questions.ranks import rank

MOST = 40  # people: so many powers of two fit into a mean
AGES = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)

MANY = st.integers(9, 13)  # around the size of a crowd, where it gets interesting
FEW = st.integers(1, 3)
FROM = st.one_of(st.just(0), st.integers(0, 14))
LOOKS = st.booleans()
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.just(0), MANY, LOOKS),
        st.tuples(st.sampled_from(["come", "come assigned"]), st.just(0), MANY, LOOKS),
        st.tuples(st.just("elsewhere"), FROM, MANY, LOOKS),
        st.tuples(st.sampled_from(["leave", "delete", "back", "named"]), FROM, FEW, LOOKS),
        st.tuples(st.just("elsewhere named"), st.just(0), FEW, LOOKS),
        st.tuples(st.just("elsewhere named"), FROM, FEW, LOOKS),
        st.tuples(st.sampled_from(["come", "come named"]), st.just(0), FEW, LOOKS),
    ),
    min_size=1,
    max_size=8,
)


class Attack:
    """Two groups of one educator, and all that the educator has ever been shown."""

    def __init__(self, connection: Connection, content: Content, who: Person) -> None:
        self.question = next(q.id for q in content.bank.questions.values() if q.kind == "choice")
        self.here = ClassOf(connection, content.bank, "Here")
        self.elsewhere = ClassOf(connection, content.bank, "Elsewhere")
        self.assignment = self.here.assign([self.question])
        self.people: list[uuid.UUID] = []
        self.known: set[int] = set()  # seen with a name
        self.seen: set[frozenset[int]] = set()
        self.been: set[uuid.UUID] = set()  # in the other group
        self._connection = connection
        self._browser = who.browser
        for group in (self.here, self.elsewhere):
            sign_in_as_educator(who, group)

    def come(self, count: int, sharing: str = "totals", quiz: str = "mixed") -> None:
        for _ in range(min(count, MOST - len(self.people))):
            account = self.here.join(sharing)
            self.here.answer(account, {self.question: RIGHT}, quiz)
            mark = 2.0 ** -(len(self.people) + 1)
            self._connection.execute(
                update(Item).where(Item.account_id == account).values(score=mark)
            )
            self.people.append(account)

    def happen(self, what: str, which: int, many: int = 1) -> None:
        """So `many` come; or it is done by so many, from that one on."""
        self.here.now += timedelta(hours=9)
        self.elsewhere.now = self.here.now
        if what.startswith("come"):
            quiz = f"assignment/{self.assignment.hex}" if "assigned" in what else "mixed"
            self.come(many, "named" if "named" in what else "totals", quiz)
        for who in self.people[which : which + many] if "come" not in what else ():
            self.change(what, who)
        self.see_names()

    def change(self, what: str, who: uuid.UUID) -> None:
        match what:
            case "leave":
                self.here.leave(who)
            case "delete":
                self.here.delete(who)
            case "back":
                self.here.join("totals", who)
            case "named":
                self.here.join("named", who)
            case _ if who not in self.been:  # only the first time all that was before may count
                self.been.add(who)
                sharing = "named" if "named" in what else "totals"
                since = self.here.now - timedelta(days=99)
                self.elsewhere.join(sharing, who, shares_from=since)

    def see_names(self) -> None:
        """All that is shown with a name, by pages of any kind."""
        with Session(self._connection, join_transaction_mode="create_savepoint") as session:
            for group in (self.here, self.elsewhere):
                for score in queries.named_scores(session, group.id, *AGES):
                    self.known.add(self.people.index(score.account))

    def look(self, number: int) -> None:
        """Files of both groups: with no filter, until a day, from a day on, of an assignment."""
        day = (self.here.now - timedelta(days=number % 4)).date()
        asked = ["", f"&from={day}", f"&to={day}", f"&assignment={self.assignment.hex}"]
        for group in (self.here, self.elsewhere):
            for choice in {asked[0], asked[number % 4]}:
                self.seen.add(self.added_up(group, choice))
        self.look_at_the_assignment()
        self.look_at_the_questions(asked[number % 4])
        self.look_at_scores(asked[number % 4])

    def look_at_scores(self, choice: str) -> None:
        """Check that the scores by person are of those who are known by name, and no others."""
        for group in (self.here, self.elsewhere):
            page = self._browser.get(f"/groups/{group.id}/scores.csv?{choice.removeprefix('&')}")
            assert page.status_code == 200
            rows = [*csv.reader(io.StringIO(page.data.decode("utf-8-sig")))]
            marks = {round(float(cell) * 2**MOST) for _, *cells in rows[1:] for cell in cells}
            people = {MOST - mark.bit_length() for mark in marks}
            assert len(people) == len(rows) - 1
            assert people <= self.known & self.added_up(group, choice)

    def look_at_the_questions(self, choice: str) -> None:
        """Check that the pages of questions count whom the file adds up."""
        self._browser.application.extensions["learn.limiter"].forget_here()
        for group in (self.here, self.elsewhere):
            shown = self.added_up(group, choice)
            here = f"/groups/{group.id}/questions"
            for address in (here, f"{here}/{self.question}"):
                page = self._browser.get(f"{address}?open=all{choice}")
                assert page.status_code == 200
                text = re.sub("<[^>]*>", "", page.get_data(as_text=True))
                matches = re.findall(r"(?:Missed|Right) (\d+) of (\d+)", text)
                assert {int(n) for _, n in matches} == ({len(shown)} if shown else set())
                assert {int(k) for k, _ in matches} <= {0, len(shown)}

    def look_at_the_assignment(self) -> None:
        """Its page adds up whom the file does, and names nobody who isn't known by name."""
        self._browser.application.extensions["learn.limiter"].forget_here()
        here = f"/groups/{self.here.id}/assignments/{self.assignment}"
        page = self._browser.get(here)
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        match = re.search(r"of (\d+) answers? from people without a nickname", text)
        members = self._connection.execute(
            select(Membership.id, Membership.account_id).where(
                Membership.group_id == self.here.id,
                Membership.until.is_(None),
                Membership.sharing == "named",
            )
        )
        named = {str(row.id): self.people.index(row.account_id) for row in members}
        shown = self.added_up(self.here, f"&assignment={self.assignment.hex}")
        in_totals = shown - {*named.values()}
        assert int(match[1] if match else 0) == len(in_totals)
        single = {named[one] for one in re.findall(rf"{here}/answers/([-0-9a-f]+)/", text)}
        assert single <= self.known
        listed = {*re.findall(rf"/groups/{self.here.id}/people/([-0-9a-f]{{36}})", text)}
        assert listed == {*named}, "all who share by name, and nobody else"
        scores = self._browser.get(f"{here}/scores.csv").get_data(as_text=True)
        assert scores.count("\n") - 1 <= len(named)
        people = self._browser.get(f"/groups/{self.here.id}/people").get_data(as_text=True)
        assert {*re.findall(rf"/groups/{self.here.id}/people/([-0-9a-f]{{36}})", people)} == {
            *named
        }

    def added_up(self, group: ClassOf, choice: str) -> frozenset[int]:
        """Whose answers are in the file."""
        page = self._browser.get(f"/groups/{group.id}/results.csv?table=questions{choice}")
        assert page.status_code == 200
        rows = [*csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")))]
        if not rows:
            return frozenset()
        (row,) = rows
        n = int(row["First answers"])
        marks = round(float(row["Mean score"]) * n * 2**MOST)
        members = frozenset(i for i in range(MOST) if marks >> (MOST - i - 1) & 1)
        assert len(members) == n, "the file counts whom it adds up"
        return members


@pytest.fixture
def attack(connection: Connection, content: Content, ben: Person) -> Iterator[type[Attack]]:
    """Makes attacks, each on groups of its own."""

    class Again(Attack):
        def __init__(self) -> None:
            self.before = connection.begin_nested()
            super().__init__(connection, content, ben)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.before.rollback()

    return Again


@settings(
    deadline=None,
    max_examples=examples(80),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=MANY, looks=LOOKS, events=EVENTS)
def test_no_combination_of_files_and_filters_reveals_one_person(attack, first, looks, events):
    with attack() as attacked:
        attacked.come(first)
        if looks:
            attacked.look(first)
        for what, which, many, then in events:
            attacked.happen(what, which, many)
            if then:
                attacked.look(which)
        attacked.look(0)
        _nobody_stands_alone(attacked)


def _nobody_stands_alone(found):
    unknown = {*range(len(found.people))} - found.known
    shown = {s & unknown for s in found.seen} - {frozenset()}
    whole = rank(shown, unknown)

    for person in frozenset().union(*shown):
        others = unknown - {person}
        assert rank(shown, others) == whole, f"what was shown leaves person {person} alone"
    for report in shown:
        assert len(report) >= CROWD


def test_eleven_members_are_shown_and_the_twelfth_waits(attack):
    with attack() as attacked:
        attacked.happen("come", 0, 10)
        attacked.look(0)
        assert attacked.seen == {frozenset()}
        attacked.happen("come", 0, 1)
        attacked.look(0)
        attacked.happen("come", 0, 10)
        attacked.look(0)
        assert attacked.seen == {frozenset(), frozenset(range(11))}
        attacked.happen("come", 0, 1)
        attacked.look(0)
        assert frozenset(range(22)) in attacked.seen


@pytest.mark.parametrize("crowd", [11, 13])
@pytest.mark.parametrize("sharing", ["leave", "delete", "named", "back"])
def test_a_member_who_leaves_hides_the_block_until_enough_others_join(attack, crowd, sharing):
    with attack() as attacked:
        attacked.happen("come", 0, crowd)
        attacked.look(0)
        attacked.happen(sharing, 3)
        assert attacked.added_up(attacked.here, "") == frozenset()
        attacked.happen("come", 0, 10)
        assert attacked.added_up(attacked.here, "") == frozenset()
        attacked.happen("come", 0, 1)
        assert attacked.added_up(attacked.here, "") == frozenset(range(crowd + 11)) - {3}


def test_a_member_named_in_another_group_does_not_count_toward_a_block(attack):
    with attack() as attacked:
        attacked.happen("come", 0, 11)
        attacked.happen("elsewhere named", 0)
        assert attacked.added_up(attacked.here, "") == frozenset()
        attacked.happen("come", 0, 1)
        assert attacked.added_up(attacked.here, "") == frozenset(range(12))


def test_a_member_counted_in_totals_is_never_named_in_another_group(attack):
    with attack() as attacked:
        attacked.happen("come", 0, 11)
        attacked.look(0)
        attacked.happen("elsewhere named", 0)
        assert attacked.known == set()
        assert attacked.added_up(attacked.elsewhere, "") == frozenset()


def test_no_choice_of_days_tells_when_somebody_answered(attack):
    with attack() as attacked:
        for count in (4, 4, 4):  # nine hours apart, so on more than one day
            attacked.happen("come", 0, count)
        days = [attacked.here.now.date() - timedelta(days=n) for n in range(4)]
        assert attacked.added_up(attacked.here, "") == frozenset(range(12))
        for first, last in combinations_with_replacement(reversed(days), 2):
            for chosen in (f"&from={first}&to={last}", f"&from={first}", f"&to={last}"):
                assert attacked.added_up(attacked.here, chosen) == frozenset(), chosen


def test_a_filter_by_assignment_leaves_blocks_of_others_out(attack):
    with attack() as attacked:
        attacked.happen("come", 0, 12)
        of_it = f"&assignment={attacked.assignment.hex}"
        assert attacked.added_up(attacked.here, of_it) == frozenset()


def test_an_educators_own_answers_do_not_count_toward_a_block(attack):
    with attack() as attacked:
        attacked.happen("come", 0, 11)
        attacked.here.lead(attacked.people[0], "Also an educator")
        assert attacked.added_up(attacked.here, "") == frozenset()
        attacked.happen("come", 0, 1)
        assert attacked.added_up(attacked.here, "") == frozenset(range(12))


def test_a_member_counted_in_another_group_does_not_count_toward_a_block(attack):
    with attack() as attacked:
        attacked.happen("come", 0, 11)
        attacked.look(0)
        attacked.happen("come", 0, 10)
        attacked.happen("elsewhere", 1, 20)
        assert attacked.added_up(attacked.elsewhere, "") == frozenset(), "ten of twenty are fresh"
        attacked.happen("come", 0, 1)
        attacked.happen("elsewhere", 21, 1)
        assert attacked.added_up(attacked.here, "") == frozenset(range(22))
        assert attacked.added_up(attacked.elsewhere, "") == frozenset(), "now all were counted here"
