"""How tables in circles become a `Circle`: axes, the cells that its atoms add up to, unlisted groups."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from sousveil.gate.atoms.clusters import Group
from sousveil.gate.atoms.columns import Recodes
from sousveil.gate.atoms.groups import MOST_GROUPS
from sousveil.gate.atoms.population import Family, Population
from sousveil.gate.circles.circle import Atoms, Axes, Circle, Grid, Link, Unlisted
from sousveil.gate.protection.system import UNITS, Flags, Ints
from sousveil.gate.sheet import Labels


def circle(recodes: Recodes, group: Group, whole: Population, k: int) -> Circle:
    """The circle of all tables of one population by recodes of a group, none of them a condition."""
    within = recodes.within(group)
    axes = {column: axis for axis, column in enumerate(within)}
    order = recodes.order(group)
    made = _Maker(recodes, order, [within[column] for column in axes])
    families = [one for one in whole.families.values() if set(one.refs) <= group]
    observed = recodes.observed(order)
    truth = {unit: np.zeros(made.grid.size(made.every), dtype=np.int32) for unit in UNITS}
    atoms = made.numbered(list(observed), made.every)
    for place, unit in enumerate(UNITS):
        np.add.at(truth[unit], atoms, np.array([one[place] for one in observed.values()], dtype=np.int64))
    links = [made.link(whole, family) for family in families]
    return Circle(made.grid, truth, links, made.unlisted({link.axes for link in links}, truth, k))


class _Maker:
    """The axes of a circle: for each column what can go together in it."""

    def __init__(self, recodes: Recodes, order: Sequence[str], classes: Sequence[Sequence[Labels]]) -> None:
        self.recodes = recodes
        self.grid = Grid(tuple(len(one) for one in classes))
        self.every: Axes = tuple(range(len(classes)))
        names = iter(order)
        self.names = [[next(names) for _ in one[0]] for one in classes]
        """For each axis the recodes of its column."""
        self.places = [{labels: place for place, labels in enumerate(one)} for one in classes]

    def numbered(self, keys: Sequence[Labels], axes: Axes) -> Ints:
        """The combination of some axes (whole columns) that each key stands for."""
        number = np.zeros(len(keys), dtype=np.int64)
        first = 0
        for axis in axes:
            last = first + len(self.names[axis])
            found = [self.places[axis][key[first:last]] for key in keys]
            number = number * self.grid.shape[axis] + np.array(found, dtype=np.int64)
            first = last
        return number

    def link(self, whole: Population, family: Family) -> Link:
        """Which atoms make up the cells of a family."""
        if not family.refs:
            return Link((), np.array([family.start], dtype=np.int64), True)
        axes = tuple(axis for axis in self.every if set(self.names[axis]) & set(family.refs))
        places = dict(zip(family.refs, whole.places(family.refs), strict=True))
        sizes = [len(whole.labels[ref]) for ref in family.refs]
        node = np.full(sizes, -1, dtype=np.int64)
        node[tuple(family.codes.T)] = np.arange(family.start, family.start + family.size)
        combinations = np.arange(self.grid.size(axes))
        index = []
        for ref in family.refs:
            axis = next(axis for axis in axes if ref in self.names[axis])
            place = self.names[axis].index(ref)
            label = np.array([places[ref][labels[place]] for labels in self.places[axis]], dtype=np.int64)
            index.append(label[self._step(combinations, axes, axis)])
        nodes = node[tuple(index)]
        there = nodes[nodes >= 0]
        return Link(axes, nodes, len(np.unique(there)) == len(there))

    def _step(self, combinations: Ints, axes: Axes, axis: int) -> Ints:
        after = self.grid.size(axes[axes.index(axis) + 1 :])
        return combinations // after % self.grid.shape[axis]

    def unlisted(self, tables: set[Axes], truth: Mapping[str, Atoms], k: int) -> list[Unlisted]:
        """Groups by all sets of axes that no table is about, the simplest first; see `groups.guard`."""
        some = itertools.chain(
            *(itertools.combinations(self.every, size) for size in range(1, len(self.every) + 1))
        )
        beyond = [axes for axes in some if not any(set(axes) <= set(table) for table in tables)]
        return [self._unlisted(axes, truth, k) for axes in beyond[:MOST_GROUPS]]

    def _unlisted(self, axes: Axes, truth: Mapping[str, Atoms], k: int) -> Unlisted:
        found = self.recodes.observed([name for axis in axes for name in self.names[axis]])
        # Who is in several atoms of a group is once in it: the others are its excess, which the attacker is
        # given, and may stay.
        sums = {"records": self.grid.summed(truth["records"], axes)}
        sums["people"] = np.zeros_like(sums["records"])
        sums["people"][self.numbered(list(found), axes)] = [people for _, people in found.values()]
        small = np.zeros(self.grid.size(axes), dtype=np.bool_)
        few = [key for key, (records, people) in found.items() if records < k or people < k]
        small[self.numbered(few, axes)] = True
        open_ones: dict[str, Flags] = {unit: small & (sums[unit] > 0) for unit in UNITS}
        return Unlisted(axes, sums, open_ones)
