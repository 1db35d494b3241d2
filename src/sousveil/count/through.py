"""Tables that say whom their records are about by a key of another table alone.

A table of visits with a `person_id` names nobody, and yet it is about people: those of the records that the
key points at (a foreign key, as the survey finds it from the values). Their numbers are those of that table,
so that whoever stands in both is one person. A key may lead on: payments to visits, visits to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sousveil.case import Case
from sousveil.count.rows import through_row
from sousveil.count.subjects import UNITS, Subject
from sousveil.review import TableReview
from sousveil.survey.current import Reference, current, foreign_keys_of

_SPEAKING = frozenset(UNITS)
"""A column of these types names a thing by itself: whoever owns a car is not whoever was seen in it."""


@dataclass(frozen=True)
class Reached:
    """What the keys of one table lead to."""

    told: int
    """People whom they lead to."""
    sure: int
    """Those of them whom a valid strong identifier names there."""
    unknown: int
    """Different keys of records that belong to nobody known."""
    dangling: int
    """Different keys that lead to no record."""
    without: int
    """Records without a key."""
    vouched: int
    """Records whose key leads to a valid strong identifier."""


def references(case: Case, subjects: Sequence[Subject]) -> Iterator[Reference]:
    """For each table that tells nobody apart by itself, the key that leads to people; the nearest first."""
    known = {subject.table.tid for subject in subjects if subject.tells_people}
    keys, review = foreign_keys_of(case), current(case)
    waiting = [subject for subject in subjects if not subject.tells_people]
    while True:
        found = []
        for subject in waiting:
            decided = review.of(case.name_of(subject.table))
            leading = [
                key
                for key in keys
                if key.table == subject.table
                and key.to_table.tid in known
                and _is_about(case, key, subject, decided)
            ]
            if leading:
                # Whom the review calls the person; else the first column, as of names.
                found.append(min(leading, key=lambda key: _rank(case, key, decided)))
        if not found:
            return
        yield from found
        known |= {key.table.tid for key in found}
        waiting = [subject for subject in waiting if subject.table.tid not in known]


def _rank(case: Case, key: Reference, decided: TableReview) -> tuple[bool, int, float]:
    return case.column_name(key.column) not in decided.person, key.column.cid, -key.share


def _is_about(case: Case, key: Reference, subject: Subject, decided: TableReview) -> bool:
    """Whether a key says whom a record is about, and not who sold the ticket for the car that it is about.

    Where the table counts things of another kind, the key must stand before them.
    """
    column = case.column_name(key.column)
    if decided.types.get(column) in _SPEAKING:
        return False
    if column in decided.person:
        return True
    if subject.unit_column is None or subject.unit_kind == "person_name":
        return True
    unit = next(column for column in key.table.columns if column.sql == subject.unit_column)
    return key.column.cid < unit.cid


def followed(case: Case, key: Reference, people: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """Write `people.tN` of a table whose key leads to people; its row of the result.

    `people` are the rows of the tables that were counted before, by the table's number.
    """
    _write(case, key)
    reached = _reached(case, key)
    of = people[key.to_table.tid]
    # As many more as in the table that the keys lead to, for each of its records of nobody known.
    open_ = case.vault.engine.value(
        f"SELECT count(*) FROM {key.to_table.people} WHERE person IS NULL"  # noqa: S608  # internal names
    )
    rates = [
        float(np.clip((of[figure] - of["told_apart"]) / max(int(open_), 1), 0, 1))
        for figure in ("estimate", "likely_low", "likely_high")
    ]
    more = [round(reached.unknown * rate) + reached.dangling for rate in rates]
    return through_row(
        case.name_of(key.table), reached, tuple(more), key.table.records,
        (case.column_name(key.column), case.name_of(key.to_table)),
    )  # fmt: skip


def _write(case: Case, key: Reference) -> None:
    """A key that leads to records of several people leads to nobody known."""
    case.vault.engine.run(
        f"CREATE OR REPLACE TABLE {key.table.people} AS "  # noqa: S608  # internal names
        f"WITH led AS (SELECT trim(r.{key.to_column.sql}) AS led, "
        "CASE WHEN min(person) = max(person) AND count(*) = count(person) THEN min(person) END AS person, "
        f"coalesce(bool_or(sure), false) AS sure FROM {key.to_table.raw} r "
        f"JOIN {key.to_table.people} USING (_row) WHERE r.{key.to_column.sql} IS NOT NULL GROUP BY ALL) "
        f"SELECT s._row, led.person, coalesce(led.sure AND led.person IS NOT NULL, false) AS sure "
        f"FROM {key.table.raw} s LEFT JOIN led ON {_said(key)} = led.led ORDER BY s._row"
    )


def _said(key: Reference) -> str:
    return f"nullif(trim(s.{key.column.sql}), '')"


def _reached(case: Case, key: Reference) -> Reached:
    rows = case.vault.engine.rows(
        f"WITH led AS (SELECT DISTINCT trim({key.to_column.sql}) AS led FROM {key.to_table.raw}), "  # noqa: S608
        f"said AS (SELECT {_said(key)} AS said, person, sure "
        f"FROM {key.table.raw} s JOIN {key.table.people} USING (_row)) "
        "SELECT count(DISTINCT person), count(DISTINCT person) FILTER (WHERE sure), "
        "count(DISTINCT said) FILTER (WHERE person IS NULL AND led IS NOT NULL), "
        "count(DISTINCT said) FILTER (WHERE person IS NULL AND led IS NULL), "
        "count(*) FILTER (WHERE said IS NULL), count(*) FILTER (WHERE sure) "
        "FROM said LEFT JOIN led ON said = led"
    )
    return Reached(*(int(value) for value in rows[0]))
