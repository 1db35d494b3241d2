"""What is too small to be shown, and how the uncertainty of what is shown is rounded."""

from __future__ import annotations

from sousveil.findings.model import ExactCell


def is_small(cell: ExactCell, k: int) -> bool:
    """Whether a cell may not be shown by itself: zero, or fewer than k people, or fewer than k counted.

    A cell of records needs k distinct people, too: 500 records of three people tell about three people.
    """
    return cell.people < k or cell.value < k


def step(value: int, k: int) -> int:
    """The width of the windows into which an uncertainty is rounded: k, 2k, 5k, 10k … about 2 % of value."""
    width, factors = k, (2.0, 2.5, 2.0)
    place = 0
    while width * 50 < value:
        width = int(width * factors[place % 3])
        place += 1
    return width


def bounds(cell: ExactCell, unit: str, k: int) -> tuple[int, int]:
    """Low and high of a published cell; for records both are the value, for people rounded outward.

    `value - low` is itself a count of people (those without a valid identifier), and so is `high - value`:
    exact bounds would print it, zeros and ones included. So each is raised to the end of its window of at
    least k: 0 … k-1 all become k-1. The bounds stay true, only wider.
    """
    if unit != "people":
        return cell.value, cell.value
    width = step(cell.value, k)
    below = (max(cell.value - cell.low, 0) // width + 1) * width - 1
    above = (max(cell.high - cell.value, 0) // width + 1) * width - 1
    return max(cell.value - below, 0), cell.value + above
