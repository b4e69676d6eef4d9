"""What all exhibits have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, Self, TypedDict

from questions.figures import Figure
from questions.reading import Table

Figures = Mapping[str, Figure]


class Say(Protocol):
    """Look up a text of the interface and fill in its values; dates are written out."""

    def __call__(self, text: str, /, **values: str | date) -> str: ...


class ExhibitKeys(TypedDict):
    """The keys that exhibits of every kind have, as read."""

    title: str
    note: str
    is_made_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit(ABC):
    """Something to look at before answering; each kind is a subclass in this package.

    `note` stands below it, after the remark that it is made up.
    """

    kind: ClassVar[str]
    made_up_unless_said: ClassVar[bool] = True

    title: str
    note: str
    is_made_up: bool

    @classmethod
    @abstractmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:
        """Read what is special to this kind; `keys` has the rest. Faults go to the table's file."""

    @abstractmethod
    def seen(self) -> list[Any]:
        """What a version covers besides title and note, as plain values."""

    @abstractmethod
    def text(self, say: Say) -> tuple[str, ...]:
        """The same in lines of words, where no picture can be shown."""

    @property
    @abstractmethod
    def written(self) -> tuple[str, ...]:
        """The texts that its author wrote, besides title and note."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures that it shows."""
        return ()
