"""Ranges of the count around a released number: wide enough to be true, coarse enough to tell of nobody."""

from hypothesis import given
from hypothesis import strategies as st

from sousveil.gate.margins import STEPS, around, nearest

values = st.integers(10, 3_000_000)
thresholds = st.integers(3, 10)
shares = st.floats(0, 10.5)


@given(values, thresholds, shares, shares)
def test_the_range_holds_what_it_was_made_of(value: int, k: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    made = around(value, k, low, high)
    assert made is not None
    assert made.low <= value * low and value * high <= made.high


@given(values, thresholds, shares, shares)
def test_its_ends_are_the_number_and_a_step_and_nothing_else(
    value: int, k: int, one: float, other: float
) -> None:
    made = around(value, k, min(one, other), max(one, other))
    ends = {value * (1 + sign * step / 100) for step in STEPS for sign in (-1, 1)}
    assert made is not None
    assert made.low == 0 or any(abs(made.low - end) <= 1 for end in ends)
    assert any(abs(made.high - end) <= 1 for end in ends)


@given(values, thresholds, st.integers(0, 40))
def test_neighbouring_ends_are_at_least_k_people_apart(value: int, k: int, more: int) -> None:
    one, other = (around(value, k, 1.0, 1.0 + people / value) for people in (more, more + 1))
    assert one is not None and other is not None
    assert other.high == one.high or other.high - one.high >= k - 1


@given(values, thresholds)
def test_a_count_that_is_sure_of_everybody_looks_like_one_that_is_not(value: int, k: int) -> None:
    sure = around(value, k, 1.0, 1.0)
    assert sure == around(value, k, 1 - 1 / value, 1 + 1 / value)
    assert sure is not None and sure.low < value < sure.high


def test_what_no_step_reaches_has_no_range() -> None:
    assert around(100, 10, 1.0, 20_000.0) is None


def test_an_estimate_moves_by_steps_alone() -> None:
    assert nearest(6108, 10, 6220 / 6214) == 6108
    assert nearest(1000, 10, 2.04) == 2000
    assert {nearest(100, 10, 1 + people / 1000) for people in range(-40, 41)} == {100}
