"""The judged records of a scope as arrays, and what of each record's ratio was found by whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The judged records of a scope, one place each."""

    stratum: npt.NDArray[np.int8]
    guess: Values
    least: Values
    """The ratio if every open answer is "the same person"."""
    most: Values
    """The ratio if every open answer is "somebody else"."""
    expected: Values
    """The ratio if every open answer is as the matcher has it."""
    alone: Values
    """The same, and nobody of the other people shown were the same person."""
    own_at_risk: Values
    """How much the ratio would rise if each card of its own person were falsely held for another's."""
    other_at_risk: Values
    """How much it would fall if each card of another person were falsely held for the same person's."""

    @property
    def joined(self) -> Values:
        """How much higher the ratio is for cards of its own person that proved to be somebody else's."""
        return self.alone - 1

    @property
    def split(self) -> Values:
        """How much lower it is for cards of other people that proved to be the same one's."""
        return self.alone - self.expected

    def likely(self) -> Values:
        """The ratio if open answers are against the matcher as often as settled ones are."""
        apart = _share(self.joined, self.own_at_risk) * (self.most - self.expected)
        same = _share(self.split, self.other_at_risk) * (self.expected - self.least)
        return self.expected + apart - same


def _share(found: Values, rest: Values) -> float:
    whole = float(np.sum(found) + np.sum(rest))
    return min(max(float(np.sum(found)) / whole, 0.0), 1.0) if whole > 0 else 0.0
