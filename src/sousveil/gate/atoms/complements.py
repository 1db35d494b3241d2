"""Who is in the total of a table and not in one of its cells: one subtraction, where people are in several.

Where nobody is in two cells, these are the people of the other cells, which are protected as such. Where
somebody is, total less cell is a group of its own: of 200 people of whom 181 have a record under one label,
19 have none there, however many are under other labels.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sousveil.gate.atoms.nodes import Extra
from sousveil.gate.atoms.population import Family, Population


def complements(populations: Iterable[Population], extra: Extra, k: int) -> None:
    """Add a node for each such group of fewer than k people, nobody included: it must be able to be any few.

    It has as many records as people, as if each came once: what else is in other cells may be anybody's.
    """
    for population in populations:
        total = population.families[()].start
        for family in population.families.values():
            if _counts_somebody_twice(population, family):
                rest = population.people - family.people
                for row in np.flatnonzero((rest < k) & (family.people >= k)).tolist():
                    people = int(rest[row])
                    node = extra.add([(people, people)])
                    extra.rests.append(node)
                    extra.low[node - extra.start] = extra.high[node - extra.start] = True
                    pair = np.array([total, total], dtype=np.int64)
                    extra.equations.append((pair, np.array([family.start + row, node], dtype=np.int64)))


def _counts_somebody_twice(population: Population, family: Family) -> bool:
    asked = any(one.table.question.count == "people" for one in family.sheets)
    return asked and bool(family.refs) and int(family.people.sum()) > population.people
