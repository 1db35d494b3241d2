"""Wrong answers: how often they are given, how many outlive the looks at a card, what they hide and feign.

*Slips of the hand.* A card is looked at until the answers against the matcher lead by two, or those for it by
one (`verdict.py`). How often a reviewer slips where the matcher is right, and where it is wrong, is seen in
the looks at one card that differ. The looks are a random walk between two barriers, so that how it ends
follows from the rates (gambler's ruin; Feller 1968, chapter XIV): a slip against the matcher outlives them
about as often as the square of its rate, one that confirms it about as often as it is made, since those are
not asked about again.

*Errors that stay.* Where a second reviewer settles cards otherwise, more often than the slips of both
explain, one of the two is wrong: each as often (Tenenbein 1970, with two judges of a kind), and as often one
way as the other.

With the rates, what was found is corrected as a share found by an imperfect test is (Rogan and Gladen 1978).
Each rate's interval is that of its likelihood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import numpy.typing as npt

from sousveil.count.review.verdict import AGAINST, AS_EXPECTED

MOST = 0.18
"""Whoever errs more often than this can't be corrected for; the interval is what it is at this rate."""
_RATES = np.geomspace(1e-4, MOST, 120)
_LIKELY = 1.92
"""Half the 95 % point of chi-squared with one degree of freedom."""

Wrong = tuple[float, float]
"""The share of cards settled wrongly where the matcher is right, and where it is wrong."""


@dataclass(frozen=True)
class Rate:
    """A share: the likeliest, and the ends of its 95 % interval."""

    share: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Errors:
    """How often a reviewer errs."""

    against: Rate = Rate()
    """How often the reviewer speaks against the matcher and takes it back, where the matcher is right."""
    confirming: Rate = Rate()
    """How often the reviewer takes that back and then says it again, where the matcher is wrong."""
    staying: Rate = Rate()
    """Cards on which the reviewer errs at every look; nothing is known of it without a second one."""

    def rates(self) -> Wrong:
        """The likeliest."""
        return (
            false_findings(_slip(self.against.share)) + self.staying.share,
            missed_findings(_slip(self.confirming.share)) + self.staying.share,
        )

    def ends(self) -> list[tuple[Wrong, Wrong]]:
        """For each kind of error the ends of its interval, the others at their likeliest."""
        found = []
        for name in ("against", "confirming", "staying"):
            rate: Rate = getattr(self, name)
            low, high = (replace(self, **{name: Rate(end)}).rates() for end in (rate.low, rate.high))
            found.append((low, high))
        return found


NO_ERRORS = Errors()


def errors_of(looked: Iterable[tuple[int, int]], both: Sequence[tuple[bool, bool]] = ()) -> Errors:
    """The rates of errors.

    `looked` has for each settled card the sure answers against the matcher and those for it; `both`, for each
    card that two reviewers have settled, whether either of them is against the matcher.
    """
    right = wrong = against = confirming = 0
    for contrary, usual in looked:
        # A walk goes to and fro so many times before its last step.
        if contrary > usual:
            wrong, confirming = wrong + usual + 1, confirming + usual
        else:
            right, against = right + contrary + 1, against + contrary
    slips = Errors(_share(against, right), _share(confirming, wrong))
    return replace(slips, staying=_staying(both, *slips.rates()))


def false_findings(slip: float) -> float:
    """How often a card is settled against the matcher although the matcher is right."""
    return _ends_against(slip)


def missed_findings(slip: float) -> float:
    """How often a card is settled as the matcher has it although the matcher is wrong."""
    return 1 - _ends_against(1 - slip)


def _ends_against(step: float) -> float:
    """How often a walk from 0 ends at `AGAINST`, not at `AS_EXPECTED`; it goes up with probability `step`."""
    if step <= 0 or step >= 1:
        return float(step >= 1)
    odds = (1 - step) / step
    below, whole = -AS_EXPECTED, AGAINST - AS_EXPECTED
    return below / whole if odds == 1 else (1 - odds**below) / (1 - odds**whole)


def _slip(taken_back: float) -> float:
    """The rate of slips, from how often a slip and a right answer undo each other: slip (1 - slip)."""
    return (1 - sqrt(max(1 - 4 * taken_back, 0.0))) / 2


def _share(found: int, of: int) -> Rate:
    if not of:
        return Rate(high=MOST)
    return _likeliest(found * np.log(_RATES) + (of - found) * np.log(1 - _RATES))


def _staying(both: Sequence[tuple[bool, bool]], false: float, missed: float) -> Rate:
    """From cards that two have settled; `false` and `missed` say how often either is wrong by slips."""
    if not both:
        return Rate()
    apart = sum(one != other for one, other in both)
    wrong = sum(one or other for one, other in both) / len(both)
    slipped = (1 - wrong) * 2 * false + wrong * (missed + false)
    differ = np.minimum(slipped + 2 * _RATES * (1 - _RATES), 1 - 1e-9)
    return _likeliest(apart * np.log(differ) + (len(both) - apart) * np.log(1 - differ))


def _likeliest(fit: npt.NDArray[np.float64]) -> Rate:
    """The rate with the greatest likelihood and its interval, from the log-likelihood at `_RATES`."""
    best = int(np.argmax(fit))
    inside = _RATES[fit >= fit[best] - _LIKELY]
    share, low = (0.0 if rate <= _RATES[0] else float(rate) for rate in (_RATES[best], inside[0]))
    return Rate(share, low, float(inside[-1]))
