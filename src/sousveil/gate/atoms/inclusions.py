"""Which cells lie whole in cells of other populations: no more people can be in a part than in the whole.

`W AND x` by month lies in `W` by month, those of `a = 'a0'` in the cell a0 and in `a = 'a0' OR b = 'b0'`.
It is read off a table of atoms that tells both: all atoms of the one belong to the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from sousveil.gate.atoms.columns import Recodes
from sousveil.gate.atoms.nodes import Table, projected
from sousveil.gate.atoms.population import Family, Population, parents, tells
from sousveil.gate.protection.system import Ints

Pairs = tuple[Ints, Ints]
"""Nodes, and the nodes in which each lies."""


def inclusions(recodes: Recodes, populations: Mapping[str, Population], tables: Sequence[Table]) -> Pairs:
    """The cells and totals of each population that lie whole in one of another population."""
    found = [np.zeros((2, 0), dtype=np.int64)]
    for table in tables:
        held = set(table.recodes)
        cells = [
            (base, _nodes(recodes, base, population, family, table))
            for base, population in sorted(populations.items())
            for family in population.families.values()
            if (family.sheets or not family.refs) and recodes.of(base, family.refs) <= held
        ]
        found += [
            _inside(part, whole)
            for (one, part), (other, whole) in itertools.permutations(cells, 2)
            if one != other
        ]
    parts, wholes = np.unique(np.concatenate(found, axis=1), axis=1)
    return parts, wholes


def margins(population: Population) -> list[Pairs]:
    """The cells of each table of a population, and those of its coarser ones in which they lie."""
    asked = [family for family in population.families.values() if family.sheets and family.refs]
    return [
        (part, whole)
        for fine, coarse in itertools.permutations(asked, 2)
        if tells(fine.refs, coarse.refs)
        for whole, part in [parents(population, fine, coarse)]
    ]


def _nodes(recodes: Recodes, base: str, population: Population, family: Family, table: Table) -> Ints:
    """The node of a family in which each atom of a table lies; -1 where it lies in none."""
    number = {labels: family.start + row for row, labels in enumerate(population.labels_of(family))}
    nodes = np.array([number.get(key, -1) for key in projected(table, family.refs)], dtype=np.int64)
    return np.where(recodes.taken(base, table.recodes, table.keys), nodes, -1)


def _inside(part: Ints, whole: Ints) -> Ints:
    """The nodes of the one family of which all atoms are in one node of the other, as two rows."""
    taken = np.flatnonzero(part >= 0)
    order = taken[np.argsort(part[taken], kind="stable")]
    nodes, begins = np.unique(part[order], return_index=True)
    if not len(nodes):
        return np.zeros((2, 0), dtype=np.int64)
    least, most = (way.reduceat(whole[order], begins) for way in (np.minimum, np.maximum))
    alike = (least == most) & (least >= 0)
    return np.stack([nodes[alike], least[alike]])
