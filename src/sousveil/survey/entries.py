"""What the document `survey` keeps of tables and columns; numbers for names, whatever is veiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sousveil.survey import roles
from sousveil.survey.foreign_keys import Candidate
from sousveil.survey.inside import IDENTIFIES, Inside
from sousveil.survey.judge import Verdict
from sousveil.survey.masks import Form
from sousveil.survey.shares import Shares
from sousveil.vault import Column, Table

MOMENTS = frozenset(("date", "datetime"))


@dataclass(frozen=True)
class Surveyed:
    """One column: what it is, and its shares over every row."""

    verdict: Verdict
    shares: Shares
    inside: tuple[Inside, ...] = ()
    """What stands inside its texts."""
    forms: tuple[Form, ...] = ()
    """How its values look, masked."""
    datum: str = ""
    """To which datum degrees refer; empty for others."""
    counter: bool = False
    """Whether its values count upward."""

    @property
    def type(self) -> str:
        """The verdict's type; of moments, every row decides whether they are days."""
        if self.verdict.type in MOMENTS:
            return "date" if self.shares.midnight else "datetime"
        return self.verdict.type


Found = dict[Column, Surveyed]


def table_entry(table: Table, found: Found) -> dict[str, Any]:
    """What the document keeps of a table."""
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


def candidates(table: Table, found: Found) -> list[Candidate]:
    """The columns of a table as foreign keys see them."""
    return [
        Candidate(table, column, one.type, one.shares.distinct, one.shares.present, one.counter)
        for column, one in found.items()
    ]


def _column(column: Column, one: Surveyed, records: int) -> dict[str, Any]:
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
        "forms": [{"form": form.mask, "share": form.share} for form in one.forms],
        "mixed": [
            {"type": name, "share": _share(rows, shares.present)} for name, rows in shares.parts.items()
        ],
        "inside": [{"type": name, "share": _share(rows, shares.present)} for name, rows in held.items()],
        **({"datum": one.datum} if one.datum else {}),
        "alternatives": [
            {"type": name, "confidence": confidence} for name, confidence in verdict.alternatives
        ],
    }


def notes_of(entry: dict[str, Any]) -> list[str]:
    """What a person may see of a column to judge its type: figures, masked forms, never a value."""
    if not entry["distinct"]:
        return [entry["reason"]]
    notes = [f"{entry['evidence']}: {entry['reason']}" if entry["evidence"] else str(entry["reason"])]
    if entry["forms"]:
        notes.append(", ".join(f"{form['form']} ({form['share']:.0%})" for form in entry["forms"]))
    if entry["mixed"]:
        notes.append("holds " + ", ".join(f"{part['type']} ({part['share']:.0%})" for part in entry["mixed"]))
    if entry["inside"]:
        notes.append("inside stand " + ", ".join(part["type"] for part in entry["inside"]))
    notes.append(f"in {entry['present_share']:.0%} of rows, {entry['distinct']:,} different")
    if entry["valid_share"] < 0.995:
        notes.append(f"{entry['valid_share']:.0%} valid")
    return notes


def _share(part: int, of: int) -> float:
    return round(part / of, 6) if of else 0.0
