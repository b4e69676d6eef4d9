"""Lint a bank by the item-writing rules: errors fail, warnings have a budget per rule.

A question can exempt itself from a rule, with a reason:

    exempt = { negative-stem = "the point is what does not count" }

`cannot-wait` can't be exempted: no text may tell a reader with a fever to wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from questions.bank import FOLDER, Bank
from questions.measures import names
from questions.reading import ContentError, InvalidContentError, Table, TomlFile
from questions.rules import Rule, error_rules, warning_rules

BUDGET = "budget.toml"

CANNOT_WAIT, WITHOUT_SAFETY = "cannot-wait", "without-safety"
_FIRM = frozenset({CANNOT_WAIT})
_OF_AN_ILLNESS = frozenset({WITHOUT_SAFETY})


@dataclass(frozen=True, slots=True)
class Lint:
    """Findings: `errors`, and `warnings` by rule, with an entry for every rule.

    `by_rule` groups the errors by rule, for rules that found any.
    """

    errors: tuple[ContentError, ...]
    warnings: Mapping[str, tuple[ContentError, ...]]
    by_rule: Mapping[str, tuple[ContentError, ...]] = field(default_factory=dict)


def lint(bank: Bank, *, of_an_illness: bool = True) -> Lint:
    """Check `bank` against all rules and return the findings that questions don't exempt.

    Unless the bank is `of_an_illness`, its questions need no `safety`.
    """
    linter = _Linter(bank, frozenset() if of_an_illness else _OF_AN_ILLNESS)
    by_rule = [(rule, f) for rule, check in error_rules() for f in linter.findings(rule, check)]
    errors = [error for _, error in by_rule]
    warnings: dict[str, list[ContentError]] = {}
    for rule, check in warning_rules():
        warnings.setdefault(rule, []).extend(linter.findings(rule, check))
    errors += linter.idle_exemptions()
    return Lint(
        tuple(sorted(errors)),
        MappingProxyType({rule: tuple(sorted(findings)) for rule, findings in warnings.items()}),
        by_rule={
            rule: tuple(sorted(f for name, f in by_rule if name == rule)) for rule, _ in by_rule
        },
    )


def read_budget(folder: Path = FOLDER) -> Mapping[str, int]:
    """Read the number of warnings allowed per rule from `budget.toml`; empty without the file.

    The numbers for measures of the bank, under `[measures]`, are included; each is optional.

    Raises InvalidContentError unless the file has a number for each rule.
    """
    path = folder / BUDGET
    if not path.exists():
        return MappingProxyType({})
    file = TomlFile.read(path, f"{folder.name}/{BUDGET}")
    budget: dict[str, Any] = {}
    if not file.broken:
        table, known = file.root.table("warnings"), {rule for rule, _ in warning_rules()}
        for rule in sorted({*known, *table.raw}):
            budget[rule] = table.raw.get(rule)
            if rule not in known:
                table.error(f"unknown rule “{rule}”", rule)
            elif type(budget[rule]) is not int or budget[rule] < 0:
                table.error(f"“{rule}” must be a number, 0 or more", rule)
        budget |= _limits(file.root.table("measures", required=False))
        file.root.close()
    if file.errors:
        raise InvalidContentError(file.errors)
    return MappingProxyType(budget)


def _limits(table: Table) -> dict[str, int]:
    for name in table.raw:
        if name not in names():
            table.error(f"unknown measure “{name}”: {', '.join(names())}", name)
        elif table.integer(name) < 0:
            table.error(f"“{name}” must be a number, 0 or more", name)
    return dict(table.raw)


def over_budget(linted: Lint, budget: Mapping[str, int]) -> tuple[ContentError, ...]:
    """Return an error per rule whose warnings differ from its budget, so budgets only go down."""
    errors = []
    for rule, most in budget.items():
        if rule not in linted.warnings:
            continue
        count = len(linted.warnings[rule])
        message = f"{rule}: {count} found, and the budget is {most}"
        if count < most:
            message += f": it can go down to {count}"
        if count != most:
            errors.append(ContentError(f"{FOLDER.name}/{BUDGET}", 1, message))
    return tuple(errors)


class _Linter:
    def __init__(self, bank: Bank, idle: frozenset[str]) -> None:
        self._bank = bank
        self._idle = idle
        self._used: set[tuple[str, str]] = set()

    def findings(self, rule: str, check: Rule) -> Iterator[ContentError]:
        for where, message in () if rule in self._idle else check(self._bank):
            question = self._bank.questions.get(where)
            if question and rule in question.exempt and rule not in _FIRM:
                self._used.add((where, rule))
            else:
                yield self._error(where, f"{rule}: {message}")

    def idle_exemptions(self) -> Iterator[ContentError]:
        known = {rule for rule, _ in (*error_rules(), *warning_rules())}
        for question in self._bank.questions.values():
            for rule in question.exempt:
                if rule not in known:
                    yield self._error(question.id, f"exempt: unknown rule “{rule}”")
                elif rule in _FIRM:
                    yield self._error(question.id, f"exempt: nothing lifts “{rule}”")
                elif rule not in self._idle and (question.id, rule) not in self._used:
                    yield self._error(question.id, f"exempt: “{rule}” exempts nothing here")

    def _error(self, where: str, message: str) -> ContentError:
        if not where:
            return ContentError(FOLDER.name, 1, message)
        return ContentError(*self._bank.locations[where], f"{where}: {message}")
