"""A question in the contract's language, and its true answer from the same words.

A figure's conditions and groups are written once, here; the text of the question and the truth both come from
them, so that the two can't differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from sousveil.demo import moments
from sousveil.demo.draft import Facts
from sousveil.demo.text import Codes, Flags

BANDS = ("0-17", "18-29", "30-44", "45-59", "60+")
_BAND_STARTS = (18, 30, 45, 60)


@dataclass(frozen=True)
class Column:
    """A column as it says itself."""

    name: str

    def sql(self) -> str:
        """Its text in a question, which is also its key in a cell."""
        return self.name

    def labels(self, facts: Facts) -> tuple[Codes, list[str]]:
        """The label of each record."""
        return facts.labels[self.name].codes, facts.labels[self.name].names


@dataclass(frozen=True)
class Month(Column):
    """The month of an event."""

    def sql(self) -> str:
        """Its text in a question."""
        return f"month({super().sql()})"

    def labels(self, facts: Facts) -> tuple[Codes, list[str]]:
        """The label of each record."""
        return moments.month_labels(days(facts))


@dataclass(frozen=True)
class AgeBand(Column):
    """The age at the cut-off, of a birth date."""

    def sql(self) -> str:
        """Its text in a question."""
        return f"age_band({super().sql()}, on = '{moments.CUT_OFF}')"

    def labels(self, facts: Facts) -> tuple[Codes, list[str]]:
        """The label of each record; "" where it has no birth date."""
        born = facts.born[self.name]
        band = np.searchsorted(_BAND_STARTS, moments.ages(born, moments.CUT_OFF), side="right")
        return np.where(born == moments.MISSING, len(BANDS), band), [*BANDS, ""]


@dataclass(frozen=True)
class Condition:
    """A part of a `where`: a column, `=`, `<>`, `IN`, `>=` or `<`, and a literal of the question."""

    column: Column
    operator: str
    value: str | tuple[str, ...] | dt.date

    def sql(self) -> str:
        """Its text in a question."""
        if isinstance(self.value, tuple):
            literal = "(" + ", ".join(f"'{word}'" for word in self.value) + ")"
        else:
            literal = f"DATE '{self.value}'" if isinstance(self.value, dt.date) else f"'{self.value}'"
        return f"{self.column.sql()} {self.operator} {literal}"

    def holds(self, facts: Facts) -> Flags:
        """The records for which it is true; what is not stated is never true."""
        if isinstance(self.value, dt.date):
            late: Flags = days(facts) >= moments.day(self.value)
            return late if self.operator == ">=" else ~late & (days(facts) != moments.MISSING)
        codes, names = self.column.labels(facts)
        wanted = self.value if isinstance(self.value, tuple) else (self.value,)
        among = np.array([(name in wanted) == (self.operator != "<>") and name != "" for name in names])
        return np.asarray(among[codes], np.bool_)


@dataclass(frozen=True)
class Figure:
    """A question and how to answer it."""

    id: str
    title: str
    count: str
    table: str
    where: tuple[Condition, ...] = ()
    by: tuple[Column, ...] = ()

    def question(self) -> dict[str, Any]:
        """The question as questions.toml has it."""
        return {
            "count": self.count,
            "table": self.table,
            "where": " AND ".join(condition.sql() for condition in self.where),
            "by": [column.sql() for column in self.by],
        }

    def cells(self, facts: Facts) -> list[dict[str, Any]]:
        """The true answer, up to the cut-off: every combination of labels that occurs."""
        rows = up_to_cut_off(facts)
        for condition in self.where:
            rows &= condition.holds(facts)
        labels = [column.labels(facts) for column in self.by]
        group = np.zeros(int(rows.sum()), np.int64)
        for codes, names in labels:
            group = group * len(names) + codes[rows]
        person = facts.person[rows]
        found, records = np.unique(group, return_counts=True) if self.by else (np.zeros(1, int), [len(group)])
        # A pair of group and person as one number: np.unique is far faster on numbers than on rows.
        pairs = np.unique(group * 2**32 + person)
        pairs = pairs[(pairs & 0xFFFFFFFF) != 0xFFFFFFFF] if (person < 0).any() else pairs
        people = np.searchsorted(pairs, (found + 1) * 2**32) - np.searchsorted(pairs, found * 2**32)
        return [
            self._cell(int(code), labels, int(n), int(p))
            for code, n, p in zip(found, records, people, strict=True)
        ]

    def _cell(
        self, code: int, labels: list[tuple[Codes, list[str]]], records: int, people: int
    ) -> dict[str, Any]:
        keys: dict[str, str] = {}
        for column, (_, names) in reversed(list(zip(self.by, labels, strict=True))):
            code, place = divmod(code, len(names))
            keys[column.sql()] = names[place]
        value = people if self.count == "people" else records
        return {"keys": dict(reversed(keys.items())), "value": value, "people": people, "records": records}


def up_to_cut_off(facts: Facts) -> Flags:
    """The records up to the cut-off; of a table of events, one without a date is left out."""
    if facts.day is None:
        return np.ones(facts.records, np.bool_)
    flags: Flags = (facts.day <= moments.day(moments.CUT_OFF)) & (facts.day != moments.MISSING)
    return flags


def days(facts: Facts) -> Codes:
    """The days of a table of events."""
    if facts.day is None:
        raise TypeError(f"{facts.table} is no table of events")
    return facts.day
