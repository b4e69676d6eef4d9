"""Members in the order in which they are disclosed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

PRIME = 2_147_483_647


def rank(rows: Collection[frozenset[int]], columns: Iterable[int]) -> int:
    """How many of the totals are independent, looking at some columns alone (modulo a prime)."""
    place = [*columns]
    matrix = [[int(c in row) for c in place] for row in rows]
    independent = 0
    for column in range(len(place)):
        pivot = next((r for r in range(independent, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[independent], matrix[pivot] = matrix[pivot], matrix[independent]
        inverse = pow(matrix[independent][column], -1, PRIME)
        for r in range(independent + 1, len(matrix)):
            if factor := matrix[r][column] * inverse % PRIME:
                matrix[r] = [
                    (a - factor * b) % PRIME
                    for a, b in zip(matrix[r], matrix[independent], strict=True)
                ]
        independent += 1
    return independent
