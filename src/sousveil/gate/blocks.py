"""Large systems in parts: which nodes move together while all the others stay at their counts.

A world that differs from the counts in one block only is a world, and worlds of several blocks go together,
since each keeps every sum. So blocks only make fewer worlds, never wrong ones; programs over a few thousand
unknowns end hundreds of times sooner than over fifty thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sousveil.gate.system import Ints

MOST = 4_000
"""Nodes of a block; a system of no more is one block."""


@dataclass(frozen=True)
class Blocks:
    """Nodes (columns of a matrix of equations) in clusters that are held together by short equations."""

    cluster: Ints
    """For each node the number of its cluster, from 0."""
    order: Ints
    """The nodes, cluster by cluster."""
    starts: Ints
    """Where each cluster begins in `order`, and the end."""

    @property
    def undivided(self) -> bool:
        """Whether the nodes are few enough for one block."""
        return len(self.order) <= MOST

    def packed(self, wanted: Ints, chance: np.random.Generator) -> list[Ints]:
        """Blocks of about `MOST` nodes that hold the clusters of these nodes, and others by chance."""
        if self.undivided:
            return [np.arange(len(self.order), dtype=np.int64)]
        sizes = np.diff(self.starts)
        own = chance.permutation(np.unique(self.cluster[wanted]))
        others = chance.permutation(np.setdiff1d(np.arange(len(sizes)), own))
        kept = np.split(own, _cuts(sizes[own], MOST // 2))
        filling = np.split(others, _cuts(sizes[others], MOST // 2))
        return [
            np.sort(self._nodes(np.concatenate([some, *filling[place : place + 1]])))
            for place, some in enumerate(kept)
        ]

    def around(self, nodes: Ints, chance: np.random.Generator, most: int = MOST) -> Ints:
        """The clusters of some nodes, and others by chance until there are `most` nodes."""
        if len(self.order) <= most:
            return np.arange(len(self.order), dtype=np.int64)
        own = np.unique(self.cluster[nodes])
        others = chance.permutation(np.setdiff1d(np.arange(len(self.starts) - 1), own))
        sizes = np.cumsum(np.diff(self.starts)[others]) + int(np.isin(self.cluster, own).sum())
        return np.sort(self._nodes(np.concatenate([own, others[sizes <= most]])))

    def _nodes(self, clusters: Ints) -> Ints:
        parts = [self.order[self.starts[one] : self.starts[one + 1]] for one in clusters.tolist()]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def blocks(matrix: sparse.csr_array) -> Blocks:
    """The clusters of the nodes of some equations: shorter equations join first, up to half of `MOST`."""
    size = matrix.shape[1]
    length = np.diff(matrix.indptr)
    cluster = np.arange(size, dtype=np.int64)
    longest = 2
    while size > MOST and longest < 2 * length.max(initial=0):
        rows = matrix[np.flatnonzero(length <= longest)]
        graph = sparse.block_array([[None, abs(rows)], [abs(rows).T, None]], format="csr")
        _, found = csgraph.connected_components(graph, directed=False)
        joined = found[rows.shape[0] :].astype(np.int64)
        fits = np.bincount(joined)[joined] <= MOST // 2
        # Numbers of the larger clusters so far are moved out of the way of the new ones.
        cluster = np.where(fits, joined, cluster + size + len(length))
        cluster = np.unique(cluster, return_inverse=True)[1].astype(np.int64)
        longest *= 2
    order = np.argsort(cluster, kind="stable").astype(np.int64)
    starts = np.searchsorted(cluster[order], np.arange(cluster.max(initial=-1) + 2)).astype(np.int64)
    return Blocks(cluster, order, starts)


def _cuts(sizes: Ints, most: int) -> Ints:
    """Where a list of clusters is cut so that its pieces have about `most` nodes each."""
    begins = np.cumsum(sizes) - sizes
    return np.flatnonzero(np.diff(begins // most)) + 1
