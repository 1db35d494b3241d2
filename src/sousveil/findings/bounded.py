"""Tables for the noisy regime: what one person can change in them is bounded before anything is counted.

A person counts in at most `cells_per_person` cells of people, and with at most `records_per_person` records.
Which of theirs are kept hangs on their own labels alone (hashed), so that nobody's coming or going changes
what is kept of another. A record of nobody known is protected as a record: as if it were somebody's only one.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.count.grouping import distinct
from sousveil.findings.labels import NOT_STATED, label
from sousveil.findings.model import ExactCell, ExactTable
from sousveil.findings.questions import Asked
from sousveil.findings.recodes import LABELS
from sousveil.findings.regions import REGION_OF
from sousveil.findings.tabulate import MAX_CELLS, Tabulation, TooFine, places
from sousveil.findings.where import kind
from sousveil.policy import Policy

Labels = tuple[str, ...]
Words = npt.NDArray[np.uint64]
MAX_DOMAIN = 2_000
"""Combinations of labels known to everybody that a table may have; with more, labels need a threshold."""

PUBLIC = {
    **LABELS,
    "sex": ("F", "M"),
    "truth": ("true", "false"),
    "nationality": tuple(sorted(REGION_OF)),
}
"""By kind, all labels of columns of which everybody knows them beforehand."""


@dataclass(frozen=True)
class Bounded:
    """A table in which one person changes at most so much."""

    table: ExactTable
    """`value` of each cell and of the total is what is left after bounding."""
    domain: tuple[Labels, ...] | None
    """All combinations of labels, where everybody knows them; None where the data alone brings them."""
    cells: int
    """How many cells one person can change,"""
    each: int
    """each by so much,"""
    total: int
    """and the total, and all cells together, by so much."""


@dataclass(frozen=True)
class _Pairs:
    """One entry for each cell and person: how many records."""

    cells: npt.NDArray[np.int64]
    persons: npt.NDArray[np.int64]
    """-1 for nobody known."""
    records: npt.NDArray[np.int64]
    labels: list[Labels]
    """By cell."""


def bounded(tabulation: Tabulation, asked: Asked, policy: Policy) -> Bounded | TooFine:
    """The bounded answer to one question."""
    pairs = _pairs(tabulation, asked)
    if len(pairs.labels) > MAX_CELLS:
        return TooFine(asked.question, len(pairs.labels))
    is_people = asked.question.count == "people"
    counts, total = _people(pairs, policy) if is_people else _records(pairs, policy)
    most = policy.cells_per_person if is_people else policy.records_per_person
    table = ExactTable(
        question=asked.question,
        cells=tuple(_cell(labels, int(n)) for labels, n in zip(pairs.labels, counts, strict=True))
        if asked.by
        else (),
        total=_cell((), total),
        population=asked.population(tabulation.bases.cut_off),
        columns=asked.names,
        cut_off=asked.until(tabulation.bases.cut_off),
        sensitive=places(asked, asked.scope.sensitive if asked.scope else ()),
        signed=places(asked, [one.column for one in asked.scope.signed] if asked.scope else ()),
    )
    each, whole = (1, 1) if is_people else (most, most)
    return Bounded(table, _domain(asked), most if asked.by else 0, each, whole)


def _cell(labels: Labels, value: int) -> ExactCell:
    return ExactCell(labels, value, value, value, value, value)


def _pairs(tabulation: Tabulation, asked: Asked) -> _Pairs:
    found = tabulation.persons(asked)
    kinds = [kind(ref, asked.scope) for ref in asked.by] if asked.scope else []
    columns = [found.column(f"k{place}").combine_chunks().dictionary_encode() for place in range(len(kinds))]
    stated = [
        [label(of_kind, value) for value in column.dictionary.to_pylist()] + [NOT_STATED]
        for of_kind, column in zip(kinds, columns, strict=True)
    ]
    codes = [
        column.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
        for names, column in zip(stated, columns, strict=True)
    ]
    rows = np.stack(codes, axis=1) if codes else np.zeros((found.num_rows, 0), np.int64)
    distinct, back = (
        np.unique(rows, axis=0, return_inverse=True) if codes else (rows[:1], np.zeros(len(rows)))
    )
    named = [tuple(names[code] for names, code in zip(stated, row, strict=True)) for row in distinct.tolist()]
    # Two codes may have one label: a missing value and an empty text.
    labels = sorted(set(named))
    place_of = {one: place for place, one in enumerate(labels)}
    renamed = np.array([place_of[one] for one in named], dtype=np.int64)
    return _Pairs(
        renamed[back.reshape(-1).astype(np.int64)] if len(renamed) else np.zeros(0, np.int64),
        found.column("person").combine_chunks().fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64),
        found.column("n").combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64),
        labels,
    )


def _people(pairs: _Pairs, policy: Policy) -> tuple[Any, int]:
    """Distinct known people by cell, each in so many cells at most, and in all."""
    known = np.flatnonzero(pairs.persons >= 0)
    kept = known[_first(pairs, known, np.zeros(len(known), np.uint64), policy.cells_per_person)]
    counts = np.bincount(pairs.cells[kept], minlength=len(pairs.labels))
    return counts, len(distinct(pairs.persons[known]))


def _records(pairs: _Pairs, policy: Policy) -> tuple[Any, int]:
    """Records by cell, so many of each person at most, and in all."""
    most = policy.records_per_person
    known = np.flatnonzero(pairs.persons >= 0)
    times = np.minimum(pairs.records[known], most)
    entries = np.repeat(known, times)
    turn = np.arange(len(entries)) - np.repeat(np.cumsum(times) - times, times)
    kept = entries[_first(pairs, entries, turn.astype(np.uint64), most)]
    nobody = np.flatnonzero(pairs.persons < 0)
    counts = np.bincount(pairs.cells[kept], minlength=len(pairs.labels))
    counts += np.bincount(
        pairs.cells[nobody], weights=pairs.records[nobody], minlength=len(pairs.labels)
    ).astype(np.int64)
    return counts, len(kept) + int(pairs.records[nobody].sum())


def _first(pairs: _Pairs, entries: npt.NDArray[np.int64], turn: Words, most: int) -> npt.NDArray[np.int64]:
    """The places of at most so many entries of each person, in an order that only their own labels make."""
    hashes = np.array([_hash(labels) for labels in pairs.labels], dtype=np.uint64)[pairs.cells[entries]]
    persons, back = np.unique(pairs.persons[entries], return_inverse=True)
    own = np.zeros(len(persons), dtype=np.uint64)
    np.add.at(own, back, hashes)
    order = np.lexsort((_mixed(hashes ^ own[back] ^ _mixed(turn)), back))
    start = np.searchsorted(back[order], np.arange(len(persons)))
    rank = np.arange(len(order)) - start[back[order]]
    return order[rank < most]


def _hash(labels: Labels) -> int:
    text = json.dumps(labels, ensure_ascii=False).encode("utf-8")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def _mixed(values: Words) -> Words:
    """A permutation of 64-bit words without pattern (splitmix64, S. Vigna 2015)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _domain(asked: Asked) -> tuple[Labels, ...] | None:
    """All combinations of labels, where everybody knows those of each column and they are not too many."""
    if asked.scope is None or not asked.by:
        return None
    kinds = [kind(ref, asked.scope) for ref in asked.by]
    axes: Sequence[tuple[str, ...]] = [(*PUBLIC.get(one, ()), NOT_STATED) for one in kinds]
    if not all(one in PUBLIC for one in kinds) or math.prod(map(len, axes)) > MAX_DOMAIN:
        return None
    return tuple(itertools.product(*axes))
