"""Records by labels and truths as arrays of codes: what is asked often is read once and counted in memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.findings.labels import label

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
MOST = 1 << 40
"""Combinations that are numbered as they come; of more, only those that occur are."""
ROOMY = 16
"""Up to so many pairs of class and person for each record, pairs are marked in a table instead of sorted."""


@dataclass(frozen=True)
class Coded:
    """For each record the place of its label."""

    codes: Codes
    labels: Sequence[str]


def truths(mask: npt.NDArray[np.bool_]) -> Coded:
    """Whether each record is in a population, as `0` or `1`."""
    return Coded(mask.astype(np.int32), ("0", "1"))


def labelled(untrusted_column: pa.ChunkedArray, kind: str | None) -> Coded:
    """A column of values by their labels, each label once; without a kind the values are truths."""
    encoded = untrusted_column.combine_chunks().dictionary_encode()
    values = [*encoded.dictionary.to_pylist(), None]
    named = ["01"[bool(one)] if kind is None else label(kind, one) for one in values]
    # Two values may have one label: a missing one and an empty text.
    distinct = sorted(set(named))
    place = {one: number for number, one in enumerate(distinct)}
    codes = encoded.indices.fill_null(len(values) - 1).to_numpy(zero_copy_only=False)
    return Coded(np.array([place[one] for one in named], dtype=np.int32)[codes], distinct)


def combined(parts: Sequence[Coded], records: int) -> tuple[Ints, list[tuple[str, ...]]]:
    """For each record the number of its combination of labels, and the combinations, those that occur."""
    code, size = np.zeros(records, dtype=np.int64), 1
    known: list[tuple[str, ...]] = [()]
    waiting: list[Coded] = []
    for part in (*parts, None):
        if part is None or size * len(part.labels) > MOST:
            code, known = _renumbered(code, known, waiting)
            size, waiting = len(known), []
        if part is not None:
            code = code * len(part.labels) + part.codes
            size *= len(part.labels)
            waiting.append(part)
    return code, known


def _renumbered(
    code: Ints, known: Sequence[tuple[str, ...]], parts: Sequence[Coded]
) -> tuple[Ints, list[tuple[str, ...]]]:
    """Combinations numbered without gaps: `code` is made of the places in `known` and in each part."""
    shape = [len(part.labels) for part in parts]
    room = len(known) * math.prod(shape)
    if room <= max(4 * len(code), 1 << 16):
        there = np.zeros(room, dtype=np.bool_)
        there[code] = True
        distinct = np.flatnonzero(there)
        code = (np.cumsum(there) - 1)[code]
    else:
        distinct, code = np.unique(code, return_inverse=True)
    places: list[list[int]] = []
    rest = distinct
    for size in reversed(shape):
        rest, place = np.divmod(rest, size)
        places.insert(0, place.tolist())
    named = [[part.labels[one] for one in place] for part, place in zip(parts, places, strict=True)]
    rows = zip(*named, strict=True) if named else iter([()] * len(distinct))
    return code, [(*known[one], *row) for one, row in zip(rest.tolist(), rows, strict=True)]


def counts(code: Ints, classes: int, persons: Ints, people: int) -> tuple[list[int], list[int]]:
    """Records, and distinct people, by class; `persons` are codes below `people`, -1 for nobody known."""
    records = np.bincount(code, minlength=classes)
    known = persons >= 0
    pairs = code[known] * max(people, 1) + persons[known]
    if classes * people <= ROOMY * len(pairs):
        there = np.zeros((classes, people), dtype=np.bool_)
        there.reshape(-1)[pairs] = True
        return records.tolist(), np.count_nonzero(there, axis=1).tolist()
    pairs.sort()
    first = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    return records.tolist(), np.bincount(pairs[first] // max(people, 1), minlength=classes).tolist()
