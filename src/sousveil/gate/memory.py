"""The gate's memory: every number ever let out, in `CASE/releases/`, each file bound to the one before it.

A release is `000001.json`, `000002.json` …: canonical JSON (sorted keys, no spaces, UTF-8) of what was shown
and of nothing else: no hidden number, no label that was not shown, no moment. `previous` is the SHA-256 of
the file before. What was hidden, and must stay so, is kept in the vault (document `gate`), together with
the hashes: a release that was lost from the folder, or was not written yet when the run was killed, is known
there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sousveil.case import Case
from sousveil.errors import CaseTooNew, IntegrityError
from sousveil.files import write_whole
from sousveil.findings.model import ExactCell, ExactTable, Populations, Question
from sousveil.findings.questions import WHOLE_CASE
from sousveil.gate.changes import Edition
from sousveil.gate.sheet import Figures, Labels, Sheet, sheet
from sousveil.version import __version__

FORMAT = 1
_START = "0" * 64

Shown = tuple[Sheet, Figures, dict[Labels, Figures]]
"""A table about to be released: all of it, its total, and the cells that are shown."""


@dataclass(frozen=True)
class Released:
    """One table that was released."""

    question: Question
    population: str
    base: str
    cut_off: str | None
    refs: tuple[str, ...]
    total: Figures
    cells: dict[Labels, Figures]
    """What was shown; labels in the order of `refs`."""
    exact: Sheet | None
    """All of it, from the vault; None where the vault was lost since."""
    edition: int = 0
    """The place of its edition among those of its table (`Memory.editions`); -1 where there is none."""

    @property
    def key(self) -> tuple[str, tuple[str, ...], str]:
        """As `Sheet.key`."""
        return self.base, self.refs, self.question.count


class Memory:
    """All releases of a case. Raises `IntegrityError` where the chain does not hold, `CaseTooNew`."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._kept: dict[str, Any] = case.vault.document("gate") or {
            "hashes": [],
            "last": "",
            "exact": [],
            "refused": {},
            "editions": {},
        }
        self._finish()
        self.hashes, documents = self._chain()
        self.released = self._read(documents)
        self.known = [_question(one) for document in documents for one in document.get("known", ())]
        self.refused = [one for document in documents for one in document["refused"]]
        self.certificate = str(documents[-1].get("certificate", "")) if documents else ""
        """The SHA-256 of the certificate of all releases; empty where the last has none."""

    def _finish(self) -> None:
        """Write the last release if the run that made it was killed before it could."""
        number = len(self._kept["hashes"])
        if number and not _path(self.case, number).exists():
            write_whole(_path(self.case, number), self._kept["last"])

    def _chain(self) -> tuple[list[str], list[dict[str, Any]]]:
        hashes: list[str] = []
        documents = []
        names = sorted(path.name for path in self.case.releases.glob("*.json"))
        for number, name in enumerate(names, 1):
            data = (self.case.releases / name).read_bytes()
            where = {"release": number}
            if name != _path(self.case, number).name:
                raise IntegrityError("a release is missing", where=where)
            try:
                document = json.loads(data)
                previous, version = document["previous"], document["format"]
            except (ValueError, KeyError, TypeError):
                raise IntegrityError("a release can't be read", where=where) from None
            if version != FORMAT:
                raise CaseTooNew("a release was made by another version of Sousveil", where=where)
            if previous != (hashes[-1] if hashes else _START):
                raise IntegrityError("the chain of releases is broken", where=where)
            hashes.append(hashlib.sha256(data).hexdigest())
            documents.append(document)
        known = self._kept["hashes"]
        if hashes[: len(known)] != known:
            raise IntegrityError("a release was changed or removed", where={"release": len(hashes)})
        said = [one["detail"]["sha256"] for one in self.case.ledger.entries() if one["did"] == "released"]
        if not set(said) <= set(hashes):
            # The vault may be lost; the ledger goes along with every copy of the case.
            raise IntegrityError(
                "a release that the ledger names is missing", where={"releases": len(hashes)}
            )
        return hashes, documents

    def _read(self, documents: Sequence[dict[str, Any]]) -> list[Released]:
        found = []
        try:
            for number, document in enumerate(documents):
                kept = self._kept["exact"][number] if number < len(self._kept["exact"]) else None
                for place, table in enumerate(document["tables"]):
                    found.append(_released(table, kept[place] if kept else None))
        except (KeyError, TypeError, ValueError, IndexError):
            raise IntegrityError("a release can't be read", where={"release": number + 1}) from None
        return found

    def refusal(self, one: Sheet) -> str:
        """The code by which the same question was refused, as long as its data stands; empty if it was not.

        What could be protected together depends on what is asked together: asked again, a refused question
        might pass, and the same questions would not give the same findings.
        """
        for earlier in reversed(self.refused):
            if (earlier["base"], tuple(earlier["refs"]), earlier["unit"]) == one.key:
                kept = self._kept["refused"].get(_canonical(one.key))
                return str(earlier["code"]) if kept in (None, _digest(one.table)) else ""
        return ""

    def editions(self, table: str) -> list[Edition]:
        """The editions of which something was released of a table of the dump, the first one first."""
        return [Edition.read(one) for one in self._kept.get("editions", {}).get(table, ())]

    def _with_new(self, shown: Sequence[Shown], populations: Populations) -> tuple[dict[str, Any], list[Any]]:
        """The editions with what is released now, whose records are kept; and what is kept no longer."""
        made, old = dict(self._kept.get("editions", {})), []
        for table in sorted({one.table.question.table for one, _, _ in shown} - {WHOLE_CASE}):
            editions, today = self.editions(table), populations.fingerprint(table)
            new = [(one.base, one.table.question) for one, _, _ in shown]
            asked = [(base, question) for base, question in new if question.table == table]
            if editions and editions[-1].fingerprint == today:
                last = editions.pop()
                asked = [*last.asked, *asked]
                old.append(last.kept)
            kept = populations.keep(table, [question for _, question in asked])
            made[table] = [*(one.as_json() for one in editions), Edition(today, kept, asked).as_json()]
        return made, old

    def remember(
        self,
        shown: Sequence[Shown],
        refused: Sequence[tuple[Sheet, str]],
        populations: Populations | None = None,
        known: Sequence[Question] = (),
        certificate: str = "",
    ) -> None:
        """Keep what is about to be said; on return it is on the disk. Nothing new makes no file.

        With `populations` the records behind it are kept, too, to tell later what has changed since. `known`
        is what readers have from elsewhere and was not known before; `certificate` is the SHA-256 of the
        certificate of all that was printed, this included.
        """
        if not shown and not refused and not known and certificate == self.certificate:
            return
        number = len(self.hashes) + 1
        editions, old = self._with_new(shown, populations) if populations else ({}, [])
        text = _canonical(
            {
                "format": FORMAT,
                "number": number,
                "version": __version__,
                "threshold": self.case.policy.threshold,
                "regime": self.case.policy.regime,
                "previous": self.hashes[-1] if self.hashes else _START,
                "tables": [
                    _table(one, total, cells)
                    | {"edition": len(editions.get(one.table.question.table, ())) - 1}
                    for one, total, cells in shown
                ],
                "known": [asdict(question) for question in known],
                "certificate": certificate,
                "refused": [
                    {"base": one.base, "refs": one.refs, "unit": one.key[2], "code": code}
                    for one, code in refused
                ],
            }
        )
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        exact = self._kept["exact"] + [None] * (number - 1 - len(self._kept["exact"]))
        # The vault first: what is in the folder is known to have been hidden from nobody, the rest only here.
        kept = {
            "hashes": [*self.hashes, digest],
            "last": text,
            "exact": [*exact, [_hidden(one.table) for one, _, _ in shown]],
            "refused": self._kept["refused"]
            | {_canonical(one.key): _digest(one.table) for one, _ in refused},
            "editions": editions or self._kept.get("editions", {}),
        }
        self.case.vault.put_document("gate", kept)
        self.case.vault.sync()
        write_whole(_path(self.case, number), text)
        self.case.ledger.append("released", {"release": number, "sha256": digest})
        self._kept, self.hashes = kept, [*self.hashes, digest]
        for one in old:
            if populations:
                populations.forget(one)


def _path(case: Case, number: int) -> Any:
    return case.releases / f"{number:06d}.json"


def _canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _hidden(table: ExactTable) -> dict[str, Any]:
    """All of a table, for the vault; the question is with what was released."""

    def cell(one: ExactCell) -> list[Any]:
        return [list(one.keys), one.records, one.people, one.value, one.low, one.high]

    return {
        "cells": [cell(one) for one in table.cells],
        "total": cell(table.total),
        "population": table.population,
        "columns": list(table.columns),
        "cut_off": table.cut_off.isoformat() if table.cut_off else None,
    }


def _digest(table: ExactTable) -> str:
    """Tells whether the data behind a question has changed. For the vault only: it covers hidden numbers."""
    return hashlib.sha256(_canonical(_hidden(table)).encode("utf-8")).hexdigest()


def _table(one: Sheet, total: Figures, cells: dict[Labels, Figures]) -> dict[str, Any]:
    question = one.table.question
    return {
        "question": asdict(question),
        "population": one.table.population,
        "base": one.base,
        "cut_off": one.table.cut_off.isoformat() if one.table.cut_off else None,
        "refs": list(one.refs),
        "total": list(total),
        "cells": [[list(labels), *figures] for labels, figures in sorted(cells.items())],
    }


def _released(table: dict[str, Any], exact: dict[str, Any] | None) -> Released:
    question = _question(table["question"])
    return Released(
        question=question,
        population=table["population"],
        base=table["base"],
        cut_off=table["cut_off"],
        refs=tuple(table["refs"]),
        total=_figures(table["total"]),
        cells={tuple(cell[0]): _figures(cell[1:]) for cell in table["cells"]},
        exact=_exact(question, exact) if exact else None,
        edition=int(table.get("edition", -1)) if exact else -1,
    )


def _question(asked: dict[str, Any]) -> Question:
    return Question(**{**asked, "by": tuple(asked["by"])})


def _figures(numbers: Sequence[Any]) -> Figures:
    value, low, high = (int(number) for number in numbers)
    return value, low, high


def _exact(question: Question, kept: dict[str, Any]) -> Sheet:
    def cell(fields: Sequence[Any]) -> ExactCell:
        return ExactCell(tuple(fields[0]), *fields[1:])

    cut_off = dt.date.fromisoformat(kept["cut_off"]) if kept["cut_off"] else None
    return sheet(
        ExactTable(
            question,
            tuple(cell(fields) for fields in kept["cells"]),
            cell(kept["total"]),
            kept["population"],
            tuple(kept["columns"]),
            cut_off,
        )
    )
