"""The estimator of a count review: what it comes to, and what widens it."""

from dataclasses import replace

import numpy as np
import pytest

from sousveil.count.review.errors import Errors, Rate
from sousveil.count.review.ghosts import Missed
from sousveil.count.review.interval import Frame, interval
from sousveil.count.review.judged import Judged

NONE_MISSED = Missed(1_000, 0)


def judged(least, most=None, *, stratum=None, guess=None, **more) -> Judged:
    least = np.asarray(least, float)
    most = least if most is None else np.asarray(most, float)
    size = len(least)
    return replace(
        Judged(
            np.zeros(size, np.int8) if stratum is None else np.asarray(stratum, np.int8),
            np.ones(size) if guess is None else np.asarray(guess, float),
            least, most, least, least, np.zeros(size), np.zeros(size),
        ),
        **more,
    )  # fmt: skip


def frame(*people, guess=None, missed=NONE_MISSED, **more) -> Frame:
    people = (*people, *[0] * (3 - len(people)))
    drawn = tuple(min(p, 4_000) for p in people)
    return Frame(people, drawn, guess or (1.0, 1.0, 1.0), missed, **{"torn": missed, **more})


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


def test_what_is_missed_of_people_without_any_number_counts_where_the_matcher_knows_none():
    ratio = np.ones(500)
    ratio[:100] = 0.5
    few, many = Missed(600, 0), Missed(600, 120)
    for stratum, moved in ((0, False), (1, True), (2, True)):
        people = tuple(10_000 * (h == stratum) for h in range(3))
        torn = judged(ratio, alone=np.ones(500), stratum=np.full(500, stratum))
        none, some = (interval(torn, frame(*people, missed=few, torn=missed)) for missed in (few, many))
        assert some.high == none.high
        assert (some.low < none.low - 200) is moved and (some.estimate < none.estimate - 100) is moved


def test_without_ghosts_a_share_missed_is_allowed_for():
    ratio = np.ones(500)
    ratio[:100] = 0.5
    judged_ = judged(ratio, alone=np.ones(500))
    assert not Missed(10, 0).measured
    unmeasured, measured = (interval(judged_, frame(10_000, missed=Missed(n, 0))) for n in (10, 600))
    assert unmeasured.low < measured.low


def erring(judged_, **rates):
    return interval(judged_, replace(sure_of_nothing_missed(), errors=Errors(**rates)))


@pytest.mark.parametrize(("split", "joined"), [(0.2, 0.0), (0.0, 0.1), (0.15, 0.05)])
def test_wrong_answers_are_corrected_for_either_way(split, joined):
    """A reviewer who holds 3 in 100 of the matcher's right cards for wrong, 8 in 100 wrong ones for right."""
    false, missed, size = 0.03, 0.08, 100_000
    rng = np.random.default_rng(4)
    found_split = rng.random(size) < split * (1 - missed) + (1 - split) * false
    found_joined = rng.random(size) < joined * (1 - missed) + (1 - joined) * false
    kind = np.arange(size) % 2  # every other record has a card of its own person, the rest one of another's
    alone = np.where((kind == 0) & found_joined, 2.0, 1.0)
    least = np.where((kind == 1) & found_split, 0.5, alone)
    judged_ = judged(
        least, expected=least, alone=alone,
        own_at_risk=np.where((kind == 0) & ~found_joined, 1.0, 0.0),
        other_at_risk=np.where((kind == 1) & ~found_split, 0.5, 0.0),
    )  # fmt: skip
    blind = sure_of_nothing_missed(1_000_000)
    found = interval(judged_, replace(blind, errors=_Known(false, missed)))
    assert found.estimate == pytest.approx(1_000_000 * (1 + joined / 2 - split / 4), rel=0.003)
    assert abs(interval(judged_, blind).estimate - found.estimate) > 1_500


class _Known(Errors):
    """Rates that are known."""

    def __init__(self, false, missed):
        object.__setattr__(self, "_rates", (false, missed))

    def rates(self):
        return self._rates

    def ends(self):
        return []


def test_what_is_not_known_of_the_errors_widens_the_interval_but_does_not_move_the_estimate():
    ratio = np.ones(500)
    ratio[:100] = 0.5
    torn = judged(ratio, alone=np.ones(500), other_at_risk=np.where(ratio == 1, 0.5, 0.0))
    sure = erring(torn)
    for name in ("against", "confirming", "staying"):
        unsure = erring(torn, **{name: Rate(0.0, 0.0, 0.1)})
        assert unsure.estimate == sure.estimate and unsure.half > 1.01 * sure.half, name


def test_findings_that_slips_hide_make_fewer_people_where_torn_and_more_where_joined():
    torn, joined = np.ones(500), np.ones(500)
    torn[:100], joined[:100] = 0.5, 2.0
    often = Rate(0.05, 0.05, 0.05)
    torn, joined = judged(torn, alone=np.ones(500)), judged(joined)
    assert erring(torn, confirming=often).estimate < erring(torn).estimate - 40
    assert erring(joined, confirming=often).estimate > erring(joined).estimate + 80


def test_an_open_answer_is_likely_to_be_what_settled_ones_are():
    least, expected = np.ones(500), np.ones(500)
    least[:25] = 0.5
    found = interval(
        judged(least, np.ones(500), expected=expected, alone=np.ones(500), other_at_risk=np.full(500, 0.5)),
        sure_of_nothing_missed(),
    )
    assert found.estimate == 10_000 and found.low < 9_750


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
