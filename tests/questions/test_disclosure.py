"""Totals tell nothing of one person, whatever is subtracted from whatever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from questions.disclosure import CROWD, PendingAnswer, block, is_whole
from tests.every import examples
from tests.questions.ranks import rank


@dataclass
class Group:
    """What an onlooker sees of one question in a group, as people come, answer and go."""

    answers: dict[int, int] = field(default_factory=dict)  # answer: its person
    totals: set[int] = field(default_factory=set)  # answers of those who share in totals now
    known: set[int] = field(default_factory=set)  # answers that were seen with a name
    used: set[int] = field(default_factory=set)
    blocks: list[frozenset[int]] = field(default_factory=list)
    seen: set[frozenset[int]] = field(default_factory=set)
    numbers: count[int] = field(default_factory=count)

    def come(self, *, named: bool) -> None:
        answer = next(self.numbers)
        self.answers[answer] = answer
        (self.known if named else self.totals).add(answer)

    def leave(self, which: int) -> None:
        if self.totals:
            self.totals.discard(sorted(self.totals)[which % len(self.totals)])

    def come_back(self, which: int, *, named: bool) -> None:
        gone = sorted(self.answers.keys() - self.totals - self.known - self.used)
        if gone:
            (self.known if named else self.totals).add(gone[which % len(gone)])

    def look(self) -> None:
        whole = [b & self.totals for b in self.blocks if is_whole(len(b & self.totals), len(b))]
        counted = {a for b in whole for a in b}
        new = block(
            PendingAnswer(a, self.answers[a], fresh=a not in self.used | self.known)
            for a in self.totals - counted
        )
        if new:
            self.blocks.append(new)
            self.used |= new
            whole.append(new)
        self.seen.update(whole)  # with filters, an onlooker sees each block by itself
        self.seen.add(frozenset(a for b in whole for a in b))


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 14)),
        st.tuples(st.sampled_from(["leave", "back", "back named"]), st.integers(0, 30)),
        st.tuples(st.just("named"), st.just(0)),
        st.tuples(st.just("look"), st.just(0)),
    ),
    max_size=40,
)


def happen(group: Group, events: Iterable[tuple[str, int]]) -> None:
    for what, number in events:
        match what:
            case "come":
                for _ in range(number):
                    group.come(named=False)
            case "named":
                group.come(named=True)
            case "leave":
                group.leave(number)
            case "back":
                group.come_back(number, named=False)
            case "back named":
                group.come_back(number, named=True)
            case "look":
                group.look()
    group.look()


@settings(deadline=None, max_examples=examples(200))
@given(EVENTS)
def test_no_sum_or_difference_of_totals_reveals_one_person(events):
    group = Group()
    happen(group, events)
    unknown = group.answers.keys() - group.known
    whole = rank(group.seen, unknown)

    for person in group.used - group.known:
        others = unknown - {person}
        assert rank(group.seen, others) == whole, "some totals, subtracted, leave this one person"


@settings(deadline=None, max_examples=examples(100))
@given(EVENTS)
def test_two_totals_differ_by_nobody_or_by_a_whole_block(events):
    group = Group()
    happen(group, events)
    seen = [s for s in group.seen if s]

    for total in seen:
        assert len(total) >= CROWD
        assert all(not total ^ other or len(total ^ other) >= CROWD for other in seen)


def test_the_rank_check_detects_totals_that_differ_by_one_person():
    eleven, twelve = frozenset(range(11)), frozenset(range(12))

    assert rank({eleven, twelve}, range(12)) == 2
    assert rank({eleven, twelve}, range(11)) == 1, "without the twelfth, they are the same"


def wait(fresh: int, stale: int = 0) -> list[PendingAnswer[int]]:
    return [PendingAnswer(n, n, fresh=n < fresh) for n in range(fresh + stale)]


def test_ten_people_are_hidden_until_the_eleventh():
    assert block([]) == frozenset()
    assert block(wait(10)) == frozenset()
    assert block(wait(11)) == frozenset(range(11))


def test_people_counted_before_are_shown_only_with_eleven_new_ones():
    assert block(wait(10, 30)) == frozenset()
    assert block(wait(11, 10)) == frozenset(range(21))


def test_one_person_is_no_block():
    assert block(PendingAnswer(n, "the same", fresh=True) for n in range(30)) == frozenset()


def test_a_block_is_hidden_after_a_member_leaves():
    assert is_whole(11, 11)
    assert not is_whole(11, 12)
    assert not is_whole(10, 10)
