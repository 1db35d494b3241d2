"""Sheets of one table of the dump, and how their populations lie in each other, made into one system."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sousveil.gate import refs as spelling
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.system import UNITS, Ints, System

MAX_CROSS = 60_000
"""Combinations of labels of one table; of more, only those that occur are nodes."""

Refs = tuple[str, ...]


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
    populations = {}
    for base, group in itertools.groupby(sorted(sheets, key=lambda one: one.base), key=lambda one: one.base):
        populations[base] = _population(base, list(group))
    start = 0
    for population in populations.values():
        for family in population.families.values():
            family.start, start = start, start + family.size
    equations = [pair for population in populations.values() for pair in _sums(population)]
    differences = _Differences(start, k)
    for inner, outer in nested:
        if inner in populations and outer in populations:
            differences.add(populations[inner], populations[outer])
    return Built(_system(list(populations.values()), equations, differences, k), populations)


def _population(base: str, sheets: Sequence[Sheet]) -> Population:
    total = sheets[0].table.total
    labels: dict[str, set[str]] = {}
    for one in sheets:
        for place, ref in enumerate(one.refs):
            labels.setdefault(ref, set()).update(key[place] for key in one.cells)
    for ref, found in list(labels.items()):
        found.update(spelling.universe(ref, [label for label in found if label]))
        if spelling.function(ref) == "month":
            coarse = f"year({spelling.column(ref)})"
            labels.setdefault(coarse, set()).update(spelling.coarser(label) for label in found)
    population = Population(
        base, total.records, total.people, {ref: sorted(found) for ref, found in labels.items()}, {}
    )
    for one in sheets:
        if one.refs not in population.families:
            population.families[one.refs] = _asked(population, one)
        population.families[one.refs].sheets.append(one)
    _add_margins(population)
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
    zeros = _zeros(one.refs, codes, [len(population.labels[ref]) for ref in one.refs])
    nothing = np.zeros(len(zeros), dtype=np.int64)
    return Family(
        one.refs,
        np.concatenate([codes, zeros]),
        np.concatenate([records, nothing]),
        np.concatenate([people, nothing]),
    )


def _zeros(refs: Refs, codes: Ints, shape: Sequence[int]) -> Ints:
    """The combinations that don't occur, but for those that can't, since one column tells the other.

    With one column: the labels that everybody knows, such as the months in between.
    """
    width = codes.shape[1]
    if (width == 1 and not spelling.is_closed(refs[0])) or np.prod(shape, dtype=np.float64) > MAX_CROSS:
        return np.zeros((0, width), dtype=np.int64)
    free = np.ones(tuple(shape), dtype=np.bool_)
    free[tuple(codes.T)] = False
    for one, other in itertools.permutations(range(width), 2):
        pairs = np.unique(codes[:, [one, other]], axis=0)
        if len(pairs) == len(np.unique(pairs[:, 0])):
            possible = np.zeros((shape[one], shape[other]), dtype=np.bool_)
            possible[tuple(pairs.T)] = True
            view = possible if one < other else possible.T
            free &= view.reshape([shape[n] if n in (one, other) else 1 for n in range(width)])
    return np.argwhere(free).astype(np.int64)


def _add_margins(population: Population) -> None:
    """The margins of every table: what other questions may ask for; its own count where it was asked."""
    for refs in sorted(population.families, key=len, reverse=True):
        for size in range(len(refs) - 1, 0, -1):
            for margin in itertools.combinations(refs, size):
                if margin not in population.families:
                    family = population.families[refs]
                    codes, back = _projected(population, family, margin)
                    population.families[margin] = Family(
                        margin, codes, _summed(family.records, back), _summed(family.people, back)
                    )


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
    fine = spelling.finer(ref)
    coarse = {label: place for place, label in enumerate(population.labels[ref])}
    table = np.array([coarse[spelling.coarser(label)] for label in population.labels[fine]], dtype=np.int64)
    return table[family.codes[:, family.refs.index(fine)]]


def _tells(fine: Refs, coarse: Refs) -> bool:
    """Whether the cells by `coarse` are sums of cells by `fine`."""
    return fine != coarse and all(ref in fine or spelling.finer(ref) in fine for ref in coarse)


def _sums(population: Population) -> list[tuple[Ints, Ints]]:
    """Parents and children of all equations of a population, as pairs (parent of each child, child)."""
    pairs = []
    families = population.families
    for coarse, fine in itertools.permutations(families, 2):
        between = (other for other in families if _tells(fine, other) and _tells(other, coarse))
        if not _tells(fine, coarse) or any(between):
            continue
        above, below = families[coarse], families[fine]
        codes, back = _projected(population, below, coarse)
        number = {tuple(code): row for row, code in enumerate(above.codes.tolist())}
        parents = np.array([number.get(tuple(code), -1) for code in codes.tolist()], dtype=np.int64)[back]
        known = parents >= 0
        pairs.append(
            (parents[known] + above.start, np.arange(below.size, dtype=np.int64)[known] + below.start)
        )
    return pairs


class _Differences:
    """The nodes for what an outer population has more than an inner one, cell by cell."""

    def __init__(self, start: int, k: int) -> None:
        self.start = start
        self.k = k
        self.values: dict[str, list[int]] = {unit: [] for unit in UNITS}
        self.small: list[bool] = []
        self.triples: list[tuple[int, int, int]] = []
        """Outer node, inner node, difference."""

    def add(self, inner: Population, outer: Population) -> None:
        """Every family that both have."""
        for refs in inner.families.keys() & outer.families.keys():
            if refs:
                self._family(inner, outer, refs)

    def _family(self, inner: Population, outer: Population, refs: Refs) -> None:
        told = {spelling.column(ref) for ref in refs}
        carved = all(spelling.columns_of_where(one.base) <= told for one in (inner, outer))
        within = inner.families[refs]
        without = outer.families[refs]
        number = {labels: row for row, labels in enumerate(_labels(inner, within))}
        for row, labels in enumerate(_labels(outer, without)):
            if labels not in number:
                continue
            below = number[labels]
            records = int(without.records[row] - within.records[below])
            people = int(without.people[row] - within.people[below])
            # Where the `where` cuts along the very labels, an empty rest is no news.
            if records < 0 or people < 0 or (carved and records == 0):
                continue
            self.triples.append((without.start + row, within.start + below, self.start + len(self.small)))
            self.values["records"].append(records)
            self.values["people"].append(people)
            self.small.append(people < self.k or records < self.k)


def _labels(population: Population, family: Family) -> list[Labels]:
    return [
        tuple(population.labels[ref][place] for ref, place in zip(family.refs, code, strict=True))
        for code in family.codes.tolist()
    ]


def _system(
    populations: Sequence[Population],
    equations: Sequence[tuple[Ints, Ints]],
    differences: _Differences,
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


def _mark(population: Population, family: Family, hidden: np.ndarray, fixed: np.ndarray) -> None:
    """What earlier releases have settled, and that totals are known."""
    nodes = slice(family.start, family.start + family.size)
    if not family.refs:
        hidden[nodes], fixed[nodes] = False, True
        return
    for one in family.sheets:
        if one.shown is not None:
            shown = np.array([labels in one.shown for labels in _labels(population, family)], dtype=np.bool_)
            hidden[nodes] |= ~shown
            fixed[nodes] |= ~shown
            if one.released:
                fixed[nodes] = True


def _ceilings(populations: Sequence[Population], differences: _Differences) -> dict[str, Ints]:
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
    equations: Sequence[tuple[Ints, Ints]], differences: _Differences, nodes: int
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
