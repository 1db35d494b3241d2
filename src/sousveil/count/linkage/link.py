"""Whose are the records without a key? Persons for them, and the evidence that the estimate is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import pack
from sousveil.count.grouping import grouped
from sousveil.count.linkage.blocks import mixed
from sousveil.count.linkage.evidence import Evidence, Side, tiers
from sousveil.count.linkage.facts import Facts, Rows, levels
from sousveil.count.linkage.forest import Links
from sousveil.count.linkage.ghosts import BORN, Known, chosen, known_records, neighbours, pattern
from sousveil.count.linkage.hidden import Hidden, Never, bared, hidden_rows, without_any_number
from sousveil.count.linkage.papers import Papers
from sousveil.count.linkage.persons import Belief, Candidates, Wanted, believed, candidates
from sousveil.count.linkage.presence import Presence, compared, ranks
from sousveil.count.linkage.rest import STRICT, SURE, formed, linked, told
from sousveil.count.linkage.unsupervised import adapted, unsupervised
from sousveil.count.linkage.weights import Weights, learnt, weights
from sousveil.count.mixtures import Mixtures
from sousveil.count.records import NO_DAY, NONE

Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]

_PRECISE = 0.95
_STRICTER = (SURE, STRICT, 0.999)
_ENOUGH = 40
"""Ghosts and pairs of them below which nothing is read off them."""


@dataclass(frozen=True)
class Linked:
    """What came of the records without a key."""

    person: Rows
    """The person of every record; `NONE` for nobody known."""
    evidence: Evidence
    mixtures: Mixtures
    hidden: Hidden
    papers: Papers
    copies: Mapping[int, int]


@dataclass(frozen=True)
class Given:
    """The records as the linkage takes them."""

    facts: Facts
    person: Rows
    """By keys alone; `NONE` without."""
    sure: Flags
    table: Rows
    """The number of each record's table."""
    row_key: Hashes
    """Equal for identical rows of one table, or of a copy of it."""
    key_hash: Hashes
    """Made of the content of a record's key and names: an order to choose ghosts by."""
    said: Hashes
    """Made of all that a record says, by its texts: equal where the linkage can see no difference."""
    people: int
    """Persons known by keys; they are numbered from 0."""
    document: Rows
    """The documents that alone name each record's person, before they are joined to others; or `NONE`."""
    copies: Mapping[int, int]
    """The tables that are copies of another, and that one."""


def link(given: Given) -> Linked:
    """Give the records without a key to persons known, or make persons of them."""
    facts, person = given.facts, given.person.copy()
    keyless = np.flatnonzero(person == NONE)
    same, first = grouped(given.row_key[keyless])
    rows = keyless[first]
    rank = ranks(given.document, given.key_hash)
    known = known_records(facts, person, given.row_key, given.said, rank)
    ghosts = _ghosts(given, known, rows)
    presence = _presence(given, known, rank)
    papers = _papers(given, presence)
    paired = ghosts if len(ghosts) >= _ENOUGH else np.union1d(ghosts, papers)
    weighed = _weights(given, known, rows, paired)
    wanted = _wanted(known, rows, ghosts, papers, presence.rank)
    every = candidates(facts, weighed, wanted, known.shown, person, rank)
    size = len(rows) + len(ghosts)
    found = every.part(0, size)
    belief = believed(found, size)
    bar = _bar(belief, len(rows), known, ghosts)
    owner = np.where(belief.best[: len(rows)] >= bar, belief.owner[: len(rows)], NONE)
    left = np.flatnonzero(owner == NONE)
    group, links = formed(facts, weighed, rows, left, belief.somebody[: len(rows)], given.key_hash[rows])
    whole = np.where(owner != NONE, owner, np.where(group.firm, given.people + group.label, NONE))
    person[keyless] = whole[same]
    clusters = np.where(owner != NONE, owner, given.people + group.label)
    evidence = _evidence(given, known, ghosts, rows, found, clusters, links)
    mixtures = Mixtures(evidence)
    hidden = _hidden_people(given, weighed, known, rows, owner, mixtures.never())
    documents = Papers(
        known.rows[papers], presence.rank[papers], presence.table[papers], presence.pattern[papers],
        presence.first(given.people)[presence.person[papers]] == 0, presence.person[papers], presence,
        every.part(size, len(wanted.rows)), given.people,
    )  # fmt: skip
    return Linked(person, evidence, mixtures, hidden, documents, given.copies)


def _presence(given: Given, known: Known, rank: Rows) -> Presence:
    facts = pattern(given.facts, known.rows)
    facts |= np.where(given.facts.inside[known.rows] != NO_DAY, BORN, 0)
    return Presence(known.person, given.table[known.rows], rank[known.rows], facts, known.shown_of)


def _papers(given: Given, presence: Presence) -> Rows:
    """Places in `known` of the records of documents that are compared with all others."""
    joined = presence.first(given.people)[presence.person] == 0
    return np.flatnonzero(compared(presence.rank, joined))


def _wanted(known: Known, rows: Rows, ghosts: Rows, papers: Rows, rank: Rows) -> Wanted:
    """The records without a key, then the ghosts, then the records of documents."""
    wanted = np.concatenate([rows, known.rows[ghosts], known.rows[papers]])
    spare, source = np.full(len(wanted), NONE, np.int64), np.zeros(len(wanted), np.int64)
    spare[len(rows) :][: len(ghosts)] = np.where(known.alone[ghosts], known.shown_of[ghosts], NONE)
    source[len(rows) + len(ghosts) :] = rank[papers]
    return Wanted(wanted, spare, source)


def _ghosts(given: Given, known: Known, rows: Rows) -> Rows:
    """Places in `known` of the records that are entered again with their number hidden."""
    if not len(rows) or not len(known.rows):
        return np.zeros(0, np.int64)
    strata = [pattern(given.facts, part) * (1 << 20) + given.table[part] for part in (known.rows, rows)]
    order = mixed(given.key_hash[known.rows].view(np.int64), given.said[known.rows].view(np.int64))
    order[~given.sure[known.rows]] |= np.uint64(1 << 63)
    said = given.said[known.rows]
    found = chosen(strata[0], strata[1], order, said)
    # A table in which nobody has a number has no ghosts of its own: those of the same pattern stand in.
    missing = ~np.isin(strata[1], strata[0][found])
    if missing.any():
        patterns = [np.asarray(part >> 20) for part in strata]
        more = chosen(patterns[0], patterns[1][missing], order, said)
        found = np.union1d(found, more)
    return found[given.sure[known.rows[found]]]


def _weights(given: Given, known: Known, rows: Rows, ghosts: Rows) -> Weights:
    """The weights, learnt from pairs of the ghosts where there are enough, else from the records."""
    facts = given.facts
    told, person, people = known.shown, given.person[known.shown], given.people
    if people < _ENOUGH:
        told, person = np.concatenate([told, rows]), np.concatenate([person, people + np.arange(len(rows))])
        people += len(rows)
        if len(told) >= _ENOUGH:
            return unsupervised(facts, _in_order(given, told))
    start = weights(facts, told, person, people)
    if len(told) < _ENOUGH:
        return start
    one, other = neighbours(known, ghosts)
    if len(one) >= _ENOUGH:
        return learnt(start, facts, levels(facts, one, other), np.ones(len(one)))
    return adapted(start, facts, _in_order(given, rows))


def _in_order(given: Given, rows: Rows) -> Rows:
    """The records in an order that hangs on what they say alone, not on where they stand."""
    return rows[np.lexsort((given.said[rows], given.key_hash[rows]))]


def _bar(belief: Belief, size: int, known: Known, ghosts: Rows) -> float:
    """How likely a record must be a person's to be given to them: so that ghosts come to the right one."""
    if len(ghosts) < _ENOUGH:
        return SURE
    best, right = belief.best[size:], belief.owner[size:] == known.person[ghosts]
    for bar in _STRICTER:
        taken = best >= bar
        if right[taken].sum() >= _PRECISE * taken.sum():
            return bar
    return _STRICTER[-1]


def _hidden_people(
    given: Given, weighed: Weights, known: Known, rows: Rows, owner: Rows, never: Never
) -> Hidden:
    """Link people with a number among themselves, with their numbers hidden, and all records that are theirs.

    `owner` is whom each of `rows`, the records without a key, was given to; `NONE` for nobody. `never` is how
    many records of people without any number state what: the hidden ones are made to state no more.
    """
    taken = np.flatnonzero(owner != NONE)
    every = np.concatenate([known.rows, rows[taken]])
    person = np.concatenate([known.person, owner[taken]])
    # What the records say decides, not the number of their table: that hangs on the order of the files.
    order = mixed(given.key_hash[every].view(np.int64), given.said[every].view(np.int64))
    left = len(owner) - len(taken)
    places = hidden_rows(person, order, left)
    hidden, table = every[places], given.table[every[places]]
    facts = bared(
        without_any_number(given.facts), hidden, table, order[places], places < len(known.rows), never
    )
    labels, _ = linked(facts, weighed, hidden, np.arange(len(hidden)), (SURE,), size=left)
    return Hidden(table, person[places], labels[0], order[places])


def _evidence(
    given: Given,
    known: Known,
    ghosts: Rows,
    rows: Rows,
    found: Candidates,
    clusters: Rows,
    links: Links,
) -> Evidence:  # fmt: skip
    """The tiers of the records and of the ghosts, over the whole case and within each record's own table."""
    size, table = len(rows), np.concatenate([given.table[rows], given.table[known.rows[ghosts]]])
    ghost_person = known.person[ghosts]
    own = np.concatenate([np.full(size, NONE, np.int64), ghost_person])
    is_own = found.person == own[found.wanted]
    there, count = np.unique(pack(known.person, given.table[known.rows]), return_counts=True)
    wanted = pack(found.person, table[found.wanted])
    at = np.minimum(np.searchsorted(there, wanted), max(len(there) - 1, 0))
    inside = (there[at] == wanted) & (~is_own | (count[at] > 1)) if len(there) else np.zeros(0, np.bool_)
    rows_of = np.bincount(known.person, minlength=given.people)
    at_ghost = np.searchsorted(there, pack(ghost_person, table[size:]))
    sides = []
    for kept, has_more in (
        (np.ones(len(is_own), np.bool_), rows_of[ghost_person] > 1),
        (inside, count[at_ghost] > 1 if len(there) else np.zeros(0, np.bool_)),
    ):
        tier = tiers(believed(found, len(table), kept))
        without = tiers(believed(found, len(table), kept & ~is_own, apart=True))
        sides.append(Side(tier[:size], tier[size:], has_more, without[size:]))
    return Evidence(
        rows, given.table[rows], pattern(given.facts, rows), pattern(given.facts, known.rows[ghosts]),
        given.table[known.rows[ghosts]], sides[0], sides[1], clusters, clusters < given.people, links,
        told(given.facts, rows),
        dict(enumerate(np.bincount(given.table[known.rows]).tolist())),
    )  # fmt: skip
