"""`figure`: a picture, optionally with numbered places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Self

from questions.exhibits.exhibit import Exhibit, ExhibitKeys, Figures, Translate
from questions.figures import Figure
from questions.reading import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureExhibit(Exhibit):
    """A picture; `places` describes where each number is, without naming what it marks."""

    kind: ClassVar[str] = "figure"
    made_up_by_default: ClassVar[bool] = False

    figure: Figure
    places: Mapping[str, str]

    @classmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:
        figure = read_figure_key(table, figures)
        place_table = table.table("places", required=False)
        places = place_table.strings()
        if figure is not None:
            for unknown in sorted({*places} - {*figure.places}):
                place_table.error(f"the picture “{figure.id}” has no place {unknown}", unknown)
            for missing in [place for place in figure.places if place not in places]:
                table.error(f"say under “places” where {missing} stands in “{figure.id}”")
        return cls(**keys, figure=figure or Figure("", "", "", ""), places=MappingProxyType(places))

    def version_payload(self) -> list[Any]:
        return [
            *figure_payload(self.figure),
            [[number, where] for number, where in self.places.items()],
        ]

    def describe(self, translate: Translate) -> tuple[str, ...]:
        places = (
            translate("%(number)s: %(where)s", number=number, where=where)
            for number, where in self.places.items()
        )
        return (self.figure.words, *places)

    @property
    def author_texts(self) -> tuple[str, ...]:
        return tuple(self.places.values())

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.figure,)


def read_figure_key(table: Table, figures: Figures) -> Figure | None:
    """Return the figure named by the key “figure”; an unknown one is an error."""
    named = table.text("figure")
    if named and named not in figures:
        table.error(f"unknown figure “{named}”", "figure")
    return figures.get(named)


def figure_payload(figure: Figure) -> list[Any]:
    """Return what the version covers of a figure."""
    return [figure.id, figure.svg]
