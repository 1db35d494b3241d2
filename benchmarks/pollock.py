"""Pollock, the benchmark of polluted delimited files, against our loaders and DuckDB's plain reader.

`python -m benchmarks.pollock FOLDER`: FOLDER is `polluted_files` of a check-out of the benchmark
(Vitagliano and others, PVLDB 16(8), 2023), with `csv/` and `clean/`. It prints the simple score of 10
(success, and precision, recall and F1 of header, records and cells) for both, and for each file group how
many files lost or garbled records in silence. Cells are compared as they are written, which is stricter
than the benchmark's own scoring (it puts numbers, dates and cases into one form first), so both scores are
lower bounds. The clean version is of the first table only where a file holds two: the second is neither
credit nor fault here.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sousveil.intake.identify import Family, identify
from sousveil.intake.loaders import loader
from sousveil.intake.sink import MemorySink, Unreadable
from sousveil.intake.source import FileSource

Row = list[str]


@dataclass(frozen=True)
class Read:
    """What a reader made of a file: header and rows of its first table, and records it says it left out."""

    rows: list[Row]
    left_out: int
    named: bool = False
    """Whether the file as a whole was named as not, or not wholly, read."""


def ours(path: Path) -> Read:
    """What our intake makes of a file."""
    source, sink = FileSource(path), MemorySink()
    kind = identify(source)
    if kind.family is not Family.TABLES:
        return Read([], 0, named=True)
    try:
        loader(kind.format)(source, sink)
    except Unreadable:
        return Read([], 0, named=True)
    tables = [[[value or "" for value in row] for row in table.records()] for table in sink.tables]
    header = sink.tables[0].columns
    first = ([header] if any(header) else []) + tables[0]
    rejects = sum(len(table.rejects) for table in sink.tables)
    return Read(first, rejects, sink.partly_reason is not None)


def plain(path: Path) -> Read:
    """What DuckDB's reader makes of a file when it is left to find the dialect, every value a text."""
    try:
        with duckdb.connect() as db:
            options = "all_varchar=true, ignore_errors=true"
            found = db.execute(f"FROM read_csv(?, {options})", [str(path)])
            header = [column[0] for column in found.description or ()]
            rows = [[value or "" for value in row] for row in found.fetchall()]
    except duckdb.Error:
        return Read([], 0, named=True)
    invented = all(re.fullmatch(r"column\d+", name) for name in header)
    return Read(rows if invented else [header, *rows], 0)


def expected(path: Path) -> list[Row]:
    """The clean version of a file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def score(clean: list[Row], read: Read) -> float:
    """The benchmark's ten measures of one file, added up."""
    if not clean:
        return 10.0
    if read.named and not read.rows:
        return 0.0
    loaded = read.rows or [[]]
    total = 1.0 + _measures(clean[0], loaded[0])
    total += _measures([tuple(row) for row in clean[1:]], [tuple(row) for row in loaded[1:]])
    return total + _measures([c for row in clean for c in row], [c for row in loaded for c in row])


def _measures(wanted: list[str] | list[tuple[str, ...]], got: list[str] | list[tuple[str, ...]]) -> float:
    """Precision, recall and F1 of a bag of values, added up."""
    if not wanted:
        return 3.0
    common = sum((Counter(wanted) & Counter(got)).values())
    if not common:
        return 0.0
    recall, precision = common / len(wanted), common / len(got)
    return recall + precision + 2 * recall * precision / (recall + precision)


def silent(clean: list[Row], read: Read, *, several: bool) -> str:
    """`lost` or `garbled` where that is so and nothing says it, else nothing."""
    if read.named or not clean:
        return ""
    wanted, got = list(map(tuple, clean)), list(map(tuple, read.rows))
    # A header may be named in its own way, and a second table with the same one goes on the first.
    if set(got[1:]) - set(wanted) and not several:
        return "garbled"
    return "lost" if (Counter(wanted[1:]) - Counter(got)).total() > read.left_out else ""


def main(folder: Path) -> None:
    """Read every file by both and print the tables."""
    readers: dict[str, Callable[[Path], Read]] = {"ours": ours, "DuckDB": plain}
    scores: dict[str, list[float]] = defaultdict(list)
    faults: dict[str, Counter[str]] = {name: Counter() for name in readers}
    worst: list[tuple[float, str, str]] = []
    files = sorted((folder / "csv").iterdir())
    for path in files:
        clean = expected(folder / "clean" / path.name)
        group = re.sub(r"_?(sep_)?(row|quote)?[0-9]+_(col)?(0x[0-9A-F]+|[0-9]+)\.csv$", "", path.name)
        for name, reader in readers.items():
            read = reader(path)
            scores[name].append(score(clean, read))
            fault = silent(clean, read, several="multitable" in path.name)
            faults[name].update([f"{fault} in silence", f"{group}: {fault}"] if fault else [])
            if name == "ours" and (fault or scores[name][-1] < 9.7):
                worst.append((scores[name][-1], path.name, fault or ("named" if read.named else "")))
    print(f"{len(files)} files; {'':<8}" + "".join(f"{name:>10}" for name in readers))
    print(f"{'simple score':<24}" + "".join(f"{sum(scores[n]) / len(files):>10.3f}" for n in readers))
    for key in sorted(set().union(*faults.values())):
        print(f"{key:<24}" + "".join(f"{faults[n][key]:>10}" for n in readers))
    print("\nours, below 9.7 or in silence")
    for value, name, why in sorted(worst)[:40]:
        print(f"{value:>7.3f}  {name}  {why}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
