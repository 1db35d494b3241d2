"""Sheets of one table of the dump, and how their populations lie in each other, made into one system."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sousveil.gate.atoms.columns import within
from sousveil.gate.atoms.complements import complements
from sousveil.gate.atoms.inclusions import margins
from sousveil.gate.atoms.joint import joined
from sousveil.gate.atoms.labels import known
from sousveil.gate.atoms.nodes import Extra
from sousveil.gate.atoms.population import Family, Population, Refs, population_of, sums
from sousveil.gate.circles.carry import Carrier
from sousveil.gate.effort import Effort
from sousveil.gate.language import refs as spelling
from sousveil.gate.protection.system import UNITS, Flags, Ints, System
from sousveil.gate.sheet import Counts, Labels, Sheet


@dataclass(frozen=True)
class Built:
    """A system, and where the sheets' cells are in it."""

    system: System
    populations: Mapping[str, Population]

    def family(self, node: int) -> tuple[str, Refs]:
        """The population and the references that a node is about; nothing where it is of no population."""
        for base, population in self.populations.items():
            for family in population.families.values():
                if family.start <= node < family.start + family.size:
                    return base, family.refs
        return "", ()

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


def build(sheets: Sequence[Sheet], counts: Counts, k: int, effort: Effort) -> Built:
    """The system of these sheets of one table of the dump; `counts` counts its records and people.

    Raises `TooWide` where a circle of tables has more atoms than the effort allows.
    """
    populations: dict[str, Population] = {}
    labels = known(sheets, counts, k)
    for base, group in itertools.groupby(sorted(sheets, key=lambda one: one.base), key=lambda one: one.base):
        some = list(group)
        populations[base] = population_of(base, some, labels, functools.partial(_counted, some, counts))
    start = 0
    for population in populations.values():
        for family in population.families.values():
            family.start, start = start, start + family.size
    equations = [pair for population in populations.values() for pair in sums(population)]
    extra = joined(sheets, populations, counts, start, k, effort)
    asked = frozenset(one.table.question.count for one in sheets)
    every = list(populations.values())
    complements(every, extra, k)
    return Built(_system(every, [*equations, *extra.equations], extra, k, asked), populations)


def _counted(sheets: Sequence[Sheet], counts: Counts, refs: Refs) -> Mapping[Labels, tuple[int, int]]:
    """Records and people of the population of these sheets by some references."""
    written = {spelling.canonical(by): by for one in sheets for by in one.table.question.by}
    return within(sheets[0].base, counts)((), [written[ref] for ref in refs])


def _system(
    populations: Sequence[Population],
    equations: Sequence[tuple[Ints, Ints]],
    extra: Extra,
    k: int,
    asked: frozenset[str],
) -> System:
    families = [family for population in populations for family in population.families.values()]
    values = {
        unit: np.concatenate(
            [*(getattr(family, unit) for family in families), np.array(getattr(extra, unit), dtype=np.int64)]
        )
        for unit in UNITS
    }
    small = (values["people"] < k) | (values["records"] < k)
    small[extra.impossible] = False
    loose = np.zeros(len(small), dtype=np.bool_)
    loose[extra.start :] = True
    small &= ~loose
    hidden, fixed = small | loose, small | loose
    fixed[extra.impossible] = True
    low, high = small.copy(), small.copy()
    low[extra.start :], high[extra.start :] = extra.low, np.logical_or(extra.high, extra.some)
    top = np.full(len(small), k - 1, dtype=np.int64)
    top[extra.start :][extra.some] = 1
    for population in populations:
        for family in population.families.values():
            _mark(population, family, hidden, fixed)
    hidden[extra.impossible] = False
    return System(
        k=k,
        values=values,
        small=small,
        loose=loose,
        low=low,
        high=high,
        top=top,
        hidden=hidden,
        fixed=fixed,
        cost=1.0 + values["people"] / max(float(values["people"].sum()) / max(len(small), 1), 1.0),
        ceiling=_ceilings(populations, values, extra),
        matrix=_matrix(equations, len(small)),
        population=np.concatenate(
            [
                np.full(family.size, place)
                for place, one in enumerate(populations)
                for family in one.families.values()
            ]
            + [np.full(len(extra.records), -1)]
        ),
        label=_labelled(populations, extra, len(small)),
        aside=np.concatenate(
            [np.full(family.size, bool(family.refs) and not family.sheets) for family in families]
            + [np.zeros(len(extra.records), dtype=np.bool_)]
        ),
        circles=[Carrier(one) for one in extra.circles],
        asked=asked,
        inside=_inside(populations, extra),
        rests=np.array(extra.rests, dtype=np.int64),
    )


def _inside(populations: Sequence[Population], extra: Extra) -> tuple[Ints, Ints]:
    """Cells and those in which they lie, within each population and across."""
    pairs = [extra.inside, *(pair for one in populations for pair in margins(one))]
    parts, wholes = (np.concatenate([pair[place] for pair in pairs]) for place in (0, 1))
    return parts, wholes


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


def _labelled(populations: Sequence[Population], extra: Extra, nodes: int) -> Ints:
    """Of the reference with most labels the one that each node is about, or -1: see `System.label`."""
    labels: dict[str, set[str]] = {}
    for one in populations:
        for ref, found in one.labels.items():
            labels.setdefault(ref, set()).update(found)
    label = np.full(nodes, -1, dtype=np.int64)
    if not labels:
        return label
    axis = max(sorted(labels), key=lambda ref: len(labels[ref]))
    number = {one: place for place, one in enumerate(sorted(labels[axis]))}
    for one in populations:
        for family in one.families.values():
            if axis in family.refs:
                of = np.array([number[name] for name in one.labels[axis]], dtype=np.int64)
                codes = family.codes[:, family.refs.index(axis)]
                label[family.start : family.start + family.size] = of[codes]
    for table in extra.tables:
        if axis in table.recodes:
            place = table.recodes.index(axis)
            label[table.start : table.start + len(table.keys)] = [
                number.get(key[place], -1) for key in table.keys
            ]
    for parents, children in extra.equations:
        # What groups share or what one population has beyond another is about what its atoms are about.
        least, most = np.full(nodes, nodes, dtype=np.int64), np.full(nodes, -1, dtype=np.int64)
        np.minimum.at(least, parents, label[children])
        np.maximum.at(most, parents, label[children])
        alike = (label < 0) & (least == most)
        label[alike] = most[alike]
    return label


def _ceilings(populations: Sequence[Population], values: dict[str, Ints], extra: Extra) -> dict[str, Ints]:
    """No cell exceeds its population; an atom may be all that there is, and a little more."""
    made = {}
    for unit in UNITS:
        parts = [
            np.full(family.size, getattr(one, unit), dtype=np.int64)
            for one in populations
            for family in one.families.values()
        ]
        most = int(values[unit].max(initial=0)) + int(values[unit][extra.start :].sum())
        made[unit] = np.concatenate([*parts, np.full(len(extra.records), most, dtype=np.int64)])
    return made


def _matrix(equations: Sequence[tuple[Ints, Ints]], nodes: int) -> sparse.csr_array:
    rows, columns, signs = [], [], []
    count = 0
    for parents, children in equations:
        distinct, back = np.unique(parents, return_inverse=True)
        rows += [back + count, np.arange(len(distinct)) + count]
        columns += [children, distinct]
        signs += [np.ones(len(children), np.int64), -np.ones(len(distinct), np.int64)]
        count += len(distinct)
    if not rows:
        return sparse.csr_array((0, nodes), dtype=np.int64)
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(entries, shape=(count, nodes), dtype=np.int64)
