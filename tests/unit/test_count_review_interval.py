"""The estimator of a count review: what it comes to, and what widens it."""

from dataclasses import replace

import numpy as np
import pytest

from sousveil.count.review.ghosts import Missed
from sousveil.count.review.interval import Frame, Judged, interval

NONE_MISSED = Missed(1_000, 0)


def judged(least, most=None, *, stratum=None, guess=None, **more) -> Judged:
    least = np.asarray(least, float)
    most = least if most is None else np.asarray(most, float)
    size = len(least)
    return replace(
        Judged(
            np.zeros(size, np.int8) if stratum is None else np.asarray(stratum, np.int8),
            np.ones(size) if guess is None else np.asarray(guess, float),
            least, most, least, np.zeros(size), np.zeros(size, bool), least, most,
        ),
        **more,
    )  # fmt: skip


def frame(*people, guess=None, missed=NONE_MISSED, **more) -> Frame:
    people = (*people, *[0] * (3 - len(people)))
    drawn = tuple(min(p, 4_000) for p in people)
    return Frame(people, drawn, guess or (1.0, 1.0, 1.0), missed, **{"as_expected": 100_000, **more})


def sure_of_nothing_missed(people=10_000):
    return frame(people, missed=Missed(10**9, 0))


def test_where_nothing_was_found_wrong_the_matcher_is_confirmed_but_not_believed_to_the_last():
    found = interval(judged(np.ones(500)), sure_of_nothing_missed())
    assert found.estimate == 10_000
    assert 9_950 < found.low < 9_980 and 10_020 < found.high < 10_050


def test_the_estimate_is_the_mean_ratio_of_each_stratum_times_its_people():
    ratio = [1.0] * 90 + [0.5] * 10 + [0.25] * 20 + [1.0] * 30
    stratum = [0] * 100 + [1] * 50
    found = interval(judged(ratio, stratum=stratum), frame(8_000, 1_000, missed=Missed(10**9, 0)))
    assert found.estimate == round(8_000 * 0.95 + 1_000 * (20 * 0.25 + 30) / 50)


def test_four_times_the_decisions_give_half_the_width():
    rng = np.random.default_rng(1)
    few = rng.choice([1.0, 0.5, 2.0], 400, p=[0.8, 0.15, 0.05])
    one = interval(judged(few), frame(1_000_000, missed=Missed(10**9, 0)))
    many = replace(frame(1_000_000, missed=Missed(10**9, 0)), drawn=(10**9, 0, 0))
    other = interval(judged(np.tile(few, 4)), many)
    assert other.half == pytest.approx(one.half / 2, rel=0.08)


def test_a_guess_that_foretells_the_errors_narrows_the_interval_and_a_bad_one_does_not_widen_it():
    rng = np.random.default_rng(2)
    wrong = rng.random(400) < 0.3
    ratio = np.where(wrong, 0.5, 1.0)
    plain = interval(judged(ratio), frame(10_000))
    good = interval(judged(ratio, guess=np.where(wrong, 0.6, 1.0)), frame(10_000, guess=(0.88, 1, 1)))
    bad = interval(judged(ratio, guess=rng.random(400)), frame(10_000, guess=(0.5, 1, 1)))
    assert good.half < 0.6 * plain.half
    assert bad.half < 1.05 * plain.half


def test_an_open_answer_reaches_both_ways():
    least, most = np.ones(500), np.ones(500)
    least[:25] = 0.5
    found = interval(judged(least, most), sure_of_nothing_missed())
    assert found.low < 10_000 * 0.975 and found.high > 10_000


def test_people_whom_the_proposal_misses_can_only_make_the_number_smaller():
    ratio = np.ones(500)
    ratio[:100] = 0.5
    judged_ = judged(ratio, alone=np.ones(500))
    none, some = (interval(judged_, frame(10_000, missed=m)) for m in (Missed(600, 0), Missed(600, 120)))
    assert some.high == none.high
    assert some.low < none.low - 0.2 * 1_000
    assert some.estimate < none.estimate


def test_without_ghosts_a_share_missed_is_allowed_for():
    ratio = np.ones(500)
    ratio[:100] = 0.5
    judged_ = judged(ratio, alone=np.ones(500))
    assert not Missed(10, 0).measured
    unmeasured, measured = (interval(judged_, frame(10_000, missed=Missed(n, 0))) for n in (10, 600))
    assert unmeasured.low < measured.low


def slipping(judged_, taken_back):
    return interval(judged_, replace(sure_of_nothing_missed(), taken_back=taken_back))


def test_slips_of_the_hand_widen_by_what_is_left_of_them():
    slips = np.zeros(500)
    slips[:50] = 0.5
    some = judged(np.ones(500), slips=slips)
    still, often = slipping(some, 0), slipping(some, 5_000)
    assert often.high - still.high == pytest.approx(2 * 0.05 * 500, abs=2)
    assert still.low - often.low == pytest.approx(2 * 0.05 * 500, abs=2)


def test_slips_that_confirm_the_matcher_are_never_asked_again_and_hide_as_many_findings():
    torn, joined = np.ones(500), np.ones(500)
    torn[:100], joined[:100] = 0.5, 2.0
    still, often = (slipping(judged(torn, alone=np.ones(500)), n) for n in (0, 5_000))
    assert still.estimate - often.estimate == pytest.approx(1_000 * 0.05, abs=5)
    assert often.high == still.high and still.low - often.low >= 50
    still, often = (slipping(judged(joined, alone=joined), n) for n in (0, 5_000))
    assert often.low == still.low and often.high - still.high >= 90


def test_disagreement_with_a_second_reviewer_widens_and_agreement_does_not():
    second = np.arange(500) % 7 == 0
    least = np.ones(500)
    agreed = interval(judged(least, second=second), sure_of_nothing_missed())
    assert agreed == interval(judged(least), sure_of_nothing_missed())
    apart = np.where(second & (np.arange(500) % 5 == 0), 0.5, 1.0)
    found = interval(judged(least, second=second, second_least=apart), sure_of_nothing_missed())
    assert found.low < agreed.low - 500 and found.high >= agreed.high


def test_where_everybody_was_drawn_only_mixed_persons_leave_a_width():
    assert interval(judged(np.ones(200)), sure_of_nothing_missed(200)).half == 0
    mixed = np.ones(200)
    mixed[:40] = 2.0
    assert interval(judged(mixed, alone=mixed), frame(200)).half > 0.02
    torn = np.ones(200)
    torn[:40] = 0.5
    assert interval(judged(torn, alone=np.ones(200)), sure_of_nothing_missed(200)).half < 0.005


def test_too_few_decisions_or_an_unseen_stratum_give_no_interval():
    assert interval(judged(np.ones(29)), frame(10_000)) is None
    assert interval(judged(np.ones(100)), frame(10_000, 500)) is None
    assert interval(judged(np.ones(4)), frame(4)) is not None


def test_the_pseudo_errors_are_what_keeps_a_clean_sample_from_having_no_width(monkeypatch):
    monkeypatch.setattr("sousveil.count.review.interval._PSEUDO", 0.0)
    found = interval(judged(np.ones(500)), sure_of_nothing_missed())
    assert found.low == found.high == 10_000


@pytest.mark.parametrize("wrong", [0.0, 0.01, 0.05, 0.2])
def test_the_interval_holds_as_often_as_it_says(wrong):
    rng = np.random.default_rng(7)
    people, held = 20_000, 0
    for _ in range(300):
        ratio = np.where(rng.random(people) < wrong, 0.5, 1.0)
        drawn = rng.choice(ratio, 500, replace=False)
        found = interval(judged(drawn), frame(people, missed=Missed(10**9, 0)))
        held += found.low <= ratio.sum() <= found.high
    assert held >= 0.93 * 300
