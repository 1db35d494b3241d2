"""Equations between populations: the difference of two nested ones, and parts that labels cut out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sousveil.findings.syntax import Node
from sousveil.gate import refs as spelling
from sousveil.gate import slices
from sousveil.gate.population import Family, Population, Refs
from sousveil.gate.sheet import Labels
from sousveil.gate.system import UNITS, Flags, Ints

Pairs = tuple[Ints, Ints]
"""Parents and children of equations: the parent of each child, the child."""


@dataclass
class Differences:
    """The nodes for what an outer population has more than an inner one, cell by cell."""

    start: int
    """The number of the first such node."""
    k: int
    values: dict[str, list[int]] = field(default_factory=lambda: {unit: [] for unit in UNITS})
    small: list[bool] = field(default_factory=list)
    triples: list[tuple[int, int, int]] = field(default_factory=list)
    """Outer node, inner node, difference."""

    def add(self, inner: Population, outer: Population) -> None:
        """Every family that both have."""
        for refs in inner.families:
            if refs and refs in outer.families:
                self._family(inner, outer, refs)

    def _family(self, inner: Population, outer: Population, refs: Refs) -> None:
        told = {spelling.column(ref) for ref in refs}
        carved = all(spelling.columns_of_where(one.base) <= told for one in (inner, outer))
        within, without = inner.families[refs], outer.families[refs]
        number = {labels: row for row, labels in enumerate(inner.labels_of(within))}
        for row, labels in enumerate(outer.labels_of(without)):
            below = number.get(labels)
            if below is None:
                continue
            records = int(without.records[row] - within.records[below])
            people = int(without.people[row] - within.people[below])
            # Where the `where` cuts along the very labels, an empty rest is no news.
            if records < 0 or people < 0 or (carved and records == 0):
                continue
            self.triples.append((without.start + row, within.start + below, self.start + len(self.small)))
            self.values["records"].append(records)
            self.values["people"].append(people)
            self.small.append(people < self.k or records < self.k)


def parts(inner: Population, outer: Population) -> list[Pairs]:
    """Equations of an inner population's nodes with the outer's, where labels cut the inner one out."""
    condition = slices.beyond(inner.base, outer.base)
    if condition is None:
        return []
    cut = {}
    for refs, family in outer.families.items():
        chosen = _chosen(condition, refs, outer.labels_of(family))
        if chosen is not None:
            cut[refs] = chosen
    pairs = []
    for refs, family in inner.families.items():
        telling = [fine for fine in cut if _tells_all(fine, refs)]
        for fine in telling:
            if not any(other != fine and _tells_all(fine, other) for other in telling):
                pairs += _linked(inner, family, outer, outer.families[fine], cut[fine])
    return pairs


def halves(one: Population, other: Population, outer: Population) -> list[Pairs]:
    """Equations of two populations that make up a third one, as their numbers say cell by cell."""
    if one.records + other.records != outer.records:
        return []
    pairs = []
    for refs, family in outer.families.items():
        if refs not in one.families or refs not in other.families:
            continue
        number = {labels: row for row, labels in enumerate(outer.labels_of(family))}
        parents, children = [], []
        sums = np.zeros(family.size, dtype=np.int64)
        for part in (one, other):
            for row, labels in enumerate(part.labels_of(part.families[refs])):
                parent = number.get(labels)
                if parent is not None:
                    sums[parent] += part.families[refs].records[row]
                    parents.append(parent + family.start)
                    children.append(row + part.families[refs].start)
        if not (sums == family.records).all():
            return []
        pairs.append((np.array(parents, dtype=np.int64), np.array(children, dtype=np.int64)))
    return pairs


def _tells_all(fine: Refs, refs: Refs) -> bool:
    return all(ref in fine for ref in refs)


def _chosen(condition: Node, refs: Refs, labels: list[Labels]) -> Flags | None:
    """Which nodes a condition takes; None where their labels don't tell."""
    found = [slices.decided(condition, dict(zip(refs, one, strict=True))) for one in labels]
    return None if None in found else np.array(found, dtype=np.bool_)


def _linked(inner: Population, family: Family, outer: Population, fine: Family, chosen: Flags) -> list[Pairs]:
    """Each node of the inner family as a sum of the outer's; nothing where the numbers say otherwise."""
    places = [fine.refs.index(ref) for ref in family.refs]
    number = {labels: row for row, labels in enumerate(inner.labels_of(family))}
    parents, children = [], []
    sums = np.zeros(family.size, dtype=np.int64)
    for row, labels in enumerate(outer.labels_of(fine)):
        if not chosen[row]:
            continue
        parent = number.get(tuple(labels[place] for place in places))
        if parent is not None:
            sums[parent] += fine.records[row]
            parents.append(parent + family.start)
            children.append(row + fine.start)
        elif fine.records[row]:
            return []
    if not (sums == family.records).all():
        return []
    return [(np.array(parents, dtype=np.int64), np.array(children, dtype=np.int64))]
