"""The gate's memory: every number ever let out, in `CASE/releases/`, each file bound to the one before it.

A release is `000001.json`, `000002.json` …: canonical JSON (sorted keys, no spaces, UTF-8) of what was shown
and of nothing else: no hidden number, no label that was not shown, no moment. `previous` is the SHA-256 of
the file before. What was hidden, and must stay so, is kept in the vault (document `gate`), together with
the hashes: a release that was lost from the folder, or was not written yet when the run was killed, is known
there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sousveil.case import Case
from sousveil.errors import CaseTooNew, IntegrityError
from sousveil.files import write_whole
from sousveil.findings.model import Populations, Question
from sousveil.findings.questions import WHOLE_CASE
from sousveil.gate.editions.changes import Edition
from sousveil.gate.released import (
    Released,
    canonical,
    digest_of,
    question_of,
    read_table,
    shown_part,
    whole,
)
from sousveil.gate.sheet import Figures, Labels, Sheet
from sousveil.version import __version__

FORMAT = 1
_START = "0" * 64

Shown = tuple[Sheet, Figures, dict[Labels, Figures]]
"""A table about to be released: all of it, its total, and the cells that are shown."""


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
        self.known = [question_of(one) for document in documents for one in document.get("known", ())]
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
                    one = read_table(table, kept[place] if kept else None)
                    found.append(replace(one, release=number + 1, version=str(document["version"])))
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
                kept = self._kept["refused"].get(canonical(one.key))
                return str(earlier["code"]) if kept in (None, digest_of(one.table)) else ""
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
        text = canonical(
            {
                "format": FORMAT,
                "number": number,
                "version": __version__,
                "threshold": self.case.policy.threshold,
                "regime": self.case.policy.regime,
                "previous": self.hashes[-1] if self.hashes else _START,
                "tables": [
                    shown_part(one, total, cells)
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
            "exact": [*exact, [whole(one.table) for one, _, _ in shown]],
            "refused": self._kept["refused"]
            | {canonical(one.key): digest_of(one.table) for one, _ in refused},
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
