"""How often the survey is right about a column, and how often it cries wolf.

`python -m benchmarks.survey_types CORPUS` with the folder that `benchmarks.survey_corpus` wrote. Options:
`--fit` prints the calibration map from `calibration/`; `--show` prints every wrong claim. Each table is typed
twice: with its headers, and with `c1`, `c2` … instead.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sousveil.survey.calibration import fitted
from sousveil.survey.judge import Verdict
from sousveil.survey.sample import ROWS, evidence_in
from sousveil.survey.types import BY_NAME, IDENTIFYING
from sousveil.survey.witnesses import verdicts
from sousveil.vault import Column

ABSTAINS = frozenset(("unknown",))
CLAIMS = frozenset(name for name in IDENTIFYING if name != "text")
"""Free text is refused too, but claims nothing."""


@dataclass(frozen=True)
class Judged:
    """One column, typed once."""

    table: str
    header: str
    named: bool
    right: frozenset[str]
    verdict: Verdict

    @property
    def outcome(self) -> str:
        """right, abstained or wrong."""
        if self.verdict.type in self.right:
            return "right"
        return "abstained" if self.verdict.type in ABSTAINS else "wrong"


def tables(folder: Path) -> Iterator[dict[str, Any]]:
    """The tables of one part of the corpus."""
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text("utf-8"))


def typed(table: dict[str, Any], *, named: bool) -> list[Judged]:
    """The verdict on each column of a table, as the survey would come to it on a sample of its rows."""
    values = [column["values"] for column in table["columns"]]
    rows = len(values[0])
    step = max(1, rows // ROWS)
    columns = [
        Column(place, column["header"] if named else f"c{place}")
        for place, column in enumerate(table["columns"], start=1)
    ]
    arrays = {
        column: pa.array([text or None for text in texts[::step]], pa.string())
        for column, texts in zip(columns, values, strict=True)
    }
    sampled = pa.table({column.sql: array for column, array in arrays.items()})
    evidence = {column: evidence_in(array, column, rows) for column, array in arrays.items()}
    found = verdicts(evidence, sampled)
    return [
        Judged(table["name"], made["header"], named, frozenset(made["right"]), found[column])
        for column, made in zip(columns, table["columns"], strict=True)
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--most", type=int, default=10_000, help="tables of a part")
    wanted = parser.parse_args()
    judged = {}
    for part in ("calibration", "heldout", "ordinary"):
        some = [table for _, table in zip(range(wanted.most), tables(wanted.corpus / part), strict=False)]
        began = time.process_time()
        judged[part] = [one for named in (True, False) for table in some for one in typed(table, named=named)]
        took = time.process_time() - began
        print(
            f"{part}: {len(judged[part])} verdicts, {1000 * took / max(len(judged[part]), 1):.1f} CPU ms each"
        )
    if wanted.fit:
        pairs = [(one.verdict.score, one.outcome == "right") for one in _claims(judged["calibration"])]
        print("calibration map, from calibration/:", fitted(pairs))
    for part in ("calibration", "heldout"):
        accuracy(part, judged[part], show=wanted.show)
    reliability(judged["heldout"])
    alarms(judged["ordinary"], show=wanted.show)


def _claims(judged: list[Judged]) -> list[Judged]:
    return [one for one in judged if one.verdict.type not in ABSTAINS]


def accuracy(part: str, judged: list[Judged], *, show: bool) -> None:
    """Right, abstained and wrong, with headers and without."""
    print(f"\n{part} | columns | right | abstained | wrong | wrong claims of an identifying type")
    for named in (True, False):
        some = [one for one in judged if one.named is named]
        if not some:
            continue
        count = Counter(one.outcome for one in some)
        claimed = sum(one.outcome == "wrong" and one.verdict.type in CLAIMS for one in some)
        shares = [f"{count[name] / len(some):.1%}" for name in ("right", "abstained", "wrong")]
        print(
            "with headers" if named else "without",
            len(some),
            *shares,
            f"{claimed / len(some):.2%}",
            sep=" | ",
        )
    if show:
        for one in judged:
            if one.outcome == "wrong":
                print("  ", one.table, one.header, one.named, sorted(one.right), one.verdict)


def reliability(judged: list[Judged]) -> None:
    """Of the claims to which the survey gives a confidence, how many are right."""
    print("\nconfidence said | claims | said, mean | right")
    claims = _claims(judged)
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        some = [one for one in claims if low <= one.verdict.confidence < high]
        if some:
            said = sum(one.verdict.confidence for one in some) / len(some)
            right = sum(one.outcome == "right" for one in some) / len(some)
            print(f"{low:.2f} to {high:.2f}", len(some), f"{said:.2f}", f"{right:.2f}", sep=" | ")


def alarms(judged: list[Judged], *, show: bool) -> None:
    """Identifying types claimed in ordinary tables; those with a check digit by themselves."""
    print("\nordinary tables | columns | identifying type claimed | by a check digit | of names")
    for named in (True, False):
        some = [one for one in judged if one.named is named]
        claimed = [one for one in some if one.verdict.type in CLAIMS]
        checked = [one for one in claimed if BY_NAME[one.verdict.type].chance is not None]
        names = [one for one in claimed if one.verdict.type == "person_name"]
        print(
            "with headers" if named else "without",
            len(some),
            f"{len(claimed)} ({len(claimed) / max(len(some), 1):.3%})",
            len(checked),
            len(names),
            sep=" | ",
        )
        if show:
            for one in claimed:
                print("  ", one.table, one.header, one.named, one.verdict.type, one.verdict.confidence)


if __name__ == "__main__":
    main()
