"""Sheets of one table of the dump, and how their populations lie in each other, made into one system."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sousveil.gate import links
from sousveil.gate.population import Family, Population, population_of, sums
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.system import UNITS, Flags, Ints, System


@dataclass(frozen=True)
class Built:
    """A system, and where the sheets' cells are in it."""

    system: System
    populations: Mapping[str, Population]

    def nodes(self, one: Sheet) -> dict[Labels, int]:
        """The node of each occurring cell of a sheet."""
        population = self.populations[one.base]
        family = population.families[one.refs]
        places = population.places(one.refs)
        number = {tuple(code): family.start + row for row, code in enumerate(family.codes.tolist())}
        return {
            labels: number[tuple(place[label] for place, label in zip(places, labels, strict=True))]
            for labels in one.cells
        }


def build(sheets: Sequence[Sheet], nested: Sequence[tuple[str, str]], k: int) -> Built:
    """The system of these sheets of one table; `nested` lists populations as (inner, outer)."""
    populations: dict[str, Population] = {}
    for base, group in itertools.groupby(sorted(sheets, key=lambda one: one.base), key=lambda one: one.base):
        populations[base] = population_of(base, list(group))
    start = 0
    for population in populations.values():
        for family in population.families.values():
            family.start, start = start, start + family.size
    equations = [pair for population in populations.values() for pair in sums(population)]
    for one, other in itertools.permutations(populations.values(), 2):
        equations += links.parts(one, other)
    within = [(inner, outer) for inner, outer in nested if inner in populations and outer in populations]
    for (first, outer), (second, same) in itertools.combinations(within, 2):
        if outer == same:
            equations += links.halves(populations[first], populations[second], populations[outer])
    differences = links.Differences(start, k)
    for inner, outer in within:
        differences.add(populations[inner], populations[outer])
    return Built(_system(list(populations.values()), equations, differences, k), populations)


def _system(
    populations: Sequence[Population],
    equations: Sequence[tuple[Ints, Ints]],
    differences: links.Differences,
    k: int,
) -> System:
    families = [family for population in populations for family in population.families.values()]
    extra = {unit: np.array(differences.values[unit], dtype=np.int64) for unit in UNITS}
    values = {
        "records": np.concatenate([*(family.records for family in families), extra["records"]]),
        "people": np.concatenate([*(family.people for family in families), extra["people"]]),
    }
    small = (values["people"] < k) | (values["records"] < k)
    small[differences.start :] = differences.small
    hidden, fixed = small.copy(), small.copy()
    hidden[differences.start :] = fixed[differences.start :] = True
    for population in populations:
        for family in population.families.values():
            _mark(population, family, hidden, fixed)
    return System(
        k=k,
        values=values,
        small=small,
        hidden=hidden,
        fixed=fixed,
        cost=1.0 + values["people"],
        ceiling=_ceilings(populations, differences),
        matrix=_matrix(equations, differences, len(small)),
        population=np.concatenate(
            [
                np.full(family.size, place)
                for place, one in enumerate(populations)
                for family in one.families.values()
            ]
            + [np.full(len(differences.small), -1)]
        ),
    )


def _mark(population: Population, family: Family, hidden: Flags, fixed: Flags) -> None:
    """What earlier releases have settled, and that totals are known."""
    nodes = slice(family.start, family.start + family.size)
    if not family.refs:
        hidden[nodes], fixed[nodes] = False, True
        return
    for one in family.sheets:
        if one.shown is not None:
            shown = np.array([labels in one.shown for labels in population.labels_of(family)], dtype=np.bool_)
            hidden[nodes] |= ~shown
            fixed[nodes] |= ~shown
            if one.released:
                fixed[nodes] = True


def _ceilings(populations: Sequence[Population], differences: links.Differences) -> dict[str, Ints]:
    made = {}
    for unit in UNITS:
        parts = [
            np.full(family.size, getattr(one, unit), dtype=np.int64)
            for one in populations
            for family in one.families.values()
        ]
        most = max((getattr(one, unit) for one in populations), default=0)
        made[unit] = np.concatenate([*parts, np.full(len(differences.small), most, dtype=np.int64)])
    return made


def _matrix(
    equations: Sequence[tuple[Ints, Ints]], differences: links.Differences, nodes: int
) -> sparse.csr_array:
    rows, columns, signs = [], [], []
    count = 0
    for parents, children in equations:
        distinct, back = np.unique(parents, return_inverse=True)
        rows += [back + count, np.arange(len(distinct)) + count]
        columns += [children, distinct]
        signs += [np.ones(len(children), np.int64), -np.ones(len(distinct), np.int64)]
        count += len(distinct)
    if differences.triples:
        triples = np.array(differences.triples, dtype=np.int64)
        rows.append(np.repeat(np.arange(len(triples)) + count, 3))
        columns.append(triples.reshape(-1))
        signs.append(np.tile(np.array([-1, 1, 1]), len(triples)))
        count += len(triples)
    if not rows:
        return sparse.csr_array((0, nodes), dtype=np.int64)
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(entries, shape=(count, nodes), dtype=np.int64)
