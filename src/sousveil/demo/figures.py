"""The headline figures: each a question in the contract's language, and its true answer from the same words.

A figure's conditions and groups are written once, here; the text of the question and the truth both come from
them, so that the two can't differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from sousveil.demo import city, moments
from sousveil.demo.draft import Facts
from sousveil.demo.text import Codes, Flags

BANDS = ("0-17", "18-29", "30-44", "45-59", "60+")
_BAND_STARTS = (18, 30, 45, 60)


@dataclass(frozen=True)
class Column:
    """A column as it says itself."""

    name: str

    def sql(self) -> str:
        """Its text in a question."""
        return self.name if self.name.isascii() else f'"{self.name}"'

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
        assert facts.day is not None
        return moments.month_labels(facts.day)


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
            assert facts.day is not None
            late: Flags = facts.day >= moments.day(self.value)
            return late if self.operator == ">=" else ~late & (facts.day != moments.MISSING)
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
        rows = np.ones(facts.records, np.bool_) if facts.day is None else up_to_cut_off(facts)
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
    """The records of events up to the cut-off; one without a date is left out."""
    assert facts.day is not None
    flags: Flags = (facts.day <= moments.day(moments.CUT_OFF)) & (facts.day != moments.MISSING)
    return flags


_TRACKED = (
    Condition(Column("GJ"), "<>", "CHN"),
    Condition(Column("RJSJ"), ">=", dt.date(2017, 1, 1)),
    Condition(Column("RJSJ"), "<", dt.date(2019, 1, 1)),
)
_FLAGGED = (
    Condition(Column("GJ"), "=", city.FLAGGED_NATION),
    Condition(Column("YJBS"), "=", "预警"),
    Condition(Column("KA"), "=", city.AIRPORT),
    Condition(Column("RJSJ"), ">=", dt.date(2018, 1, 1)),
    Condition(Column("RJSJ"), "<", dt.date(2019, 1, 1)),
)
_STAYED = (
    Condition(Column("check_in"), ">=", dt.date(2017, 1, 1)),
    Condition(Column("check_in"), "<", dt.date(2019, 1, 1)),
)
_SEVEN = (Condition(Column("lb"), "IN", city.LISTS),)
_MINORS = (Condition(AgeBand("csrq"), "=", "0-17"),)
_OWNED = (Condition(Column("企业性质"), "IN", city.FOREIGN_OWNED),)

FIGURES = (
    Figure("people-on-lists", "People on the bureau's lists", "people", "t_zdry"),
    Figure("people-in-seven-categories", "People in the seven key categories", "people", "t_zdry", _SEVEN),
    Figure("people-by-list", "People on lists, by category", "people", "t_zdry", by=(Column("lb"),)),
    Figure("people-on-lists-by-sex", "People on lists, by sex", "people", "t_zdry", by=(Column("xb"),)),
    Figure("people-on-lists-by-age", "People on lists, by age", "people", "t_zdry", by=(AgeBand("csrq"),)),
    Figure("minors-on-lists", "Children on the lists", "people", "t_zdry", _MINORS),
    Figure("people-on-lists-by-ethnic-group", "People on lists, by ethnic group", "people", "t_zdry", by=(Column("mz"),)),
    Figure("foreign-visitors", "Foreign visitors tracked over 2017 and 2018", "people", "border_entries", _TRACKED),
    Figure("foreign-visitors-by-nationality", "Foreign visitors tracked over 2017 and 2018, by nationality", "people", "border_entries", _TRACKED, (Column("GJ"),)),
    Figure("flagged-at-the-airport", "New Zealanders flagged at the airport in 2018", "people", "border_entries", _FLAGGED),
    Figure("entries-by-month", "Entries at the border, by month", "records", "border_entries", by=(Month("RJSJ"),)),
    Figure("hotel-guests-by-nationality", "Foreign hotel guests in 2017 and 2018, by nationality", "people", "visitor_stays", _STAYED, (Column("nationality"),)),
    Figure("companies", "Companies whose staff handle dangerous materials", "records", "危化企业"),
    Figure("foreign-owned-companies", "Foreign-owned companies among them", "records", "危化企业", _OWNED),
    Figure("companies-by-ownership", "Companies with dangerous materials, by ownership", "records", "危化企业", by=(Column("企业性质"),)),
    Figure("staff", "Staff on record for handling dangerous materials", "people", "从业人员"),
    Figure("staff-by-post", "Staff with dangerous materials, by post", "people", "从业人员", by=(Column("岗位"),)),
    Figure("informants", "People who inform the police", "people", "耳目"),
    Figure("informants-by-district", "Informants, by district", "people", "耳目", by=(Column("所属区县"),)),
    Figure("informants-by-sex", "Informants, by sex", "people", "耳目", by=(Column("性别"),)),
    Figure("vehicles-with-gps", "Vehicles followed by GPS", "people", "t_clgps"),
    Figure("gps-points-by-month", "GPS points of vehicles, by month", "records", "t_clgps", by=(Month("gpssj"),)),
    Figure("calls", "Calls to the police", "records", "110接处警"),
    Figure("calls-by-month", "Calls to the police, by month", "records", "110接处警", by=(Month("报警时间"),)),
    Figure("calls-by-category", "Calls to the police, by kind", "records", "110接处警", by=(Column("警情类别"),)),
    Figure("passages-by-checkpoint", "Passages through checkpoints, by checkpoint", "records", "jcz_txjl", by=(Column("JCZMC"),)),
)  # fmt: skip
"""Every headline figure, in the order of a report."""
