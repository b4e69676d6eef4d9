"""`letter`: something written by a person, or said at a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from questions.exhibits.exhibit import Exhibit, ExhibitKeys, Figures, Translate
from questions.reading import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Exhibit):
    """A letter, or a quote if `is_spoken`, by `sender`."""

    kind: ClassVar[str] = "letter"

    sender: str
    paragraphs: tuple[str, ...]
    is_spoken: bool

    @classmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:  # noqa: ARG003 - other kinds need it
        text = table.text("text")
        return cls(
            **keys,
            sender=table.text("from"),
            paragraphs=tuple(" ".join(p.split()) for p in text.split("\n\n") if p.strip()),
            is_spoken=table.flag("spoken"),
        )

    def version_payload(self) -> list[Any]:
        return [self.sender, self.is_spoken, *self.paragraphs]

    def describe(self, translate: Translate) -> tuple[str, ...]:
        if self.is_spoken:
            heading = translate("%(who)s says:", who=self.sender)
        else:
            heading = translate("%(who)s writes:", who=self.sender)
        return (heading, *self.paragraphs)

    @property
    def author_texts(self) -> tuple[str, ...]:
        return (self.sender, *self.paragraphs)
