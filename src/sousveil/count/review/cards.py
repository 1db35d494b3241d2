"""Cards: the records of a case, those put together that say the same of one and the same predicted person.

A reviewer judges cards, not records. Records are one card where the matcher holds them for one person's and
all that they say of their subject is the same. Cards are one *group*, about which one question is enough,
where they agree besides in

- the valid number (or the travel document) and the name, or, without any,
- the name and all of birth date, telephone and failing number, at least one of which they have.

Any other record is a group of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from sousveil.count.compared import compared
from sousveil.count.forms import Forms
from sousveil.count.records import NO_DAY, NONE, Coded, Codes, Flags, Records

Places = npt.NDArray[np.int64]
_Columns = Sequence[npt.NDArray[np.integer]]


@dataclass(frozen=True)
class Traits:
    """What each card says, as codes; `NONE` (`NO_DAY` for a birth date) where it says nothing."""

    number: Codes
    """A valid national number; its text is `Texts.untrusted_numbers[code]`."""
    passport: Codes
    failed: Codes
    """A number that fails its check; its text is `Texts.untrusted_failed[code]`."""
    name: Codes
    """Its text is `Cards.forms.plain[code]`."""
    alias: Codes
    """A second name, by the same code."""
    born: Codes
    phone: Codes
    nation: Codes

    def take(self, places: Places) -> Self:
        """The traits of these cards."""
        return replace(self, **{name: getattr(self, name)[places] for name in _TRAITS})

    def without_identifiers(self) -> Self:
        """The same, every number and document hidden."""
        nothing = np.full(len(self.name), NONE, np.int32)
        return replace(self, number=nothing, passport=nothing, failed=nothing)

    def __len__(self) -> int:
        return len(self.name)


_TRAITS = tuple(Traits.__dataclass_fields__)


@dataclass(frozen=True)
class Texts:
    """The untrusted texts behind the codes; they never leave the process."""

    untrusted_numbers: list[str]
    untrusted_failed: list[str]


@dataclass(frozen=True)
class Cards:
    """All cards of a case; every array has one place a card."""

    traits: Traits
    texts: Texts
    forms: Forms
    """The names in the forms in which they are compared across scripts, by their codes."""
    person: Places
    """The predicted person; a record of nobody known has a number of its own, above all others."""
    nobody: Flags
    """Whether the matcher knows nobody whom the record belongs to."""
    sure: Flags
    """Whether the predicted person has a valid strong identifier, on any record."""
    first: Places
    """A record of the card: its place among the records."""
    of: Places
    """One place a *record*: its card."""
    group: Places
    """The group of each card."""

    def __len__(self) -> int:
        return len(self.person)

    @property
    def people(self) -> int:
        """Predicted persons and records of nobody known."""
        return int(self.person.max(initial=-1)) + 1

    def sizes(self, inside: Flags) -> Places:
        """How many of the records for which `inside` holds each card has."""
        return np.bincount(self.of[inside], minlength=len(self)).astype(np.int64)


class Family:
    """The members of each predicted person, by the person of each member."""

    def __init__(self, person: Places) -> None:
        self.order = np.argsort(person, kind="stable")
        self.ordered = person[self.order]

    def of(self, person: Places, most: int | None = None) -> tuple[Places, Places]:
        """The members of these people, and which of those asked for each is of."""
        start = np.searchsorted(self.ordered, person)
        count = np.searchsorted(self.ordered, person, side="right") - start
        if most is not None:
            count = np.minimum(count, most)
        of = np.repeat(np.arange(len(person)), count)
        inner = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
        return self.order[start[of] + inner], of


def cards_of(records: Records, person: Places, sure: Flags) -> Cards:
    """Put records together into cards; `person` is `NONE` for nobody known, one place a record."""
    records, forms = compared(records)
    nobody = person == NONE
    labels, dense = np.unique(person[~nobody], return_inverse=True)
    whole = np.empty(len(person), np.int64)
    whole[~nobody] = dense
    whole[nobody] = len(labels) + np.arange(int(nobody.sum()))
    vouched = np.zeros(len(labels) + int(nobody.sum()), np.bool_)
    vouched[whole[sure & ~nobody]] = True
    traits, texts = _traits(records)
    told, alone = _told(traits)
    every: list[Codes] = [getattr(traits, name) for name in _TRAITS]
    of, first = grouped([*every, alone, whole])
    # Whoever has a number or a document is known by it and the name alone.
    rest = [np.where(told, NONE, column) for column in (traits.failed, traits.phone, traits.born)]
    rest += [traits.name, np.where(traits.number >= 0, NONE, traits.passport), traits.number]
    group, _ = grouped([*rest, alone, whole])
    chosen = whole[first]
    return Cards(
        traits.take(first), texts, forms, chosen, nobody[first], vouched[chosen], first, of, group[first]
    )


def _traits(records: Records) -> tuple[Traits, Texts]:
    number, numbers = _joined(
        [coded for kind, coded in records.numbers.items() if kind != "passport"], records
    )
    failed, failing = _joined(list(records.failed.values()), records)
    passport = records.numbers.get("passport")
    names = [coded.codes for coded in records.names]
    name = records.name.astype(np.int32)
    alias = np.full(len(records), NONE, np.int32)
    for codes in names[1:]:
        alias = np.where((alias < 0) & (codes >= 0) & (codes != name), codes, alias).astype(np.int32)
    traits = Traits(
        number,
        passport.codes if passport else np.full(len(records), NONE, np.int32),
        failed,
        name,
        alias,
        records.born,
        records.phone.codes,
        records.nation.codes,
    )
    return traits, Texts(numbers, failing)


def _joined(kinds: Sequence[Coded], records: Records) -> tuple[Codes, list[str]]:
    """One code a record over several kinds of number; the first kind that a record has."""
    codes = np.full(len(records), NONE, np.int32)
    texts: list[str] = []
    for coded in kinds:
        here = (codes < 0) & (coded.codes >= 0)
        codes[here] = coded.codes[here] + len(texts)
        texts += coded.texts.to_pylist()
    return codes, texts


def _told(traits: Traits) -> tuple[Flags, Places]:
    """Which records have a number or a document; and for those that say too little, a number of their own."""
    told = (traits.number >= 0) | (traits.passport >= 0)
    weak = ~told & (traits.name >= 0)
    weak &= (traits.born != NO_DAY) | (traits.phone >= 0) | (traits.failed >= 0)
    return told, np.where(told | weak, NONE, np.arange(len(traits)))


def grouped(columns: _Columns) -> tuple[Places, Places]:
    """The group of each record, those being one that agree in every column; and a record of each group."""
    order = np.lexsort(columns)
    starts = np.zeros(len(order), np.bool_)
    starts[:1] = True
    for column in columns:
        ordered = column[order]
        starts[1:] |= ordered[1:] != ordered[:-1]
    of = np.empty(len(order), np.int64)
    of[order] = np.cumsum(starts) - 1
    return of, order[starts]
