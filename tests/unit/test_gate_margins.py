"""Ranges of the count around a released number: wide enough to be true, coarse enough to tell of nobody."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.findings.model import ExactCell
from sousveil.gate.margins import around, nearest, width
from sousveil.gate.threshold import bounds, step

values = st.integers(10, 3_000_000)
thresholds = st.integers(3, 10)
shares = st.floats(0, 10.5)


@given(values, thresholds, shares, shares)
def test_the_range_holds_what_it_was_made_of(value: int, k: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    made = around(value, k, low, high)
    assert made.low <= round(value * low) and round(value * high) <= made.high


@pytest.mark.parametrize("value", [10, 97, 420, 2_500, 6_108, 40_000])
def test_at_least_k_numbers_of_people_look_alike(value: int) -> None:
    k = 10
    offs = range(-3 * k, value)
    lows = Counter(around(value, k, (value - off) / value, 1.0).low for off in offs)
    highs = Counter(around(value, k, 1.0, (value + off) / value).high for off in offs)
    cut = {max(lows), min(lows), max(highs), min(highs)}  # windows that the loop cuts in two
    assert all(count >= k for end, count in [*lows.items(), *highs.items()] if end not in cut)


@given(values, thresholds, st.integers(0, 3_000_000))
def test_its_windows_lie_within_those_of_the_released_bounds(value: int, k: int, less: int) -> None:
    low = max(value - less, 0)
    coarse, _ = bounds(ExactCell((), value, value, low, value, value), "people", k)
    fine = around(value, k, low / value, 1.0).low
    assert step(value, k) % width(value, k) == 0 and width(value, k) >= k
    assert coarse <= fine <= low


@given(values, thresholds)
def test_a_count_that_is_sure_of_everybody_looks_like_one_that_is_not(value: int, k: int) -> None:
    sure = around(value, k, 1.0, 1.0)
    assert sure == around(value, k, 1 - (k - 1) / value, 1 + (k - 1) / value)
    assert sure == around(value, k, 1 + 1 / value, 1 - 1 / value)
    assert sure.low < value < sure.high


def test_an_estimate_moves_by_whole_windows() -> None:
    assert nearest(6108, 10, 6220 / 6214) == 6108
    assert nearest(1000, 10, 2.04) == 2040
    assert nearest(1000, 10, 0.955) == 960
    assert {nearest(100, 10, 1 + people / 100) for people in range(-9, 10)} == {100}
