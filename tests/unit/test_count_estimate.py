"""The estimate on simulated leaks whose truth is known, and the parts that it is made of."""

import numpy as np
import pytest

from benchmarks.count_leaks import counted
from benchmarks.leaks import MISSING, leak
from sousveil.count.compared import compared, given
from sousveil.count.components import Keys
from sousveil.count.grouping import distinct
from sousveil.count.linkage.facts import Facts
from sousveil.count.linkage.hidden import Fragments, Hidden, Like, bared, hidden_rows
from sousveil.count.linkage.weights import weights
from sousveil.count.mixture import mixture
from sousveil.count.rows import people_row
from sousveil.count.rules import assign
from sousveil.count.strata import Strata
from sousveil.count.worth import Measured
from tests.support_people import Told, phone, records_of, resident

SEEDS = range(1_000, 1_012)


@pytest.fixture(scope="module")
def leaks():
    made = [leak(seed, 2_000) for seed in SEEDS]
    return [(one.mess.missing, one.seen, counted(one)) for one in made]


def test_the_estimate_is_near_the_truth_where_numbers_are_missing_at_random(leaks):
    errors = [abs(whole.estimate / seen - 1) for why, seen, (_, whole) in leaks if why == MISSING[0]]
    assert len(errors) >= 4
    assert np.median(errors) < 0.003
    assert max(errors) < 0.008


def test_people_who_never_have_a_number_are_counted_too(leaks):
    errors = [abs(whole.estimate / seen - 1) for why, seen, (_, whole) in leaks if why == MISSING[1]]
    assert len(errors) >= 3
    assert max(errors) < 0.02


def test_few_people_are_counted_as_well_as_many():
    rows = []
    for seed in range(2_000, 2_016):
        made = leak(seed, 120)
        if made.mess.missing == MISSING[1]:
            rows.append((people_row("*", counted(made)[1]), made.seen))
    errors = [row["estimate"] / seen - 1 for row, seen in rows]
    assert len(errors) >= 5
    assert np.mean(np.abs(errors)) < 0.04, "0.15 if too few were thought to say anything"
    assert np.mean([row["likely_low"] <= seen <= row["likely_high"] for row, seen in rows]) >= 0.75


def test_the_bracket_holds_the_truth_of_every_leak(leaks):
    for _, seen, (_, whole) in leaks:
        assert whole.low - 2 <= seen <= whole.high


def test_most_likely_ranges_hold_the_truth(leaks):
    rows = [(people_row("*", whole), seen) for _, seen, (_, whole) in leaks]
    held = [row["likely_low"] <= seen <= row["likely_high"] for row, seen in rows]
    assert np.mean(held) >= 0.75


def test_a_mixture_is_taken_apart_into_what_it_was_made_of():
    within = np.array([20, 0, 30, 50, 0, 0, 0, 0, 900.0])
    without = np.array([800, 50, 100, 50, 0, 0, 0, 0, 0.0])
    seen = 0.7 * within + 0.3 * without
    found = mixture(seen, within, without)[0]
    assert float(seen @ found) == pytest.approx(300, rel=0.02)
    assert found[8] < 0.01 < 0.9 < found[0]


def test_where_all_records_are_of_people_known_the_mixture_finds_nobody_else():
    within = np.array([20, 0, 30, 50, 0, 0, 0, 0, 900.0])
    without = np.array([800, 50, 100, 50, 0, 0, 0, 0, 0.0])
    assert float(within @ mixture(within, within, without)[0]) < 3


def test_people_of_many_records_are_hidden_no_sooner_than_others():
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(8_000), np.resize((1, 9), 8_000))
    places = hidden_rows(person, rng.integers(0, 2**63, len(person)).astype(np.uint64), 4_000)
    chosen = np.unique(person[places])
    assert 0.45 < (chosen % 2).mean() < 0.55
    assert (np.bincount(person[places])[chosen] == np.bincount(person)[chosen]).all()


def test_people_who_might_have_been_missed_are_mostly_people_of_few_records():
    person = np.repeat(np.arange(400), np.resize((1, 4), 400))
    order = np.arange(len(person)).astype(np.uint64)
    hidden = Hidden(np.ones(len(person), np.int64), person, np.arange(len(person)), order)
    found = hidden.fragments(1, {1: 0.5})
    # Of two people one is missed (with one record), or one in sixteen (with four).
    assert found.by_chance.people == pytest.approx((1 + 1 / 15) / 2)
    assert found.by_chance.rows == pytest.approx((1 + 4 / 15) / (1 + 1 / 15))
    assert found.everybody.clusters == pytest.approx(found.everybody.rows)


def test_hidden_people_in_one_cluster_are_fewer_clusters_a_person():
    order = np.arange(4).astype(np.uint64)
    hidden = Hidden(np.ones(4, np.int64), np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]), order)
    found = hidden.fragments(None, {})
    assert found.people == 2
    assert found.everybody.clusters == 1.0
    assert found.sizes[0].sum() == 4


def test_nobody_hidden_says_nothing():
    nobody = np.zeros(0, np.int64)
    assert Hidden(nobody, nobody, nobody, nobody.astype(np.uint64)).fragments(None, {}).people == 0


def test_a_name_is_as_common_as_the_people_who_bear_it_however_many_records_say_so():
    told = [
        Told(id=resident(serial=2 * n + 1), name=f"王{chr(0x4E00 + n)}", phone=phone(n)) for n in range(9)
    ]
    told += [Told(id=told[0].id, name=told[0].name, phone=phone(100 + n)) for n in range(50)]
    records = records_of(told)
    names = records.names[0].codes
    records, forms = compared(records)
    by_key = (names.astype(np.int64), names >= 0)
    nobody = np.full(len(records), -1, np.int64)
    facts = given(records, forms, Keys.of(records), by_key, (records.born,), nobody).facts
    found = weights(facts, np.arange(len(told)), names.astype(np.int64), 9)
    shares = found.shares[0][facts.names[0][:9]]
    assert shares.max() == pytest.approx(shares.min())


def test_what_clerks_write_for_nobody_is_no_name():
    people = [
        Told(id=resident(serial=2 * n + 1), name=f"王{chr(0x4E00 + n % 90)}{chr(0x5E00 + n)}", phone=phone(n))
        for n in range(60)
    ]
    nobody = [Told(name="不愿透露") for _ in range(80)]
    common = [Told(id=resident(serial=200 + n), name="王伟", phone=phone(500 + n)) for n in range(40)]
    assigned = assign(records_of(people + common + nobody))
    assert not assigned.evidence.told.any()
    assert len(np.unique(assigned.person[:100])) == 100
    # Where nearly every record is a bare name, one more is nothing special.
    assert assign(records_of([Told(name=f"{n}王伟") for n in range(200)] + nobody)).evidence.told.all()


def test_distinct_values_are_those_of_a_set():
    rng = np.random.default_rng(2)
    values = rng.integers(0, 50, 200)
    assert distinct(values).tolist() == sorted(set(values.tolist()))
    assert not len(distinct(np.zeros(0, np.int64)))


def test_hidden_people_state_no_more_than_people_without_a_number():
    size = 1_000
    told = [Told(name=f"王{chr(0x4E00 + n)}", phone=phone(n), born="1990-01-02") for n in range(size)]
    facts = facts_of(told)
    rows, one = np.arange(size), np.ones(size, np.int64)
    order = np.random.default_rng(3).integers(0, 2**63, size).astype(np.uint64) * np.uint64(2)
    # In table 1 a quarter of the records of people without a number state a telephone, all a birth date.
    never = {(1, 0b111): 25.0, (1, 0b011): 75.0}
    found = bared(facts, rows, one, order, one > 0, never)
    assert 0.2 < (found.phone.codes >= 0).mean() < 0.3
    assert (found.born == facts.born).all()
    assert (facts.phone.codes >= 0).all()
    few = {(1, 0b111): 5.0, (1, 0b011): 15.0}
    assert (bared(facts, rows, one, order, one > 0, few).phone.codes >= 0).all()


def test_the_further_clusters_and_records_are_apart_the_wider_the_range():
    usual, fewer = Like(1.0, 4.0, 2.0), Like(1.0, 3.0, 1.7)
    sizes = (np.array([100, 100, 100, 100]), np.array([50, 30, 10, 10]))
    fragments = Fragments(1_000, usual, fewer, Like(1e-9, 1.0, 1.0), 0.8, 0.01, sizes)
    never = np.ones((2, 1))
    # A thousand people by their records: their clusters agree, or say half as many again.
    agreed, apart = (
        Measured(fragments, 1_000, 0.0).people(never, strata_of(4_000.0, clusters))
        for clusters in (2_000.0, 3_000.0)
    )
    assert agreed[0, 0] == pytest.approx(1_000, rel=0.001)
    assert agreed[1, 0] == pytest.approx(900, rel=0.001) and agreed[2, 0] == pytest.approx(1_100, rel=0.001)
    assert apart[1, 0] < 900 and apart[2, 0] > 1_600
    assert apart[1, 0] < apart[0, 0] < apart[2, 0]


def strata_of(records: float, clusters: float) -> Strata:
    none, no = np.zeros(1, np.int64), np.zeros(1, np.bool_)
    return Strata(none, none, none, none, none, no, ~no, np.array([records]), np.array([clusters]))


def facts_of(told: list[Told]) -> Facts:
    records, forms = compared(records_of(told))
    nobody = np.full(len(records), -1, np.int64)
    return given(records, forms, Keys.of(records), (nobody, nobody >= 0), (records.born,), nobody).facts
