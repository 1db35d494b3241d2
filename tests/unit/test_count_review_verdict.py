"""What answers come to."""

import pytest

from sousveil.count.review.design import OTHER, OWN, REST
from sousveil.count.review.tally import Decided, agreement
from sousveil.count.review.verdict import (
    Card,
    Sampled,
    active,
    against,
    first_settled,
    looked,
    ratios,
    second_settled,
    settled,
)

CARDS = (Card(0, OWN, 2.0, None), Card(1, OTHER, 4.0, None), Card(2, REST, 1.0, 1), Card(3, OTHER, 2.0, None))
SAMPLED = Sampled(0, 0, own=5, base=3, guess=1.0, cards=CARDS)


@pytest.mark.parametrize(
    ("looks", "expected", "answer"),
    [
        ("", "n", None),
        ("n", "n", "n"),
        ("u", "n", None),
        ("uu", "n", "u"),
        ("un", "n", "n"),
        ("y", "n", None),
        ("yy", "n", "y"),
        ("yn", "n", None),
        ("ynn", "n", "n"),
        ("yny", "n", None),
        ("ynyy", "n", "y"),
        ("yuy", "n", "y"),
        ("yuu", "n", "u"),
        ("y", "y", "y"),
        ("nynn", "y", "n"),
        ("ynynynyny", "n", "u"),
        ("n", "u", "n"),
    ],
)
def test_answers_against_what_was_expected_count_only_where_they_lead_by_two(looks, expected, answer):
    assert settled(looks, expected) == answer


def test_the_rest_of_a_person_is_asked_about_only_where_it_is_the_same_person():
    assert [card.index for card in active(SAMPLED, {})] == [0, 1, 3]
    assert [card.index for card in active(SAMPLED, {1: ["y"]})] == [0, 1, 3]
    assert [card.index for card in active(SAMPLED, {1: ["y", "y"]})] == [0, 1, 2, 3]


def test_the_ratio_is_the_predicted_persons_records_over_the_true_ones():
    right = {0: "y", 1: "n", 3: "n"}
    assert ratios(SAMPLED, right) == ratios(SAMPLED, {**right, 2: "y"})
    assert ratios(SAMPLED, right).least == ratios(SAMPLED, right).most == 1.0
    joined = ratios(SAMPLED, {0: "n", 1: "n", 3: "n"})
    assert joined.least == joined.most == pytest.approx(5 / 3)
    torn = ratios(SAMPLED, {0: "y", 1: "y", 2: "y", 3: "n"})
    assert torn.least == torn.most == pytest.approx(5 / 10)
    assert torn.alone == 1.0


def test_open_answers_are_taken_both_ways():
    found = ratios(SAMPLED, {0: "y", 1: "u", 3: "n"})
    assert (found.least, found.most) == (pytest.approx(5 / 10), 1.0)
    found = ratios(SAMPLED, {1: "n", 3: "n"})
    assert (found.least, found.most) == (1.0, pytest.approx(5 / 3))
    found = ratios(SAMPLED, {0: "y", 1: "y", 3: "n"})
    assert (found.least, found.most) == (pytest.approx(5 / 10), pytest.approx(5 / 9))


def test_people_near_another_person_are_asked_about_only_where_that_one_is_the_same():
    cards = (*CARDS[:3], Card(3, OTHER, 2.0, 1), Card(4, REST, 3.0, 3))
    near = Sampled(0, 0, own=5, base=3, guess=1.0, cards=cards)
    looks = {0: ["y"], 1: ["y", "y"], 2: ["y"]}
    assert [card.index for card in active(near, {0: ["y"], 1: ["n"], 3: ["y", "y"]})] == [0, 1]
    assert [card.index for card in active(near, looks)] == [0, 1, 2, 3]
    looks[3] = ["y", "y"]
    assert [card.index for card in active(near, looks)] == [0, 1, 2, 3, 4]
    found = ratios(near, {0: "y", 1: "y", 2: "y", 3: "y"})
    assert (found.most, found.expected) == (pytest.approx(5 / 12), pytest.approx(5 / 15))
    assert ratios(near, {0: "y", 1: "u"}).least == pytest.approx(5 / 10), "who is near is left out"


def test_open_answers_are_expected_to_be_what_the_matcher_holds():
    found = ratios(SAMPLED, {1: "u", 3: "n"})
    assert found.expected == found.alone == 1.0
    assert ratios(SAMPLED, {0: "y", 1: "y", 3: "n"}).expected == pytest.approx(5 / 10)


def test_what_a_false_answer_would_change_is_known_for_every_card_that_is_as_expected():
    found = ratios(SAMPLED, {0: "y", 1: "n", 3: "n"})
    assert found.own_at_risk == pytest.approx(5 / 3 - 1)
    assert found.other_at_risk == pytest.approx((1 - 5 / 9) + (1 - 5 / 7))


def test_looks_are_counted_for_and_against_the_matcher_on_settled_cards_alone():
    looks = {0: ["y"], 1: ["y", "n", "u", "n"], 3: ["y"]}
    assert looked(SAMPLED, looks) == [(0, 1), (1, 2)]
    assert looked(SAMPLED, {0: ["n", "y", "n", "n"], 1: ["u", "u"], 3: ["n"]}) == [(3, 1), (0, 1)]


def test_two_reviewers_are_compared_on_the_cards_of_which_both_are_sure():
    first = {0: "y", 1: "n", 3: "u"}
    looks = {0: ["n", "n"], 1: ["y", "n", "n"], 3: ["y"]}
    assert against(SAMPLED, first, second_settled(first, looks)) == [(False, True), (False, False)]


def test_agreement_is_over_first_looks_and_kappa_takes_chance_off():
    first = {0: ["y"], 1: ["n"], 3: ["n"]}
    same = [Decided(SAMPLED, first, first, True)] * 10
    assert (agreement(same).raw, agreement(same).kappa) == (1.0, pytest.approx(1.0))
    luck = [Decided(SAMPLED, {0: [a]}, {0: [b]}, True) for a in "yn" for b in "yn"]
    assert agreement(luck).raw == 0.5 and agreement(luck).kappa == pytest.approx(0.0)
    assert agreement([Decided(SAMPLED, {0: ["y"]}, {0: ["y"]}, True)]).kappa is None
    assert agreement([Decided(SAMPLED, first, {}, True)]) is None


def test_first_answers_settle_what_they_confirm():
    assert first_settled(SAMPLED, {0: ["y"], 1: ["y"], 3: ["n"]}) == {0: "y", 3: "n"}
