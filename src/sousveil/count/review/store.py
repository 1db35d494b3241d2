"""Where a review lies: in the vault, as row numbers, figures and answers, never a value of the dump.

    review.plans    plan, scope (a table's number, 0 for the whole case), mark, document (of the frame)
    review.records  plan, place, tid, _row, stratum, own, base, guess, shared
    review.cards    plan, card, place, tid, _row, kind, weight, head, bearers
    review.answers  seq, plan, second, reviewer, place, card, answer

An answer is on the disk before the next question is put.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from sousveil.count.review.ghosts import Missed
from sousveil.count.review.interval import Frame
from sousveil.count.review.verdict import Card, Sampled
from sousveil.vault import Vault

_SCHEMA = (
    "CREATE SCHEMA IF NOT EXISTS review",
    "CREATE TABLE IF NOT EXISTS review.plans (plan INTEGER, scope INTEGER, mark VARCHAR, document VARCHAR)",
    "CREATE TABLE IF NOT EXISTS review.records (plan INTEGER, place INTEGER, tid INTEGER, _row BIGINT, "
    "stratum INTEGER, own BIGINT, base BIGINT, guess DOUBLE, shared BOOLEAN)",
    "CREATE TABLE IF NOT EXISTS review.cards (plan INTEGER, card INTEGER, place INTEGER, tid INTEGER, "
    "_row BIGINT, kind INTEGER, weight DOUBLE, head INTEGER, bearers BIGINT)",
    "CREATE TABLE IF NOT EXISTS review.answers (seq BIGINT, plan INTEGER, second BOOLEAN, reviewer VARCHAR, "
    "place INTEGER, card INTEGER, answer VARCHAR)",
)
WHOLE_CASE = 0
"""The scope of a review of the whole case."""


def answered(vault: Vault) -> str:
    """A mark of all answers that were ever given: another one where anything was answered or taken back."""
    made = vault.engine.value(
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE database_name = 'vault' AND schema_name = 'review' AND table_name = 'answers'"
    )
    if not made:
        return ""
    found = vault.engine.rows(
        "SELECT count(*), bit_xor(hash(seq, plan, second, place, card, answer)) FROM review.answers"
    )
    return repr(found[0]) if found[0][0] else ""


@dataclass(frozen=True)
class Answer:
    """One look at one card."""

    seq: int
    second: bool
    reviewer: str
    place: int
    card: int
    answer: str


@dataclass(frozen=True)
class Row:
    """A record of the dump, by its numbers."""

    tid: int
    row: int


@dataclass(frozen=True)
class Kept:
    """A plan as it lies in the vault."""

    plan: int
    scope: int
    mark: str
    frame: Frame
    sampled: tuple[Sampled, ...]
    shared: tuple[bool, ...]
    """Which records a second reviewer is asked about, too."""
    records: tuple[Row, ...]
    """Each sampled record."""
    cards: tuple[Row, ...]
    """A record of each card."""
    bearers: tuple[int, ...]
    """How many predicted people bear the name on each card."""


class Store:
    """The reviews of a case."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._engine = vault.engine
        for statement in _SCHEMA:
            self._engine.run(statement)

    def any(self) -> bool:
        """Whether anything was ever answered."""
        return bool(self._engine.value("SELECT count(*) FROM review.answers"))

    def find(self, scope: int, mark: str) -> Kept | None:
        """The plan of a scope that was made for this mark, if there is one."""
        found = self._engine.rows(
            "SELECT plan, document FROM review.plans WHERE scope = ? AND mark = ? ORDER BY plan DESC LIMIT 1",
            [scope, mark],
        )
        return self._read(found[0][0], scope, mark, json.loads(found[0][1])) if found else None

    def put(self, scope: int, mark: str, frame: Frame, records: pa.Table, cards: pa.Table) -> Kept:
        """Keep a new plan; `records` and `cards` have the columns of the tables above but for `plan`."""
        plan = int(self._engine.value("SELECT coalesce(max(plan), 0) + 1 FROM review.plans"))
        with self._engine.transaction():
            with self._engine.lend(records=records, cards=cards):
                self._engine.run("INSERT INTO review.records SELECT ?, * FROM records", [plan])
                self._engine.run("INSERT INTO review.cards SELECT ?, * FROM cards", [plan])
            kept = [plan, scope, mark, json.dumps(asdict(frame))]
            self._engine.run("INSERT INTO review.plans VALUES (?, ?, ?, ?)", kept)
        self._vault.sync()
        return self._read(plan, scope, mark, asdict(frame))

    def answers(self, plan: int) -> list[Answer]:
        """Every answer of a plan, in the order in which they were given."""
        rows = self._engine.rows(
            "SELECT seq, second, reviewer, place, card, answer FROM review.answers "
            "WHERE plan = ? ORDER BY seq",
            [plan],
        )
        return [Answer(*row) for row in rows]

    def add(self, plan: int, answer: Answer) -> None:
        """Keep an answer; on return it is on the disk."""
        self.put_answer(plan, answer)
        self._vault.sync_log()

    def put_answer(self, plan: int, answer: Answer) -> None:
        """Keep an answer as part of something larger, which is then brought to the disk as a whole."""
        row = [answer.seq, plan, answer.second, answer.reviewer, answer.place, answer.card, answer.answer]
        self._engine.run("INSERT INTO review.answers VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def take_back(self, plan: int, seq: int) -> None:
        """Forget an answer."""
        self._engine.run("DELETE FROM review.answers WHERE plan = ? AND seq = ?", [plan, seq])
        self._vault.sync_log()

    def _read(self, plan: int, scope: int, mark: str, document: dict[str, Any]) -> Kept:
        cards = self._engine.rows(
            "SELECT card, place, tid, _row, kind, weight, head, bearers FROM review.cards "
            "WHERE plan = ? ORDER BY card",
            [plan],
        )
        records = self._engine.rows(
            "SELECT place, tid, _row, stratum, own, base, guess, shared FROM review.records "
            "WHERE plan = ? ORDER BY place",
            [plan],
        )
        of: list[list[Card]] = [[] for _ in records]
        for card, place, _, _, kind, weight, head, _ in cards:
            of[place].append(Card(card, kind, weight, head))
        return Kept(
            plan,
            scope,
            mark,
            _frame(document),
            tuple(
                Sampled(place, stratum, own, base, guess, tuple(of[place]))
                for place, _, _, stratum, own, base, guess, _ in records
            ),
            tuple(row[7] for row in records),
            _rows(records),
            tuple(Row(row[2], row[3]) for row in cards),
            tuple(row[7] for row in cards),
        )


def _rows(records: Sequence[tuple[Any, ...]]) -> tuple[Row, ...]:
    return tuple(Row(row[1], row[2]) for row in records)


def _frame(document: dict[str, Any]) -> Frame:
    people, drawn, guess = (tuple(document[name]) for name in ("people", "drawn", "guess"))
    return Frame(people, drawn, guess, Missed(**document["missed"]), Missed(**document["torn"]))
