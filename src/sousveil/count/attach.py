"""Who owns a key: the one person, nobody, or several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.records import NONE, Flags

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Owners:
    """For each key asked for: its one owner, or `NONE`; whether there were several."""

    owner: Numbers
    several: Flags


def pack(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> Numbers:
    """Two parts of a key in one number; `high` must not be negative, `low` has 32 bits."""
    packed: Numbers = (high.astype(np.int64) << 32) | (low.astype(np.int64) & 0xFFFFFFFF)
    return packed


def owners(wanted: Numbers, keys: Numbers, values: Numbers) -> Owners:
    """The one value that stands with each wanted key, over all places where the key stands."""
    distinct, place = np.unique(wanted, return_inverse=True)
    owner = np.full(len(distinct), NONE, np.int64)
    several = np.zeros(len(distinct), np.bool_)
    if len(distinct) and len(keys):
        at = np.minimum(np.searchsorted(distinct, keys), len(distinct) - 1)
        hit = np.flatnonzero(distinct[at] == keys)
        at = at[hit]
        owner[at] = values[hit]
        several[at[owner[at] != values[hit]]] = True
        owner[several] = NONE
    return Owners(owner[place], several[place])
