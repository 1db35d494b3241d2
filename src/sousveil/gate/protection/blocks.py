"""Large systems in parts: which nodes move together while all the others stay at their counts.

A world that differs from the counts in one block only is a world, and worlds of several blocks go together,
since each keeps every sum. So blocks only make fewer worlds, never wrong ones; programs over a few thousand
unknowns end hundreds of times sooner than over fifty thousand.

A block is made of clusters: all that one label is about (a company, a nationality), beside the heaviest
labels, which have most to give.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sousveil.gate.protection.system import Flags, Ints

MOST = 4_000
"""Nodes of a block; a system of no more is one block."""


@dataclass(frozen=True)
class Blocks:
    """Nodes in clusters."""

    cluster: Ints
    """For each node the number of its cluster; -1 where it is in every block."""
    weights: Ints
    """How much each node counts."""

    @property
    def undivided(self) -> bool:
        """Whether the nodes are few enough for one block."""
        return len(self.cluster) <= MOST

    def packed(self, wanted: Ints, chance: np.random.Generator) -> list[Ints]:
        """Blocks of about `MOST` nodes: the clusters of these nodes, each in one, and others by chance."""
        if self.undivided:
            return [np.arange(len(self.cluster), dtype=np.int64)]
        wish = np.zeros(len(self.cluster), dtype=np.bool_)
        wish[wanted] = True
        own = chance.permutation(np.unique(self.cluster[wanted]))
        sizes = np.minimum(self._sizes[own], MOST // 2)
        begins = np.cumsum(sizes) - sizes
        pieces = np.split(own, np.flatnonzero(np.diff(begins // (MOST // 2))) + 1)
        return [self._filled(some, wish, chance, MOST) for some in pieces]

    def around(self, nodes: Ints, chance: np.random.Generator, most: int = MOST) -> Ints:
        """The clusters of some nodes, and others by chance until there are `most` nodes."""
        if len(self.cluster) <= most:
            return np.arange(len(self.cluster), dtype=np.int64)
        wish = np.zeros(len(self.cluster), dtype=np.bool_)
        wish[nodes] = True
        return self._filled(np.unique(self.cluster[nodes]), wish, chance, most)

    def _filled(self, own: Ints, wish: Flags, chance: np.random.Generator, most: int) -> Ints:
        """Nodes of these clusters and of others with them, the heavy ones likelier.

        Of a cluster that is too large the nodes that are wished for come first, then any.
        """
        # The order of draws without replacement (P. Efraimidis, P. Spirakis, 2006).
        order = np.argsort(chance.exponential(size=len(self._weights)) / self._weights)
        taken = np.flatnonzero(self.cluster < 0)
        parts, room = [taken], most - len(taken)
        for place, one in enumerate([*own[own >= 0].tolist(), *order[~np.isin(order, own)].tolist()]):
            if room <= 0:
                break
            nodes = self._members(one)
            share = max(most // 2 if place < len(own) else room, 1)
            if len(nodes) > share:
                first = chance.permutation(len(nodes))
                nodes = nodes[first[np.argsort(~wish[nodes[first]], kind="stable")][:share]]
            parts.append(nodes)
            room -= len(nodes)
        return np.sort(np.concatenate(parts))

    def _members(self, cluster: int) -> Ints:
        return self._order[self._starts[cluster] : self._starts[cluster + 1]]

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self.cluster, kind="stable").astype(np.int64)

    @cached_property
    def _starts(self) -> Ints:
        return np.searchsorted(self.cluster[self._order], np.arange(self.cluster.max(initial=-1) + 2)).astype(
            np.int64
        )

    @cached_property
    def _sizes(self) -> Ints:
        return np.diff(self._starts)

    @cached_property
    def _weights(self) -> Ints:
        weights: Ints = np.diff(np.append(0, np.cumsum(self.weights[self._order]))[self._starts])
        return weights + 1


def blocks(label: Ints, weights: Ints) -> Blocks:
    """The clusters of nodes with one label each (-1 for none: in every block while they are few)."""
    cluster = label.copy()
    without = np.flatnonzero(label < 0)
    if len(without) > MOST // 4:
        cluster[without] = label.max(initial=-1) + 1 + np.arange(len(without)) // (MOST // 4)
    several, cluster = np.unique(cluster, return_inverse=True)
    return Blocks(cluster.astype(np.int64) - bool(len(several) and several[0] < 0), weights)
