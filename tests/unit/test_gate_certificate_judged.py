"""The worlds of certificates, judged by the attack suite's own system of what a reader knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.attack.instances import Instance, instance
from tests.attack.linear import Knowledge
from tests.attack.polytope import Contradiction, Program
from tests.attack.reading import Atoms
from tests.attack.wide import wide
from tests.support_certificate import Published, published

Labels = tuple[str, ...]


class Seen(Instance):
    """An instance as one has it who takes the kinds of rows of a certificate for all there are."""

    kinds: Atoms

    @property
    def atoms(self) -> Atoms:
        return self.kinds


def kinds_of(system: dict[str, Any]) -> tuple[list[str], list[Labels]]:
    """The columns of a system, and each kind of row by their values."""
    columns = system["columns"]
    names = [asked[0].strip('"') for asked, *_ in columns]
    values = [[columns[n][1 + place][0] for n, place in enumerate(kind)] for kind in system["kinds"]]
    return names, [tuple("" if value is None else str(value) for value in row) for row in values]


def worlds_of(system: dict[str, Any], kinds: int) -> Iterator[np.ndarray]:
    """Records and people of each kind, world by world."""
    state = np.zeros((kinds, 2))
    for told in system["worlds"]:
        state[np.cumsum(told[0::3]).astype(int)] = np.array([told[1::3], told[2::3]]).T
        yield state.copy()


def knowledge(made: Instance, let_out: Published, system: dict[str, Any]) -> tuple[Knowledge, int]:
    names, rows = kinds_of(system)
    some = made.world.rows[0]
    full = [
        tuple(
            row[names.index(name)] if name in names else some[n] for n, name in enumerate(made.world.columns)
        )
        for row in rows
    ]
    seen = Seen(made.number, made.k, made.world, {}, made.questions, [let_out.findings], made.widest)
    seen.kinds = Atoms(made.world.columns, full)
    return Knowledge(seen, knows_small=False), len(rows)


def fits(known: Knowledge, world: np.ndarray) -> bool:
    """Whether an attacker finds nothing against a world: its records, and the people of each hidden cell."""
    sums = list(known.known.sums)
    for place, (records, _) in enumerate(world):
        mask = np.zeros(known.known.size)
        mask[place] = 1
        known.known.know(mask, records, records)
    for group, unit in known.hidden() if known.unknowns.apart else ():
        if unit == "people":
            people = float(known.unknowns.atoms.mask(group) @ world[:, 1])
            known.known.know(known.unknowns.sum_of(group, unit), people, people)
    try:
        Program(known.known).extreme(np.zeros(known.known.size))
    except Contradiction:
        return False
    finally:
        known.known.sums = sums
    return True


JUDGED = [(instance, 1), (instance, 4), (instance, 15), (wide, 3), (wide, 5), (wide, 7)]
"""Where both units are asked of rows that are one person each, the suite's attacker takes that for known,
which no page says: such sets are not among these."""


@pytest.mark.parametrize(("family", "number"), JUDGED)
def test_an_attacker_finds_nothing_against_any_world(family: Any, number: int) -> None:
    made = family(number)
    let_out = published(made.world, made.questions, made.k)
    for system in let_out.certificate["systems"]:
        known, kinds = knowledge(made, let_out, system)
        worlds = list(worlds_of(system, kinds))
        if not worlds:  # nothing is hidden
            assert all(value is not None for table in system["printed"] for *_, value in table["cells"])
            continue
        assert all(fits(known, world) for world in worlds)
        # One record more than was printed is noticed: the judge can say no.
        worlds[0][np.flatnonzero(worlds[0][:, 0])[0], 0] += 1
        records = any(table["unit"] == "records" for table in system["printed"])
        assert not records or not fits(known, worlds[0])
