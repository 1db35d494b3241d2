"""How many of a set of records are of nobody known, from how strong the evidence is.

The records fall into tiers by the probability that one of the known people is theirs. Ghosts say how the
tiers are shared out among records whose person is known, and among those whose person is not. What was seen
is a mixture of both; its weight is found by maximum likelihood. No tier is taken at its word: a matcher that
misses half of what it should find does so for ghosts too.
"""

from __future__ import annotations

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
_NEAR = 1e-6


Mixture = Shares
"""By draw (the first is the best answer) and tier: the probability that a record is of nobody known."""


def mixture(seen: Shares, within: Shares, without: Shares) -> Mixture:
    """Solve for the share of records of nobody known.

    Counts by tier: of the records `seen`, of ghosts whose person is known (`within`), and of ghosts whose
    person was taken out (`without`).
    """
    return mixture_of_kinds(seen[None], within[None], without[None])[:, 0]


def mixture_of_kinds(seen: Shares, within: Shares, without: Shares) -> Shares:
    """The same for records of several kinds, of which as large a share is of nobody known.

    By draw, kind and tier, of counts by kind and tier. The share is pooled, so that kinds which say little
    follow those that say more. The draws are a parametric bootstrap of all three; every third one
    supposes that ghosts are missed half as often as the records themselves, and every third twice as often.
    """
    rng = np.random.default_rng(_SEED)
    drawn = [
        np.concatenate([counts[None], rng.poisson(counts, (DRAWS, *counts.shape))])
        for counts in (seen, within, without)
    ]
    missed = np.append(1.0, np.resize((1.0, 0.5, 2.0), DRAWS))
    return _solved(drawn[0], _shares(_missing(drawn[1], missed), _BELIEVED), _shares(drawn[2], 1 - _BELIEVED))


def _missing(within: Shares, times: Shares) -> Shares:
    """The tiers of known people if so many times as many were in the lowest tier, by draw."""
    total, rest = within.sum(axis=-1), within[..., 1:].sum(axis=-1)
    lowest = np.where(rest > 0, np.minimum(within[..., 0] * times[:, None], 0.9 * total), within[..., 0])
    others = within[..., 1:] * ((total - lowest) / np.maximum(rest, 1e-9))[..., None]
    return np.concatenate([lowest[..., None], others], axis=-1)


def _shares(counts: Shares, believed: Shares) -> Shares:
    share: Shares = (counts + _PRIOR * believed / believed.sum()) / (
        counts.sum(axis=-1, keepdims=True) + _PRIOR
    )
    return share


def _solved(seen: Shares, within: Shares, without: Shares) -> Shares:
    """Expectation and maximisation, all draws at once."""
    total = seen.sum(axis=(1, 2))
    share = np.full(len(seen), 0.5)
    for _ in range(_ROUNDS):
        of_out = share[:, None, None] * without
        out: Shares = of_out / (of_out + (1 - share)[:, None, None] * within)
        # A tenth of a record on either side keeps a share of nothing from being for ever.
        new = ((seen * out).sum(axis=(1, 2)) + 0.1) / (total + 0.2)
        if np.abs(new - share).max() < _NEAR:
            break
        share = new
    return out
