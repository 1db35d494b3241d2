"""A case whose clean tables and people are given in memory, for tests of findings and the gate."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from sousveil.case import Case
from sousveil.findings.scope import Scope, Usable, kind_of
from sousveil.vault import Table

ARROW = {
    "date": pa.date32(),
    "birth_date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "number": pa.float64(),
    "money": pa.float64(),
    "boolean": pa.bool_(),
}
"""What the clean table keeps a type as; text where it is not named here."""
KEPT = {
    "date": "DATE",
    "birth_date": "DATE",
    "datetime": "TIMESTAMP",
    "number": "DOUBLE",
    "money": "DOUBLE",
    "boolean": "BOOLEAN",
}

Given = Mapping[str, tuple[str, Sequence[Any]]]
"""Column name -> its type and values."""


def add_table(
    case: Case,
    name: str,
    columns: Given,
    person: Sequence[int | None],
    event_date: str | None = None,
    kind: str = "other",
    identifying: Sequence[str] = (),
) -> Scope:
    """Put a table into the case as normalise and count would leave it; its scope as the survey has it.

    Every known person is `sure`.
    """
    engine = case.vault.engine
    tid = len(case.vault.tables()) + 1
    engine.run("INSERT INTO meta.tables VALUES (?, ?, ?, ?, 0)", [tid, name, tid, len(person)])
    clean = {"_row": pa.array(range(1, len(person) + 1), pa.int64())}
    usable = {}
    for cid, (column, (type_name, values)) in enumerate(columns.items(), start=1):
        engine.run("INSERT INTO meta.columns VALUES (?, ?, ?, NULL)", [tid, cid, column])
        clean[f"c{cid}"] = pa.array(values, ARROW.get(type_name, pa.string()))
        kind_of_column = kind_of(type_name, column in identifying)
        usable[column] = Usable(column, f"c{cid}", type_name, kind_of_column, KEPT.get(type_name, "VARCHAR"))
    people = pa.table(
        {
            "_row": clean["_row"],
            "person": pa.array(person, pa.int64()),
            "sure": pa.array([one is not None for one in person]),
        }
    )
    with engine.lend(lent_clean=pa.table(clean), lent_people=people):
        engine.run(f"CREATE TABLE clean.t{tid} AS SELECT * FROM lent_clean")
        engine.run(f"CREATE TABLE people.t{tid} AS SELECT * FROM lent_people")
    case.forget()
    table = case.vault.tables()[-1]
    return Scope(table, name, usable, usable[event_date] if event_date else None, kind)


def empty_case(tmp_path: Path) -> Case:
    """A case without tables."""
    return Case.make(tmp_path / "case", tmp_path / "key")


def scope_of(types: Mapping[str, str], identifying: Sequence[str] = ()) -> Scope:
    """A scope without a table behind it, of these columns and their types."""
    usable = {}
    for cid, (name, type_name) in enumerate(types.items(), start=1):
        kind = kind_of(type_name, name in identifying)
        usable[name] = Usable(name, f"c{cid}", type_name, kind, KEPT.get(type_name, "VARCHAR"))
    return Scope(Table(1, "t", 1, 0, 0, ()), "t", usable)
