"""Figures of statistics that several families need.

`scipy.stats` has them too, at half a second of CPU to import; its special functions are what it uses itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def rank_correlation(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> float:
    """Spearman's rank correlation of two columns, from -1 to 1; values alike share their mean rank."""
    ranks = np.column_stack([_ranks(one), _ranks(other)])
    return float(np.asarray(np.corrcoef(ranks, rowvar=False))[0, 1])


def _ranks(values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: npt.NDArray[np.float64] = (last - (counts - 1) / 2)[place]
    return ranks


def beyond_chi_square(value: float, degrees: int) -> float:
    """How likely chance alone gives a chi-square of `value` or more."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees, value))


def beta_quantile(share: float, a: float, b: float) -> float:
    """The value below which a beta distribution has this share."""
    from scipy.special import betaincinv

    return float(betaincinv(a, b, share))
