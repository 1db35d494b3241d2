"""How far off a released number of people may be, as far as that can be told without telling of a few.

The count says between which numbers the people of a table lie; what it adds to a released number comes from
the records of nobody known, and might count them. So nothing of it is let out but which of a few steps, in
per cent of the released number, it lies between; two steps are at least k people apart, as are the windows of
`threshold.bounds`. A step is no number of people: which of some twenty it is tells less than one person.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

STEPS = (
    *(0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000),
    *(10_000, 100_000, 1_000_000),
)
"""Per cent of a released number."""


@dataclass(frozen=True)
class Margin:
    """A range around a released number of people."""

    low: int
    high: int


def around(value: int, k: int, low: float, high: float) -> Margin | None:
    """The range from `low` to `high` (shares of `value`, 1 for the value itself), widened to the next steps.

    None of the steps is the value itself, so that nothing tells whether the count is certain of everybody.
    None where no step is high enough.
    """
    steps = [step for step in _steps(value, k) if step]
    below = max((step for step in steps if step < 100 * (low - 1)), default=-100)
    above = min((step for step in steps if step > 100 * (high - 1)), default=None)
    if above is None:
        return None
    return Margin(math.floor(value * (1 + below / 100)), math.ceil(value * (1 + above / 100)))


def nearest(value: int, k: int, share: float) -> int:
    """A share of a released number, to the nearest step; the number itself is one of them."""
    step = min(_steps(value, k), key=lambda step: (abs(step - 100 * (share - 1)), step))
    return round(value * (1 + step / 100))


def _steps(value: int, k: int) -> list[float]:
    """The steps that are at least k people apart for this number, down and up, with 0 between them."""
    kept = [0.0]
    for step in STEPS:
        if value * (step - kept[-1]) >= 100 * k:
            kept.append(step)
    return [*(-step for step in reversed(kept[1:]) if step <= 100), *kept]
