"""How far a dump agrees with itself and with the world: an evidence table, never one score.

One file a family of tests, each with `rows(sample)` and `FACTS`; `TESTS` lists what they may yield.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sousveil.verify import (
    areas,
    blocks,
    check_digits,
    generators,
    inside,
    keys,
    order,
    people,
    places,
    repeats,
    reserved,
    rhythm,
    variety,
)
from sousveil.verify.evidence import Evidence, Facts
from sousveil.verify.sample import Sample


class Family(NamedTuple):
    """Tests of one kind: what they yield for a table, and what is true of each."""

    rows: Callable[[Sample], Iterator[Evidence]]
    facts: dict[str, Facts]


FAMILIES: tuple[Family, ...] = tuple(
    Family(room.rows, room.FACTS)
    for room in (
        check_digits,
        inside,
        areas,
        reserved,
        generators,
        people,
        variety,
        rhythm,
        order,
        keys,
        repeats,
        blocks,
        places,
    )
)
"""Every family of tests, in the order in which its rows stand in the table."""

TESTS: dict[str, Facts] = {name: facts for family in FAMILIES for name, facts in family.facts.items()}
"""Every test by its id, or by the beginning of its id where one is made for each type of a list.

docs/verify.md has a heading for each.
"""


def kind_of(id: str) -> str:
    """The test that a row's id belongs to: `check-digits-tr-tckn` to `check-digits`."""
    return max((name for name in TESTS if id == name or id.startswith(f"{name}-")), key=len)


__all__ = ["FAMILIES", "TESTS", "Evidence", "Facts", "Family", "Sample", "kind_of"]
