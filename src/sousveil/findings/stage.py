"""The stage: questions in, released findings out. Nothing but what the gate released leaves this function."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.errors import BadQuestion, RefusedError
from sousveil.files import write_whole
from sousveil.findings import questions as toml
from sousveil.findings import regime, signing
from sousveil.findings.answers import answered
from sousveil.findings.bases import bases
from sousveil.findings.cutoff import Released, cut_off
from sousveil.findings.earlier import add_earlier
from sousveil.findings.model import Question
from sousveil.findings.questions import Asked
from sousveil.findings.ranges import add_ranges
from sousveil.findings.scope import NOTHING, PEOPLE, Scope, about_people, scopes_of
from sousveil.findings.suggest import suggested
from sousveil.findings.syntax import text
from sousveil.findings.tabulate import Tabulation
from sousveil.progress import Progress
from sousveil.version import __version__


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Answer the questions of CASE/questions.toml, or those that the survey suggests (written there).

    Returns the contract's `findings` shape. Suggestions that nobody has changed are made anew, since tables
    and types may have changed. A person's questions are all checked before anything is counted. Raises
    `BadQuestion` and its kin, `MixedRegime`, and `RefusedError` where nothing of what a person asked for may
    be released. With noise, `budget` says what is left of it. `earlier` names findings that were released
    before and were corrected or withdrawn since.
    """
    regime.check(case)
    source = None if _untouched(case) else case.folder / "questions.toml"
    scopes = scopes_of(case)
    asked, refused, order = _read(scopes, source) if source else ([], {}, [])
    before = Released(case)
    until = cut_off(case, scopes.values(), before)
    case.vault.put_document("cut_off", until.isoformat() if until else None)
    with bases(case, until) as made:
        tabulation = Tabulation(made, scopes)
        if source is None:
            # Without a cut-off no day of the case may show: it would tell when the dump was in hand.
            order = _suggested(tabulation, scopes, until or dt.date(case.made_on.year, 1, 1))
            asked, refused = toml.check(scopes, order)
        open_ = _up_to_the_same_day(asked, refused, before, until)
        signing.record(case, scopes, open_)
        # Only a person's questions are worth others in their place.
        known = _known(scopes, source) if source else []
        answers = answered(case, tabulation, open_, refused, progress, helped=source is not None, known=known)
    findings = _findings(case, scopes, order, asked, answers.findings, refused, until)
    add_earlier(case, asked, findings)
    add_ranges(case, findings)
    if source is None:
        _write(case, order)
    elif not _published(findings):
        raise _nothing(findings, refused)
    progress.finished(
        f"{sum('refused' not in one or 'stands' in one for one in findings)} findings of "
        f"{len(findings)} questions"
    )
    more = {"budget": answers.budget, "earlier": answers.earlier}
    return {"findings": findings} | {name: one for name, one in more.items() if one}


def _untouched(case: Case) -> bool:
    """Whether the questions are to be suggested: there are none, or suggestions that nobody has changed."""
    path = case.folder / "questions.toml"
    if not path.exists():
        return True
    return bool(_digest(path.read_bytes()) == case.vault.document("suggested questions"))


def _write(case: Case, suggestions: Sequence[Question]) -> None:
    written = toml.write(suggestions).encode("utf-8")
    case.vault.put_document("suggested questions", _digest(written))
    write_whole(case.folder / "questions.toml", written)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(
    scopes: Mapping[str, Scope], source: Path
) -> tuple[list[Asked], dict[str, RefusedError], list[Question]]:
    order, lines = toml.read(source)
    if not order:
        raise BadQuestion("the file holds no [[question]]", where={"file": str(source)})
    asked, refused = toml.check(scopes, order, lines)
    return asked, refused, order


def _known(scopes: Mapping[str, Scope], source: Path) -> list[Question]:
    """What readers know from elsewhere, checked. Raises as `questions.check`, refusals too."""
    known, refused = toml.check(scopes, toml.read_known(source))
    for error in refused.values():
        raise error
    return [one.question for one in known]


def _suggested(tabulation: Tabulation, scopes: Mapping[str, Scope], on: dt.date) -> list[Question]:
    tabulation.prepare_all()

    def cells(question: Question) -> int:
        return tabulation.size(toml.checked(scopes, question))

    return suggested(scopes, on, tabulation.tells_people_apart, cells)


def _up_to_the_same_day(
    asked: Sequence[Asked], refused: dict[str, RefusedError], before: Released, until: dt.date | None
) -> list[Asked]:
    """The questions on tables of which nothing was released up to another day; the others are refused."""
    conflicts = [before.conflict(one.question.table, one.until(until)) for one in asked]
    refused |= {one.question.id: no for one, no in zip(asked, conflicts, strict=True) if no}
    return [one for one, no in zip(asked, conflicts, strict=True) if no is None]


def _findings(
    case: Case,
    scopes: Mapping[str, Scope],
    order: Sequence[Question],
    asked: Sequence[Asked],
    released: Mapping[str, Any],
    refused: Mapping[str, RefusedError],
    until: dt.date | None,
) -> list[dict[str, Any]]:
    """Every question's finding with its provenance, in the order in which they were asked.

    `of` says what was counted in people's stead where a table can't tell people apart.
    """
    read = {one.question.id: one for one in asked}
    findings = []
    for question in order:
        finding = dict(released.get(question.id) or _refusal(question, refused[question.id]))
        scope = scopes.get(question.table)
        if question.count == "people" and scope and scope.unit not in (PEOPLE, NOTHING):
            finding["of"] = scope.unit
        provenance = _provenance(case, scopes, question, read, until)
        finding["provenance"] = {**finding.get("provenance", {}), **provenance}
        findings.append(finding)
    return findings


def _refusal(question: Question, error: RefusedError) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": question.title,
        "unit": question.count,
        "by": list(question.by),
        "where": question.where,
        "cells": [],
        "withheld": 0,
        "refused": {"code": error.code, "message": error.message, "next": error.next_step},
    }


def _provenance(
    case: Case,
    scopes: Mapping[str, Scope],
    question: Question,
    read: Mapping[str, Asked],
    until: dt.date | None,
) -> dict[str, Any]:
    """Where a finding comes from. The fingerprint covers the data, the review and what was asked."""
    asked = read.get(question.id)
    whole = [scope.name for scope in about_people(scopes)]
    applies = asked.until(until) if asked else None
    provenance = {
        "question": {
            "count": question.count,
            "table": question.table,
            "where": question.where,
            "by": list(question.by),
        },
        "tables": whole if question.table == toml.WHOLE_CASE else [question.table],
        "columns": list(asked.names) if asked else [],
        "where": text(asked.where) if asked and asked.where else "",
        "by": [ref.text for ref in asked.by] if asked else [],
        "cut_off": applies.isoformat() if applies else None,
        "version": __version__,
    }
    data = (case.vault.stage("count") or ("none", None))[0]
    kept = json.dumps([provenance, data], ensure_ascii=False, sort_keys=True)
    return {**provenance, "fingerprint": _digest(kept.encode("utf-8"))}


def _published(findings: Sequence[Mapping[str, Any]]) -> bool:
    shown = [one for finding in findings for one in (finding, *finding.get("stands", ()))]
    parts = [part for one in shown for part in (*one["cells"], one.get("total", {}))]
    return any(part.get("status") == "published" for part in parts)


def _nothing(findings: Sequence[Mapping[str, Any]], refused: Mapping[str, RefusedError]) -> RefusedError:
    """Why nothing of what was asked for may be released."""
    if len(refused) == len(findings) and len({error.code for error in refused.values()}) == 1:
        return next(iter(refused.values()))
    reasons = {one["id"]: one.get("refused", {}).get("code", "SMALL") for one in findings}
    helped = {one["id"]: one["refused"]["suggestions"] for one in findings if _suggestions(one)}
    return RefusedError(
        "disclosure control lets nothing out of what was asked",
        where={"questions": reasons},
        suggestions=helped,
    )


def _suggestions(finding: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = finding.get("refused", {}).get("suggestions", [])
    return found
