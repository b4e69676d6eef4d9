"""`choices`: options to tick, some of them right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from questions.kinds.option_question import OptionQuestion
from questions.model import Response
from questions.reading import Table
from questions.wording import CHOOSE_ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(OptionQuestion):
    """A question with several right options, scored as in `OptionQuestion.grade`."""

    kind: ClassVar[str] = "choices"
    stem_ends_in: ClassVar[str] = CHOOSE_ALL

    def check_keys(self, table: Table) -> None:
        keys = sum(bool(o.right) for o in self.parts)
        if not 0 < keys < len(self.parts):
            table.error("a choices question needs right options, and others")

    def near_miss(self, draw: Callable[[Sequence[str]], int], rng: Random) -> Response:
        """Leave out a right option, or add a wrong one."""
        chosen = {o.id for o in self.parts if o.right}
        if len(chosen) > 1 and rng.random() < 0.4:
            chosen.remove(rng.choice(sorted(chosen)))
        else:
            chosen.add(self.wrong_option(draw))
        return Response(chosen=tuple(o.id for o in self.parts if o.id in chosen))
