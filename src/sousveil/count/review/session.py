"""A sitting of one reviewer: which card is asked about next, what an answer does, when enough is known.

The terminal (and later the desk) only shows what `question` gives and hands back what was answered. There is
no way in: neither a record nor a card can be named from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sousveil.count.review.interval import LEAST, Interval
from sousveil.count.review.store import Answer, Kept, Store
from sousveil.count.review.tally import Agreement, Decided, agreement, more_needed, reviewed
from sousveil.count.review.verdict import (
    EXPECTED,
    SAME,
    Card,
    Sampled,
    active,
    first_settled,
    settled,
)

LATER = 12
"""Looks at other cards before a card is asked about again."""

_Looks = dict[int, list[str]]


@dataclass(frozen=True)
class Question:
    """One card to judge: is it the same person as the sampled record, and the cards taken for that person?"""

    place: int
    card: int
    """By its index in the plan."""
    alike: tuple[int, ...]
    """Cards that this reviewer has taken for the same person."""
    turn: int
    """Which of the record's cards it is, from 1."""
    of: int


@dataclass(frozen=True)
class Standing:
    """How far a review is."""

    decisions: int
    """Records judged."""
    interval: Interval | None
    more: int | None
    """About how many more are needed for the width asked; None while nobody can say."""
    open: int
    """Cards that need another look."""


@dataclass
class Session:
    """A sitting of one reviewer on one plan."""

    store: Store
    kept: Kept
    reviewer: str
    width: float
    most: int
    second: bool = False
    _answers: list[Answer] = field(default_factory=list)
    _looks: tuple[dict[int, _Looks], dict[int, _Looks]] = field(default_factory=lambda: ({}, {}))
    _pointer: int = 0
    """The first record with a card that nobody has looked at; the records before it are judged."""

    def __post_init__(self) -> None:
        self._answers = self.store.answers(self.kept.plan)
        self._replay()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer of the plan so far."""
        return tuple(self._answers)

    @property
    def reviewers(self) -> tuple[frozenset[str], frozenset[str]]:
        """Who has answered as the first and as the second reviewer."""
        names = [(answer.second, answer.reviewer) for answer in self._answers]
        return (
            frozenset(name for second, name in names if not second),
            frozenset(name for second, name in names if second),
        )

    def question(self) -> Question | None:
        """The next card to judge; None when there is nothing left to ask."""
        due = self._due()
        if due and (self._looks_since(due[0]) >= LATER or self._is_enough()):
            return self._asked(*due[0])
        if not self._is_enough():
            place = self._pointer if not self.second else self._second_place()
            if place is not None and place < self._end:
                return self._asked(place, self._fresh(place)[0])
        return self._asked(*due[0]) if due else None

    def answer(self, question: Question, answer: str) -> None:
        """Keep the answer to a question; on return it is on the disk."""
        seq = self._answers[-1].seq + 1 if self._answers else 1
        given = Answer(seq, self.second, self.reviewer, question.place, question.card, answer)
        self.store.add(self.kept.plan, given)
        self._answers.append(given)
        self._take(given)
        self._move()

    def back(self) -> bool:
        """Take the last answer of this reviewer back, if there is one; whether there was."""
        mine = [a for a in self._answers if a.second == self.second and a.reviewer == self.reviewer]
        if not mine:
            return False
        self.store.take_back(self.kept.plan, mine[-1].seq)
        self._answers.remove(mine[-1])
        self._replay()
        return True

    def standing(self) -> Standing:
        """How far the review is."""
        decided = self.decided()
        found = reviewed(decided, self.kept.frame)
        return Standing(
            len(decided), found, more_needed(found, len(decided), self.width), len(list(self._due()))
        )

    def agreed(self) -> Agreement | None:
        """How far the two reviewers agree, where there are two."""
        return agreement(self.decided())

    def decided(self) -> list[Decided]:
        """Every record judged so far."""
        first, second = self._looks
        furthest = max(second, default=-1)
        return [
            Decided(
                self.kept.sampled[place],
                first.get(place, {}),
                second.get(place, {}),
                self.kept.shared[place] and place <= furthest,
            )
            for place in range(self._pointer)
        ]

    @property
    def _end(self) -> int:
        return min(self.most, len(self.kept.sampled))

    def _replay(self) -> None:
        self._looks, self._pointer = ({}, {}), 0
        for answer in self._answers:
            self._take(answer)
        self._move()

    def _take(self, answer: Answer) -> None:
        looks = self._looks[answer.second].setdefault(answer.place, {})
        looks.setdefault(answer.card, []).append(answer.answer)

    def _move(self) -> None:
        """Go on to the first record with a card that nobody has looked at; one without cards is judged."""
        while self._pointer < len(self.kept.sampled) and not self._unseen(self.kept.sampled[self._pointer]):
            self._pointer += 1

    def _unseen(self, sampled: Sampled) -> list[Card]:
        looks = self._looks[0].get(sampled.place, {})
        return [card for card in sampled.cards if card.head is None and not looks.get(card.index)]

    def _fresh(self, place: int) -> list[int]:
        """The cards of a record that this reviewer has not looked at."""
        if not self.second:
            return [card.index for card in self._unseen(self.kept.sampled[place])]
        looks = self._looks[1].get(place, {})
        answers = first_settled(self.kept.sampled[place], self._looks[0].get(place, {}))
        return [index for index in sorted(answers) if not looks.get(index)]

    def _second_place(self) -> int | None:
        """The next record of the second reviewer's share."""
        judged = range(min(self._pointer, self._end))
        return next((p for p in judged if self.kept.shared[p] and self._fresh(p)), None)

    def _due(self) -> list[tuple[int, int]]:
        """Cards that this reviewer owes a look: what hangs on a card first, then the longest waiting."""
        waiting: dict[tuple[int, int], int] = {}
        for answer in self._answers:
            if answer.second == self.second:
                waiting.pop((answer.place, answer.card), None)
                if self._is_open(answer.place, answer.card):
                    waiting[answer.place, answer.card] = answer.seq
        return [*([] if self.second else self._hanging()), *waiting]

    def _hanging(self) -> list[tuple[int, int]]:
        """What hangs on cards that turned out to be the same person, as far as nobody has looked at it."""
        return [
            (place, card.index)
            for place, looks in self._looks[0].items()
            for card in active(self.kept.sampled[place], looks)
            if card.head is not None and not looks.get(card.index)
        ]

    def _is_open(self, place: int, index: int) -> bool:
        sampled = self.kept.sampled[place]
        if self.second:
            expected = first_settled(sampled, self._looks[0].get(place, {})).get(index)
        else:
            expected = next((EXPECTED[c.kind] for c in sampled.cards if c.index == index), None)
        looks = self._looks[self.second][place][index]
        return expected is not None and settled(looks, expected) is None

    def _looks_since(self, card: tuple[int, int]) -> int:
        """Answers of this reviewer since a card was last looked at."""
        since = 0
        for answer in reversed(self._answers):
            if answer.second == self.second:
                if (answer.place, answer.card) == card:
                    return since
                since += 1
        return since

    def _is_enough(self) -> bool:
        """Whether the interval is as narrow as asked, or as many records judged."""
        if self.second:
            return self._second_place() is None
        if self._pointer >= self._end:
            return True
        if self._pointer < LEAST or self._is_within_a_record():
            return False
        found = reviewed(self.decided(), self.kept.frame)
        return found is not None and found.half <= self.width

    def _is_within_a_record(self) -> bool:
        return bool(self._looks[0].get(self._pointer))

    def _asked(self, place: int, index: int) -> Question:
        sampled, looks = self.kept.sampled[place], self._looks[self.second].get(place, {})
        cards = [card.index for card in active(sampled, self._looks[0].get(place, {}))]
        alike = tuple(i for i in looks if i != index and looks[i][-1] == SAME)
        return Question(place, index, alike, cards.index(index) + 1, len(cards))
