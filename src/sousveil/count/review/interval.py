"""From judged records to an interval: the power-tuned difference estimator, and all that widens it.

For a record i of stratum h, `ratio` is (records of its predicted person) / (records of its true person, as
judged), and `guess` a prediction of that ratio from the scores of the proposal, known for the whole sample
of m_h records, of which n_h are judged. The estimate is

    N = sum over h of M_h ( w * mean(guess over m_h) + mean(ratio - w * guess over n_h) ),

with the weight w that makes its variance least: a bad guess costs nothing, since w is then near 0 (PPI++,
Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453; double sampling, Neyman 1938). To each stratum's
variance two pseudo-errors are added, one upward, one downward, so that a sample in which nothing was found
wrong has no interval of no width. Persons are drawn without replacement, so that what is left when all of
them are drawn is only which record of each it was; that matters where the record is not of one person with
the others, and is bounded by what such records show.

What a sample can't average out is added as it stands:

- an answer that is open (unsure, or not settled) is taken both ways, and the interval reaches over both
  (Imbens and Manski 2004);
- right people that the proposal did not show can only make the number smaller (`ghosts.py`);
- slips of the reviewer: answers that speak against what was expected are asked twice (`verdict.py`), and how
  often the first was a slip says how many slips that confirm the matcher were never asked again;
- what a second reviewer sees otherwise, on a random share, holds for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, erf, floor, hypot, sqrt

import numpy as np
import numpy.typing as npt

from sousveil.count.review.ghosts import Missed, at_most

Values = npt.NDArray[np.float64]

LEVEL = 0.95
LEAST = 30
"""Fewer judged records give no interval."""
_PSEUDO = 0.5
"""The size of a pseudo-error: two people taken for one, or one for two."""


@dataclass(frozen=True)
class Judged:
    """The judged records of a scope, one place each."""

    stratum: npt.NDArray[np.int8]
    guess: Values
    least: Values
    """The ratio if every open answer is "the same person"."""
    most: Values
    """The ratio if every open answer is "somebody else"."""
    alone: Values
    """The ratio if nobody of the other people shown were the same person."""
    slips: Values
    """How much the ratio would have been changed by answers that were taken back."""
    second: npt.NDArray[np.bool_]
    """Whether a second reviewer has judged it, too."""
    second_least: Values
    """`least` as it is where the two do not agree; equal to `least` elsewhere."""
    second_most: Values


@dataclass(frozen=True)
class Frame:
    """What the judged records are a sample of."""

    people: tuple[int, ...]
    """Predicted persons in each stratum."""
    drawn: tuple[int, ...]
    """Records of each stratum for which the guess is known."""
    guess: tuple[float, ...]
    """The mean of the guess over them."""
    missed: Missed
    taken_back: int = 0
    """Answers against what was expected that proved to be slips."""
    as_expected: int = 0
    """Answers that are as expected, those among them."""


@dataclass(frozen=True)
class Interval:
    """How many people there are; `low` to `high` holds the number with `LEVEL`."""

    estimate: int
    low: int
    high: int

    @property
    def half(self) -> float:
        """The half-width, as a share of the estimate."""
        return (self.high - self.low) / 2 / max(self.estimate, 1)


def interval(judged: Judged, frame: Frame) -> Interval | None:
    """The reviewed interval; None while there are too few judged records in any stratum that has people."""
    found = np.bincount(judged.stratum, minlength=len(frame.people))
    here = [h for h, people in enumerate(frame.people) if people]
    wanted = [min(2, frame.people[h]) for h in here]
    if len(judged.stratum) < min(LEAST, sum(frame.people)) or np.any(found[here] < wanted) or not here:
        return None
    middle = (judged.least + judged.most) / 2
    weight = _tuned(judged, middle, frame)
    value, error = _difference(judged, middle, weight, frame)
    apart = _mean(judged, judged.most - judged.least, frame)
    down, up, second = _second(judged, frame)
    error = sqrt(error**2 + second**2)
    reach = _reach(apart + up + down, error) * error
    split = _mean(judged, judged.alone - judged.least, frame)
    slips = _mean(judged, judged.slips, frame)
    joined = _mean(judged, np.maximum(judged.alone - 1, 0), frame)
    rate = frame.taken_back / max(frame.as_expected, 1)
    most = at_most(frame.taken_back, frame.as_expected)
    unseen = split * (1 / ((1 - frame.missed.share) * (1 - rate)) - 1)
    at_worst = split * (1 / ((1 - frame.missed.most) * (1 - most)) - 1)
    lost = 2 * rate * slips
    low = value - unseen - apart / 2 - hypot(reach, at_worst - unseen) - down - lost
    high = value + apart / 2 + hypot(reach, (most - rate) * joined) + rate * joined + up + lost
    estimate = value - unseen
    low, high = max(low, 1.0), max(high, 1.0)
    return Interval(round(min(max(estimate, low), high)), floor(low), ceil(high))


def _tuned(judged: Judged, ratio: Values, frame: Frame) -> float:
    """The weight of the guess that makes the variance least, between 0 and 1."""
    covariance = variance = 0.0
    for h, people in enumerate(frame.people):
        here = judged.stratum == h
        if people and here.sum() > 1:
            scale = people**2 / here.sum()
            guess, true = judged.guess[here], ratio[here]
            covariance += scale * float(np.mean((guess - guess.mean()) * (true - true.mean())))
            variance += scale * float(guess.var())
    return min(max(covariance / variance, 0.0), 1.0) if variance > 0 else 0.0


def _difference(judged: Judged, ratio: Values, weight: float, frame: Frame) -> tuple[float, float]:
    """The estimate and its standard error."""
    value = variance = 0.0
    for h, (people, drawn, guess) in enumerate(zip(frame.people, frame.drawn, frame.guess, strict=True)):
        if not people:
            continue
        here = judged.stratum == h
        rest = ratio[here] - weight * judged.guess[here]
        size = len(rest)
        value += people * (weight * guess + float(rest.mean()))
        drawn = max(drawn, size)
        spread = _spread(rest) * (1 / size - 1 / drawn) + _spread(ratio[here]) * (1 / drawn - 1 / people)
        within = float(np.mean((judged.alone[here] - 1) ** 2)) / people
        variance += people**2 * (spread + within)
    return value, sqrt(variance)


def _spread(values: Values) -> float:
    """The variance of values, two pseudo-errors among them."""
    return float((np.sum((values - values.mean()) ** 2) + 2 * _PSEUDO**2) / (len(values) + 1))


def _mean(judged: Judged, values: Values, frame: Frame) -> float:
    """The sum over all people of something known for the judged records."""
    return sum(
        people * float(values[judged.stratum == h].mean()) for h, people in enumerate(frame.people) if people
    )


def _second(judged: Judged, frame: Frame) -> tuple[float, float, float]:
    """What disagreement with the second reviewer adds below and above, and to the standard error."""
    both = judged.second
    if not both.any():
        return 0.0, 0.0, 0.0
    found = np.bincount(judged.stratum, minlength=len(frame.people))
    weight = (np.array(frame.people) / np.maximum(found, 1))[judged.stratum]
    share = weight[both] / weight[both].sum()
    whole = float(weight.sum())
    down = (judged.least - judged.second_least)[both]
    up = (judged.second_most - judged.most)[both]
    spread = [float(np.sum(share * (change - np.sum(share * change)) ** 2)) for change in (down, up)]
    error = sqrt(max(spread) / max(int(both.sum()) - 1, 1))
    return whole * float(np.sum(share * down)), whole * float(np.sum(share * up)), whole * error


def _reach(apart: float, error: float) -> float:
    """Standard errors on either side of a range of this width that hold with `LEVEL` (Imbens and Manski)."""
    low, high = 1.6, 2.0
    for _ in range(40):
        middle = (low + high) / 2
        if _normal(middle + apart / max(error, 1e-9)) - _normal(-middle) < LEVEL:
            low = middle
        else:
            high = middle
    return high


def _normal(value: float) -> float:
    return 0.5 * (1 + erf(value / sqrt(2)))
