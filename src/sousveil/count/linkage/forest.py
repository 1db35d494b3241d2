"""How many people there are, from how likely each pair of records is one person's.

Two records are one person less than two with the probability of their link. Along a maximum spanning forest
of the pairs every record joins the others once, by the likeliest of its links; so records less the sum of its
probabilities is the number expected. A doubtful link counts by its doubt, where a bar would count it as
nothing or as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.facts import Rows

_LEAST = 0.02
"""Links less likely than this are luck: every record has some."""
_ABOVE_NOTHING = 1e-9


@dataclass(frozen=True)
class Links:
    """Candidate pairs, as places in a list of records, and how likely each is one person's."""

    one: Rows
    other: Rows
    likely: npt.NDArray[np.float64]

    def people(self, here: npt.NDArray[np.bool_], shift: float = 0.0) -> float:
        """How many people these records are about, expected.

        `shift` are bits by which every link is likelier. If it is not 0, what luck may do is taken off or
        added besides: twice the standard error of that many links, two of them unseen.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import minimum_spanning_tree

        bits = np.log2(np.clip(self.likely, 1e-12, 1 - 1e-12) / np.clip(1 - self.likely, 1e-12, 1.0))
        likely = 1 / (1 + np.exp2(-(bits + shift)))
        kept = here[self.one] & here[self.other] & (likely >= _LEAST) & (self.one != self.other)
        size, likely = len(here), likely[kept]
        # A pair may stand here twice; the sparse matrix would add the two up.
        order = np.lexsort((-likely, self.other[kept], self.one[kept]))
        one, other, likely = self.one[kept][order], self.other[kept][order], likely[order]
        first = np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0))[: len(one)]
        cost = 1 + _ABOVE_NOTHING - likely[first]
        graph = coo_array((cost, (one[first], other[first])), shape=(size, size))
        held = 1 + _ABOVE_NOTHING - minimum_spanning_tree(graph.tocsr()).data
        luck = np.sign(shift) * 2 * np.sqrt((held * (1 - held)).sum() + 2)
        return float(max(here.sum() - held.sum() - luck, 0.0))
