"""Whose record is it? By rules on strong identifiers. It counts people; it is not made to find one.

What the rules do, in this order:

1. A record's keys are the valid national numbers and the travel documents in it. A key under which four or
   more clearly different names stand is a stand-in (a clerk's own number, a test number) and no key at all.
2. Records that share a key are one person (connected components). But one person has one national number of
   a kind: where a travel document ties two of them together, the document is not believed.
3. A person known by travel documents alone is the person with a national number who has the same name and
   birth date, if there is exactly one; several documents of one name, birth date and nationality are one
   person's, issued one after another.
4. A record without a key belongs to the one person who has the same name and (a) a number that differs in at
   most two of its characters, (b) the same birth date, (c) the birth date inside the number that fails, or
   (d) the same telephone; or (e) the same birth date and telephone and a name that may be a spelling of it.
5. What is left is a person of its own by name and birth date, name and telephone, or name and failed number.
   A record that fits several people, or has only a name, belongs to nobody known.

What they can't do: two people of one name and birth date without numbers are taken for one; a person whose
name and number are both mistyped is taken for two. Nothing here is a probability, and no interval that comes
of it earns the word "95 %". Memory and time grow with the number of records, not with the size of a cluster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import Owners, near_numbers, owners, pack, spellings
from sousveil.count.components import Keys, Persons, components
from sousveil.count.records import NO_DAY, NONE, Codes, Flags, Records, days_inside
from sousveil.count.subjects import RESIDENT

People = npt.NDArray[np.int64]

_SWITCHBOARD = 10
"""A telephone under which more names stand is nobody's own."""
_STAND_IN_DAY = 20
"""A birth date that stands so many times as often as the average one is a stand-in (`1900-01-01`)."""
_FEW = 100
_PASSPORTS_AT_MOST = 4
"""More documents of one name and birth date are more likely several people's."""


@dataclass(frozen=True)
class Assigned:
    """Whom each record belongs to: a number from 1 in the order of the records, `NONE` for nobody known."""

    person: People
    sure: Flags
    """A valid strong identifier of this record says so."""


def assign(records: Records) -> Assigned:
    """Say whom each record belongs to, by the rules above."""
    rules = _Rules(records)
    rules.join_documents()
    rules.attach()
    rules.form()
    return Assigned(_in_order(rules.person), rules.sure)


class _Rules:
    """The state of one run over the records."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.keys = Keys.of(records)
        found: Persons = components(self.keys)
        self.person = found.person
        self.hard = found.hard
        """Which persons have a national number; indexed by person."""
        self.sure = found.sure
        self.next = len(found.hard)
        self.days = self._days()
        self.phones = self._phones()
        self.open = self.person == NONE
        """Records that belong to nobody yet."""
        self.torn = np.zeros(len(records), np.bool_)
        """Open records that fit several people."""

    # The parts of a key

    def _days(self) -> tuple[Codes, ...]:
        """Birth dates of each record: the stated one, and the one inside a valid resident number."""
        stated = self.records.born.copy()
        known = stated != NO_DAY
        days, places, counts = np.unique(stated[known], return_inverse=True, return_counts=True)
        if len(days):
            common = (counts > _FEW) & (counts > _STAND_IN_DAY * counts.mean())
            stated[np.flatnonzero(known)[common[places]]] = NO_DAY
        residents = self.records.numbers.get(RESIDENT)
        if residents is None or not len(residents.texts):
            return (stated,)
        valid = self.keys.codes(RESIDENT)
        inside = np.where(valid >= 0, days_inside(residents)[valid], NO_DAY).astype(np.int32)
        return stated, inside

    def _phones(self) -> Codes:
        """Telephones, without those that are a switchboard's."""
        phone, name = self.records.phone.codes, self.records.names[0].codes
        both = (phone >= 0) & (name >= 0)
        pairs = np.unique(pack(phone[both], name[both]))
        names = np.bincount(pairs >> 32, minlength=len(self.records.phone.texts) + 1)
        return np.where((phone >= 0) & (names[phone] <= _SWITCHBOARD), phone, NONE).astype(np.int32)

    def _named(self, rows: npt.NDArray[np.intp], *others: Codes) -> tuple[npt.NDArray[np.intp], People]:
        """Each row with each of its names and each of some other parts: rows and packed keys."""
        places, found = [], []
        for name in self.records.names:
            for other in others:
                there = (name.codes[rows] >= 0) & (
                    other[rows] >= 0 if other is self.phones else other[rows] != NO_DAY
                )
                places.append(rows[there])
                found.append(pack(name.codes[rows[there]], other[rows[there]]))
        return np.concatenate(places), np.concatenate(found)

    # Rule 3

    def join_documents(self) -> None:
        """Join persons known by documents alone with the one person of that name and birth date."""
        rows = np.flatnonzero(self.person != NONE)
        soft = rows[~self.hard[self.person[rows]]]
        if not len(soft):
            return
        places, wanted = self._named(soft, *self.days)
        found = owners(wanted, *self._owning(rows[self.hard[self.person[rows]]], wanted, *self.days))
        known = found.owner != NONE
        target = np.arange(self.next)
        one = owners(self.person[places][known], self.person[places][known], found.owner[known])
        moved = one.owner != NONE
        target[self.person[places][known][moved]] = one.owner[moved]
        self.person[rows] = target[self.person[rows]]
        self._join_soft(soft)

    def _join_soft(self, soft: npt.NDArray[np.intp]) -> None:
        soft = soft[~self.hard[self.person[soft]]]
        places, keys = self._named(soft, *self.days)
        if not len(keys):
            return
        nation = np.full(self.next, NONE, np.int32)
        stated = soft[self.records.nation.codes[soft] >= 0]
        nation[self.person[stated]] = self.records.nation.codes[stated]
        distinct, group = np.unique(keys, return_inverse=True)
        links = np.unique(pack(group, self.person[places]))
        group, person = links >> 32, links & 0xFFFFFFFF
        size = np.bincount(group, minlength=len(distinct))
        clash = owners(
            group, group[nation[person] >= 0], nation[person][nation[person] >= 0].astype(np.int64)
        )
        fit = (size[group] > 1) & (size[group] <= _PASSPORTS_AT_MOST) & ~clash.several
        if fit.any():
            merged = _merged(group[fit], person[fit], self.next)
            self.person[soft] = merged[self.person[soft]]

    # Rule 4

    def attach(self) -> None:
        """Attach records without a key to the one person that they fit."""
        known = np.flatnonzero(self.person != NONE)
        self._attach_near(known)
        self._attach_by(known, *self.days)
        self._attach_by_failed(known)
        self._attach_by(known, self.phones)
        self._attach_spelled(known)

    def _owning(self, rows: npt.NDArray[np.intp], wanted: People, *others: Codes) -> tuple[People, People]:
        """Keys and persons of rows that belong to somebody, as far as their name is asked for at all."""
        asked = np.zeros(len(self.records.names[0].texts) + 1, np.bool_)
        asked[wanted >> 32] = True
        relevant = np.zeros(len(rows), np.bool_)
        for name in self.records.names:
            relevant |= asked[name.codes[rows]]
        places, keys = self._named(rows[relevant], *others)
        return keys, self.person[places]

    def _attach_by(self, known: npt.NDArray[np.intp], *others: Codes) -> None:
        rows = np.flatnonzero(self.open)
        places, wanted = self._named(rows, *others)
        self._take(places, owners(wanted, *self._owning(known, wanted, *others)))

    def _attach_near(self, known: npt.NDArray[np.intp]) -> None:
        for kind, failed in self.records.failed.items():
            rows = np.flatnonzero(self.open & (failed.codes >= 0) & (self.records.names[0].codes >= 0))
            valid = self.keys.codes(kind)
            have = known[(valid[known] >= 0) & (self.records.names[0].codes[known] >= 0)]
            if not len(rows) or not len(have):
                continue
            name = self.records.names[0].codes
            found = near_numbers(
                (name[rows], failed.codes[rows], failed.texts),
                (name[have], valid[have], self.records.numbers[kind].texts),
                self.person[have],
            )
            self._take(rows, found)

    def _attach_by_failed(self, known: npt.NDArray[np.intp]) -> None:
        """By the birth date inside a resident number that fails."""
        failed = self.records.failed.get(RESIDENT)
        if failed is None or not len(failed.texts):
            return
        inside = np.where(failed.codes >= 0, days_inside(failed)[failed.codes], NO_DAY).astype(np.int32)
        rows = np.flatnonzero(self.open)
        places, wanted = self._named(rows, inside)
        self._take(places, owners(wanted, *self._owning(known, wanted, *self.days)))

    def _attach_spelled(self, known: npt.NDArray[np.intp]) -> None:
        """By birth date and telephone, where the names may be spellings of one name."""
        rows = np.flatnonzero(self.open & (self.phones >= 0) & (self.days[0] != NO_DAY))
        if not len(rows):
            return
        asked = np.zeros(len(self.records.phone.texts) + 1, np.bool_)
        asked[self.phones[rows]] = True
        have = known[asked[self.phones[known]] & (self.phones[known] >= 0)]
        keys = np.concatenate([pack(self.phones[have], day[have]) for day in self.days])
        have = np.tile(have, len(self.days))
        found = owners(pack(self.phones[rows], self.days[0][rows]), keys, self.person[have])
        name = self.records.names[0]
        self._take(rows, spellings(found, name.codes[rows], name.codes[have], name.texts))

    def _take(self, places: npt.NDArray[np.intp], found: Owners) -> None:
        """Give open records the owner that was found, unless their keys name several."""
        known = found.owner != NONE
        one = owners(places[known], places[known], found.owner[known])
        rows, owner = places[known][one.owner != NONE], one.owner[one.owner != NONE]
        self.torn[places[found.several]] = True
        self.torn[places[known][one.several]] = True
        self.person[rows] = owner
        self.torn[rows] = False
        self.open[rows] = False

    # Rule 5

    def form(self) -> None:
        """Make persons of what is left."""
        self._form(*self._named(self._left(), self.days[0]))
        known = np.flatnonzero(self.person >= len(self.hard))
        self._attach_by(known, self.phones)
        self._form(*self._named(self._left(), self.phones))
        for failed in self.records.failed.values():
            rows = self._left()
            rows = rows[failed.codes[rows] >= 0]
            name = self.records.names[0].codes[rows]
            self._form(rows, pack(name + 1, failed.codes[rows]))

    def _left(self) -> npt.NDArray[np.intp]:
        return np.flatnonzero(self.open & ~self.torn)

    def _form(self, places: npt.NDArray[np.intp], keys: People) -> None:
        """Records with one key are one person; a record goes by its first name that stands here."""
        if not len(places):
            return
        _, first = np.unique(places, return_index=True)
        distinct, group = np.unique(keys[first], return_inverse=True)
        self.person[places[first]] = self.next + group
        self.open[places[first]] = False
        self.next += len(distinct)


def _merged(group: People, person: People, size: int) -> People:
    """The lowest person of each set of persons that groups tie together; indexed by person."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    groups = int(group.max()) + 1
    graph = coo_array((np.ones(len(group), np.int8), (person, size + group)), shape=(size + groups,) * 2)
    _, labels = connected_components(graph.tocsr(), directed=False)
    lowest = np.full(labels.max() + 1, size + groups, np.int64)
    np.minimum.at(lowest, labels[:size], np.arange(size))
    found: People = lowest[labels[:size]]
    return found


def _in_order(person: People) -> People:
    """The same persons, numbered from 1 by their first record."""
    known = person != NONE
    distinct, first, place = np.unique(person[known], return_index=True, return_inverse=True)
    number = np.empty(len(distinct), np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(1, len(distinct) + 1)
    numbered = np.full(len(person), NONE, np.int64)
    numbered[known] = number[place]
    return numbered
