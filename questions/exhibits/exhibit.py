"""Base class of all exhibits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, Self, TypedDict

from questions.figures import Figure
from questions.reading import Table

Figures = Mapping[str, Figure]


class Translate(Protocol):
    """Translate an interface text and fill in its values; dates are formatted.

    Each call has its text as a literal, so that `make messages` finds it.
    """

    def __call__(self, text: str, /, **values: str | date) -> str: ...


def spoken_unit(unit: str, translate: Translate) -> str:
    """Return a unit as people say it: “thousand/µL” is thousand per µL."""
    amount, slash, volume = unit.partition("/")
    return translate("%(amount)s per %(volume)s", amount=amount, volume=volume) if slash else unit


class ExhibitKeys(TypedDict):
    """Keys that all kinds of exhibit have."""

    title: str
    note: str
    is_made_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit(ABC):
    """Material that a question shows before answering; each kind is a subclass in this package.

    `note` is shown below it, after the remark that it is made up.
    """

    kind: ClassVar[str]
    made_up_by_default: ClassVar[bool] = True

    title: str
    note: str
    is_made_up: bool

    @classmethod
    @abstractmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:
        """Read the keys of this kind; `keys` has the common ones. Errors go to the table's file."""

    @abstractmethod
    def version_payload(self) -> list[Any]:
        """Return what the version covers besides title and note, as JSON values."""

    @abstractmethod
    def describe(self, translate: Translate) -> tuple[str, ...]:
        """Return the text alternative, line by line."""

    @property
    @abstractmethod
    def author_texts(self) -> tuple[str, ...]:
        """Author's texts besides title and note."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures that it shows."""
        return ()
