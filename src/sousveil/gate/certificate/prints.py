"""Every table that a case ever printed, as it stood on the page: what the certificate is made from.

It is kept in the vault (document `printed`), written before the release; where the vault was lost since, it
is made anew from the releases, which say the numbers, but not whether a page listed a cell for other labels:
then there may have been one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sousveil.case import Case
from sousveil.findings.model import ExactTable
from sousveil.gate.certificate.make import Certificate, certificate, is_current, sha256
from sousveil.gate.certificate.printed import Printed, listed
from sousveil.gate.editions.standing import in_order_asked
from sousveil.gate.language import refs as spelling
from sousveil.gate.memory import Memory
from sousveil.gate.released import Released


@dataclass(frozen=True)
class Certified:
    """All that was and is about to be printed, with the certificate of it."""

    printed: Sequence[Printed]
    certificate: Certificate
    refused: frozenset[int]
    """The places of the findings about to be shown that no certificate can carry."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the certificate."""
        return sha256(self.certificate.text)

    def keep(self, case: Case) -> None:
        """Keep it, for the publication and the next release."""
        case.vault.put_document("printed", [_as_json(one) for one in self.printed])
        case.vault.put_document("worlds", self.certificate.text)


def certified(
    case: Case,
    memory: Memory,
    findings: Sequence[Mapping[str, Any]],
    tables: Sequence[ExactTable],
    told: Callable[[str], None],
) -> Certified:
    """The certificate of all that was and is about to be printed.

    `findings` are about to be shown, one for each table; `told` hears what is being done.
    """
    kept = case.vault.document("printed")
    before = [read(one) for one in kept] if kept else [_of_release(one) for one in memory.released]
    now = _by_table(findings, tables, before)
    printed = [*before]
    for one in now.values():
        if one not in printed:
            printed.append(one)
    worlds = case.vault.document("worlds")
    worlds = worlds if isinstance(worlds, str) and is_current(worlds) else ""
    if worlds and sha256(worlds) == memory.certificate and printed == before:
        return Certified(printed, Certificate(worlds, ()), frozenset())
    made = certificate(printed, case.policy.threshold, worlds, told)
    refused = frozenset(place for place, one in now.items() if one in made.refused)
    return Certified(printed, made, refused)


def _by_table(
    findings: Sequence[Mapping[str, Any]], tables: Sequence[ExactTable], before: Sequence[Printed]
) -> dict[int, Printed]:
    """What is printed now, by the places of the findings, in the edition that it belongs to."""
    found: dict[str, dict[int, Printed]] = {}
    for place, (finding, table) in enumerate(zip(findings, tables, strict=True)):
        if not finding.get("refused"):
            found.setdefault(table.question.table, {})[place] = _of_page(finding, table)
    now: dict[int, Printed] = {}
    for name, group in found.items():
        edition = _edition(name, before, [*group.values()])
        now |= {place: replace(one, edition=edition) for place, one in group.items()}
    return now


def _of_page(finding: Mapping[str, Any], table: ExactTable) -> Printed:
    cells = {tuple(cell["keys"].values()): cell["value"] for cell in finding["cells"]}
    return Printed(
        table=table.question.table,
        edition=1,
        unit=finding["unit"],
        where=_where(table.population),
        by=tuple(map(spelling.canonical, finding["by"])),
        total=finding["total"]["value"] if finding["by"] else cells[()],
        cells=cells,
        dated=table.dated,
        cut_off=str(table.cut_off or ""),
    )


def _of_release(one: Released) -> Printed:
    by = tuple(map(spelling.canonical, one.question.by))
    shown = {labels: figures[0] for labels, figures in in_order_asked(one).items()}
    return Printed(
        table=one.question.table,
        edition=1,
        unit=one.question.count,
        where=_where(one.population),
        by=by,
        total=one.total[0],
        cells=listed(by, shown, one.total[0], is_open=True),
    )


def _where(population: str) -> str:
    return spelling.base(population).partition("; where ")[2]


def _edition(table: str, before: Sequence[Printed], now: Sequence[Printed]) -> int:
    """The edition of what is printed now of a table of the dump: a new one where a number has changed."""
    known = [one for one in before if one.table == table]
    last = max((one.edition for one in known), default=1)
    latest = {(one.unit, one.where, frozenset(one.by)): one for one in known if one.edition == last}
    moved = (
        (earlier := latest.get((one.unit, one.where, frozenset(one.by)))) is not None
        and _numbers(earlier) != _numbers(one)
        for one in now
    )
    return last + any(moved)


def _numbers(one: Printed) -> tuple[int, frozenset[tuple[frozenset[tuple[str, str]], int]]]:
    """The total and the shown cells, in whatever order their labels stand."""
    cells = ((frozenset(zip(one.by, labels, strict=True)), value) for labels, value in one.shown.items())
    return one.total, frozenset(cells)


def _as_json(one: Printed) -> dict[str, Any]:
    return {
        "table": one.table,
        "edition": one.edition,
        "unit": one.unit,
        "where": one.where,
        "by": list(one.by),
        "total": one.total,
        "cells": [[list(labels), value] for labels, value in one.cells.items()],
        "dated": one.dated,
        "cut_off": one.cut_off,
    }


def read(kept: Mapping[str, Any]) -> Printed:
    """A table as it is kept in the document `printed`."""
    cells = {tuple(labels): value for labels, value in kept["cells"]}
    return Printed(**{**kept, "by": tuple(kept["by"]), "cells": cells})
