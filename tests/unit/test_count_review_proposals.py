"""What is drawn, what is proposed beside it, and how what the proposal misses is measured."""

import numpy as np
import pytest

from benchmarks.simulated_leaks import leak
from sousveil.count.records import NONE
from sousveil.count.review.cards import cards_of
from sousveil.count.review.design import OTHER, OWN, REST
from sousveil.count.review.ghosts import Missed, measure
from sousveil.count.review.plan import make_plan
from sousveil.count.review.propose import Barred, Proposals
from sousveil.count.review.sample import draw
from sousveil.count.review.verdict import ratios
from tests.support_people import Told, mistyped, records_of, resident

BORN = [f"{1940 + n % 60}-0{1 + n % 9}-1{n % 9}" for n in range(150)]
CROWD = [
    Told(
        id=resident(BORN[n].replace("-", ""), 2 * n + 1),
        name=f"张{chr(0x4E00 + 31 * n)}{chr(0x5E00 + 5 * n)}",
        born=BORN[n],
        phone=f"120{n:08d}",
    )
    for n in range(150)
]
ANNA = Told(id=resident("19801103", 77), name="李红梅", born="1980-11-03", phone="12099990000")


def proposals_of(told, person=None):
    records = records_of(told)
    person = np.arange(len(told)) if person is None else np.asarray(person)
    return Proposals(cards_of(records, person, records.numbers["cn_resident_id"].codes >= 0))


def beside(told, *, person=None, own=NONE):
    """The cards proposed beside the last record."""
    proposals = proposals_of(told, person)
    place = np.array([proposals.cards.of[len(told) - 1]])
    barred = Barred(np.array([own]), place, np.ones(len(proposals.cards), bool))
    found = proposals.beside(proposals.cards.traits.take(place), np.zeros(1, int), barred)
    return {int(proposals.cards.first[card]) for card in found.card}


@pytest.mark.parametrize(
    "far",
    [
        Told(name="李红梅", phone="12000000001"),
        Told(name="红梅李", born="1980-03-11"),
        Told(name="红梅李"),
        Told(name="李红妹", born="1980-11-08"),
        Told(name="李洪梅", born="1979-11-03"),
        Told(born="1980-11-03", phone="12099990000"),
        Told(name="赵红梅", phone="12099990000"),
        Told(born="1980-11-03"),
        Told(failed=mistyped(ANNA.id, 7), name="李虹"),
        Told(failed=mistyped(ANNA.id, 15)),
        Told(id=ANNA.id, name="LIHONGMEI"),
    ],
    ids=str,
)
def test_far_records_of_the_same_person_are_proposed(far):
    assert len(CROWD) in beside([*CROWD, ANNA, far])


def test_names_in_an_alphabet_meet_by_sound_and_in_any_order():
    told = [*CROWD, Told(name="MUHAMMADKARIMOV", born="1985-05-05")]
    assert len(CROWD) in beside([*told, Told(name="KARIMOVMUHAMMAD")])
    assert len(CROWD) in beside([*told, Told(name="MOHAMEDKERIMOV", born="1985-05-06")])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("欧阳振东", "OUYANG ZHENDONG"),
        ("艾力·买买提", "ELI MEMET"),
        ("吐尔逊·艾力", "图尔荪·艾里"),
        ("КАРИМОВ ДИЛЬШАТ", "DILSHAT KARIMOV"),
        ("مۇختار ئىمىن", "MUXTAR IMIN"),
    ],
)
def test_one_name_in_two_scripts_is_enough_to_be_proposed(one, other):
    told = [*CROWD, Told(name=one, born="1985-05-05")]
    assert len(CROWD) in beside([*told, Told(name=other)])


def test_neither_the_own_person_nor_one_without_anything_in_common_is_proposed():
    stranger = Told(name="欧阳青", born="1911-01-28", phone="12088887777")
    assert beside([*CROWD, ANNA, stranger]) == set()
    told = [*CROWD, ANNA, Told(name="李红梅", born="1980-11-03")]
    person = [*range(len(CROWD)), len(CROWD), len(CROWD)]
    assert len(CROWD) not in beside(told, person=person, own=len(CROWD))


def test_two_different_valid_numbers_under_one_name_and_birth_date_are_not_worth_a_look():
    twin = Told(id=resident("19801103", 555), name="李红", born="1980-11-03")
    assert len(CROWD) not in beside([*CROWD, ANNA, twin])


def test_one_question_is_enough_about_records_that_agree_in_number_and_name_by_the_matcher_too():
    told = [ANNA, ANNA, Told(id=ANNA.id, name=ANNA.name), Told(id=ANNA.id, name="李红")]
    told += [Told(name=ANNA.name), Told(name=ANNA.name)]
    cards = proposals_of(told, [0, 0, 0, 0, NONE, NONE]).cards
    group = cards.group[cards.of]
    assert cards.of[0] == cards.of[1] != cards.of[2]
    assert group[0] == group[1] == group[2]
    assert len(set(group.tolist())) == 4
    assert cards.nobody[cards.of[4]] and cards.sure[cards.of[0]]
    apart = proposals_of(told, [0, 0, 1, 0, NONE, NONE]).cards
    assert apart.group[apart.of[0]] != apart.group[apart.of[2]]


def test_every_record_of_a_person_is_as_likely_and_no_person_is_drawn_twice():
    told = [
        Told(id=resident(serial=2 * n + 1), phone=f"120{k:08d}") for n in range(50) for k in range(1 + n % 5)
    ]
    person = np.array([n for n in range(50) for k in range(1 + n % 5)])
    cards = cards_of(records_of(told), person, np.ones(len(told), bool))
    count = np.zeros(len(told))
    for seed in range(400):
        sample = draw(cards, np.ones(len(told), bool), np.random.default_rng(seed), 10)
        assert len(set(person[sample.record].tolist())) == len(sample) == 10
        count[sample.record] += 1
    expected = 400 * 10 / 50 / (1 + person % 5)
    assert np.all(np.abs(count - expected) < 5 * np.sqrt(expected) + 1)
    assert sample.people == (50, 0, 0)


def test_wherever_the_review_stops_each_stratum_has_its_share():
    made = leak(3)
    cards = cards_of(made.records, made.person, made.sure)
    sample = draw(cards, np.ones(len(made.person), bool), np.random.default_rng(0), 1_000)
    whole = np.bincount(sample.stratum, minlength=3) / len(sample)
    for stop in (50, 200, 500):
        assert np.abs(np.bincount(sample.stratum[:stop], minlength=3) / stop - whole).max() < 0.05
    assert sum(sample.people) == cards.people
    for place in range(len(sample)):
        card = cards.of[sample.record[place]]
        assert sample.stratum[place] == (
            2 if made.person[sample.record[place]] < 0 else int(not cards.sure[card])
        )
    assert sample.people[2] == (made.person < 0).sum() > 0


@pytest.fixture(scope="module")
def planned():
    made = leak(5)
    proposals = Proposals(cards_of(made.records, made.person, made.sure))
    inside = made.table > 0
    return (
        made,
        inside,
        make_plan(proposals, inside, (Missed(600, 0), Missed(600, 0)), np.random.default_rng(1), 400),
        proposals,
    )


def test_true_answers_give_the_true_ratio_unless_something_was_not_shown(planned):
    made, inside, plan, proposals = planned
    sample, shown, first = plan.design.sample, plan.design.shown, proposals.cards.first
    true_size = np.bincount(made.truth[inside], minlength=made.truth.max() + 1)
    exact = 0
    for place, sampled in enumerate(plan.sampled):
        me = made.truth[sample.record[place]]
        answers = {
            c.index: "y" if made.truth[first[shown.card[c.index]]] == me else "n" for c in sampled.cards
        }
        exact += ratios(sampled, answers).least == pytest.approx(sampled.own / true_size[me])
    assert exact >= 0.96 * len(plan.sampled)


def test_who_has_something_in_common_only_with_another_piece_of_the_person_is_shown_behind_it():
    """Three pieces: name and birth date, name and telephone, another name and the telephone."""
    told = [
        Told(name="欧阳振东", born="1981-02-03"),
        Told(name="欧阳振东", phone="12000005555"),
        Told(name="周文", phone="12000005555"),
        *CROWD,
    ]
    proposals = proposals_of(told)
    plan = make_plan(
        proposals, np.ones(len(told), bool), (Missed(600, 0), Missed(600, 0)), np.random.default_rng(1)
    )
    first = proposals.cards.first
    record, card = (plan.design.sample.record, plan.design.shown.card)
    (place,) = np.flatnonzero(record == 0)
    shown = {int(first[card[c.index]]): c for c in plan.sampled[place].cards}
    assert shown[1].head is None and shown[2].head == shown[1].index > -1
    assert shown[1].index < shown[2].index


def test_cards_hang_only_on_cards_of_the_same_record_that_come_before(planned):
    _, _, plan, _ = planned
    heads = {}
    for sampled in plan.sampled:
        indices = {card.index: card for card in sampled.cards}
        assert list(indices) == sorted(indices)
        for card in sampled.cards:
            if card.head is not None:
                assert card.head < card.index and indices[card.head].kind == OTHER
                heads[card.kind] = heads.get(card.kind, 0) + 1
    assert set(heads) == {OTHER, REST}, "the rest of a person, and people near it"


def test_only_records_of_the_scope_are_drawn_and_shown(planned):
    _, inside, plan, proposals = planned
    assert inside[plan.design.sample.record].all()
    assert all(inside[proposals.cards.of == card].any() for card in plan.design.shown.card)
    assert {card.kind for sampled in plan.sampled for card in sampled.cards} >= {OWN, OTHER}


def test_ghosts_say_what_the_proposal_misses(monkeypatch):
    made = leak(5)
    proposals = Proposals(cards_of(made.records, made.person, made.sure))
    table = made.table[proposals.cards.first]
    found, _ = measure(proposals, table, np.random.default_rng(0))
    assert found.measured and found.share < 0.2 and found.share < found.most
    blind = Proposals(proposals.cards)
    monkeypatch.setattr(blind._near, "pairs", lambda asked: (np.zeros(0, int), np.zeros(0, int)))
    assert [missed.share for missed in measure(blind, table, np.random.default_rng(0))] == [1.0, 1.0]


def test_a_ghost_that_looks_like_nobody_else_of_its_person_is_missed():
    told = [
        Told(id=ANNA.id, name="李红梅", born="1980-11-03"),
        Told(id=ANNA.id, name="周文", phone="12000001234"),
    ]
    others = [Told(id=p.id, name=p.name, born=p.born) for p in CROWD] + [
        Told(id=p.id, phone=p.phone) for p in CROWD
    ]
    person = [0, 0, *range(1, 151), *range(1, 151)]
    proposals = proposals_of([*told, *others], person)
    found, _ = measure(proposals, np.ones(len(proposals.cards), int), np.random.default_rng(0))
    assert found.tried > 250 and found.share > 0.99


def test_pieces_that_have_nothing_in_common_are_missed_where_nobody_has_a_number():
    """Everybody has three records; the third is the holder's by its number alone, or by telephone as well."""
    first = [Told(id=p.id, name=p.name, born=p.born, phone=p.phone) for p in CROWD]
    second = [Told(id=p.id, name=p.name, born=p.born) for p in CROWD]
    person = [*range(150)] * 3
    for phones, least, most in ((False, 0.9, 1.0), (True, 0.0, 0.1)):
        third = [
            Told(id=p.id, name=f"周{chr(0x6E00 + 17 * n)}", phone=p.phone if phones else None)
            for n, p in enumerate(CROWD)
        ]
        proposals = proposals_of([*first, *second, *third], person)
        _, torn = measure(proposals, np.ones(len(proposals.cards), int), np.random.default_rng(0))
        assert least <= torn.share <= most and torn.tried > 100


def test_without_numbers_nothing_is_measured():
    proposals = proposals_of([Told(name=p.name, born=p.born) for p in CROWD])
    assert not any(
        missed.measured
        for missed in measure(proposals, np.ones(len(proposals.cards), int), np.random.default_rng(0))
    )
