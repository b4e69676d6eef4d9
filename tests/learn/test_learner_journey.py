"""Three weeks of Ana's life, and the day when she comes back after two months.

What she reads at each step stands here word for word: it must be right, and it must be kind.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise

from sqlalchemy import select

from learn.models import Item, MemoryRow
from questions.memory import Rating, review
from tests.learn.people import Person

HURTS = re.compile(
    r"\b(overdue|backlog|behind|streak|fail\w*|wrong|incorrect|mistake[ns]?|too long|should have"
    r"|only|lost your|missed|due)\b",
    re.IGNORECASE,
)
CALM = {
    "Practice what you missed",
    "Read only the type on your report",
    "Report a mistake",
    "Nothing is lost.",
    "(for practice only)",
}


def main_of(person: Person) -> str:
    """What the page itself says, in one line."""
    inside = person.html.split("<main", 1)[1].split("</main>", 1)[0]
    words = html.unescape(re.sub(r"<[^>]+>", " ", f"<main{inside}"))
    return re.sub(r"\s+([.,:])", r"\1", " ".join(words.split()))


class Ana:
    """Ana, who reads every word of what she is told."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def reads(self, address: str, *sentences: str) -> None:
        """Open the page: it has these sentences in this order, and none that hurts."""
        assert self.person.open(address).status_code == 200
        self.finds(*sentences)

    def finds(self, *sentences: str) -> None:
        said = main_of(self.person)
        places = []
        for sentence in sentences:
            assert sentence in said, f"{sentence!r} is not in {said!r}"
            places.append(said.index(sentence))
        assert all(first < second for first, second in pairwise(places)), sentences
        if 'class="feedback' in self.person.html:
            return  # what the lessons say about it; the bank has rules of its own
        plain = said
        for calm in CALM:
            plain = plain.replace(calm, "")
        found = HURTS.search(self._without_content(plain))
        assert found is None, (found, plain)

    def _without_content(self, said: str) -> str:
        """What the site itself says: without the words of questions and lessons."""
        bank, lessons = self.person.content.bank, self.person.content.lessons.values()
        texts = [text for q in bank.questions.values() for text in (q.stem, q.vignette) if text]
        texts += [part.text for q in bank.questions.values() for part in q.parts]
        texts += [o.you_can for o in bank.objectives.values()]
        texts += [o.you_can.removeprefix("You can ") for o in bank.objectives.values()]
        texts += [o.ask_care_team for o in bank.objectives.values()]
        texts += [lesson.title for lesson in lessons]
        texts += [point.text for lesson in lessons for point in lesson.points]
        for text in sorted(texts, key=len, reverse=True):
            said = said.replace(text, "")
        return said

    def answers(self, *sure_but_mistaken: str) -> list[str]:
        """Answer what is asked, right, but for these ideas; return the ideas, in order."""
        asked = []
        while 'name="question"' in self.person.html:
            asked.append(self.person.question.objective)
            if asked[-1] in sure_but_mistaken:
                self.person.answer_wrong(sure="yes")
                assert "Not quite" in self.person.text
            else:
                self.person.answer_right()
            self.person.go_on()
        return asked


def test_a_learner_returns_for_three_weeks_and_again_after_two_months(
    ana: Person, clock, content, connection
):
    she = Ana(ana)
    before = first_night(she)
    firmly = first_quiz(she)
    clock.forward(days=1)
    second_day(she, firmly)
    for day in range(3, 22):
        clock.forward(days=1)
        another_day(she, may_learn=day % 2 == 1)
    three_weeks_on(she)
    clock.forward(hours=1)
    again = sure_once_more(she)
    clock.forward(days=60)
    two_months_later(she, again)
    at_the_end(she, before)
    memories_follow_the_answers(ana, connection)


def first_night(she: Ana) -> list[str]:
    """What does she know already? The ideas that she was asked about, two of them right."""
    ana = she.person
    she.reads(
        "/",
        "Fever or bleeding? Call your care team now, day or night.",
        "You don’t have to learn this tonight.",
        "I was just diagnosed",
        "Start with the first lesson",
        "Answer a few questions to see what you already know",
        "Do I know enough to help?",
    )
    she.reads(
        "/quizzes/before",
        "Question 1 of 6",
        "What do you already know?",
        "It’s fine to say you’re not sure. "
        "You can also skip these questions and start with a lesson.",
    )
    before = []
    while 'name="question"' in ana.html:
        before.append(ana.question.objective)
        if len(before) <= 2:
            ana.answer_right()
            assert "That’s right" in ana.text
        else:
            ana.answer({"answer": "?"})
            she.finds(
                "Here’s the answer",
                "It’s fine not to be sure. You’ll have another chance with this idea.",
            )
        ana.go_on()
    she.finds(
        "You’ve answered the questions before the lessons.",
        "Right 2 of 6",
        "Not quite right 0 of 6",
        "Not sure 4 of 6",
        "Nobody needs to know this ahead of time. That’s what the lessons are for.",
        "Lessons about these ideas",
        "When you’ve read them, there are different questions on the same ideas. There’s no hurry.",
    )
    return before


def first_quiz(she: Ana) -> str:
    """Read the first lesson and start its quiz, with one confident wrong answer."""
    ana, first = she.person, next(iter(she.person.content.lessons.values()))
    she.reads("/", "Welcome back", "A good next step", f"Read the lesson “{first.title}”")
    ana.go_on()
    assert f"<h1>{first.title}</h1>" in ana.html
    ana.read(first.id)
    ana.open(f"/quizzes/lesson/{first.id}")
    firmly = ana.question.objective
    ana.answer_wrong(sure="yes")
    she.finds("Not quite", "See it in the lesson", "Next question")
    assert "Stop for now" in ana.html
    attempt = ana.address.rpartition("/")[0]
    total = len(ana.content.bank.of_lesson(first.id))
    she.reads(
        f"{attempt}/stop",
        "That’s enough for now",
        "Your answer is saved.",
        f"When you come back, you can continue with question 2 of {total}. "
        "There’s no hurry, even if it’s been a long time.",
    )
    she.reads(
        "/quizzes/review",
        "That’s all for today",
        "Come back tomorrow or any day after that. We’ll ask you about these ideas then.",
        "Practice now",
    )
    return firmly


def second_day(she: Ana, firmly: str) -> None:
    """Resume the open quiz, then review: the confident wrong answer comes first."""
    ana = she.person
    first, second, *_ = ana.content.lessons.values()
    total = len(ana.content.bank.of_lesson(first.id))
    she.reads(
        "/",
        "Welcome back",
        f"Quiz “{first.title}”: {total - 1} questions left",
        "Your answer is saved.",
        "Continue the quiz",
    )
    ana.go_on()
    assert f"Question 2 of {total}" in ana.text
    she.answers()
    she.finds(
        "You’ve finished this quiz",
        f"You got {total - 1} of {total} right on your first try.",
        "One thing to take home",
        "Save this question",
        f"Next lesson: {second.title}",
        "That’s enough for today",
        "What you know now",
        "One idea to look at again",
        "A question to take with you",
    )

    she.reads(
        "/",
        "Welcome back",
        "A good next step",
        "A short review helps you remember. It has five questions at most.",
        "Start the review",
    )
    ana.go_on()
    she.finds("A short review to help you remember. You can stop at any time.")
    assert ana.question.objective == firmly
    asked = she.answers()
    assert asked[0] == firmly
    assert len(asked) <= 5
    she.finds(
        "Quiz: Review",
        "You’ve finished this quiz",
        f"You got {len(asked)} of {len(asked)} right on your first try.",
        "We’ll bring an idea back when it’s a good time to see it again.",
        "That’s enough for today",
    )
    she.reads("/quizzes/review", "Nothing to review right now", "You’re up to date.")
    she.reads(
        "/progress",
        "Your progress",
        "This page is just for you. Go at your own pace.",
        "A good next step",
        f"Read the lesson “{second.title}.”",
    )


def another_day(she: Ana, *, may_learn: bool) -> None:
    """A day that goes by, with what the site proposes."""
    ana = she.person
    ana.open("/")
    she.finds("Welcome back", "A good next step")
    assert "It’s been a while" not in ana.text
    if "Start the review" in ana.text:
        ana.go_on()
        assert len(she.answers()) <= 5
        she.finds("You’ve finished this quiz", "That’s enough for today")
    elif may_learn and "Read the lesson" in ana.text:
        ana.go_on()
        lesson = ana.address.rpartition("/")[2]
        ana.read(lesson)
        ana.open(f"/quizzes/lesson/{lesson}")
        she.answers()
        she.finds("You’ve finished this quiz", "What you know now")


def three_weeks_on(she: Ana) -> None:
    """Something is remembered."""
    she.reads(
        "/progress",
        "Your progress",
        "Remembered",
        "What these words mean",
        "You answered two questions right on different days, and you were right the last time.",
        "Your quizzes",
        "Before the lessons",
    )


def sure_once_more(she: Ana) -> str:
    """That evening she is sure of something again that is not so."""
    ana, first = she.person, next(iter(she.person.content.lessons.values()))
    ana.open(f"/quizzes/lesson/{first.id}")
    again = ana.question.objective
    assert she.answers(again).count(again) >= 1
    she.finds("You’ve finished this quiz", "One idea to look at again")
    return again


def two_months_later(she: Ana, again: str) -> None:
    """A welcome, five questions, and first what she was sure of."""
    ana = she.person
    she.reads(
        "/",
        "Welcome back",
        "It’s been a while, and that’s fine. Everything you did is saved.",
        "A good next step",
        "A short review helps you remember. It has five questions at most.",
    )
    she.reads("/progress", "Your progress", "A good next step", "A short review helps")
    ana.open("/")
    ana.go_on()
    she.finds(
        "Question 1 of 5",
        "Welcome back. It’s been a while, and that’s fine.",
        "5 questions are enough to get going again. "
        "If you’ve forgotten something, you’ll see it again here. You can stop at any time.",
    )
    assert ana.question.objective == again
    asked = she.answers()
    assert len(asked) == len({*asked}) == 5
    she.finds("You’ve finished this quiz", "You got 5 of 5 right on your first try.")
    ana.open("/")
    assert "It’s been a while" not in ana.text
    assert "Start the review" not in ana.text


def at_the_end(she: Ana, before: list[str]) -> None:
    """Take the quiz after: the same objectives as before, with other questions."""
    ana = she.person
    for name in ana.content.lessons:
        ana.read(name)
    she.reads(
        "/",
        "A good next step",
        "You answered a few questions before the lessons. "
        "Now you can answer different ones on the same ideas, and compare.",
        "Answer the second set of questions",
    )
    ana.go_on()
    she.finds(
        "Question 1 of 6",
        "Different questions on the same ideas as before the lessons",
        "It’s fine to say you’re not sure. "
        "At the end, you’ll see your answers from before and after side by side.",
    )
    missed = before[0]
    assert {*she.answers(missed)} == {*before}
    she.finds(
        "Before and after",
        "2 of 6 before, 5 of 6 after",
        "What you know now that you didn’t before",
        "Before: Not sure. After: Right.",
        "What you knew both times",
        "Worth another look",
        "Before: Right. After: Not quite right.",
        "What these numbers can’t tell you",
        "This isn’t a grade. A few questions can’t show much, and chance plays a part.",
        "Answering the first questions makes the second ones easier. "
        "And we can’t know how you’d have done without the lessons.",
        "A question to take with you",
    )
    assert main_of(ana).count("Before: Not sure. After: Right.") == 4


def memories_follow_the_answers(ana: Person, connection) -> None:
    """All this time, what is remembered was kept as the answers say it."""
    rows = connection.execute(
        select(Item.__table__)
        .where(Item.account_id == ana.account, Item.answered_at.is_not(None))
        .order_by(Item.answered_at, Item.attempt_id, Item.position)
    )
    memories = {}
    for row in rows:
        how = Rating.Again if row.score < 1 else Rating.Hard if row.sure is False else Rating.Good
        memories[row.objective_id] = review(memories.get(row.objective_id), how, row.answered_at)
    kept = connection.execute(
        select(MemoryRow.__table__).where(MemoryRow.account_id == ana.account)
    )
    assert {r.objective_id: r.due_at for r in kept} == {o: m.due_at for o, m in memories.items()}
