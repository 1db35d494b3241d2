"""Which recodes have to be looked at together, so that numbers which fit group by group fit one population.

Each question is about some recodes: the references of its `by`, and for each column of its `where` the truth
of all conditions about it. Tables over groups of recodes that agree wherever the groups meet come from one
population if the groups can be hung up as a tree in which each recode stands in one branch (a junction tree;
N. Vorob'ev, 1962; R. Fagin, 1983, on acyclic hypergraphs), in whole numbers, too. Where they can't (by a and
b, by b and c, by c and a), groups are joined until they can.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Group = frozenset[str]
Size = Callable[[Group], int]
"""How many classes a group of recodes has."""


@dataclass(frozen=True)
class Tree:
    """Groups, and the pairs of them (by their places) that agree on what they share."""

    groups: tuple[Group, ...]
    edges: tuple[tuple[int, int], ...]


def tree(groups: Iterable[Group], size: Size, small: int) -> Tree:
    """The groups as a junction tree, joined where they must be or make no more than `small` classes."""
    kept = largest(groups)
    while True:
        edges = _spanning(kept)
        together = [(a, b) for a, b in itertools.combinations(range(len(kept)), 2) if kept[a] & kept[b]]
        circular = not _is_junction(kept, edges)
        if not circular:
            together = list(itertools.combinations(range(len(kept)), 2))
        best = min(together, key=lambda pair: (size(kept[pair[0]] | kept[pair[1]]), pair), default=None)
        if best is None or (not circular and size(kept[best[0]] | kept[best[1]]) > small):
            return Tree(tuple(kept), tuple(edges))
        kept = largest([*kept, kept[best[0]] | kept[best[1]]])


def largest(groups: Iterable[Group]) -> list[Group]:
    """The groups that lie in no other, in a fixed order."""
    distinct = sorted(set(groups), key=sorted)
    return [one for one in distinct if not any(one < other for other in distinct)]


def _spanning(groups: list[Group]) -> list[tuple[int, int]]:
    """A spanning tree whose edges share most (Prim)."""
    inside, edges = {0}, []
    while len(inside) < len(groups):
        _, a, b = max(
            (len(groups[a] & groups[b]), -a, -b)
            for a in inside
            for b in range(len(groups))
            if b not in inside
        )
        edges.append((-a, -b))
        inside.add(-b)
    return edges


def _is_junction(groups: list[Group], edges: list[tuple[int, int]]) -> bool:
    """Whether each recode's groups hang together: a spanning tree can share no more (D. Maier, 1983)."""
    shared = sum(len(groups[a] & groups[b]) for a, b in edges)
    return shared == sum(map(len, groups)) - len(frozenset[str]().union(*groups))
