"""What answers come to."""

import pytest

from sousveil.count.review.design import OTHER, OWN, REST
from sousveil.count.review.tally import Decided, agreement
from sousveil.count.review.verdict import (
    Card,
    Sampled,
    active,
    disputed,
    first_settled,
    ratios,
    second_settled,
    settled,
    slips,
)

CARDS = (Card(0, OWN, 2.0, None), Card(1, OTHER, 4.0, None), Card(2, REST, 1.0, 1), Card(3, OTHER, 2.0, None))
SAMPLED = Sampled(0, 0, own=5, base=3, guess=1.0, cards=CARDS)


@pytest.mark.parametrize(
    ("looks", "expected", "answer"),
    [
        ("", "n", None),
        ("n", "n", "n"),
        ("u", "n", "u"),
        ("y", "n", None),
        ("yy", "n", "y"),
        ("yn", "n", None),
        ("ynn", "n", "n"),
        ("yny", "n", "y"),
        ("yu", "n", "u"),
        ("y", "y", "y"),
        ("nyn", "y", "n"),
    ],
)
def test_an_answer_against_what_was_expected_counts_only_when_it_is_given_again(looks, expected, answer):
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


def test_a_slip_is_an_answer_that_was_taken_back():
    looks = {0: ["y"], 1: ["y", "n", "n"], 3: ["n"]}
    taken_back, as_expected, change = slips(SAMPLED, looks)
    assert (taken_back, as_expected) == (1, 3)
    assert change == pytest.approx(1 - 5 / 10)


def test_where_the_second_is_sure_of_another_answer_it_is_open_and_where_unsure_the_first_holds():
    first = {0: "y", 1: "n", 3: "n"}
    looks = {0: ["n", "n"], 1: ["u"], 3: ["y", "n", "n"]}
    assert disputed(first, second_settled(first, looks)) == {0: "u", 1: "n", 3: "n"}


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
