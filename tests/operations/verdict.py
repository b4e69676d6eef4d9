"""Compare the database with what people were told: nothing lost, doubled, or half done."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from questions.grading import grade
from questions.model import Question
from tests.operations.ledger import Doubt, Person, Tally
from tests.operations.snapshot import Snapshot, in_any_order, response_in

Versions = Mapping[tuple[str, str], Question]


def judge(
    snapshot: Snapshot,
    people: Sequence[Person],
    doubts: Sequence[Doubt],
    versions: Versions,
    tally: Tally,
) -> None:
    """Note each failure, and how each thing that was cut off came out."""
    for failure in (
        *_items(snapshot, versions),
        *_attempts(snapshot),
        *_memories(snapshot),
        *_memberships(snapshot),
        *_notices(snapshot),
    ):
        tally.add_failure(failure)
    outcome = _Outcome(snapshot, people, doubts, tally)
    outcome.judge()


class _Outcome:
    """Whose rows are whose, and what became of the doubts."""

    def __init__(
        self, snapshot: Snapshot, people: Sequence[Person], doubts: Sequence[Doubt], tally: Tally
    ) -> None:
        self._now = snapshot
        self._people = people
        self._doubts = doubts
        self._tally = tally
        self._known: set[uuid.UUID] = set()  # accounts of somebody
        self._told = {place for person in people for place in person.answers}

    def judge(self) -> None:
        for person in self._people:
            own = [d for d in self._doubts if d.person is person]
            self._judge_person(person, next(iter(own), None))
        self._judge_answers()
        for doubt in self._doubts:
            self._tally.add_cut(doubt.kind, self._what_became_of(doubt))
        for account in self._now.accounts - self._known:
            self._tally.add_failure(f"the account {account} is nobody’s: {self._rows_of(account)}")

    def _judge_person(self, person: Person, doubt: Doubt | None) -> None:
        found = self._now.found(person)
        if person.is_gone:
            self._judge_gone(person, found)
            return
        for what, rows in found:
            if len(rows) > 1:
                self._tally.add_failure(
                    f"doubled: {what} of {person.name} is there {len(rows)} times"
                )
        owners = Counter(row["account_id"] for _, rows in found for row in rows)
        self._known |= {*owners}
        missing = [what for what, rows in found if not rows]
        if doubt and doubt.kind == "delete" and not owners:
            missing = []
            if person.name in self._now.texts:
                self._tally.add_failure(f"half deleted: a text of {person.name} is there")
        for what in missing:
            half = "half deleted" if doubt and doubt.kind == "delete" else "lost"
            self._tally.add_failure(f"{half}: {what} of {person.name}")
        person.accounts |= {*owners}
        if len(owners) > 1:
            parts = ", ".join(f"{n} of {account}" for account, n in owners.items())
            self._tally.add_failure(f"half moved: what {person.name} has is {parts}")
        self._judge_person_answers(person, missing=bool(missing))

    def _judge_gone(self, person: Person, found: list[tuple[str, list[Any]]]) -> None:
        for what, rows in found:
            if rows:
                self._tally.add_failure(f"deleted, but there: {what} of {person.name}")
        if person.name in self._now.texts:
            self._tally.add_failure(f"deleted, but a text of {person.name} is there")

    def _judge_person_answers(self, person: Person, *, missing: bool) -> None:
        for place, allowed in person.answers.items():
            rows = self._now.answers.get(place, [])
            if not rows and place[0] in self._now.attempts:
                self._tally.add_failure(f"lost: an answer of {person.name} at {place}")
                self._tally.add("answers lost")
            elif not rows and missing:
                self._tally.add("answers lost")
            for row in rows:
                if response_in(row) not in map(in_any_order, allowed):
                    self._tally.add_failure(f"changed: an answer of {person.name} at {place}")
                else:  # from now on, it is this one
                    person.answers[place] = [response_in(row)]

    def _judge_answers(self) -> None:
        """Nothing is kept that nobody sent, and nothing twice."""
        sent = {d.place: d for d in self._doubts if d.kind == "answer" and d.place}
        begun = [d for d in self._doubts if d.kind == "first answer"]
        gone = {d.person for d in self._doubts if d.kind == "delete"}
        known = self._told | {*sent}
        for place, rows in self._now.answers.items():
            if len(rows) > 1:
                self._tally.add_failure(f"doubled: the answer at {place}")
                self._tally.add("answers doubled")
            if place in known:
                continue
            match = next((d for d in begun if d.place is None and _fits(d, rows[0])), None)
            if match is None:
                self._tally.add_failure(f"kept, though nobody sent it: an answer at {place}")
                continue
            match.place = place
            self._known.add(rows[0]["account_id"])
            others = self._owners(match.person) - {rows[0]["account_id"]}
            if others and match.person not in gone:
                self._tally.add_failure(f"half moved: the answer at {place} of {match.person.name}")

    def _what_became_of(self, doubt: Doubt) -> str:
        texts = {
            "own line": self._now.lines,
            "explanation": self._now.explanations,
            "join a group": self._now.memberships,
            "save": self._now.nicknames,
        }
        if doubt.kind in texts:
            rows = texts[doubt.kind].get(doubt.text, [])
            accounts = {row["account_id"] for row in rows}
            self._known |= accounts
            if accounts and self._owners(doubt.person) - accounts:
                self._tally.add_failure(
                    f"half moved: {doubt.kind} “{doubt.text}” is another account’s"
                )
            if len(rows) > 1:
                self._tally.add_failure(f"doubled: {doubt.kind} “{doubt.text}”")
            return _done(bool(rows))
        if doubt.kind in {"answer", "first answer"}:
            place, doubt.place = doubt.place, doubt.place if doubt.kind == "answer" else None
            return _done(place in self._now.answers)
        if doubt.kind == "delete":
            is_there = doubt.person.name in self._now.texts or self._owners(doubt.person)
            return _done(not is_there)
        if doubt.kind == "sign in" and doubt.merged_into and doubt.person.has_anything:
            return _done(self._is_merged(doubt.person, doubt.merged_into))
        return "no trace"

    def _is_merged(self, guest: Person, account: Person) -> bool:
        return self._owners(guest) == self._owners(account)

    def _owners(self, person: Person) -> set[uuid.UUID]:
        return {row["account_id"] for _, rows in self._now.found(person) for row in rows}

    def _rows_of(self, account: uuid.UUID) -> str:
        counts = Counter(
            name
            for name, rows in self._now.rows.items()
            for row in rows
            if row.get("account_id") == account
        )
        return ", ".join(f"{n} of {name}" for name, n in counts.items()) or "no rows"


def _done(is_done: bool) -> str:
    return "done" if is_done else "not done"


def _fits(doubt: Doubt, row: Any) -> bool:
    return row["question_id"] == doubt.question and response_in(row) in map(
        in_any_order, doubt.responses
    )


def _items(now: Snapshot, versions: Versions) -> Iterator[str]:
    """Each score is that of the last key that it was graded by."""
    kept = {(row["question_id"], row["version"]) for row in now.rows["question_version"]}
    for row in now.rows["item"]:
        name = f"{row['attempt_id']}/{row['position']}"
        version = row["question_id"], row["version"]
        if version not in kept:
            yield f"the text of the question of item {name} was not kept"
        if row["answered_at"] is None:
            continue
        changes = now.regrades.get((row["account_id"], row["attempt_id"], row["position"]), [])
        score = grade(versions[version], response_in(row)).score
        for change in changes:
            if change["old_score"] != score:
                yield f"a regrade of item {name} begins at another score"
            score = change["new_score"]
        if row["score"] != score:
            yield f"the score of item {name} is {row['score']}, not {score}"


def _attempts(now: Snapshot) -> Iterator[str]:
    numbers: dict[tuple[uuid.UUID, str], list[int]] = {}
    for rows in now.attempts.values():
        for row in rows:
            key = row["account_id"], row["quiz"]
            numbers.setdefault(key, []).append(row["round"])
            items = now.items.get((row["account_id"], row["id"]), [])
            if [item["position"] for item in items] != [*range(1, len(items) + 1)] or not items:
                yield f"the attempt {row['id']} misses items"
            answered = [item for item in items if item["answered_at"] is not None]
            if not answered:
                yield f"the attempt {row['id']} was begun without an answer"
            if (row["finished_at"] is not None) is not (len(answered) == len(items)):
                yield f"the attempt {row['id']} is not finished when all is answered"
    for (account, quiz), own in numbers.items():
        if sorted(own) != [*range(1, len(own) + 1)]:
            yield f"the attempts of {account} at {quiz} are numbered {sorted(own)}"


def _memories(now: Snapshot) -> Iterator[str]:
    wanted = now.memories_as_replayed()
    there = {(row["account_id"], row["objective_id"]): row for row in now.rows["memory"]}
    for key in wanted.keys() ^ there.keys():
        yield f"the memory of {key[0]} of {key[1]} is there without answers, or missing"
    for key in wanted.keys() & there.keys():
        memory, count = wanted[key]
        row = there[key]
        if row["reviews"] != count:
            yield f"the memory of {key[0]} of {key[1]} counts {row['reviews']} answers, not {count}"
        elif memory is None or any(
            row[name] != getattr(memory, name)
            for name in ("stability", "difficulty", "reviewed_at", "due_at")
        ):
            yield f"the memory of {key[0]} of {key[1]} is not what its answers give"


def _memberships(now: Snapshot) -> Iterator[str]:
    current = Counter(
        (row["account_id"], row["group_id"])
        for row in now.rows["membership"]
        if row["until"] is None
    )
    for row in now.rows["membership"]:
        if current[row["account_id"], row["group_id"]] != 1:
            yield f"{row['account_id']} is not once in the group {row['group_id']}"


def _notices(now: Snapshot) -> Iterator[str]:
    told = {(row["account_id"], row["question_id"]) for row in now.rows["notice"]}
    questions = {
        (row["account_id"], row["attempt_id"], row["position"]): row["question_id"]
        for row in now.rows["item"]
    }
    for key in now.regrades:
        if (key[0], questions.get(key)) not in told:
            yield f"{key[0]} was told nothing of a changed grade"
