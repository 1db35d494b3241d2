"""Normalise: the clean tables, typed, every row of the raw ones in their order."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.case import Case
from sousveil.normalise.forms import DATES, Form, form_of
from sousveil.normalise.tidy import whole
from sousveil.progress import Progress, several
from sousveil.survey.current import column_types
from sousveil.vault import Column, Engine, Table

_SQL = {
    pa.string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
}
_SAMPLE = 5_000
_HEAD, _OFTEN = 4_096, 4
"""Of so many values at the head of a batch, each stands so often in a column that repeats itself."""


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Make `clean.tN` for every table from `raw.tN` and the types that hold; what each column has lost.

    Returns {"tables": [{"table", "records", "columns": [{"column", "type", "nulls"}]}]}. A table made half by
    a killed run is dropped and made anew.
    """
    progress.stage("normalise", float(sum(table.records for table in case.tables)))
    result, done = [], 0.0
    for table in case.tables:
        types = column_types(case, table)
        nulls = _clean(case.vault.engine, table, types, progress, case.name_of(table), done)
        done += table.records
        result.append(
            {
                "table": case.name_of(table),
                "records": table.records,
                "columns": [
                    {"column": case.column_name(column), "type": types[column], "nulls": nulls.get(column)}
                    for column in table.columns
                ],
            }
        )
    progress.finished(f"{several(int(done), 'record')} in {several(len(result), 'table')}")
    return {"tables": result}


def _clean(
    engine: Engine, table: Table, types: dict[Column, str], progress: Progress, shown: str, done: float
) -> dict[Column, int]:
    """Make one clean table; how many nulls each kept column holds."""
    forms = {}
    for column, type_name in types.items():
        form = form_of(
            type_name, _sample(engine, table, column) if type_name in DATES else pa.array([], pa.string())
        )
        if form is not None:
            forms[column] = form
    engine.run(f"DROP TABLE IF EXISTS {table.clean}")
    kinds = "".join(f", {column.sql} {_SQL[form.arrow]}" for column, form in forms.items())
    engine.run(f"CREATE TABLE {table.clean} (_row BIGINT{kinds})")
    nulls = dict.fromkeys(forms, 0)
    wanted = "".join(f", {column.sql}" for column in forms)
    last = 0
    for batch in engine.batches(f"SELECT _row{wanted} FROM {table.raw}{_order(engine, table)}"):  # noqa: S608
        made = _made(batch, forms)
        for column in forms:
            nulls[column] += made.column(column.sql).null_count
        with engine.lend(made=made):
            engine.run(f"INSERT INTO {table.clean} SELECT * FROM made")  # noqa: S608
        last += batch.num_rows
        progress.at(shown, done + last, last)
    return nulls


def _order(engine: Engine, table: Table) -> str:
    """Nothing where the raw rows stand in their order already, as intake leaves them: a sort costs memory."""
    turns = engine.value(
        f"SELECT count(*) FROM (SELECT _row < lag(_row) OVER () AS turned FROM {table.raw}) WHERE turned"  # noqa: S608
    )
    return " ORDER BY _row" if turns else ""


def _sample(engine: Engine, table: Table, column: Column) -> pa.StringArray:
    """Distinct values of a column, the same at each run, to see how its moments are written."""
    return whole(
        engine.table(
            f"SELECT DISTINCT v FROM (SELECT {column.sql} AS v FROM {table.raw} "  # noqa: S608
            f"WHERE {column.sql} IS NOT NULL AND (_row * 48271) % 2147483647 < 2147483647 * "
            f"least(1.0, 4.0 * {_SAMPLE} / {max(table.records, 1)}) LIMIT {_SAMPLE}) ORDER BY v"
        ).column("v")
    )


def _made(batch: pa.RecordBatch, forms: dict[Column, Form]) -> pa.Table:
    arrays = {"_row": batch.column("_row")}
    for column, form in forms.items():
        made = _canonical(form, whole(batch.column(column.sql)))
        arrays[column.sql] = made if made.type == form.arrow else made.cast(form.arrow)
    return pa.table(arrays)


def _canonical(form: Form, values: pa.StringArray) -> pa.Array:
    """Values in their canonical form; where they repeat themselves, each different one is made once."""
    head = values.slice(0, _HEAD)
    if pc.count_distinct(head).as_py() * _OFTEN > len(head):
        return form.make(values)
    named = values.dictionary_encode()
    return form.make(named.dictionary).take(named.indices)
