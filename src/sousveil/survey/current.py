"""What holds now: what people decided in review.toml over what the survey proposes. Later stages ask here."""

from __future__ import annotations

from typing import Any, NamedTuple

from sousveil import review
from sousveil.case import Case
from sousveil.errors import StageMissing
from sousveil.survey.entries import notes_of
from sousveil.survey.judge import VARIOUS
from sousveil.survey.types import ASKABLE, IDENTIFYING, NAMES
from sousveil.vault import Column, Table


def document(case: Case) -> dict[str, Any]:
    """The survey's own findings. Raises `StageMissing` where there was none yet."""
    found: dict[str, Any] | None = case.vault.document("survey")
    if found is None:
        raise StageMissing("the survey has not been made yet")
    return found


def proposal(case: Case) -> review.Review:
    """What the survey proposes, by names as shown."""
    tables = {}
    known = {table.tid: table for table in case.tables}
    leads: dict[tuple[int, int], list[str]] = {}
    for key in foreign_keys_of(case):
        named = f"{case.name_of(key.to_table)}.{case.column_name(key.to_column)}"
        place = (key.table.tid, key.column.cid)
        leads.setdefault(place, []).append(f"leads to {named} ({key.share:.0%})")
    for found in document(case)["tables"]:
        table = known[found["tid"]]
        names = {column.cid: case.column_name(column) for column in table.columns}
        tables[case.name_of(table)] = review.TableReview(
            found["kind"],
            names[found["event_date"]] if found["event_date"] else None,
            tuple(names[cid] for cid in found["person"]),
            False,
            {names[column["cid"]]: column["type"] for column in found["columns"]},
            notes={
                names[column["cid"]]: "; ".join(
                    [*notes_of(column), *leads.get((table.tid, column["cid"]), ())]
                )
                for column in found["columns"]
            },
        )
    return review.Review(tables)


def current(case: Case) -> review.Review:
    """The review that holds: review.toml over the proposal. Raises `StageMissing`, `BadReview`."""
    return review.merged(review.read(case.folder / "review.toml", NAMES), proposal(case))


class Reference(NamedTuple):
    """A column whose values stand in the key of another table, and the share of them that do."""

    table: Table
    column: Column
    to_table: Table
    to_column: Column
    share: float


def foreign_keys_of(case: Case) -> list[Reference]:
    """The foreign keys that the survey found from the values."""
    tables = {table.tid: table for table in case.tables}
    columns = {(table.tid, column.cid): column for table in case.tables for column in table.columns}
    return [
        Reference(
            tables[key["table"]],
            columns[key["table"], key["column"]],
            tables[key["to_table"]],
            columns[key["to_table"], key["to_column"]],
            key["share"],
        )
        for key in document(case).get("foreign_keys", ())
    ]


def column_types(case: Case, table: Table) -> dict[Column, str]:
    """The type that holds for each column of a table, in the table's order."""
    decided = current(case).of(case.name_of(table)).types
    return {column: decided.get(case.column_name(column), "unknown") for column in table.columns}


def identifying_columns(case: Case) -> dict[Table, frozenset[Column]]:
    """The columns of each table that are identifying, by their values or by the type that holds.

    What the values prove (names, valid identifiers, plates …) no edit of review.toml lifts.
    """
    holds = current(case)
    known = {table.tid: table for table in case.tables}
    found = {}
    for surveyed in document(case)["tables"]:
        table = known[surveyed["tid"]]
        decided = holds.of(case.name_of(table)).types
        proved = {entry["cid"] for entry in surveyed["columns"] if entry["identifying"]}
        found[table] = frozenset(
            column
            for column in table.columns
            if column.cid in proved or decided.get(case.column_name(column)) in IDENTIFYING
        )
    return found


def looked_into(case: Case) -> dict[Table, frozenset[Column]]:
    """The columns of each table in whose texts identifiers stand, however few of them."""
    known = {table.tid: table for table in case.tables}
    found = {}
    for surveyed in document(case)["tables"]:
        table = known[surveyed["tid"]]
        holding = {entry["cid"] for entry in surveyed["columns"] if entry.get("inside")}
        found[table] = frozenset(column for column in table.columns if column.cid in holding)
    return found


def unexplained_columns(case: Case) -> dict[Table, frozenset[Column]]:
    """The columns of each table that the survey can't explain and that hold many different values.

    They may be names in a form that no type knows. A person may say that they are numbers or dates, but not
    labels to group by or to search in: nobody has proved that, and no group of ten would be lost.
    """
    known = {table.tid: table for table in case.tables}
    found = {}
    for surveyed in document(case)["tables"]:
        table = known[surveyed["tid"]]
        various = {
            entry["cid"]
            for entry in surveyed["columns"]
            if entry["type"] == "unknown"
            and entry["distinct"] > max(VARIOUS * entry["present_share"] * table.records, 10)
        }
        found[table] = frozenset(column for column in table.columns if column.cid in various)
    return found


def askable_columns(case: Case, table: Table) -> dict[Column, str]:
    """The columns that `where` and `by` may use: neither identifying nor unknown nor serial."""
    refused = identifying_columns(case).get(table, frozenset())
    return {
        column: type_name
        for column, type_name in column_types(case, table).items()
        if type_name in ASKABLE and column not in refused
    }
