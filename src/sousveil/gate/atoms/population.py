"""One population of a release: its families of nodes, one for each set of references, and their sums."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.atoms.labels import is_complete
from sousveil.gate.language import refs as spelling
from sousveil.gate.protection.system import Ints
from sousveil.gate.sheet import Labels, Sheet

MAX_CROSS = 60_000
"""Combinations of labels of one table; of more, only those that occur are nodes."""

Refs = tuple[str, ...]
Counted = Callable[[Refs], Mapping[Labels, tuple[int, int]]]
"""Records and people of one population by some references."""


@dataclass
class Family:
    """The nodes of one population by the same references, one row of `codes` each."""

    refs: Refs
    codes: Ints
    """Nodes by references: the place of each label among the population's labels."""
    records: Ints
    people: Ints
    sheets: list[Sheet] = field(default_factory=list)
    start: int = 0
    """The number of its first node in the system."""

    @property
    def size(self) -> int:
        """How many nodes."""
        return len(self.codes)


@dataclass
class Population:
    """One population: its total, the labels of each reference, its families."""

    base: str
    records: int
    people: int
    labels: dict[str, list[str]]
    families: dict[Refs, Family]

    def places(self, refs: Refs) -> list[dict[str, int]]:
        """For each reference the place of each label."""
        return [{label: place for place, label in enumerate(self.labels[ref])} for ref in refs]

    def labels_of(self, family: Family) -> list[Labels]:
        """The labels of each node of a family."""
        return [
            tuple(self.labels[ref][place] for ref, place in zip(family.refs, code, strict=True))
            for code in family.codes.tolist()
        ]


def population_of(
    base: str, sheets: Sequence[Sheet], known: Mapping[str, Collection[str]], counted: Counted
) -> Population:
    """A population with every family that its sheets have, their margins, and its total.

    `known` are labels that readers know from any table (`labels.known`): nobody under one of them must look
    as a few would. `counted` counts the people of margins.
    """
    total = sheets[0].table.total
    labels = {ref: {*known.get(ref, ())} for one in sheets for ref in one.refs}
    for one in sheets:
        for place, ref in enumerate(one.refs):
            labels[ref].update(key[place] for key in one.cells)
    for ref, found in list(labels.items()):
        found.update(spelling.universe(ref, [label for label in found if label]))
        for coarse in list(labels):
            if spelling.determines(ref, coarse):
                labels[coarse].update(spelling.recode(label, coarse) for label in found)
    population = Population(
        base, total.records, total.people, {ref: sorted(found) for ref, found in labels.items()}, {}
    )
    for one in sheets:
        if one.refs not in population.families:
            population.families[one.refs] = _asked(population, one)
        population.families[one.refs].sheets.append(one)
    _add_margins(population, counted)
    population.families[()] = Family(
        (), np.zeros((1, 0), np.int64), np.array([total.records]), np.array([total.people])
    )
    return population


def _asked(population: Population, one: Sheet) -> Family:
    """The nodes of an asked table: what occurs, and the zero combinations."""
    places = population.places(one.refs)
    codes = np.array(
        [[place[label] for place, label in zip(places, labels, strict=True)] for labels in one.cells],
        dtype=np.int64,
    ).reshape(len(one.cells), len(one.refs))
    records = np.array([cell.records for cell in one.cells.values()], dtype=np.int64)
    people = np.array([cell.people for cell in one.cells.values()], dtype=np.int64)
    zeros = _zeros(codes, [_axis(population, one, place) for place in range(len(one.refs))])
    nothing = np.zeros(len(zeros), dtype=np.int64)
    return Family(
        one.refs,
        np.concatenate([codes, zeros]),
        np.concatenate([records, nothing]),
        np.concatenate([people, nothing]),
    )


def _axis(population: Population, one: Sheet, place: int) -> Ints:
    """The labels, as places, that the cells of a table may be under in one column.

    Of a released table that lists everything a reader knows that there is nothing under other labels.
    """
    ref = one.refs[place]
    every = np.arange(len(population.labels[ref]), dtype=np.int64)
    if not is_complete(one):
        return every
    own = {labels[place] for labels in one.cells}
    own.update(spelling.universe(ref, [label for label in own if label]))
    return every[[label in own for label in population.labels[ref]]]


def _zeros(codes: Ints, axes: Sequence[Ints]) -> Ints:
    """The combinations of labels that don't occur; none where there are too many combinations.

    Also where one column tells the other: that all of a nationality are on one list is no rule of the world,
    and a city's province needs no table by both.
    """
    shape = tuple(int(axis[-1]) + 1 if len(axis) else 0 for axis in axes)
    if np.prod(shape, dtype=np.float64) > MAX_CROSS:
        return np.zeros((0, codes.shape[1]), dtype=np.int64)
    free = np.zeros(shape, dtype=np.bool_)
    free[np.ix_(*axes)] = True
    free[tuple(codes.T)] = False
    return np.argwhere(free).astype(np.int64)


def _add_margins(population: Population, counted: Counted) -> None:
    """The margins of every table: what other questions may ask for; its own count where it was asked."""
    for refs in sorted(population.families, key=len, reverse=True):
        for size in range(len(refs) - 1, 0, -1):
            for margin in itertools.combinations(refs, size):
                if margin not in population.families:
                    population.families[margin] = _margin(population, refs, margin, counted)


def _margin(population: Population, refs: Refs, margin: Refs, counted: Counted) -> Family:
    """A margin of a family; people who are in several of its cells count once in it."""
    family = population.families[refs]
    codes, back = _projected(population, family, margin)
    made = Family(margin, codes, _summed(family.records, back), _summed(family.people, back))
    if population.people < population.records:
        number = counted(margin)
        people = [number.get(labels, (0, 0))[1] for labels in population.labels_of(made)]
        made.people = np.array(people, dtype=np.int64)
    return made


def _summed(values: Ints, back: Ints) -> Ints:
    return np.bincount(back, weights=values).astype(np.int64)


def _projected(population: Population, family: Family, onto: Refs) -> tuple[Ints, Ints]:
    """The distinct codes of a family in fewer or coarser references, and for each node its place there."""
    columns = [_column(population, family, ref) for ref in onto]
    codes = np.stack(columns, axis=1) if columns else np.zeros((family.size, 0), dtype=np.int64)
    if not columns:
        return np.zeros((1, 0), np.int64), np.zeros(family.size, np.int64)
    distinct, back = np.unique(codes, axis=0, return_inverse=True)
    return distinct, back.reshape(-1).astype(np.int64)


def _column(population: Population, family: Family, ref: str) -> Ints:
    if ref in family.refs:
        return family.codes[:, family.refs.index(ref)]
    fine = spelling.finer(ref, family.refs)
    coarse = {label: place for place, label in enumerate(population.labels[ref])}
    recoded = [spelling.recode(label, ref) for label in population.labels[fine]]
    table = np.array([coarse[label] for label in recoded], dtype=np.int64)
    return table[family.codes[:, family.refs.index(fine)]]


def tells(fine: Refs, coarse: Refs) -> bool:
    """Whether the cells by `coarse` are sums of cells by `fine`."""
    return fine != coarse and all(ref in fine or spelling.finer(ref, fine) for ref in coarse)


def sums(population: Population) -> list[tuple[Ints, Ints]]:
    """Parents and children of all equations of a population, as pairs (parent of each child, child)."""
    pairs = []
    families = population.families
    for coarse, fine in itertools.permutations(families, 2):
        between = (other for other in families if tells(fine, other) and tells(other, coarse))
        if not tells(fine, coarse) or any(between):
            continue
        pairs.append(parents(population, families[fine], families[coarse]))
    return pairs


def parents(population: Population, below: Family, above: Family) -> tuple[Ints, Ints]:
    """The nodes of a coarser family in which those of a finer one lie, and these."""
    codes, back = _projected(population, below, above.refs)
    number = {tuple(code): row for row, code in enumerate(above.codes.tolist())}
    found = np.array([number.get(tuple(code), -1) for code in codes.tolist()], dtype=np.int64)[back]
    known = found >= 0
    return found[known] + above.start, np.arange(below.size, dtype=np.int64)[known] + below.start
