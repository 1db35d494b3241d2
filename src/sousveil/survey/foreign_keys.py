"""Foreign keys between tables, from the values: whose column holds the keys of which other table.

The different values of each column that could refer to something are thinned out by their hashes to some
`SKETCH` of them (the same values in each table, since the hash decides), and each column that could be
referred to is read once: which of the thinned-out values stand there. The share is exact for columns of fewer
values, and right to within two hundredths for others (a random sample of 2,000).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.survey.headers import parts
from sousveil.survey.types import NATIONAL
from sousveil.vault import Column, Engine, Table

SKETCH = 2_000
LEAST = 0.5
"""The least share of a column's values that stand in the other table."""
_MOST = 2
"""Keys told of one column, the best first."""
_FEWEST = 5
_SPEAKING = NATIONAL | frozenset(["cn_resident_id", "passport", "cn_uscc", "cn_plate", "imei", "imsi", "mac"])
"""Types whose values are long and random enough that no two columns share them by luck."""
_KEYS = _SPEAKING | frozenset(["bank_card", "email", "phone", "serial", "unknown", "number", "category"])
_CODES = frozenset(["serial", "unknown"])
"""A code of its own in every row is a serial there; elsewhere it may be nothing by itself."""
_NUMBERED = "id no code key num number fk pk bh xh row rowid index seq oid uid 序号 编号 记录号 流水号 主键"
_ID = frozenset(_NUMBERED.split())
"""Words of headers that every table has for itself."""
_PEOPLE = (
    "person people individual human subject ry ryxx personne persona pessoa osoba kişi kisi 人 人员 人口 "
    "человек люди лицо лица شخص اشخاص"
)
_PERSON = frozenset(_PEOPLE.split())
"""Words for people in general, of which a table and the keys that lead to it may use different ones."""
_WHOLLY = 0.98
_COVERED = 0.3
_MANY = 100
"""A column that no header explains refers to a counter if it holds so many of its values and few others."""


@dataclass(frozen=True)
class Candidate:
    """A column that may refer to another table, or be referred to."""

    table: Table
    column: Column
    type: str
    distinct: int
    present: int
    counter: bool
    """Whether its values count upward: any small number stands among them."""

    @property
    def is_key(self) -> bool:
        """Whether each of its values stands once, in nearly every row."""
        return self.distinct >= 0.98 * self.present and self.present >= 0.9 * self.table.records

    @property
    def refers(self) -> bool:
        """Whether its values are such as refer to something."""
        return self.type in _KEYS and self.distinct >= _FEWEST


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values stand in another table's key."""

    source: Candidate
    target: Candidate
    share: float

    def entry(self) -> dict[str, Any]:
        """What the document `survey` keeps: numbers for names."""
        return {
            "table": self.source.table.tid,
            "column": self.source.column.cid,
            "to_table": self.target.table.tid,
            "to_column": self.target.column.cid,
            "share": round(self.share, 4),
        }


Hashes = npt.NDArray[np.uint64]


def foreign_keys(engine: Engine, candidates: Iterable[Candidate]) -> list[ForeignKey]:
    """The foreign keys between the tables, in the order of their columns."""
    every = [one for one in candidates if one.refers]
    pairs = {
        target: [source for source in every if _may_refer(source, target)]
        for target in every
        if target.is_key
    }
    pairs = {target: sources for target, sources in pairs.items() if sources}
    sketches = {source: _sketch(engine, source) for sources in pairs.values() for source in sources}
    found: dict[Candidate, list[ForeignKey]] = {}
    for target, sources in pairs.items():
        standing = _standing(engine, target, [sketches[source] for source in sources])
        for source in sources:
            share = float(np.isin(sketches[source], standing).mean()) if len(sketches[source]) else 0.0
            if share >= (LEAST if _is_plain(source, target) else _WHOLLY):
                found.setdefault(source, []).append(ForeignKey(source, target, share))
    best = (sorted(keys, key=_rank)[:_MOST] for keys in found.values())
    return sorted((key for keys in best for key in keys), key=lambda key: tuple(key.entry().values()))


def _rank(key: ForeignKey) -> tuple[float, int, int]:
    return (-key.share, key.target.distinct, key.target.table.tid)


def _may_refer(source: Candidate, target: Candidate) -> bool:
    if source.table == target.table or source.distinct > 1.2 * target.distinct:
        return False
    same = source.is_key and target.is_key and source.distinct == target.distinct
    if same and source.table.tid < target.table.tid:
        return False  # of the same key in two tables, the later refers to the earlier
    if source.type == target.type and source.type in _SPEAKING:
        return True
    if target.type in _SPEAKING or source.type in _SPEAKING:
        return False
    return _is_plain(source, target) or _covers(source, target)


def _is_plain(source: Candidate, target: Candidate) -> bool:
    """Whether types or headers say that one may refer to the other, so that half of the values will do."""
    if source.type == target.type and source.type in _SPEAKING:
        return True
    if target.counter or source.type in {"number", "category"} or target.distinct < 20:
        return _named_for(source, target)
    return source.type == target.type or {source.type, target.type} <= _CODES or _named_for(source, target)


def _covers(source: Candidate, target: Candidate) -> bool:
    """Whether a column that calls itself an identifier holds a good part of the other's values."""
    enough = max(_MANY, _COVERED * target.distinct)
    said = parts(source.column.name)
    return (
        not source.is_key
        and source.distinct >= enough
        and any(word in _ID or word.endswith(("id", "编号", "序号")) for word in said)
    )


def _named_for(source: Candidate, target: Candidate) -> bool:
    """Whether headers agree: `person_id` with `persons.id`, `RYBH` with `RYBH`; a bare `id` says nothing."""
    words, other = set(parts(source.column.name)), set(parts(target.column.name))
    if words == other:
        return bool(words - _ID)
    table = {_singular(word) for word in parts(target.table.name)}
    said = {_singular(word) for word in words - _ID}
    return bool(said) and said <= table | {_singular(word) for word in other} and bool(said & table)


def _singular(word: str) -> str:
    if word in _PERSON or word.removesuffix("s") in _PERSON:
        return "person"
    return re.sub(r"(?:ies|y)$", "i", word) if word.endswith(("ies", "y")) else word.removesuffix("s")


def _sketch(engine: Engine, one: Candidate) -> Hashes:
    """Hashes of the column's different values: all, or those below the bound that leaves some `SKETCH`."""
    name = one.column.sql
    bound = min(2**64 * SKETCH // max(one.distinct, 1), 2**64 - 1)
    return _hashes(
        engine.table(
            f"SELECT DISTINCT hash({name}) AS h FROM {one.table.raw} "  # noqa: S608  # internal names
            f"WHERE {name} IS NOT NULL AND trim({name}) <> '' AND hash({name}) <= {bound}::UBIGINT"
        )
    )


def _standing(engine: Engine, target: Candidate, sketches: list[Hashes]) -> Hashes:
    """Which of the hashes belong to values of the column."""
    wanted = np.unique(np.concatenate(sketches))
    with engine.lend(wanted=pa.table({"h": wanted})):
        return _hashes(
            engine.table(
                f"SELECT DISTINCT hash({target.column.sql}) AS h FROM {target.table.raw} "  # noqa: S608
                f"WHERE hash({target.column.sql}) IN (SELECT h FROM wanted)"
            )
        )


def _hashes(table: pa.Table) -> Hashes:
    return np.asarray(table.column("h").to_numpy(), np.uint64)
