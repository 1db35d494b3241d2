"""The estimate on simulated leaks whose truth is known, and the parts that it is made of."""

import numpy as np
import pytest

from benchmarks.count_leaks import counted
from benchmarks.leaks import MISSING, leak
from sousveil.count.grouping import distinct
from sousveil.count.linkage.hidden import Hidden, hidden_rows
from sousveil.count.linkage.weights import weights
from sousveil.count.mixture import mixture
from sousveil.count.rows import people_row
from sousveil.count.rules import assign
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
    hidden = Hidden(np.ones(len(person), np.int64), person, np.arange(len(person)))
    found = hidden.fragments(1, {1: 0.5})
    # Of two people one is missed (with one record), or one in sixteen (with four).
    assert found.by_chance.people == pytest.approx((1 + 1 / 15) / 2)
    assert found.by_chance.rows == pytest.approx((1 + 4 / 15) / (1 + 1 / 15))
    assert found.everybody.clusters == pytest.approx(found.everybody.rows)


def test_hidden_people_in_one_cluster_are_fewer_clusters_a_person():
    hidden = Hidden(np.ones(4, np.int64), np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]))
    found = hidden.fragments(None, {})
    assert found.people == 2
    assert found.everybody.clusters == 1.0
    assert found.sizes[0].sum() == 4


def test_nobody_hidden_says_nothing():
    nobody = np.zeros(0, np.int64)
    assert Hidden(nobody, nobody, nobody).fragments(None, {}).people == 0


def test_a_name_is_as_common_as_the_people_who_bear_it_however_many_records_say_so():
    told = [
        Told(id=resident(serial=2 * n + 1), name=f"王{chr(0x4E00 + n)}", phone=phone(n)) for n in range(9)
    ]
    told += [Told(id=told[0].id, name=told[0].name, phone=phone(100 + n)) for n in range(50)]
    records = records_of(told)
    names = records.names[0].codes
    from sousveil.count.compared import compared, given
    from sousveil.count.components import Keys

    records, forms = compared(records)
    facts = given(
        records, forms, Keys.of(records), (names.astype(np.int64), names >= 0), (records.born,)
    ).facts
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
