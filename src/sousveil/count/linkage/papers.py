"""People known by travel documents alone: how many of them a national number, or another document, names too.

Whoever stands in one table by passport and in another by resident number counts twice where nothing joins
the two. How often a record fails to lead to its person is read off people who were found by another of their
records (each record is left out in turn); a document of several records is missed where all of them fail.
What its records look like if nobody else is meant is read off the same people, with their person taken out.
The documents are a mixture of both (`count.mixture`), from which follows how many are of somebody new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import pack
from sousveil.count.grouping import distinct
from sousveil.count.linkage.evidence import EDGES, TIERS
from sousveil.count.linkage.facts import Rows
from sousveil.count.linkage.ghosts import BORN, NAMED, PHONE
from sousveil.count.linkage.persons import Candidates
from sousveil.count.linkage.presence import Presence
from sousveil.count.mixture import mixture_of_kinds
from sousveil.count.records import NONE

Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]

_ENOUGH = 50
"""Records left out of people who were found by others of theirs, below which nothing is read off them."""
_CLEAR = 0.9
_PRIOR = 4.0
_UNREACHED = 0.02
"""What is believed of how often a record of somebody known leads nowhere, worth `_PRIOR` of them."""


@dataclass(frozen=True)
class Papers:
    """The records of documents that are compared; one place a record."""

    rows: Rows
    rank: Rows
    """The place in the lot of each record's document."""
    table: Rows
    pattern: Rows
    joined: Flags
    """Whether the document was joined to somebody with a number."""
    person: Rows
    presence: Presence
    found: Candidates
    """Whose each record may be; `wanted` are places here."""
    people: int

    def new(self, table: int | None) -> Sums | None:
        """How many people the documents of a table, or of all, name who are not known there without them.

        By draw, the first is the best answer; None where there are too few to say.
        """
        if not len(self.rows) or (table is not None and table not in self.table):
            return None
        presence = self.presence.of(table)
        scope = _Scope.of(self, presence, table)
        if not scope.says:
            return None
        weight = self._weights(scope, presence)
        _, kind = np.unique(scope.kind, return_inverse=True)
        tallies = [scope.tallies(kind == one, weight) for one in range(int(kind.max()) + 1)]
        seen, within, without = (np.array(counts) for counts in zip(*tallies, strict=True))
        found: Sums = mixture_of_kinds(seen, within, without)[:, kind, scope.tier] @ weight
        return found

    def _weights(self, scope: _Scope, presence: Presence) -> Sums:
        """For how many documents of a scope each of those compared stands."""
        every = np.unique(presence.rank[presence.rank > 0])
        joined = np.zeros(int(every.max(initial=0)) + 1, np.bool_)
        # Whether somebody with a number has it can be told from the person's first rank in the whole case.
        first = self.presence.first(self.people)
        joined[presence.rank] = first[presence.person] == 0
        weight = np.ones(len(scope.rank))
        for side in (True, False):
            mine = scope.joined == side
            if mine.any():
                weight[mine] = (joined[every] == side).sum() / mine.sum()
        return weight


@dataclass(frozen=True)
class _Scope:
    """The documents of one table, or of all; one place a document."""

    rank: Rows
    joined: Flags
    tier: Rows
    """How likely any of its records makes it that it is somebody's who is known before."""
    without: Rows
    """The same with the person taken out whose it clearly is; `NONE` where that is nobody's."""
    kind: Rows
    """Documents of one kind state as much."""
    chances: Sums
    """By document and tier: how likely it is there if it is somebody's who is known before."""
    left_out: Flags
    """The records that were left out of people found by others of theirs; by record."""
    found: Flags
    """The records that lead to a person by themselves; by record."""
    unreached: float
    """How likely somebody known before is written so that no record of theirs can lead there."""

    @classmethod
    def of(cls, papers: Papers, presence: Presence, table: int | None) -> _Scope:
        here = np.arange(len(papers.rows)) if table is None else np.flatnonzero(papers.table == table)
        place = np.full(len(papers.rows), NONE, np.int64)
        place[here] = np.arange(len(here))
        rank, first, document = np.unique(papers.rank[here], return_index=True, return_inverse=True)
        found = papers.found
        first_rank = presence.first(papers.people)
        kept = (place[found.wanted] >= 0) & (first_rank[found.person] < papers.rank[found.wanted])
        wanted, person = place[found.wanted[kept]], found.person[kept]
        # Whoever is known besides counts among those who bear the name; else the document's own person not.
        known = (first_rank[papers.person] < papers.rank)[found.wanted[kept]]
        odds_apart = _odds(found.apart[kept])
        odds = np.where(known, _odds(found.bits[kept]), odds_apart)
        record = _Belief.of(wanted, person, odds, len(here))
        clear = record.best >= _CLEAR
        times = np.bincount(document, weights=clear, minlength=len(rank))
        owner = np.full(len(rank), NONE, np.int64)
        owner[document[clear]] = record.owner[clear]
        pairs, best = _best(pack(document[wanted], person), odds)
        of, whose = pairs >> 32, pairs & 0xFFFFFFFF
        others = whose != owner[of]
        somebody = _Belief.of(of, whose, best, len(rank)).somebody
        _, best = _best(pack(document[wanted], person), odds_apart)
        apart = _Belief.of(of[others], whose[others], best[others], len(rank)).somebody
        left_out = times[document] - clear >= 1
        pattern = papers.pattern[here]
        stated = np.zeros(len(rank), np.int64)
        np.bitwise_or.at(stated, document, pattern)
        return cls(
            rank, papers.joined[here][first], _tier(somebody), np.where(owner != NONE, _tier(apart), NONE),
            stated & (BORN | PHONE | NAMED),
            _chances(document, pattern, left_out, _tier(record.somebody)), left_out, clear,
            _unreached(papers, presence, rank, owner),
        )  # fmt: skip

    @property
    def says(self) -> bool:
        """Whether there is anything to be read off the records that were left out.

        Not where most of them lead nowhere, as those do that differ from others only by their mistakes.
        """
        return bool(_ENOUGH <= self.left_out.sum() <= 2 * (self.left_out & self.found).sum())

    def tallies(self, here: Flags, weight: Sums) -> tuple[Sums, Sums, Sums]:
        """By tier: the documents `here`; what they are if known before; what they are if not."""
        apart = here & (self.without != NONE)
        if apart.sum() < _ENOUGH:
            apart = self.without != NONE
        without = np.bincount(self.without[apart], minlength=TIERS).astype(np.float64)
        within = weight[here] @ self.chances[here] / weight[here].sum()
        by_luck = without / max(without.sum(), 1.0)
        within = (1 - self.unreached) * within + self.unreached * by_luck
        within *= float(self.left_out.sum())
        seen = np.bincount(self.tier[here], weights=weight[here], minlength=TIERS).astype(np.float64)
        return seen, within, without


@dataclass(frozen=True)
class _Belief:
    """What the candidates of each thing say together."""

    owner: Rows
    best: Sums
    somebody: Sums

    @classmethod
    def of(cls, thing: Rows, person: Rows, odds: Sums, size: int) -> _Belief:
        total = np.bincount(thing, weights=odds, minlength=size)
        best = np.zeros(size)
        np.maximum.at(best, thing, odds)
        owner = np.full(size, NONE, np.int64)
        top = np.flatnonzero(odds == best[thing])
        owner[thing[top]] = person[top]
        return cls(owner, best / (1 + total), total / (1 + total))


def _odds(bits: Sums) -> Sums:
    return np.exp2(np.clip(bits, -60.0, 60.0))


def _best(keys: Rows, odds: Sums) -> tuple[Rows, Sums]:
    """The distinct keys, and the best odds of each."""
    every = distinct(keys)
    best = np.zeros(len(every))
    np.maximum.at(best, np.searchsorted(every, keys), odds)
    return every, best


def _tier(somebody: Sums) -> Rows:
    return np.searchsorted(EDGES, somebody, "right").astype(np.int64)


def _chances(document: Rows, pattern: Rows, left_out: Flags, tier: Rows) -> Sums:
    """By document: the shares of the tiers of the best of its records, each drawn by itself."""
    every = np.bincount(tier[left_out], minlength=TIERS) + 1e-9
    logs = np.zeros((len(tier), TIERS))
    for one in np.unique(pattern).tolist():
        here = pattern == one
        seen = np.bincount(tier[here & left_out], minlength=TIERS) + _PRIOR * every / every.sum()
        logs[here] = np.log(np.cumsum(seen / seen.sum()))
    size = int(document.max(initial=NONE)) + 1
    below = np.exp(np.column_stack([np.bincount(document, logs[:, t], size) for t in range(TIERS)]))
    return np.diff(below, axis=1, prepend=0.0)


def _unreached(papers: Papers, presence: Presence, rank: Rows, owner: Rows) -> float:
    """How likely none of the records of somebody known before leads to a document that says who they are.

    As often as a record does not although another of the same person does; each record by itself.
    """
    found = np.flatnonzero(owner != NONE)
    document, record = presence.known_by(found, rank[found], owner[found])
    place, other = papers.found.agreeing
    agreeing = pack(papers.rank[place], other)
    leads = np.isin(pack(rank[document], presence.shown[record]), agreeing)
    left_out = np.bincount(document, weights=leads, minlength=len(rank))[document] - leads >= 1
    kind = presence.table * 8 + (presence.pattern & (NAMED | BORN | PHONE))
    size = int(kind.max(initial=0)) + 1
    of_kind = kind[record[left_out]]
    every = np.bincount(of_kind, minlength=size)
    missed = np.bincount(of_kind, weights=~leads[left_out], minlength=size)
    usual = (missed.sum() + _PRIOR * _UNREACHED) / (every.sum() + _PRIOR)
    share = (missed + _PRIOR * usual) / (every + _PRIOR)
    return presence.unreached(share[kind])
