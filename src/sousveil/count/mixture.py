"""How many of a set of records are of nobody known, from how strong the evidence is.

The records fall into tiers by the probability that one of the known people is theirs. Ghosts say how the
tiers are shared out among records whose person is known, and among those whose person is not. What was seen
is a mixture of both; its weight is found by maximum likelihood. No tier is taken at its word: a matcher that
misses half of what it should find does so for ghosts too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]

_ROUNDS = 200
DRAWS = 60
_PRIOR = 4.0
"""Ghosts that what the linkage itself believes is worth: it decides where there are few or none."""
_BELIEVED = np.array([0.005, 0.05, 0.3, 0.7, 0.95, 0.995, 0.7, 0.95, 0.995])
"""The middle of each tier (`linkage.evidence.tiers`)."""
_SEED = 20


@dataclass(frozen=True)
class Mixture:
    """`out[k]` is the probability that a record of tier `k` is of nobody known; `draws` has a row a draw."""

    out: Shares
    draws: Shares


def mixture(seen: Shares, within: Shares, without: Shares) -> Mixture:
    """Solve for the share of records of nobody known.

    Counts by tier: of the records `seen`, of ghosts whose person is known (`within`), and of ghosts whose
    person was taken out (`without`). The draws are a parametric bootstrap of all three; every third one
    supposes that ghosts are missed half as often as the records themselves, and every third twice as often.
    """
    rng = np.random.default_rng(_SEED)
    draws = np.empty((DRAWS, len(seen)))
    for place in range(DRAWS):
        drawn = [_redrawn(rng, counts) for counts in (seen, within, without)]
        missed = (1.0, 0.5, 2.0)[place % 3]
        draws[place] = _solved(drawn[0], _within(_missing(drawn[1], missed)), _without(drawn[2]))
    return Mixture(_solved(seen, _within(within), _without(without)), draws)


def _redrawn(rng: np.random.Generator, counts: Shares) -> Shares:
    return np.asarray(rng.poisson(counts), np.float64)


def _missing(within: Shares, times: float) -> Shares:
    """The tiers of known people if so many times as many were in the lowest tier."""
    lowest = min(within[0] * times, 0.9 * within.sum())
    rest = within[1:].sum()
    if rest <= 0:
        return within
    return np.concatenate([[lowest], within[1:] * (within.sum() - lowest) / rest])


def _within(counts: Shares) -> Shares:
    return _shares(counts, _BELIEVED)


def _without(counts: Shares) -> Shares:
    return _shares(counts, 1 - _BELIEVED)


def _shares(counts: Shares, believed: Shares) -> Shares:
    share: Shares = (counts + _PRIOR * believed / believed.sum()) / (counts.sum() + _PRIOR)
    return share


def _solved(seen: Shares, within: Shares, without: Shares) -> Shares:
    share, total = 0.5, max(float(seen.sum()), 1.0)
    out = np.full(len(seen), share)
    for _ in range(_ROUNDS):
        out = share * without / (share * without + (1 - share) * within)
        # A tenth of a record on either side keeps a share of nothing from being for ever.
        new = (float((seen * out).sum()) + 0.1) / (total + 0.2)
        if abs(new - share) < 1e-7:
            break
        share = new
    return out
