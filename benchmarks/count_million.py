"""The count of a made-up dump of a million records, through the front door.

`python -m benchmarks.count_million`; options: `--records N` (1,100,000), `--seed N`, `--reason` (numbers are
missing for a reason: most children and one adult in twenty never have one), `--folder DIR` (kept). The
survey's types are kept but for two that it can't know: names of the form `WANG/JIANGUO` under `pax_name`, and
telephones of no network under `SJ`. Prints the truth beside what is counted for the whole case, and what
`sousveil count` alone took.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks.count_world import write
from benchmarks.measure import measure
from sousveil import stages
from sousveil.case import Case
from sousveil.progress import Silent

_RECORDS_EACH = 3.31
"""Records a person has in all tables together, on average."""


def main() -> None:
    """Write the dump, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reason", action="store_true")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        counted(asked.folder or Path(temporary), asked.records, asked.seed, reason=asked.reason)


def counted(folder: Path, records: int, seed: int, *, reason: bool) -> None:
    """One dump, counted."""
    written, truth = write(folder / "dump", round(records / _RECORDS_EACH), seed, reason=reason)
    case, key = folder / "case", str(folder / "key.txt")
    command = [sys.executable, "-m", "sousveil"]
    for arguments in (["intake", str(folder / "dump")], ["survey"]):
        measure([*command, *arguments, "--case", case, "--quiet"], SOUSVEIL_KEY=key)
    corrected(case / "review.toml")
    with closing(Case.open(case, Path(key))) as opened:
        stages.perform(opened, "normalise", Silent())
    took = measure([*command, "count", "--case", case, "--quiet"], SOUSVEIL_KEY=key)
    said = subprocess.run(
        [*command, "count", "--case", str(case), "--json"],
        capture_output=True,
        check=True,
        env={**os.environ, "SOUSVEIL_KEY": key},
    )
    row = next(row for row in json.loads(said.stdout)["people"] if row["table"] == "*")
    why = "for a reason" if reason else "at random"
    inside = "holds" if row["likely_low"] <= truth <= row["likely_high"] else "misses"
    print(
        f"{written:,} records, numbers missing {why}: {truth:,} people, estimate {row['estimate']:,} "
        f"({row['estimate'] / truth - 1:+.2%}), likely {row['likely_low']:,} to {row['likely_high']:,} "
        f"{inside}, "
        f"bracket {row['low']:,} to {row['high']:,}; count took {took.cpu:.1f} CPU s, {took.memory:.0f} MiB"
    )


def corrected(review: Path) -> None:
    """Write into review.toml what the survey can't know."""
    text = review.read_text("utf-8")
    text = re.sub(r'^pax_name = "\w+"', 'pax_name = "person_name"', text, flags=re.MULTILINE)
    text = re.sub(r'^SJ = "\w+"', 'SJ = "phone"', text, flags=re.MULTILINE)
    text = text.replace('person = ["passport", "pax_born"]', 'person = ["passport", "pax_name", "pax_born"]')
    text = text.replace('person = ["GMSFHM", "HZXM", "CSNY"]', 'person = ["GMSFHM", "HZXM", "CSNY", "SJ"]')
    review.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
