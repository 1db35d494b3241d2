"""How many there are, from clusters whose links are found only with a known probability.

After Chen, Shrivastava and Steorts, "Unique entity estimation with application to the Syrian conflict",
Annals of Applied Statistics 12 (2018), arXiv 1710.02690: where each pair of one entity's records is linked
with probability p, an entity of two records is seen as two with probability 1 - p, and one of three as more
than one cluster where two of its three links fail. Solving for what was there weighs clusters by their size.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_LEAST_RECALL = 0.55
"""Below this the correction grows without bounds; it is held here."""


def entities_of(sizes: npt.NDArray[np.int64], recall: float) -> npt.NDArray[np.float64]:
    """How many entities a cluster of each of these sizes stands for, if `recall` of the links are found."""
    p = min(max(recall, _LEAST_RECALL), 1.0)
    of_three = (1 - 6 * (1 - p) ** 2 * p) / (p**2 * (3 - 2 * p))
    worth = np.array([0.0, 1.0, (2 * p - 1) / p, of_three, 1.0])
    return np.asarray(worth[np.minimum(sizes, 4)], np.float64)
