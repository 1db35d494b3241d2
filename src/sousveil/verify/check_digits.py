"""Check digits: the share of numbers that pass, against the share that passes by luck.

Every type with a check is tested. A residue of 11 passes one number in eleven by luck; a column of forged
resident numbers was measured at 9.055 %. Each distinct number is counted once: a person with a thousand
records is one trial.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import numpy as np
import pyarrow as pa

from sousveil.normalise.identifiers import compact, matching
from sousveil.survey.evidence import Evidence as Values
from sousveil.survey.model import ColumnType
from sousveil.verify.evidence import Count, Evidence, Facts, agreement, pooled
from sousveil.verify.sample import Sample, distinct

FACTS = {
    "check-digits": Facts(
        "Assumes that every number of the right shape was meant to be one; whoever generates numbers can "
        "compute check digits too, so passing proves no person, while failing shows numbers that were made "
        "up or altered.",
        "A column that is not what it was taken for: say so in review.toml.",
    )
}
"""`check-digits-<type>`."""

_UNCHECKED = {"cn_resident_id": "[0-9]{15}"}
"""Type -> right shapes that have no check: resident numbers of 15 digits."""


@cache
def checked() -> tuple[ColumnType, ...]:
    """The types whose values have a check that chance passes seldom."""
    from sousveil.survey.types import TYPES

    return tuple(kind for kind in TYPES if kind.holds is not None and (kind.chance or 1.0) < 0.5)


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a type: `check-digits-<type>`; its columns apart where they read differently."""
    for kind in checked():
        counts = [_count(sample.names[c], kind, sample.raw(c)) for c in sample.of_type(kind.name)]
        name = f"check-digits-{kind.name.replace('_', '-')}"
        yield from pooled(counts, partial(_evidence, name, sample.shown, kind.chance or 0.0))


def _count(column: str, kind: ColumnType, values: pa.StringArray) -> Count:
    texts = distinct(compact(distinct(values)))
    seen = Values(texts, np.ones(len(texts), np.int64), len(texts), len(texts))
    right = kind.right(seen)
    if kind.name in _UNCHECKED:
        right &= ~matching(texts, _UNCHECKED[kind.name])
    return Count((column,), int((right & kind.valid(seen)).sum()), int(right.sum()))


def _evidence(name: str, table: str, chance: float, count: Count) -> Evidence:
    what = "distinct numbers with their own check digits"
    return agreement(name, table, count.columns, count.hits, count.tries, chance, what)
