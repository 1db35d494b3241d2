"""What sizes prove of the people who stand in some populations and not in others, against all worlds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.gate.effort import TooLong, Work
from sousveil.gate.protection.system import Ints
from sousveil.gate.totals.regions import Regions

WAYS = [way for way in itertools.product([False, True], repeat=3) if any(way)]


def regions(people: dict[tuple[bool, ...], int]) -> Regions:
    return Regions(np.array(list(people), dtype=np.bool_), np.array(list(people.values()), dtype=np.int64))


def venn(**people: int) -> Regions:
    """`ab=3`: three people are in a and b and not in c."""
    return regions({tuple(one in name for one in "abc"): number for name, number in people.items()})


def beside_everybody(of: Regions) -> Regions:
    """With the whole case as one population more."""
    return Regions(np.column_stack([of.within, np.ones(len(of.people), np.bool_)]), of.people)


def worlds(of: Regions) -> Ints:
    """Each whole number of people for each region (columns) that gives the same sizes."""
    sizes = of.people @ of.within
    most = [int(sizes[row].min()) + 1 for row in of.within]
    every = np.indices(most).reshape(len(most), -1).T
    return every[(every @ of.within == sizes).all(axis=1)]


@given(st.dictionaries(st.sampled_from(WAYS), st.integers(1, 3), min_size=1, max_size=4), st.integers(2, 4))
def test_each_small_union_is_empty_in_one_of_all_worlds_exactly_if_the_programs_say_so(
    people: dict[tuple[bool, ...], int], k: int
) -> None:
    of = regions(people)
    every = worlds(of)
    unions = [
        list(some)
        for size in range(1, len(people) + 1)
        for some in itertools.combinations(range(len(people)), size)
        if of.people[list(some)].sum() < k
    ]
    expected = all((every[:, some].sum(axis=1) == 0).any() for some in unions)
    assert of.can_be_empty(k, Work(1_000)) is expected


@given(st.dictionaries(st.sampled_from(WAYS), st.integers(1, 2), min_size=1, max_size=2))
def test_regions_of_nobody_that_hold_somebody_in_any_of_all_worlds_are_found_to(
    people: dict[tuple[bool, ...], int],
) -> None:
    of = regions(people)
    empty = of.empty_ones(fewest=1)
    assert {*map(tuple, empty.tolist())} == {*WAYS} - people.keys()
    every = worlds(regions(people | dict.fromkeys(set(WAYS) - people.keys(), 0)))
    order = [*people, *(set(WAYS) - people.keys())]
    if every[:, len(people) : len(order)].any(axis=0).all():
        assert of.can_hold_somebody(empty, Work(1_000))


def test_of_tables_that_come_to_the_whole_case_nobody_can_be_in_two() -> None:
    apart, shared = venn(a=100, b=200, c=300), venn(a=90, b=190, c=300, ab=10)
    for of, possible in ((apart, False), (shared, True)):
        empty = of.empty_ones(fewest=1)
        beside = np.column_stack([empty, np.ones(len(empty), np.bool_)])
        assert of.can_hold_somebody(empty, Work(100))
        assert beside_everybody(of).can_hold_somebody(beside, Work(100)) is possible


@pytest.mark.parametrize(
    ("of", "good"),
    [
        (venn(ab=114, a=3, b=2), False),  # 117 and 116: one at least is not in the other
        (venn(ab=114, a=3, b=3), True),
        (venn(ab=100, a=40, b=16), True),
        (venn(ab=100, a=20, b=3, bc=20), True),
    ],
)
def test_a_table_that_is_a_little_larger_than_another_tells_of_those_who_are_in_it_alone(
    of: Regions, good: bool
) -> None:
    assert of.can_be_empty(10, Work(100)) is good


def test_what_takes_too_many_programs_is_not_proven() -> None:
    with pytest.raises(TooLong):
        beside_everybody(venn(ab=4, a=8, b=4, c=9, ac=9)).can_be_empty(10, Work(1))
