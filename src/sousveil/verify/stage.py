"""Verify: the evidence table of a case, for its members; the publication shows bands of words from it."""

from __future__ import annotations

from typing import Any

from sousveil.case import Case
from sousveil.progress import Progress
from sousveil.verify import FAMILIES
from sousveil.verify.sample import Sample


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Run every test on every table: the contract's `verify` shape, with `band` beside.

    It only reads, so a killed run starts anew. Raises what the vault raises.
    """
    progress.stage("verify", float(sum(table.records for table in case.tables) or 1))
    tests, done = [], 0.0
    for sample in Sample.of(case):
        progress.at(sample.shown, done, sample.table.records)
        tests += [evidence.as_json() for family in FAMILIES for evidence in family(sample)]
        done += sample.table.records
    against = sum(test["reading"] == "inconsistent" for test in tests)
    progress.finished(f"{len(tests)} tests, {against} of them inconsistent")
    return {"tests": tests}
