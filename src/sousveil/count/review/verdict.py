"""What answers come to: whether an answer is settled, and how much of its true person a prediction is.

An answer that is as expected settles its card. One that speaks against what was expected changes the number,
and a slip of the hand would do so as well: the card is asked again later, and a third time where the two
looks differ. What is expected of the first reviewer is what the matcher holds; of the second, what the first
has said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sousveil.count.review.design import OTHER, OWN, REST

SAME, OTHERS, UNSURE = "y", "n", "u"
ANSWERS = (SAME, OTHERS, UNSURE)

EXPECTED = {OWN: SAME, OTHER: OTHERS, REST: SAME}


@dataclass(frozen=True)
class Card:
    """A card beside a sampled record, as a session knows it."""

    index: int
    kind: int
    weight: float
    head: int | None
    """For a card of the rest: the index of the card that must be the same person."""


@dataclass(frozen=True)
class Sampled:
    """A sampled record and its cards."""

    place: int
    stratum: int
    own: int
    """Records of its predicted person, in this scope."""
    base: int
    """Records on its own card."""
    guess: float
    cards: tuple[Card, ...]


Looks = Mapping[int, Sequence[str]]
"""The answers given on each card of a record, by the card's index, in their order."""
Settled = Mapping[int, str]
"""The settled answer on each card; one that is missing is open."""


def settled(looks: Sequence[str], expected: str) -> str | None:
    """The answer that looks at a card come to; None while another look is needed."""
    if not looks:
        return None
    first = looks[0]
    if first in (expected, UNSURE):
        return first
    if len(looks) == 1:
        return None
    second = looks[1]
    if second in (first, UNSURE):
        return second
    return looks[2] if len(looks) > 2 else None


def first_settled(sampled: Sampled, looks: Looks) -> dict[int, str]:
    """The first reviewer's settled answers on a record."""
    found = {}
    for card in active(sampled, looks):
        answer = settled(looks.get(card.index, ()), EXPECTED[card.kind])
        if answer:
            found[card.index] = answer
    return found


def active(sampled: Sampled, looks: Looks) -> list[Card]:
    """The cards to be judged: the rest of a person only where the one shown is settled as the same."""
    heads = {
        card.index
        for card in sampled.cards
        if card.kind == OTHER and settled(looks.get(card.index, ()), OTHERS) == SAME
    }
    return [card for card in sampled.cards if card.kind != REST or card.head in heads]


def second_settled(first: Settled, looks: Looks) -> dict[int, str]:
    """The second reviewer's settled answers on the cards that the first has settled."""
    found = {index: settled(looks.get(index, ()), answer) for index, answer in first.items()}
    return {index: answer for index, answer in found.items() if answer}


def disputed(first: Settled, second: Settled) -> dict[int, str]:
    """The first reviewer's answers, open where the second is sure of another."""
    return {index: a if second.get(index, a) in (a, UNSURE) else UNSURE for index, a in first.items()}


@dataclass(frozen=True)
class Ratios:
    """How much of its true person a record's predicted person is, with open answers taken both ways."""

    least: float
    most: float
    alone: float
    """If none of the other people shown were the same person."""


def ratios(sampled: Sampled, answers: Settled) -> Ratios:
    """The ratio of a record, from settled answers."""
    own = [card for card in sampled.cards if card.kind == OWN]
    sure = float(sampled.base) + sum(c.weight for c in own if answers.get(c.index) == SAME)
    open_own = sum(c.weight for c in own if answers.get(c.index, UNSURE) == UNSURE)
    more = open_more = 0.0
    for card in sampled.cards:
        if card.kind == OTHER:
            certain, maybe = _of_other(sampled, card, answers)
            more, open_more = more + certain, open_more + maybe
    least = sampled.own / (sure + open_own + more + open_more)
    return Ratios(least, sampled.own / (sure + more), sampled.own / (sure + open_own))


def _of_other(sampled: Sampled, head: Card, answers: Settled) -> tuple[float, float]:
    """How many records another person's cards add for certain, and how many more they may add."""
    rest = [card for card in sampled.cards if card.head == head.index]
    answer = answers.get(head.index, UNSURE)
    if answer == OTHERS:
        return 0.0, 0.0
    if answer == UNSURE:
        return 0.0, head.weight + sum(card.weight for card in rest)
    certain = head.weight + sum(card.weight for card in rest if answers.get(card.index) == SAME)
    return certain, sum(card.weight for card in rest if answers.get(card.index, UNSURE) == UNSURE)


def slips(sampled: Sampled, looks: Looks) -> tuple[int, int, float]:
    """Answers taken back, answers as expected, and how much the former would have changed the ratio."""
    answers = first_settled(sampled, looks)
    taken_back, as_expected, change = 0, 0, 0.0
    kinds = {card.index: card.kind for card in sampled.cards}
    now = ratios(sampled, answers)
    for index, answer in answers.items():
        first = looks[index][0]
        as_expected += answer == EXPECTED[kinds[index]]
        if first != answer and UNSURE not in (first, answer):
            taken_back += 1
            then = ratios(sampled, {**answers, index: first})
            change += abs(then.least - now.least)
    return taken_back, as_expected, change
