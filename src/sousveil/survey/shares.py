"""How full a column is, how many of its values are valid, how many differ: over every row, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from sousveil.normalise.tidy import NOTHING, UNKNOWN
from sousveil.survey.evidence import Evidence
from sousveil.survey.judge import Verdict
from sousveil.survey.sample import parts_of
from sousveil.survey.types import BY_NAME
from sousveil.survey.veiling import COMPARED, Sought
from sousveil.vault import Column, Engine, Table, text

ANSWERS = frozenset(("category", "boolean", "sex", "number", "money", "serial", "unknown"))
"""Types in which `无` or `00000` is an answer like any other, not a placeholder."""
ANYTHING = frozenset(("text", "address", "organisation", "serial", "category", "unknown"))
"""Types that any text fits, so that there is nothing to try."""
_LONG = 60
_LONGEST_ABSENT = max(len(word.encode("utf-8")) for word in NOTHING | UNKNOWN) + 4
"""Bytes beyond which no text stands for nothing; saves making upper case of long ones."""


@dataclass
class Shares:
    """Counts over every row of a table."""

    present: int = 0
    valid: int = 0
    distinct: int = 0
    midnight: bool = True
    """Whether every moment is at midnight."""
    parts: dict[str, int] = field(default_factory=dict)
    """Rows of each part, where a column holds identifiers of several types."""


def shares_of(
    engine: Engine, table: Table, column: Column, verdict: Verdict, sample: Evidence, sought: Sought
) -> Shares:
    """Count over every row, trying only the types that were chosen; names are `sought` among the values."""
    type_name = verdict.type
    if type_name in ANYTHING:
        return _in_the_engine(engine, table, column, type_name, sample)
    found = Shares()
    for part in parts_of(engine, table, column, sample):
        _add(found, part, type_name)
        for name, held in verdict.mixture.parts(part).items() if verdict.mixture else ():
            found.parts[name] = found.parts.get(name, 0) + int(part.counts[held].sum())
        if type_name in COMPARED:
            sought.look(part.compact)
    return found


def _add(found: Shares, part: Evidence, type_name: str) -> None:
    if type_name in ANSWERS:
        there = np.asarray(pc.is_valid(part.tidied).to_numpy(zero_copy_only=False))
        valid = BY_NAME[type_name].fits(part) & there if type_name in {"number", "money", "sex"} else there
    else:
        there, valid = part.there, BY_NAME[type_name].valid(part)
    found.present += int(part.counts[there].sum())
    found.valid += int(part.counts[valid].sum())
    found.distinct += int(there.sum())
    if type_name in {"date", "datetime", "birth_date"} and found.midnight:
        moments = part.moments
        found.midnight = bool((moments.at_midnight() | ~moments.real).all())


def _in_the_engine(engine: Engine, table: Table, column: Column, type_name: str, sample: Evidence) -> Shares:
    """For types that any text fits; long ones are told apart by a 64-bit hash, to spare the memory."""
    nothing = NOTHING if type_name in ANSWERS else NOTHING | UNKNOWN
    absent = ", ".join(text(word) for word in sorted(nothing))
    there = f"(strlen(v) > {_LONGEST_ABSENT} OR upper(trim(v)) NOT IN ({absent}))"
    values = f"SELECT {column.sql} AS v FROM {table.raw} WHERE {column.sql} IS NOT NULL"  # noqa: S608
    if sample.distinct > 0 and float(sample.lengths.mean()) > _LONG:
        group = f"SELECT count(*) AS n FROM ({values}) WHERE {there} GROUP BY hash(v)"  # noqa: S608
    else:
        group = f"SELECT n FROM (SELECT v, count(*) AS n FROM ({values}) GROUP BY v) WHERE {there}"  # noqa: S608
    distinct, present = engine.rows(f"SELECT count(*), coalesce(sum(n), 0) FROM ({group})")[0]  # noqa: S608
    return Shares(int(present), int(present), int(distinct))
