"""What answers come to: whether an answer is settled, and how much of its true person a prediction is.

An answer that is as expected settles its card. One that speaks against what was expected changes the number,
and a slip of the hand would do so as well: the card is asked again later, until the answers against it lead
by two, or the others by one (a sequential test after Wald 1945; how often a slip outlives it is known,
`errors.py`). Who can't say is asked once more. What is expected of the first reviewer is what the matcher
holds; of the second, what the first has said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sousveil.count.review.design import OTHER, OWN, REST

SAME, OTHERS, UNSURE = "y", "n", "u"
ANSWERS = (SAME, OTHERS, UNSURE)

EXPECTED = {OWN: SAME, OTHER: OTHERS, REST: SAME}
AGAINST, AS_EXPECTED = 2, -1
"""How far the answers against what was expected must lead, or fall behind, for a card to be settled."""
_TWICE = 2
"""Whoever can't say so often has said so."""
_LOOKS = 9
"""A card that so many looks have not settled is open."""


@dataclass(frozen=True)
class Card:
    """A card beside a sampled record, as a session knows it."""

    index: int
    kind: int
    weight: float
    head: int | None
    """The index of the card that must be the same person for this one to be asked about, if there is one."""


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
    if expected == UNSURE:
        return looks[0] if looks else None
    lead = unsure = 0
    for look in looks:
        unsure += look == UNSURE
        lead += 0 if look == UNSURE else -1 if look == expected else 1
        if lead in (AS_EXPECTED, AGAINST):
            return look
        if unsure == _TWICE:
            return UNSURE
    return UNSURE if len(looks) >= _LOOKS else None


def first_settled(sampled: Sampled, looks: Looks) -> dict[int, str]:
    """The first reviewer's settled answers on a record."""
    found = {}
    for card in active(sampled, looks):
        answer = settled(looks.get(card.index, ()), EXPECTED[card.kind])
        if answer:
            found[card.index] = answer
    return found


def active(sampled: Sampled, looks: Looks) -> list[Card]:
    """The cards to be judged: one that hangs on another only where that one is settled as the same."""
    found, same = [], set()
    for card in sampled.cards:
        if card.head is None or card.head in same:
            found.append(card)
            if settled(looks.get(card.index, ()), EXPECTED[card.kind]) == SAME:
                same.add(card.index)
    return found


def second_settled(first: Settled, looks: Looks) -> dict[int, str]:
    """The second reviewer's settled answers on the cards that the first has settled."""
    found = {index: settled(looks.get(index, ()), answer) for index, answer in first.items()}
    return {index: answer for index, answer in found.items() if answer}


def against(sampled: Sampled, first: Settled, second: Settled) -> list[tuple[bool, bool]]:
    """For each card of which both reviewers are sure: whether either answers against the matcher."""
    both = [
        (EXPECTED[card.kind], first.get(card.index, UNSURE), second.get(card.index, UNSURE))
        for card in sampled.cards
    ]
    return [(one != usual, other != usual) for usual, one, other in both if UNSURE not in (one, other)]


@dataclass(frozen=True)
class Ratios:
    """How much of its true person a record's predicted person is."""

    least: float
    """If every open answer is "the same person"."""
    most: float
    """If every open answer is "somebody else"."""
    expected: float
    """If every open answer is as expected."""
    alone: float
    """The same, and none of the other people shown were the same person."""
    own_at_risk: float
    """How much the ratio would rise by false answers against the matcher, if each card had one."""
    other_at_risk: float
    """How much it would fall by them."""


def ratios(sampled: Sampled, answers: Settled) -> Ratios:
    """The ratio of a record, from settled answers."""
    own = [card for card in sampled.cards if card.kind == OWN]
    same = [c.weight for c in own if answers.get(c.index) == SAME]
    sure = float(sampled.base) + sum(same)
    open_own = sum(c.weight for c in own if answers.get(c.index, UNSURE) == UNSURE)
    hanging: dict[int | None, list[Card]] = {}
    for card in sampled.cards:
        if card.kind != OWN:
            hanging.setdefault(card.head, []).append(card)
    more, usual_more, open_more = _others(hanging, None, answers)
    apart = [c.weight for c in sampled.cards if c.kind == OTHER and answers.get(c.index) == OTHERS]
    held = sampled.own
    whole = sure + open_own + usual_more
    return Ratios(
        held / (sure + open_own + open_more),
        held / (sure + more),
        held / whole,
        held / (sure + open_own),
        sum(held / (whole - weight) - held / whole for weight in same),
        sum(held / whole - held / (whole + weight) for weight in apart),
    )


def _others(
    hanging: Mapping[int | None, Sequence[Card]], head: int | None, answers: Settled
) -> tuple[float, float, float]:
    """How many records the cards that hang on one add: for certain, as expected, at most.

    What hangs on a card about which nobody can say is the rest of its person; people near it are not counted.
    """
    certain = usual = most = 0.0
    for card in hanging.get(head, ()):
        answer = answers.get(card.index, UNSURE)
        if answer == SAME:
            more = _others(hanging, card.index, answers)
            certain, usual, most = (
                now + card.weight + part for now, part in zip((certain, usual, most), more, strict=True)
            )
        elif answer == UNSURE:
            whole = card.weight + sum(c.weight for c in hanging.get(card.index, ()) if c.kind == REST)
            usual += whole if card.kind == REST else 0.0
            most += whole
    return certain, usual, most


def looked(sampled: Sampled, looks: Looks) -> list[tuple[int, int]]:
    """For each settled card how many sure answers are against what was expected, and how many as expected."""
    kinds = {card.index: card.kind for card in sampled.cards}
    found = []
    for index, answer in first_settled(sampled, looks).items():
        if answer != UNSURE:
            sure = [look for look in looks[index] if look != UNSURE]
            usual = sure.count(EXPECTED[kinds[index]])
            found.append((len(sure) - usual, usual))
    return found
