"""Whether two conditions hold for the same records by what they say alone, whatever the data."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping

from sousveil.findings.syntax import Node
from sousveil.gate.language import witness

MOST = 20_000
"""Combinations of values that are tried; conditions that need more are taken for different."""


@functools.cache
def equal_by_rule(one: str, other: str) -> bool:
    """Whether two populations (texts without a cut-off) are the same records in every possible table.

    `sex = 'F'` and `sex <> 'M'` are, `nation <> 'ISL'` and the whole table are not, also where nobody comes
    from there: what the data alone makes equal tells that somebody is not in it. Values on either side of
    every constant are tried (`witness`), column by column, in all combinations.
    """
    if one == other:
        return True
    if one.partition("; where ")[0] != other.partition("; where ")[0]:
        return False
    if not (witness.readable(one) and witness.readable(other)):
        return False
    first, second = witness.condition(one), witness.condition(other)
    columns: dict[str, tuple[Node, ...]] = {}
    for leaf in dict.fromkeys((*witness.leaves(first), *witness.leaves(second))):
        column = witness.column_of(leaf)
        columns[column] = (*columns.get(column, ()), leaf)
    options = [_truths(leaves) for leaves in columns.values()]
    if math.prod(map(len, options)) > MOST:
        return False
    for parts in itertools.product(*options):
        truths = {leaf: truth for part in parts for leaf, truth in part.items()}
        if witness.holds(first, truths) != witness.holds(second, truths):
            return False
    return True


def _truths(leaves: tuple[Node, ...]) -> list[Mapping[Node, bool]]:
    """Which of the conditions about one column can hold together."""
    return [
        dict(zip(leaves, (sign == "1" for sign in found[-1]), strict=True))
        for found in witness.classes({}, leaves)
    ]
