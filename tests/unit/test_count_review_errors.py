"""How often a reviewer errs, and what outlives the looks at a card."""

import numpy as np
import pytest

from sousveil.count.review.errors import MOST, errors_of, false_findings, missed_findings
from sousveil.count.review.verdict import settled

RIGHT, WRONG, TAKEN_BACK = (0, 1), (2, 0), (1, 2)


def looks_at(rng, slip, *, right):
    """Looks at a card until it is settled, and the answer; \"n\" is what the matcher has."""
    looks = []
    while (answer := settled(looks, "n")) is None:
        looks.append("n" if right == (rng.random() >= slip) else "y")
    return looks, answer


@pytest.mark.parametrize("slip", [0.03, 0.1])
def test_a_slip_outlives_the_looks_as_often_as_is_reckoned_with(slip):
    rng = np.random.default_rng(3)
    false = np.mean([looks_at(rng, slip, right=True)[1] == "y" for _ in range(20_000)])
    missed = np.mean([looks_at(rng, slip, right=False)[1] == "n" for _ in range(20_000)])
    assert false == pytest.approx(false_findings(slip), abs=0.002)
    assert missed == pytest.approx(missed_findings(slip), abs=0.006)
    assert false_findings(slip) < 1.3 * slip**2 and missed_findings(slip) == pytest.approx(slip, rel=0.15)


def test_who_never_slips_settles_everything_rightly():
    assert (false_findings(0.0), missed_findings(0.0)) == (0.0, 0.0)


@pytest.mark.parametrize(("on_right", "on_wrong"), [(0.0, 0.0), (0.05, 0.05), (0.15, 0.02), (0.02, 0.12)])
def test_slips_either_way_are_found_from_looks_that_differ(on_right, on_wrong):
    rng = np.random.default_rng(5)
    looked = []
    for card in range(20_000):
        right = card % 4 > 0
        looks, _ = looks_at(rng, on_right if right else on_wrong, right=right)
        looked.append((looks.count("y"), looks.count("n")))
    false, missed = errors_of(looked).rates()
    assert false == pytest.approx(false_findings(on_right), abs=0.004)
    assert missed == pytest.approx(missed_findings(on_wrong), abs=0.02)


def test_few_looks_leave_much_room_and_many_little():
    few, many = (errors_of([RIGHT] * n + [WRONG] * (n // 5)) for n in (30, 3_000))
    assert few.rates() == many.rates() == (0.0, 0.0)
    assert few.against.high > 20 * many.against.high > 0
    assert errors_of([]).confirming.high == MOST


def test_cards_that_two_settle_otherwise_are_errors_that_stay_of_either():
    assert errors_of([RIGHT] * 500).staying.high == 0, "without a second reviewer nothing is known"
    agreed = errors_of([RIGHT] * 500, [(False, False)] * 100).staying
    assert agreed.share == 0 and 0 < agreed.high < 0.02
    apart = errors_of([RIGHT] * 500, [(False, False)] * 90 + [(True, False)] * 10).staying
    assert 2 * apart.share * (1 - apart.share) == pytest.approx(0.1, abs=0.01)
    assert apart.low < apart.share < apart.high


def test_what_slips_explain_is_no_error_that_stays():
    slipping = [RIGHT] * 400 + [TAKEN_BACK] * 60 + [WRONG] * 60 + [(3, 1)] * 10
    both = [(True, True)] * 10 + [(False, False)] * 84
    explained = errors_of(slipping, both + [(True, False)] * 3).staying
    assert explained.share < errors_of([RIGHT] * 460 + [WRONG] * 70, both + [(True, False)] * 3).staying.share
