"""What a question may see of a table: its columns by their shown names, and what each may be used for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sousveil.case import Case
from sousveil.errors import BadQuestion, Identifying, UnknownColumn, UnknownTable
from sousveil.review import SignOff, TableReview
from sousveil.vault import Column, Table
from sousveil.veil import is_identifying, printable
from sousveil.veil import shown as shown_or

KINDS = {
    "category": "label",
    "organisation": "label",
    "flight": "label",
    "nationality": "nationality",
    "sex": "sex",
    "boolean": "truth",
    "number": "number",
    "money": "number",
    "date": "day",
    "datetime": "moment",
    "birth_date": "birth",
}
"""The column types that a question may use, and as what; every other type is refused as identifying."""

IBIS = {
    "VARCHAR": "string",
    "DOUBLE": "float64",
    "BIGINT": "int64",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "BOOLEAN": "boolean",
}
"""What clean columns are kept as, and what Ibis calls that."""

PEOPLE = "people"
NOTHING = "records"
"""The unit of a table in which neither people nor things can be told apart."""

LONGEST_HINT = 24
"""Characters of a hint that are worth a place in a title."""

_KEPT_AS = {
    "label": ("VARCHAR",),
    "nationality": ("VARCHAR",),
    "sex": ("VARCHAR",),
    "truth": ("BOOLEAN",),
    "number": ("DOUBLE", "BIGINT"),
    "day": ("DATE", "TIMESTAMP"),
    "moment": ("DATE", "TIMESTAMP"),
    "birth": ("DATE", "TIMESTAMP"),
}


@dataclass(frozen=True)
class Usable:
    """A column as a question sees it."""

    name: str
    """As shown."""
    sql: str
    """Inside the vault (`c7`)."""
    type: str
    kind: str | None
    """One of the kinds above; None where the column can't be used because it may identify people."""
    kept: str | None
    """Its type in the clean table, as the engine names it; None where the clean table does not have it."""
    hint: str = ""
    """What the dump says of it beside its name (a comment in SQL), as it may be shown."""


@dataclass(frozen=True)
class Scope:
    """A table as a question sees it."""

    table: Table
    name: str
    """As shown."""
    columns: dict[str, Usable]
    event_date: Usable | None = None
    """The column that dates a record, by which findings stop at the cut-off."""
    kind: str = "other"
    """`event`, `list`, `register` or `other`, as the review says."""
    unit: str = PEOPLE
    """What `count = "people"` counts in it: people, or in their stead vehicles, devices …, or nothing."""
    sensitive: frozenset[str] = frozenset()
    """Columns in which a whole group is harmed by being known to be alike."""
    signed: tuple[SignOff, ...] = ()
    """Who answers for such columns being shown all the same."""

    def column(self, name: str) -> Usable:
        """A column by its shown name. Raises `UnknownColumn` with the nearest name."""
        found = self.columns.get(name)
        if found is not None:
            return found
        raise UnknownColumn(
            unknown(f"{self.name} has no such column", name, self.columns), where={"table": self.name}
        )

    def usable(self, name: str) -> Usable:
        """A column that may be used, for its kind. Raises `UnknownColumn`, `Identifying`."""
        column = self.column(name)
        if column.kind is None:
            raise Identifying(
                f"the column may identify people (its type is {column.type}), so no question can use it",
                where={"table": self.name, "column": column.name},
            )
        if column.kept is None:
            raise BadQuestion(
                "no question can use the column: its values could not be brought to its type",
                where={"table": self.name, "column": column.name},
            )
        return column


def unknown(sentence: str, untrusted_name: str, known: Iterable[str]) -> str:
    """A sentence about a name that does not exist, with the nearest one that does.

    The name itself is shown only where it is near enough to be a slip: else it might be a value of the dump.
    """
    names = list(known)
    nearest = difflib.get_close_matches(untrusted_name, names, n=1, cutoff=0.6)
    if nearest and not is_identifying(untrusted_name):
        return f"{sentence} as {printable(untrusted_name)!r}: did you mean {nearest[0]!r}?"
    by_ear = difflib.get_close_matches(
        untrusted_name.casefold(), [name.casefold() for name in names], n=1, cutoff=0.0
    )
    near = next((name for name in names if by_ear and name.casefold() == by_ear[0]), None)
    return f"{sentence}; the nearest name is {near!r}" if near else sentence


def scopes_of(case: Case) -> dict[str, Scope]:
    """The scope of every table of a case, by the table's shown name, in the order of intake."""
    from sousveil.survey.current import current, identifying_columns, unexplained_columns

    review = current(case)
    identifying, unexplained = identifying_columns(case), unexplained_columns(case)
    units = case.vault.document("count")
    scopes = {}
    for table in case.tables:
        name = case.name_of(table)
        scope = _scope(case, table, review.of(name), identifying.get(table, frozenset()))
        scope = _without_labels(scope, unexplained.get(table, frozenset()))
        # Before the count nobody knows; what is checked then is not counted yet.
        unit = units.get(str(table.tid), {}).get("unit", NOTHING) if units is not None else PEOPLE
        scopes[name] = replace(scope, unit=unit)
    return scopes


def about_people(scopes: Mapping[str, Scope]) -> list[Scope]:
    """The tables that tell people apart: those of which the whole case (`*`) consists."""
    return [scope for scope in scopes.values() if scope.unit == PEOPLE]


def named(scopes: Mapping[str, Scope], untrusted_table: str) -> Scope:
    """The scope of a table by its shown name. Raises `UnknownTable` with the nearest name."""
    if untrusted_table not in scopes:
        raise UnknownTable(unknown("the case has no such table", untrusted_table, scopes))
    return scopes[untrusted_table]


def _scope(case: Case, table: Table, review: TableReview, identifying: Collection[Column]) -> Scope:
    kept = _kept(case, table)
    columns = {}
    for column in table.columns:
        shown = case.column_name(column)
        type_name = review.types.get(shown, "unknown")
        kind, kept_as = kind_of(type_name, column in identifying), kept.get(column.sql)
        if kept_as not in _KEPT_AS.get(kind or "", ()):
            kept_as = None
        elif kind in ("day", "moment"):
            kind = "day" if kept_as == "DATE" else "moment"
        columns[shown] = Usable(shown, column.sql, type_name, kind, kept_as, _hint(case, column))
    event = columns.get(review.event_date or "")
    dated = event if event and event.kind in ("day", "moment") and event.kept else None
    sensitive = frozenset(columns) if review.sensitive else frozenset(review.sensitive_columns)
    return Scope(
        table, case.name_of(table), columns, dated, review.kind, sensitive=sensitive, signed=review.signed
    )


def _without_labels(scope: Scope, unexplained: Collection[Column]) -> Scope:
    """The scope in which columns that nobody can explain are no labels, whatever the review says."""
    refused = {column.sql for column in unexplained}
    columns = {
        name: replace(column, kind=None) if column.kind == "label" and column.sql in refused else column
        for name, column in scope.columns.items()
    }
    return replace(scope, columns=columns)


def _hint(case: Case, column: Column) -> str:
    """The first words of a column's comment, before what explains them (`类别:1涉恐,2涉稳` is `类别`)."""
    untrusted = shown_or(column.hint or "", "", case.veiled)
    words = " ".join(re.split(r"[:：;；,，(（\[【|/]", untrusted)[0].split())
    return words if len(words) <= LONGEST_HINT and words != column.name else ""


def kind_of(type_name: str, identifying: bool) -> str | None:
    """What a column may be used as. One that identifies is at most a birth date, for age bands."""
    kind = KINDS.get(type_name)
    if identifying:
        return "birth" if kind in ("birth", "day", "moment") else None
    return kind


def _kept(case: Case, table: Table) -> dict[str, str]:
    return dict(
        case.vault.engine.rows(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'vault' "
            "AND schema_name = 'clean' AND table_name = ?",
            [f"t{table.tid}"],
        )
    )
