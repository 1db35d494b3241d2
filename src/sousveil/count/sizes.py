"""Classes of the size of a cluster, as far as the estimate tells them apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Sizes = npt.NDArray[np.int64]

SIZES = 4
"""Clusters of one record, of two, of three, and of more."""


def size_class(size: Sizes) -> Sizes:
    """The class of a cluster of so many records, from 0."""
    found: Sizes = np.minimum(size, SIZES) - 1
    return found
