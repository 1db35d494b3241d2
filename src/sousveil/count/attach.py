"""Who owns a key: the one person, nobody, or several."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.count.names import compatible
from sousveil.count.records import NONE, Codes, Flags
from sousveil.survey.checks import byte_rows

Numbers = npt.NDArray[np.int64]

_NEAR = 2
"""Characters in which a mistyped number may differ from the right one: one typed wrong, or two swapped."""
_COMMON = 2_000
"""A name that more people bear says too little to search all their numbers."""
_AT_A_TIME = 1_000_000


@dataclass(frozen=True)
class Owners:
    """For each key asked for: its one owner, or `NONE`; whether there were several; where it was seen."""

    owner: Numbers
    several: Flags
    witness: Numbers
    """A place among the keys where the wanted key stands, or `NONE`."""


def pack(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> Numbers:
    """Two parts of a key in one number; `high` must not be negative, `low` has 32 bits."""
    packed: Numbers = (high.astype(np.int64) << 32) | (low.astype(np.int64) & 0xFFFFFFFF)
    return packed


def owners(wanted: Numbers, keys: Numbers, values: Numbers) -> Owners:
    """The one value that stands with each wanted key, over all places where the key stands."""
    distinct, place = np.unique(wanted, return_inverse=True)
    owner = np.full(len(distinct), NONE, np.int64)
    witness = np.full(len(distinct), NONE, np.int64)
    several = np.zeros(len(distinct), np.bool_)
    if len(distinct) and len(keys):
        at = np.minimum(np.searchsorted(distinct, keys), len(distinct) - 1)
        hit = np.flatnonzero(distinct[at] == keys)
        at = at[hit]
        witness[at] = hit
        owner[at] = values[hit]
        several[at[owner[at] != values[hit]]] = True
        owner[several] = NONE
    return Owners(owner[place], several[place], witness[place])


def near_numbers(
    wanted: tuple[Codes, Codes, pa.StringArray],
    known: tuple[Codes, Codes, pa.StringArray],
    person: Numbers,
) -> Owners:
    """The one person of the same name whose number differs in at most two characters.

    `wanted` and `known` are names, numbers (both as codes, one place a record) and the texts of the numbers;
    `person` says whose the known ones are.
    """
    asked, place = np.unique(pack(wanted[0], wanted[1]), return_inverse=True)
    bearing = np.zeros(max(int(wanted[0].max()), int(known[0].max())) + 1, np.bool_)
    bearing[wanted[0]] = True
    relevant = bearing[known[0]]
    have, first = np.unique(pack(known[0][relevant], known[1][relevant]), return_index=True)
    whose = person[relevant][first]
    start = np.searchsorted(have, asked >> 32 << 32)
    count = np.searchsorted(have, ((asked >> 32) + 1) << 32) - start
    count[count > _COMMON] = 0
    mistyped, right = _bytes(wanted[2]), _bytes(known[2])
    hits, whom = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for begin, end in _blocks(count):
        of = np.repeat(np.arange(begin, end), count[begin:end])
        inner = np.arange(len(of)) - np.repeat(
            np.cumsum(count[begin:end]) - count[begin:end], count[begin:end]
        )
        candidate = start[of] + inner
        apart = mistyped[asked[of] & 0xFFFFFFFF] != right[have[candidate] & 0xFFFFFFFF]
        close = apart.sum(axis=1) <= _NEAR
        hits.append(of[close])
        whom.append(whose[candidate[close]])
    found = owners(np.arange(len(asked)), np.concatenate(hits), np.concatenate(whom))
    return Owners(found.owner[place], found.several[place], found.witness[place])


def _blocks(count: Numbers) -> list[tuple[int, int]]:
    """Runs of places whose counts add up to about `_AT_A_TIME` at most."""
    bounds = np.searchsorted(
        np.cumsum(count), np.arange(_AT_A_TIME, int(count.sum()) + _AT_A_TIME, _AT_A_TIME)
    )
    edges = [0, *(int(bound) + 1 for bound in bounds), len(count)]
    return [(a, min(b, len(count))) for a, b in itertools.pairwise(edges) if a < b]


def _bytes(texts: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Texts of one width as rows of bytes, row by code; one of another width is zeros, like no other."""
    width = len(texts[0].as_py()) if len(texts) else 1
    rows, chosen = byte_rows(texts, width)
    out = np.zeros((len(texts), width), np.uint8)
    out[chosen] = rows
    return out


def spellings(found: Owners, name: Codes, known: Codes, texts: pa.StringArray) -> Owners:
    """Keep the owners whose name may be a spelling of the one asked for.

    `name` is the name at each place asked for, `known` the name at each key; both may be `NONE`.
    """
    owner = found.owner.copy()
    for place in np.flatnonzero(owner != NONE):
        one, other = name[place], known[found.witness[place]]
        if one < 0 or other < 0 or not compatible(texts[int(one)].as_py(), texts[int(other)].as_py()):
            owner[place] = NONE
    return Owners(owner, found.several & False, found.witness)
