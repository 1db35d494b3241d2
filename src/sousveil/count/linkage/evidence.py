"""What the estimate needs of the linkage: tiers of evidence, of records and of ghosts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sousveil.count.linkage.facts import Rows
from sousveil.count.linkage.forest import Links
from sousveil.count.linkage.persons import Belief

EDGES = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
_CLEAR = 0.9
TIERS = 2 * (len(EDGES) + 1) - 3
"""By the probability that somebody known is meant; from a half up, apart where one person stands out."""


def tiers(belief: Belief) -> Rows:
    """The tier of each record: 0 where nobody known fits, the higher the likelier that somebody does."""
    tier = np.searchsorted(EDGES, belief.somebody, "right")
    clear = belief.best >= _CLEAR * belief.somebody
    high = tier >= 3
    found: Rows = np.where(high & clear, tier + 3, tier).astype(np.int64)
    return found


@dataclass(frozen=True)
class Side:
    """The tiers with regard to the whole case, or to the people of each record's own table."""

    seen: Rows
    """Of the records without a key."""
    ghosts: Rows
    known: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """Of the ghosts: whether another row of their person is there to be found."""
    without: Rows
    """Of the ghosts, with their person taken out."""


@dataclass(frozen=True)
class Evidence:
    """One place a distinct record without a key, or a ghost."""

    rows: Rows
    """One record of each set of identical ones."""
    table: Rows
    pattern: Rows
    ghost_pattern: Rows
    ghost_table: Rows
    whole: Side
    own: Side
    cluster: Rows
    """The person or cluster that each record was put into, firm or not."""
    given: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """Whether that is a person known by a key."""
    links: Links
    """The candidate pairs of the records that were given to nobody."""
    told: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """Records that state anything at all about their person."""
    keyed: Mapping[int, int]
    """Distinct records with a key, by table."""
