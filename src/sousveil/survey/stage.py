"""The survey: says what each column is, proposes review.toml, and shows what holds."""

from __future__ import annotations

from typing import Any

from sousveil import review, veil
from sousveil.case import Case
from sousveil.files import write_whole
from sousveil.progress import Progress, several
from sousveil.survey.current import current, document, foreign_keys_of, proposal
from sousveil.survey.datum import datums
from sousveil.survey.entries import MOMENTS, Found, Surveyed, candidates, table_entry
from sousveil.survey.foreign_keys import Candidate, foreign_keys
from sousveil.survey.inside import LOOKED_INTO, inside
from sousveil.survey.masks import FEWEST, forms_of
from sousveil.survey.sample import evidence_of, rows_of
from sousveil.survey.shares import shares_of
from sousveil.survey.types import NAMES
from sousveil.survey.veiling import Sought
from sousveil.survey.witnesses import verdicts
from sousveil.vault import Engine, Table
from sousveil.version import __version__


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Survey every table, write what is missing in review.toml, and return the contract's `survey` shape.

    Where intake has not changed since, the values are not looked at again: only the review is laid over anew.
    """
    mark = [__version__, (case.vault.stage("intake") or ("",))[0]]
    kept = case.vault.document("survey")
    if kept is None or kept.get("of") != mark:
        _survey(case, progress, mark)
    case.forget()
    _propose(case)
    _warn(case, progress)
    result = _result(case)
    columns = [column for table in result["tables"] for column in table["columns"]]
    unknown = sum(column["type"] == "unknown" for column in columns)
    progress.finished(
        f"{several(len(columns), 'column')} in {several(len(result['tables']), 'table')}, {unknown} unknown"
    )
    return result


def _survey(case: Case, progress: Progress, mark: list[str]) -> None:
    total = sum(len(table.columns) * max(table.records, 1) for table in case.tables)
    progress.stage("survey", float(total))
    done, tables, sought = 0.0, [], Sought.of(case)
    referring: list[Candidate] = []
    for table in case.tables:
        progress.at(f"table-{table.tid}", done, table.records)
        found = survey_table(case.vault.engine, table, sought, max(FEWEST, 2 * case.policy.threshold))
        done += len(table.columns) * max(table.records, 1)
        tables.append(table_entry(table, found))
        referring += candidates(table, found)
    keys = [key.entry() for key in foreign_keys(case.vault.engine, referring)]
    with case.vault.transaction():
        case.vault.put_document("veiled", sought.names())
        case.vault.put_document("survey", {"of": mark, "tables": tables, "foreign_keys": keys})


def survey_table(engine: Engine, table: Table, sought: Sought, fewest: int = FEWEST) -> Found:
    """What each column of a table is: judged on a sample, again with what stands beside it, then counted."""
    if not table.columns:
        return {}
    sampled = rows_of(engine, table)
    evidence = {column: evidence_of(engine, table, column, sampled) for column in table.columns}
    found, judged = {}, verdicts(evidence, sampled)
    datum = datums({column: verdict.type for column, verdict in judged.items()}, sampled)
    for column, verdict in judged.items():
        e = evidence[column]
        shares = shares_of(engine, table, column, verdict, e, sought)
        texts = inside(engine, table, column, shares.distinct) if verdict.type in LOOKED_INTO else ()
        found[column] = Surveyed(
            verdict, shares, texts, forms_of(e, verdict.type, fewest), datum.get(column, ""), e.counter
        )
    return found


def _propose(case: Case) -> None:
    """Write review.toml where it lacks tables or columns; what stands in it stays as it is."""
    path = case.folder / "review.toml"
    decided = review.read(path, NAMES)
    missing = any(
        name not in decided.tables or set(table.types) - set(decided.tables[name].types)
        for name, table in proposal(case).tables.items()
    )
    if missing:
        text = path.read_text("utf-8") if path.exists() else ""
        holds = review.merged(decided, proposal(case))
        write_whole(path, review.completed(text, holds) if text.strip() else review.write(holds))


def _warn(case: Case, progress: Progress) -> None:
    """Say what of review.toml has no effect: a slip there would else go unseen."""
    decided, proposed = review.read(case.folder / "review.toml", NAMES), proposal(case)
    for name, table in decided.tables.items():
        if name not in proposed.tables:
            progress.warn(f"review.toml: the case has no table {veil.shown(name, 'of this name')}")
            continue
        for column in table.types.keys() - proposed.of(name).types.keys():
            shown = veil.shown(column, "of this name")
            progress.warn(f"review.toml: the table {name} has no column {shown}")
        dated = current(case).of(name)
        if dated.event_date and dated.types.get(dated.event_date) not in MOMENTS:
            progress.warn(
                f"review.toml: event_date of {name} is no column of type date or datetime, so nothing dates "
                "its records and no cut-off holds for them"
            )


def _result(case: Case) -> dict[str, Any]:
    """The contract's shape, with what holds: a type that a person decided is certain."""
    holds, proposed = current(case), proposal(case)
    known = {table.tid: table for table in case.tables}
    paths = dict(case.vault.engine.rows("SELECT item, path FROM meta.items"))
    tables = []
    for found in document(case)["tables"]:
        table = known[found["tid"]]
        name = case.name_of(table)
        decided = holds.of(name)
        names = {column.cid: case.column_name(column) for column in table.columns}
        tables.append(
            {
                "table": name,
                "item": case.path_of(table.item, paths.get(table.item) or ""),
                "records": table.records,
                "kind": decided.kind,
                "event_date": decided.event_date,
                "person": list(decided.person),
                "columns": [
                    _shown(entry, names[entry["cid"]], decided.types, proposed.of(name).types)
                    for entry in found["columns"]
                ],
            }
        )
    return {"tables": tables, "foreign_keys": _keys(case)}


def _keys(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "table": case.name_of(key.table),
            "column": case.column_name(key.column),
            "to_table": case.name_of(key.to_table),
            "to_column": case.column_name(key.to_column),
            "share": key.share,
        }
        for key in foreign_keys_of(case)
    ]


def _shown(
    entry: dict[str, Any], name: str, decided: dict[str, str], proposed: dict[str, str]
) -> dict[str, Any]:
    shown = {"column": name} | {key: value for key, value in entry.items() if key != "cid"}
    if decided.get(name) != proposed.get(name):
        shown |= {"type": decided[name], "confidence": 1.0, "reason": "decided in review.toml"}
    return shown
