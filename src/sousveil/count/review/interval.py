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

What a sample can't average out:

- wrong answers are corrected for, as a share found by an imperfect test is (`errors.py`): slips of the hand,
  and what two reviewers see otherwise; that their rates are themselves estimates widens both ends;
- an answer that is open (unsure, or not settled) is taken both ways, and the interval reaches over both
  (Imbens and Manski 2004); the estimate takes it to be as likely against the matcher as a settled one;
- right people that the proposal did not show can only make the number smaller (`ghosts.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, erf, floor, hypot, sqrt

import numpy as np

from sousveil.count.review.errors import NO_ERRORS, Errors
from sousveil.count.review.ghosts import Missed
from sousveil.count.review.judged import Judged, Values

LEVEL = 0.95
LEAST = 30
"""Fewer judged records give no interval."""
_PSEUDO = 0.5
"""The size of a pseudo-error: two people taken for one, or one for two."""


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
    """What the proposal misses of people who have a number on some record."""
    torn: Missed
    """What it misses of those who have none anywhere."""
    errors: Errors = NO_ERRORS
    """How often the reviewer errs."""


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
    likely = judged.likely()
    corrected = likely + _correction(judged, *frame.errors.rates())
    weight = _tuned(judged, corrected, frame)
    value, error = _difference(judged, corrected, weight, frame)
    open_down, open_up = (
        _mean(judged, part, frame) for part in (likely - judged.least, judged.most - likely)
    )
    reach = _reach(open_down + open_up, error) * error
    fewer, more = _erring(judged, frame)
    unseen, more_unseen, unsure = _unseen(judged, frame)
    low = value - unseen - more_unseen - open_down - sqrt(reach**2 + fewer**2 + unsure**2)
    high = value + open_up + hypot(reach, more)
    low, high = max(low, 1.0), max(high, 1.0)
    return Interval(round(min(max(value - unseen - more_unseen / 2, low), high)), floor(low), ceil(high))


def _correction(judged: Judged, false: float, missed: float) -> Values:
    """What wrong answers have changed in each ratio, to be added to it (Rogan and Gladen 1978).

    `false` and `missed` are the shares of cards that are settled wrongly, where the matcher is right and
    where it is wrong.
    """
    joined, split = judged.joined, judged.split
    own = joined - false * (joined + judged.own_at_risk)
    other = split - false * (split + judged.other_at_risk)
    return (own - other) / (1 - false - missed) - (joined - split)


def _erring(judged: Judged, frame: Frame) -> tuple[float, float]:
    """How many people fewer, and more, there are for what is not known of the rates of errors."""
    best = _mean(judged, _correction(judged, *frame.errors.rates()), frame)
    fewer = more = 0.0
    for ends in frame.errors.ends():
        changes = [_mean(judged, _correction(judged, *rates), frame) - best for rates in ends]
        fewer, more = hypot(fewer, min(*changes, 0.0)), hypot(more, max(*changes, 0.0))
    return fewer, more


def _unseen(judged: Judged, frame: Frame) -> tuple[float, float, float]:
    """How many people too many there are for what the proposal did not show.

    At least, where everybody has a number on some record; how many more, where those whose predicted person
    has none have none; and how many more again by the upper bound of what was measured.
    """
    whole = _mean(judged, judged.split, frame)
    without = _mean(judged, np.where(judged.stratum > 0, judged.split, 0.0), frame)
    least = whole * _hidden(frame.missed.share)
    most = max((whole - without) * _hidden(frame.missed.share) + without * _hidden(frame.torn.share), least)
    bound = (whole - without) * _hidden(frame.missed.most) + without * _hidden(frame.torn.most)
    return least, most - least, max(bound - most, 0.0)


def _hidden(missed: float) -> float:
    """How much is not found for each that is, where this share is missed."""
    return missed / (1 - min(missed, 0.9))


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
