"""The survey: says what each column is, proposes review.toml, and shows what holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sousveil import review, veil
from sousveil.case import Case
from sousveil.files import write_whole
from sousveil.progress import Progress
from sousveil.survey import roles
from sousveil.survey.current import current, document, proposal
from sousveil.survey.inside import IDENTIFIES, LOOKED_INTO, Inside, inside
from sousveil.survey.judge import Verdict
from sousveil.survey.sample import evidence_of, rows_of
from sousveil.survey.shares import Shares, shares_of
from sousveil.survey.types import NAMES
from sousveil.survey.veiling import Sought
from sousveil.survey.witnesses import verdicts
from sousveil.vault import Column, Engine, Table
from sousveil.version import __version__

MOMENTS = frozenset(("date", "datetime"))


@dataclass(frozen=True)
class Surveyed:
    """One column: what it is, and its shares over every row."""

    verdict: Verdict
    shares: Shares
    inside: tuple[Inside, ...] = ()
    """What stands inside its texts."""

    @property
    def type(self) -> str:
        """The verdict's type; of moments, every row decides whether they are days."""
        if self.verdict.type in MOMENTS:
            return "date" if self.shares.midnight else "datetime"
        return self.verdict.type


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
    progress.finished(f"{len(columns)} columns in {len(result['tables'])} tables, {unknown} of them unknown")
    return result


def _survey(case: Case, progress: Progress, mark: list[str]) -> None:
    total = sum(len(table.columns) * max(table.records, 1) for table in case.tables)
    progress.stage("survey", float(total))
    done, tables, sought = 0.0, [], Sought.of(case)
    for table in case.tables:
        progress.at(f"table-{table.tid}", done, table.records)
        found = survey_table(case.vault.engine, table, sought)
        done += len(table.columns) * max(table.records, 1)
        tables.append(_entry(table, found))
    with case.vault.transaction():
        case.vault.put_document("veiled", sought.names())
        case.vault.put_document("survey", {"of": mark, "tables": tables})


def survey_table(engine: Engine, table: Table, sought: Sought) -> dict[Column, Surveyed]:
    """What each column of a table is: judged on a sample, again with what stands beside it, then counted."""
    if not table.columns:
        return {}
    sampled = rows_of(engine, table)
    evidence = {column: evidence_of(engine, table, column, sampled) for column in table.columns}
    found = {}
    for column, verdict in verdicts(evidence, sampled).items():
        shares = shares_of(engine, table, column, verdict, evidence[column], sought)
        texts = inside(engine, table, column) if verdict.type in LOOKED_INTO else ()
        found[column] = Surveyed(verdict, shares, texts)
    return found


def _entry(table: Table, found: dict[Column, Surveyed]) -> dict[str, Any]:
    """What the document `survey` keeps of a table: numbers for names, so that it holds whatever is veiled."""
    types = {column: one.type for column, one in found.items()}
    present = {column: one.shares.present / max(table.records, 1) for column, one in found.items()}
    dated = roles.event_date(table, types, present)
    persons = roles.person(table, types, present)
    return {
        "tid": table.tid,
        "kind": roles.kind(table, types, dated, persons),
        "event_date": dated.cid if dated else None,
        "person": [column.cid for column in persons],
        "columns": [_column(column, one, table.records) for column, one in found.items()],
    }


def _column(column: Column, one: Surveyed, records: int) -> dict[str, Any]:
    """What the document keeps of a column."""
    shares, verdict = one.shares, one.verdict
    held = {part.type: part.rows for part in one.inside}
    return {
        "cid": column.cid,
        "type": one.type,
        "confidence": verdict.confidence,
        "present_share": _share(shares.present, records),
        "valid_share": _share(shares.valid, shares.present),
        "distinct": shares.distinct,
        "identifying": verdict.identifying or sum(held.values()) > IDENTIFIES * shares.present,
        "reason": verdict.reason,
        "evidence": verdict.evidence,
        "true_share": verdict.truth,
        "mixed": [
            {"type": name, "share": _share(rows, shares.present)} for name, rows in shares.parts.items()
        ],
        "inside": [{"type": name, "share": _share(rows, shares.present)} for name, rows in held.items()],
        "alternatives": [
            {"type": name, "confidence": confidence} for name, confidence in verdict.alternatives
        ],
    }


def _share(part: int, of: int) -> float:
    return round(part / of, 6) if of else 0.0


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
    return {"tables": tables}


def _shown(
    entry: dict[str, Any], name: str, decided: dict[str, str], proposed: dict[str, str]
) -> dict[str, Any]:
    shown = {"column": name} | {key: value for key, value in entry.items() if key != "cid"}
    if decided.get(name) != proposed.get(name):
        shown |= {"type": decided[name], "confidence": 1.0, "reason": "decided in review.toml"}
    return shown
