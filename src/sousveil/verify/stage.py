"""Verify: the evidence table of a case, for its members; the publication shows bands of words from it."""

from __future__ import annotations

from typing import Any

from sousveil.case import Case
from sousveil.progress import Progress, several
from sousveil.verify import FAMILIES, TESTS, Evidence, kind_of
from sousveil.verify.calibration import standing
from sousveil.verify.sample import Sample


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Run every test on every table: the contract's `verify` shape, with more about each test, and `answers`.

    It only reads, so a killed run starts anew. Raises what the vault raises.
    """
    progress.stage("verify", float(sum(table.records for table in case.tables) or 1))
    tests: list[dict[str, Any]] = []
    answers, done = [], 0.0
    for sample in Sample.of(case):
        progress.at(sample.shown, done, sample.table.records)
        found = [evidence for family in FAMILIES for evidence in family.rows(sample)]
        tests += [_told(evidence) for evidence in found]
        answers.append(_answer(sample.shown, found))
        done += sample.table.records
    against = sum(test["reading"] == "inconsistent" for test in tests)
    progress.finished(f"{several(len(tests), 'test')}, {against} of them inconsistent")
    return {"tests": tests, "answers": answers}


def _told(evidence: Evidence) -> dict[str, Any]:
    test = kind_of(evidence.id)
    return evidence.as_json(TESTS[test]) | standing(test, evidence)


def _answer(table: str, found: list[Evidence]) -> dict[str, Any]:
    """What can be said of a table as a whole. That it is genuine is never said: alterations may go unseen."""
    against = [evidence.id for evidence in found if evidence.reading == "inconsistent"]
    if against:
        words = "speaks against: something in it was made up, altered, veiled or put together"
    elif any(evidence.reading == "consistent" for evidence in found):
        words = "cannot tell: nothing that was looked at speaks against it, which proves nothing"
    else:
        words = "cannot tell: nothing could be looked at that speaks either way"
    return {
        "table": table,
        "answer": "against" if against else "cannot tell",
        "words": words,
        "against": against,
    }
