"""Each table's rows up to the cut-off, with the person that each belongs to, ready to be counted many times.

A base is a temporary table in the vault's engine (spilled, if at all, encrypted): the clean columns that the
questions need, joined once with `people.tN`. Records after the cut-off are not in it, nor, in a table with
the date of an event, records whose date is missing or can't be read: nobody can say that they lie before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sousveil.case import Case
from sousveil.findings.scope import IBIS, Scope


def sql(expression: Any) -> str:
    """The text of an Ibis expression for the vault's engine; it holds internal names and checked literals."""
    import ibis

    return str(ibis.to_sql(expression, dialect="duckdb"))


def clean(scope: Scope, columns: Collection[str]) -> Any:
    """A clean table's columns (`c7`) as an Ibis table."""
    import ibis

    kept = {column.sql: IBIS[column.kept] for column in scope.columns.values() if column.kept}
    schema = {"_row": "int64"} | {name: kept[name] for name in sorted(columns)}
    return ibis.table(schema, name=f"t{scope.table.tid}", database="clean")


def people(scope: Scope) -> Any:
    """Whom each row of a table belongs to, as an Ibis table."""
    import ibis

    schema = {"_row": "int64", "person": "int64", "sure": "boolean"}
    return ibis.table(schema, name=f"t{scope.table.tid}", database="people")


def up_to(rows: Any, scope: Scope, cut_off: dt.date | None) -> Any:
    """The rows of a table that lie before the end of the cut-off; all of a table without dates of events."""
    import ibis

    if scope.event_date is None or cut_off is None:
        return rows
    value = rows[scope.event_date.sql]
    if scope.event_date.kept == "TIMESTAMP":
        return rows.filter(value < ibis.timestamp(dt.datetime.combine(cut_off, dt.time()) + dt.timedelta(1)))
    return rows.filter(value <= ibis.date(cut_off.isoformat()))


class Bases:
    """The bases of one run."""

    def __init__(self, case: Case, cut_off: dt.date | None) -> None:
        self.case = case
        self.cut_off = cut_off
        self._made: dict[int, tuple[frozenset[str], str]] = {}

    def of(self, scope: Scope, columns: Collection[str]) -> Any:
        """The base of a table, with at least these clean columns, as an Ibis table."""
        import ibis

        wanted = frozenset(columns)
        has, name = self._made.get(scope.table.tid, (frozenset[str](), ""))
        if not name or not wanted <= has:
            has, name = self._make(scope, wanted | has), f"base_t{scope.table.tid}"
            self._made[scope.table.tid] = (has, name)
        schema = dict(clean(scope, has).schema()) | {"person": "int64", "sure": "boolean"}
        return ibis.table(schema, name=name, catalog="temp", database="main")

    def _make(self, scope: Scope, columns: frozenset[str]) -> frozenset[str]:
        event = scope.event_date
        read = clean(scope, columns | ({event.sql} if event else set()))
        joined = up_to(read, scope, self.cut_off).left_join(people(scope), "_row")
        chosen = joined.select("_row", *sorted(columns), "person", "sure")
        self.case.vault.engine.run(
            f"CREATE OR REPLACE TEMPORARY TABLE base_t{scope.table.tid} AS {sql(chosen)}"
        )
        return columns

    def close(self) -> None:
        """Drop every base."""
        for _, name in self._made.values():
            self.case.vault.engine.run(f"DROP TABLE IF EXISTS temp.main.{name}")
        self._made.clear()


@contextmanager
def bases(case: Case, cut_off: dt.date | None) -> Iterator[Bases]:
    """The bases of one run, dropped at its end."""
    made = Bases(case, cut_off)
    try:
        yield made
    finally:
        made.close()
