"""Whose record is it? It counts people; it is not made to find one.

1. A record's keys are the valid national numbers and the travel documents in it. A key under which four or
   more clearly different names stand is a stand-in (a clerk's own number, a test number) and no key at all.
2. Records that share a key are one person (connected components). But one person has one national number of
   a kind: where a travel document ties two of them together, the document is not believed.
3. A person known by travel documents alone is the person with a national number who has the same name (as
   it is written, else by its letters) and birth date, if there is exactly one; several documents of one name,
   birth date and nationality are one person's, issued one after another.
4. Records without a key are given to a person known, or to each other, where the weights of their facts make
   it at least nine times as likely as not (`linkage`). A record that fits several people, may be of somebody
   known, or says too little, belongs to nobody known.

Names are compared in their plain forms (`forms`). Memory and time grow with the number of records, not with
the size of a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import owners, pack
from sousveil.count.compared import compared, given
from sousveil.count.components import Keys, Persons, components
from sousveil.count.forms import Forms
from sousveil.count.grouping import distinct, grouped
from sousveil.count.linkage.evidence import Evidence
from sousveil.count.linkage.hidden import Hidden
from sousveil.count.linkage.link import link
from sousveil.count.linkage.papers import Papers
from sousveil.count.mixtures import Mixtures
from sousveil.count.records import NO_DAY, NONE, Codes, Flags, Records, days_inside
from sousveil.count.subjects import HOMES, RESIDENT

People = npt.NDArray[np.int64]

_STAND_IN_DAY = 20
"""A birth date that stands so many times as often as the average one is a stand-in (`1900-01-01`)."""
_FEW = 100
_CONSTANT = 20
"""A birth date that so many names and most of all share is a stand-in, too."""
_PASSPORTS_AT_MOST = 4
"""More documents of one name and birth date are more likely several people's."""


@dataclass(frozen=True)
class Assigned:
    """Whom each record belongs to: a number from 1 in the order of the records, `NONE` for nobody known."""

    person: People
    sure: Flags
    """A valid strong identifier of this record says so."""
    keyed: Flags
    """Some key of this record says so, if only a doubtful one."""
    papers: Flags
    """Its person is known by travel documents alone, and may be somebody whom a national number names."""
    evidence: Evidence
    """What the linkage found out about the records without a key."""
    mixtures: Mixtures
    hidden: Hidden
    documents: Flags
    """Its person is, or before it was joined to somebody was, known by travel documents alone."""
    compared: Papers
    """What the comparison of these with all others found out."""
    copies: Mapping[int, int]
    """The tables that are copies of another, and that one; the evidence knows only the latter."""


def assign(records: Records) -> Assigned:
    """Say whom each record belongs to, by the rules above."""
    records, forms = compared(records)
    rules = _Rules(records, forms)
    rules.join_documents()
    keyed = rules.person != NONE
    by_key = np.full(len(records), NONE, np.int64)
    by_key[keyed] = grouped(rules.person[keyed])[0]
    linked = link(given(records, forms, rules.keys, (by_key, rules.sure), rules.days, rules.documents()))
    return Assigned(
        _in_order(linked.person),
        rules.sure,
        keyed,
        rules.papers(),
        linked.evidence,
        linked.mixtures,
        linked.hidden,
        rules.documents() != NONE,
        linked.papers,
        linked.copies,
    )


class _Rules:
    """The state of one run over the records."""

    def __init__(self, records: Records, forms: Forms) -> None:
        self.records = records
        self.names = [name.codes for name in records.names]
        self.letters = [
            np.where(name >= 0, forms.bag_codes[name], NONE).astype(np.int32) for name in self.names
        ]
        self.keys = Keys.of(records)
        found: Persons = components(self.keys)
        self.person = found.person.copy()
        numbered = np.append(found.hard, True)[found.person]
        self.alone = np.where(numbered, NONE, found.person)
        """Who is known by documents alone; `NONE` for whoever is known by a number, or not at all."""
        self.hard = found.hard
        """Which persons have a national number; indexed by person."""
        self.sure = found.sure
        self.next = len(found.hard)
        self.days = self._days()

    # The parts of a key

    def _days(self) -> tuple[Codes, ...]:
        """Birth dates of each record: the stated one, and the one inside a valid resident number."""
        stated = self.records.born.copy()
        known = stated != NO_DAY
        days, places, counts = np.unique(stated[known], return_inverse=True, return_counts=True)
        if len(days):
            common = (counts > _FEW) & (counts > _STAND_IN_DAY * counts.mean())
            stated[np.flatnonzero(known)[(common | self._constant(places, len(days)))[places]]] = NO_DAY
        residents = self.records.numbers.get(RESIDENT)
        if residents is None or not len(residents.texts):
            return (stated,)
        valid = self.keys.codes(RESIDENT)
        inside = np.where(valid >= 0, days_inside(residents)[valid], NO_DAY).astype(np.int32)
        return stated, inside

    def _constant(self, places: npt.NDArray[np.intp], days: int) -> Flags:
        """Birth dates that stand with most of the different names, as one does that a form fills in."""
        names = self.names[0][self.records.born != NO_DAY]
        there = names >= 0
        pairs = distinct(pack(places[there], names[there]))
        every = len(distinct(names[there].astype(np.int64)))
        return np.bincount(pairs >> 32, minlength=days) > max(every / 2, _CONSTANT)

    def _named(
        self, rows: npt.NDArray[np.intp], names: list[Codes], *others: Codes
    ) -> tuple[npt.NDArray[np.intp], People]:
        """Each row with each of its names and each of some other parts: rows and packed keys."""
        places, found = [], []
        for name in names:
            for other in others:
                there = (name[rows] >= 0) & (other[rows] != NO_DAY)
                places.append(rows[there])
                found.append(pack(name[rows[there]], other[rows[there]]))
        return np.concatenate(places), np.concatenate(found)

    # Rule 3

    def join_documents(self) -> None:
        """Join persons known by documents alone with the one person of that name and birth date.

        By the name as it is written, and then by its letters: travel documents are in Latin ones.
        """
        for names in (self.names, self.letters):
            rows = np.flatnonzero(self.person != NONE)
            hard = self.hard[self.person[rows]]
            if not hard.all():
                self._join_hard(rows[~hard], rows[hard], names)
        rows = np.flatnonzero(self.person != NONE)
        self._join_soft(rows[~self.hard[self.person[rows]]])

    def papers(self) -> Flags:
        """Records of people known by documents alone who may be somebody with a national number.

        None are where nobody has such a number, and whoever states a nationality of another country is not.
        """
        known = self.person != NONE
        hard = np.zeros(len(known), np.bool_)
        hard[known] = self.hard[self.person[known]]
        if not hard.any():
            return hard
        nation = self.records.nation
        homes = {
            HOMES[kind] for kind, found in self.records.numbers.items() if kind in HOMES and len(found.texts)
        }
        home = np.array([text in homes for text in nation.texts.to_pylist()] + [True])
        abroad = np.zeros(self.next, np.bool_)
        abroad[self.person[known & ~home[nation.codes]]] = True
        return np.asarray(known & ~hard & ~abroad[self.person])

    def documents(self) -> People:
        """Who was known by documents alone before anybody was joined, and may be somebody with a number."""
        known = self.person != NONE
        joined = np.zeros(len(known), np.bool_)
        joined[known] = self.hard[self.person[known]]
        return np.where((joined | self.papers()) & known, self.alone, NONE)

    def _join_hard(self, soft: npt.NDArray[np.intp], hard: npt.NDArray[np.intp], names: list[Codes]) -> None:
        places, wanted = self._named(soft, names, *self.days)
        found = owners(wanted, *self._owning(hard, wanted, names))
        known = found.owner != NONE
        target = np.arange(self.next)
        one = owners(self.person[places][known], self.person[places][known], found.owner[known])
        moved = one.owner != NONE
        target[self.person[places][known][moved]] = one.owner[moved]
        self.person[soft] = target[self.person[soft]]

    def _join_soft(self, soft: npt.NDArray[np.intp]) -> None:
        places, keys = self._named(soft, self.names, *self.days)
        if not len(keys):
            return
        nation = np.full(self.next, NONE, np.int32)
        stated = soft[self.records.nation.codes[soft] >= 0]
        nation[self.person[stated]] = self.records.nation.codes[stated]
        groups, group = np.unique(keys, return_inverse=True)
        links = distinct(pack(group, self.person[places]))
        group, person = links >> 32, links & 0xFFFFFFFF
        size = np.bincount(group, minlength=len(groups))
        clash = owners(
            group, group[nation[person] >= 0], nation[person][nation[person] >= 0].astype(np.int64)
        )
        fit = (size[group] > 1) & (size[group] <= _PASSPORTS_AT_MOST) & ~clash.several
        if fit.any():
            merged = _merged(group[fit], person[fit], self.next)
            self.person[soft] = merged[self.person[soft]]

    def _owning(
        self, rows: npt.NDArray[np.intp], wanted: People, names: list[Codes]
    ) -> tuple[People, People]:
        """Keys and persons of rows that belong to somebody, as far as their name is asked for at all."""
        asked = np.zeros(max(int(name.max(initial=0)) for name in names) + 2, np.bool_)
        asked[wanted >> 32] = True
        relevant = np.zeros(len(rows), np.bool_)
        for name in names:
            relevant |= asked[name[rows]] & (name[rows] >= 0)
        places, keys = self._named(rows[relevant], names, *self.days)
        return keys, self.person[places]


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
    numbered = np.full(len(person), NONE, np.int64)
    numbered[known] = grouped(person[known])[0] + 1
    return numbered
