"""Ghosts: records with a valid number, entered once more with the number hidden.

What becomes of them measures, on the data at hand, how often a record without a number is missed by the
linkage though its person is known, and how often it is given to somebody though its person is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.grouping import grouped
from sousveil.count.linkage.blocks import mixed
from sousveil.count.linkage.facts import Facts, Rows
from sousveil.count.records import NO_DAY, NONE

Hashes = npt.NDArray[np.uint64]

GHOSTS = 24_000
NAMED, BORN, PHONE = 1, 2, 4
"""Bits of what a record states (`pattern`)."""
_LEAST = 40
"""At least so many of each pattern, where there are."""


@dataclass(frozen=True)
class Known:
    """The distinct records with a key."""

    rows: Rows
    """One record of each set of identical rows, ordered by person."""
    person: Rows
    shown: Rows
    """One record of each distinct set of facts of a person: what others are compared with."""
    shown_of: Rows
    """For each of `rows`, the record in `shown` that has its facts."""
    alone: npt.NDArray[np.bool_]
    """For each of `rows`, whether no other row has these facts of the person."""


def known_records(facts: Facts, person: Rows, row_key: Hashes, said: Hashes, source: Rows) -> Known:
    """The distinct records of persons. `row_key` is equal for identical rows of a table alone.

    Of each `source` the facts of a person are kept apart.

    Those of one person stand in the order of `said`, a hash of what each says.
    """
    rows = np.flatnonzero(person != NONE)
    rows = rows[grouped(row_key[rows])[1]]
    rows = rows[np.lexsort((said[rows], person[rows]))]
    group, first = grouped(_said(facts, rows, person, source))
    count = np.bincount(group, minlength=len(first))
    shown = rows[first]
    return Known(rows, person[rows], shown, shown[group], count[group] == 1)


def _said(facts: Facts, rows: Rows, person: Rows, source: Rows) -> npt.NDArray[np.uint64]:
    parts: list[npt.NDArray[np.integer]] = [
        person[rows],
        source[rows],
        facts.born[rows],
        facts.inside[rows],
        facts.phone.codes[rows],
        facts.sex[rows],
    ]
    parts += [name[rows] for name in facts.names] + [facts.nation[rows]]
    parts += [text.codes[rows] for text in facts.texts.values()]
    return mixed(*parts)


def pattern(facts: Facts, rows: Rows) -> Rows:
    """Which facts each record states, as a number: those that decide what can be found out about it."""
    has = [
        facts.name[rows] >= 0,
        facts.born[rows] != NO_DAY,
        facts.phone.codes[rows] >= 0,
        *(text.codes[rows] >= 0 for text in facts.texts.values()),
    ]
    found = np.zeros(len(rows), np.int64)
    for place, flag in enumerate(has):
        found |= flag.astype(np.int64) << place
    return found


def chosen(strata: Rows, of_open: Rows, order: Hashes, said: Hashes) -> npt.NDArray[np.int64]:
    """The places of the ghosts among records with these strata, matched to the strata of the open records.

    `order` decides who is taken, and `said` where it can't: neither may depend on the order of the records.
    """
    wanted, open_count = np.unique(of_open, return_counts=True)
    found = [np.zeros(0, np.int64)]
    share = GHOSTS / max(int(open_count.sum()), 1)
    for stratum, count in zip(wanted, open_count, strict=True):
        here = np.flatnonzero(strata == stratum)
        most = int(np.clip(round(count * share), _LEAST, GHOSTS))
        if len(here) > most:
            here = here[np.lexsort((said[here], order[here]))[:most]]
        found.append(here)
    return np.sort(np.concatenate(found))


def neighbours(known: Known, ghosts: Rows) -> tuple[Rows, Rows]:
    """Each ghost that has one, with another row of its person: pairs that are one person's for certain."""
    after = np.minimum(ghosts + 1, len(known.rows) - 1) if len(known.rows) else ghosts
    before = np.maximum(ghosts - 1, 0)
    other = np.where((after != ghosts) & (known.person[after] == known.person[ghosts]), after, before)
    fits = (other != ghosts) & (known.person[other] == known.person[ghosts])
    return known.rows[ghosts[fits]], known.rows[other[fits]]
