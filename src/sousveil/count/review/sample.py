"""Which records are judged, in which order: a stratified random sample that may stop anywhere.

The number of people is N = sum over records of 1 / (records of the same person). The matcher's own figure is
M = sum over records of f, f = 1 / (records of the same predicted person). A record drawn with a probability
in proportion to f (a predicted person at random, then one of its records at random) has

    E[ (records of the predicted person) / (records of the true person) ] = N / M,

so the mean of that ratio over a sample, times M, estimates N whatever the matcher did: it is 1 wherever the
matcher is right, which is what makes the sample small. Three strata, since mistakes are not spread evenly:
predicted persons with a valid strong identifier, those without, and records that belong to nobody known.
Drawing is without replacement of persons; the order lays the strata into each other, so that wherever the
review stops each has its share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.records import Flags
from sousveil.count.review.cards import Cards, Places

STRATA = ("sure", "unsure", "nobody")
_SPREAD = np.array([0.25, 0.5, 0.4])
"""How much the ratio is expected to vary in each: more of the sample goes where it varies more."""
_LEAST = 0.1
"""The least share of the sample for a stratum that has anybody."""
LONGEST = 4_000
"""Records for which candidates are proposed; the guess is known for all of them, so more would add little."""


@dataclass(frozen=True)
class Sample:
    """Records in the order in which they are judged."""

    record: Places
    """Its place among the records of the case."""
    stratum: npt.NDArray[np.int8]
    people: tuple[int, ...]
    """Predicted persons in each stratum, in this scope: together, M."""
    own: Places
    """The records of each one's predicted person that are in this scope."""

    def __len__(self) -> int:
        return len(self.record)


def draw(cards: Cards, inside: Flags, rng: np.random.Generator, size: int = LONGEST) -> Sample:
    """Draw the sample of a scope; `inside` says which records are in it."""
    records = np.flatnonzero(inside)
    rng.shuffle(records)
    person = cards.person[cards.of[records]]
    # The first record of each person in a random order: every record of a person is as likely.
    people, first = np.unique(person, return_index=True)
    held = np.bincount(person, minlength=cards.people)[people]
    chosen, turn = records[first], rng.permutation(len(people))
    card = cards.of[chosen]
    stratum = np.where(cards.nobody[card], 2, np.where(cards.sure[card], 0, 1)).astype(np.int8)
    sizes = np.bincount(stratum, minlength=len(STRATA))
    order = _interleaved([turn[stratum[turn] == s] for s in range(len(STRATA))], sizes, size)
    return Sample(chosen[order], stratum[order], tuple(int(n) for n in sizes), held[order].astype(np.int64))


def _interleaved(queues: list[npt.NDArray[np.intp]], sizes: npt.NDArray[np.intp], size: int) -> Places:
    """The queues laid into each other, each in proportion to its share of the sample."""
    shares = _shares(sizes)
    keys, members = [], []
    for queue, share in zip(queues, shares, strict=True):
        if share > 0:
            keys.append((np.arange(len(queue)) + 0.5) / share)
            members.append(queue)
    if not members:
        return np.zeros(0, np.int64)
    order = np.argsort(np.concatenate(keys), kind="stable")
    return np.concatenate(members)[order][:size].astype(np.int64)


def _shares(sizes: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Each stratum's share of the sample: by its people and their spread (Neyman 1934), and a least one."""
    weight = sizes * _SPREAD
    share = weight / max(float(weight.sum()), 1e-9)
    share = np.where(sizes > 0, np.maximum(share, _LEAST), 0.0)
    return np.asarray(share / max(float(share.sum()), 1e-9), np.float64)
