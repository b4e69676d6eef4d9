"""`icon-array`: a proportion of people, each drawn as a dot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from questions.exhibits.exhibit import Exhibit, ExhibitKeys, Figures, Translate
from questions.reading import Table

_SIZES = (10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class IconArray(Exhibit):
    """An array of `of` dots, `count` of them filled; `sentence` says what they mean."""

    kind: ClassVar[str] = "icon-array"
    made_up_by_default: ClassVar[bool] = False

    count: int
    of: int
    sentence: str

    @classmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:  # noqa: ARG003 - other kinds need it
        count, of = table.integer("count"), table.integer("of", default=_SIZES[-1])
        if of not in _SIZES:
            table.error(f"“of” must be one of {', '.join(map(str, _SIZES))}", "of")
        if not 0 <= count <= of:
            table.error(f"“count” must be from 0 to {of}", "count")
        return cls(**keys, count=count, of=of, sentence=table.text("text"))

    def version_payload(self) -> list[Any]:
        return [self.count, self.of, self.sentence]

    def describe(self, translate: Translate) -> tuple[str, ...]:
        filled = translate(
            "%(count)s of %(of)s dots are filled.", count=str(self.count), of=str(self.of)
        )
        return (self.sentence, filled)

    @property
    def author_texts(self) -> tuple[str, ...]:
        return (self.sentence,)
