"""What becomes of a report while the leak behind it grows week by week.

    python -m benchmarks.gate_editions [--records N] [--weeks N] [--growth 1,2,5]

The standard findings are asked every week of a made-up leak to which so many per cent of records are added,
by the same chances. For the weeks after the first: how many answers have numbers of that very week, in all
cells or in a part of those that were shown in the first week (the others stand); how many stand as they were
released (and how many weeks old those are, on average), and how many are refused with nothing to stand; how
many of the cells of the first week have new numbers. CPU is that of the gate, its certificates included, a
week on average and in the last one; memory the most that the process had.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.gate import K, standard
from benchmarks.gate_leak import Leak, leak
from sousveil.findings.model import ExactTable, Question, Records

HEAD = ("records", "weeks", "growth %", "new %", "partly %", "standing %", "weeks old", "neither %")
HEAD += ("cells new %", "CPU s a week", "last week", "MiB")


@dataclass(frozen=True)
class Growing(Leak):
    """The first records of a larger leak."""

    def until(self, size: int) -> Growing:
        """The leak when it had so many records."""
        codes = {name: part[:size] for name, part in self.codes.items()}
        _, person = np.unique(self.person[:size], return_inverse=True)
        return Growing(codes, self.labels, person)

    def fingerprint(self, table: str) -> str:  # noqa: ARG002
        """See `sousveil.findings.model.Populations`."""
        return str(len(self.person))

    def keep(self, table: str, questions: Sequence[Question]) -> Mapping[str, Any]:  # noqa: ARG002
        """See `sousveil.findings.model.Populations`."""
        return {"records": len(self.person)}

    def records(
        self,
        table: str,
        conditions: Sequence[str],
        by: Sequence[str],
        kept_one: Mapping[str, Any] | None = None,
    ) -> Records:
        """See `sousveil.findings.model.Populations`."""
        if kept_one:
            return self.until(kept_one["records"]).records(table, conditions, by)
        size = len(self.person)
        parts = [(self._chosen(one).astype(np.int64), ("0", "1")) for one in conditions]
        names = [one[6:-1] if one.startswith("month(") else one for one in by]
        parts += [(self.codes[one], self.labels[one]) for one in names]
        joint = np.zeros(size, np.int64)
        for codes, labels in parts:
            joint = joint * len(labels) + codes
        found, codes = np.unique(joint, return_inverse=True)
        classes = []
        for key in found.tolist():
            told: list[str] = []
            for _, labels in reversed(parts):
                key, place = divmod(key, len(labels))
                told.append(labels[place])
            classes.append(tuple(reversed(told)))
        return Records(np.arange(size), self.person, codes.astype(np.int64), classes)

    def again(self, question: Question) -> ExactTable:
        """See `sousveil.findings.model.Populations`."""
        by = [one[6:-1] if one.startswith("month(") else one for one in question.by]
        return self.ask(*by, where=question.where, count=question.count)


def measured(records: int, weeks: int, growth: float) -> str:
    """A line of the table: so many weeks of one case."""
    from sousveil.gate.release import release
    from tests.gate_world import MemoryCase

    whole = leak(int(records * (1 + growth / 100) ** weeks) + 1, 1.2)
    data = Growing(whole.codes, whole.labels, whole.person)
    case: Any = MemoryCase(K)
    last: dict[str, int] = {}
    first: dict[str, int] = {}
    outcomes: Counter[str] = Counter()
    ages, cells, spent = [], 0, []
    for week in range(weeks):
        now = data.until(int(records * (1 + growth / 100) ** week))
        tables = standard(now)
        start = time.process_time()
        found = release(case, tables, now)["findings"]
        spent.append(time.process_time() - start)
        for one in found:
            shown = sum(cell["value"] is not None for cell in one["cells"])
            if week:
                cells += shown
                outcomes[outcome(shown, first.get(one["id"]), "refused" in one)] += 1
                ages += [week - last[one["id"]]] if "refused" in one and one["id"] in last else []
            if "refused" not in one:
                last[one["id"]] = week
                first.setdefault(one["id"], shown)
    asked = max(outcomes.total(), 1)
    new, partly, standing, neither = (
        100 * outcomes[name] / asked for name in ("new", "partly", "standing", "neither")
    )
    of_cells = 100 * cells / max(sum(first.values()) * (weeks - 1), 1)
    old = sum(ages) / max(len(ages), 1)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"| {records:,} | {weeks} | {growth:g} | {new:.0f} | {partly:.0f} | {standing:.0f} | {old:.1f} |"
        f" {neither:.0f} | {of_cells:.0f} | {sum(spent) / weeks:.1f} | {spent[-1]:.1f} | {most:,} |"
    )


def outcome(shown: int, first: int | None, is_refused: bool) -> str:
    """What became of one question of a week, by how many cells it shows and showed at first."""
    if is_refused:
        return "neither" if first is None else "standing"
    return "new" if first is None or shown >= first else "partly"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="what becomes of a report while the leak grows")
    parser.add_argument("--records", type=int, default=100_000, help="in the first week")
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--growth", default="1,2,5", help="per cent a week")
    options = parser.parse_args(arguments)
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    for growth in map(float, options.growth.split(",")):
        print(measured(options.records, options.weeks, growth), flush=True)


if __name__ == "__main__":
    sys.exit(main())
