"""Count: whom each record belongs to, into the vault, and how many people that makes, for the case's members.

Writes `people.tN` for every table (`cells.py` says what they mean) and the document `count`: for each table
by its number what is counted in it, `people` or one of `subjects.UNITS`. No cluster is ever shown or logged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sousveil.case import Case
from sousveil.count.cells import NOT_PEOPLE
from sousveil.count.coding import coded
from sousveil.count.estimate import Estimate, estimates
from sousveil.count.reading import read
from sousveil.count.records import NONE, Codes, Flags, Records
from sousveil.count.rows import PEOPLE, people_row, records_row, unit_row
from sousveil.count.rules import Assigned, People, assign
from sousveil.count.subjects import UNITS, Subject, subjects_of
from sousveil.count.through import followed, references
from sousveil.progress import Progress
from sousveil.vault import Table

_ROOM = 1 << 36
"""Numbers kept for each kind of unit, above `NOT_PEOPLE`."""


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Count the people of each table and of the whole case: the contract's `count` shape.

    Raises what the vault raises. Killed anywhere, it starts anew: it makes every table again.
    """
    subjects = subjects_of(case)
    progress.stage("count", sum(table.records for table in case.tables) or 1)
    telling = tuple(subject for subject in subjects if subject.tells_people)
    records = read(case.vault.engine, telling)
    progress.at("identifiers", len(records) / 2, len(records))
    assigned = assign(records)
    progress.at("people", len(records), len(records))
    counted, whole = estimates(assigned, {subject.table.tid: part for subject, part in records.tables})
    found = _people(case, records, assigned, counted)
    for key in references(case, subjects):
        found[key.table.tid] = followed(case, key, found)
    others = [subject for subject in subjects if subject.table.tid not in found]
    found |= _units(case, others)
    # What findings count people in; a table of bare records has nobody in it.
    case.vault.put_document("count", {str(tid): {"unit": row["unit"]} for tid, row in sorted(found.items())})
    found |= _records(case, [subject for subject in others if subject.unit is None])
    rows = [found[subject.table.tid] for subject in subjects]
    rows.append(people_row("*", whole, _left_out(rows)))
    about = sum(row["unit"] == PEOPLE for row in rows) - 1
    progress.finished(f"{len(rows) - 1} tables, in {about} of which people can be told apart")
    return {"people": rows}


def _left_out(rows: Sequence[Mapping[str, Any]]) -> str:
    others = sorted({row["unit"] for row in rows} - {PEOPLE})
    return f"Without the tables that count only {' or '.join(others)}." if others else ""


def _people(
    case: Case, records: Records, assigned: Assigned, counted: Mapping[int, Estimate]
) -> dict[int, dict[str, Any]]:
    """Write the tables that tell people apart; their rows of the result by the table's number."""
    found = {}
    for subject, part in records.tables:
        person, sure = assigned.person[part], assigned.sure[part]
        _write(case, subject.table, records.rows[part], person, sure)
        found[subject.table.tid] = people_row(case.name_of(subject.table), counted[subject.table.tid])
    return found


def _units(case: Case, subjects: Sequence[Subject]) -> dict[int, dict[str, Any]]:
    """Write the other tables: what can be counted in them instead of people, or nobody at all."""
    found = {}
    for place, (kind, unit) in enumerate(UNITS.items()):
        here = [subject for subject in subjects if subject.unit_kind == kind]
        tables = [
            case.vault.engine.table(
                f"SELECT _row, {subject.unit_column} FROM {subject.table.clean}"  # noqa: S608  # internal names
            )
            for subject in here
        ]
        codes = coded([table.column(1).combine_chunks() for table in tables])
        for subject, table, code in zip(here, tables, codes, strict=True):
            person = np.where(code >= 0, code.astype(np.int64) + NOT_PEOPLE + place * _ROOM, NONE)
            known = code >= 0
            sure = known & (kind != "person_name")
            _write(case, subject.table, table.column(0).to_numpy(), person, sure)
            found[subject.table.tid] = unit_row(
                case.name_of(subject.table),
                unit,
                _column(case, subject),
                _distinct(code),
                len(code),
                int((~known).sum()),
            )
    return found


def _records(case: Case, subjects: Sequence[Subject]) -> dict[int, dict[str, Any]]:
    """Write the tables in which nothing is told apart: nobody, and how many different records they have."""
    found = {}
    for subject in subjects:
        table = subject.table
        _write_nobody(case, table)
        columns = ", ".join(column.sql for column in table.columns)
        distinct = case.vault.engine.value(
            f"SELECT count(DISTINCT hash({columns})) FROM {table.raw}" if columns else "SELECT 0"  # noqa: S608
        )
        found[table.tid] = records_row(case.name_of(table), int(distinct), table.records)
    return found


def _column(case: Case, subject: Subject) -> str:
    """The shown name of the column by which something else than people is counted."""
    return next(
        case.column_name(column) for column in subject.table.columns if column.sql == subject.unit_column
    )


def _distinct(code: Codes) -> int:
    return int((np.bincount(code[code >= 0], minlength=1) > 0).sum())


def _write(case: Case, table: Table, rows: People, person: People, sure: Flags) -> None:
    lent = pa.table(
        {"_row": rows, "person": pa.array(person, pa.int64(), mask=person == NONE), "sure": pa.array(sure)}
    )
    with case.vault.engine.lend(lent=lent):
        case.vault.engine.run(f"CREATE OR REPLACE TABLE {table.people} AS SELECT * FROM lent")  # noqa: S608


def _write_nobody(case: Case, table: Table) -> None:
    case.vault.engine.run(
        f"CREATE OR REPLACE TABLE {table.people} AS "  # noqa: S608  # internal names
        f"SELECT _row, CAST(NULL AS BIGINT) AS person, false AS sure FROM {table.clean}"
    )
