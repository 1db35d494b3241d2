"""Records as they were when findings were released, kept in the vault to be held against what they are now.

`released.e1` and so on hold, for one table of the dump up to the cut-off, the clean columns that the released
findings read, and whom each record belonged to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import pyarrow as pa

from sousveil.case import Case
from sousveil.findings.bases import sql
from sousveil.findings.coded import combined, labelled
from sousveil.findings.model import Records
from sousveil.findings.scope import IBIS, Scope, Usable


def keep(case: Case, scope: Scope, rows: Any, columns: Collection[str]) -> dict[str, Any]:
    """Copy the rows of a base with these clean columns (`c7`); what `kept_scope` and `kept_rows` need."""
    engine = case.vault.engine
    engine.run("CREATE SCHEMA IF NOT EXISTS released")
    last = engine.value(
        "SELECT coalesce(max(CAST(substr(table_name, 2) AS INTEGER)), 0) FROM information_schema.tables "
        "WHERE table_schema = 'released'"
    )
    name = f"e{int(last) + 1}"
    engine.run(f"CREATE TABLE released.{name} AS {sql(rows.select('_row', 'person', *sorted(columns)))}")
    used = [asdict(column) for column in scope.columns.values() if column.sql in columns]
    return {"name": name, "columns": used}


def forget(case: Case, kept: Mapping[str, Any]) -> None:
    """Drop a copy."""
    case.vault.engine.run(f"DROP TABLE IF EXISTS released.e{int(kept['name'][1:])}")


def kept_scope(scope: Scope, kept: Mapping[str, Any]) -> Scope:
    """A table as it could be asked then."""
    columns = {one["name"]: Usable(**one) for one in kept["columns"]}
    return replace(scope, columns=columns, event_date=None, sensitive=frozenset(), signed=())


def kept_rows(kept: Mapping[str, Any]) -> Any:
    """The kept rows as an Ibis table."""
    import ibis

    schema = {"_row": "int64", "person": "int64"}
    schema |= {one["sql"]: IBIS[one["kept"]] for one in kept["columns"]}
    return ibis.table(schema, name=f"e{int(kept['name'][1:])}", database="released")


def classed(found: pa.Table, kinds: Sequence[str | None]) -> Records:
    """Records from rows `_row`, `person` and a column for each kind (None: a truth), by `_row`."""
    parts = [labelled(found.column(place), kind) for place, kind in enumerate(kinds, 2)]
    codes, classes = combined(parts, found.num_rows)
    persons = found.column(1).combine_chunks().fill_null(-1).to_numpy(zero_copy_only=False)
    return Records(found.column(0).to_numpy(), persons, codes, classes)
