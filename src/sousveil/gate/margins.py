"""How far off a released number of people may be, as far as that can be told without telling of a few.

How far a bound of the count lies from a released number is itself a count of people, or made of one. So it is
let out as the window of at least k people that it lies in, no finer, like the bounds of cells
(`threshold.bounds`). The windows here are narrower where the number is large, and lie within those: a reader
who has both for one bound knows a window of at least k, not what two different grids have in common.
"""

from __future__ import annotations

from dataclasses import dataclass

from sousveil.gate.threshold import step

_FINER = 5


@dataclass(frozen=True)
class Margin:
    """A range around a released number of people."""

    low: int
    high: int


def width(value: int, k: int) -> int:
    """How many people wide the windows are: at least k, about half a per cent of a large number."""
    wide = step(value, k)
    return max(k, wide // _FINER)


def around(value: int, k: int, low: float, high: float) -> Margin:
    """The range from `low` to `high` (shares of `value`, 1 for the value itself), widened to whole windows.

    An end that is less than a window on the wrong side of the value counts as the value: so a count that is
    certain of everybody looks like one that is not.
    """
    below = _windows(value - round(value * low), width(value, k))
    above = _windows(round(value * high) - value, width(value, k))
    return Margin(max(value - below, 0), value + above)


def nearest(value: int, k: int, share: float) -> int:
    """A share of a released number, cut down to whole windows from the number itself."""
    off, wide = round(value * share) - value, width(value, k)
    return value + (abs(off) // wide) * wide * (1 if off > 0 else -1)


def _windows(off: int, wide: int) -> int:
    """The end of the window of `off`: all above -wide and up to wide-1 become wide-1, -wide and on -wide."""
    if off <= -wide:
        return -(-off // wide) * wide
    return (max(off, 0) // wide + 1) * wide - 1
