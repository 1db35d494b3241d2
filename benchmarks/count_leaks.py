"""Records of a simulated leak as the count reads them, without a case: to measure many leaks quickly."""

from __future__ import annotations

import argparse
import time

import numpy as np
import pyarrow as pa

from benchmarks.leaks import MISSING, Leak, leak
from sousveil.count.estimate import Estimate, estimates
from sousveil.count.linkage.blocks import mixed
from sousveil.count.records import NO_DAY, NONE, Coded, Codes, Records
from sousveil.count.rows import people_row
from sousveil.count.rules import assign
from sousveil.count.subjects import Subject
from sousveil.normalise.identifiers import kept, matching, resident_id
from sousveil.normalise.names import person_names
from sousveil.vault import Table


def counted(made: Leak) -> tuple[dict[str, Estimate], Estimate]:
    """The estimate of each table and of the whole leak."""
    records = records_of(made)
    found, whole = estimates(assign(records), {s.table.tid: part for s, part in records.tables})
    return dict(zip(made.tables, found.values(), strict=True)), whole


def records_of(made: Leak) -> Records:
    """The records, as `sousveil.count.records.read` would make them of the normalised tables."""
    tables, first = [], 0
    for tid, columns in enumerate(made.tables.values(), start=1):
        size = len(columns["name"])
        subject = Subject(Table(tid, str(tid), tid, size, 0, ()), {}, {}, (("c1",),))
        tables.append((subject, slice(first, first + size)))
        first += size
    raw = _column(made, "number")
    valid = resident_id(raw)
    wrong = kept(raw, matching(raw, "[0-9]{17}[0-9X]") & valid.is_null().to_numpy(zero_copy_only=False))
    row = np.array([int(value or 0) for value in _column(made, "row").to_pylist()], np.int64)
    sexes = {"女": 0, "男": 1}
    return Records(
        tuple(tables),
        row + 1,
        {"cn_resident_id": _coded(valid)},
        (_coded(person_names(_column(made, "name"))),),
        _days(_column(made, "born")),
        _coded(_column(made, "phone")),
        _coded(pa.nulls(first, pa.string())),
        {"cn_resident_id": _coded(wrong)},
        np.array([sexes.get(s or "", NONE) for s in _column(made, "sex").to_pylist()], np.int32),
        mixed(row),
    )


def _column(made: Leak, name: str) -> pa.StringArray:
    parts = [
        pa.array(columns.get(name) or [None] * len(columns["name"]), pa.string())
        for columns in made.tables.values()
    ]
    return pa.concat_arrays(parts)


def _coded(texts: pa.StringArray) -> Coded:
    encoded = texts.dictionary_encode()
    return Coded(encoded.indices.fill_null(NONE).to_numpy().astype(np.int32), encoded.dictionary)


def _days(texts: pa.StringArray) -> Codes:
    days = np.array(texts.to_pylist(), "M8[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype(np.int64)).astype(np.int32)


def main() -> None:
    """Print the truth of each leak beside what is counted; then how often the ranges hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaks", type=int, default=200)
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--first", type=int, default=1_000, help="the first seed")
    parser.add_argument(
        "--others", action="store_true", help="people without a number are written otherwise than others"
    )
    asked = parser.parse_args()
    began, found = time.process_time(), []
    for seed in range(asked.first, asked.first + asked.leaks):
        made = leak(seed, asked.people, others=asked.others)
        row, truth = people_row("*", counted(made)[1]), made.seen
        likely = row["likely_low"] <= truth <= row["likely_high"]
        bracket = row["low"] <= truth <= row["high"]
        found.append((made.mess.missing, abs(row["estimate"] / truth - 1), likely, bracket))
        print(
            f"{seed} {made.mess.missing:<13} never {made.mess.never:4.0%} truth {truth} "
            f"estimate {row['estimate']} likely {row['likely_low']}-{row['likely_high']} "
            f"bracket {row['low']}-{row['high']}"
        )
    for why in MISSING:
        here = [one for one in found if one[0] == why]
        if here:
            error, likely, bracket = (np.array([one[place] for one in here]) for place in (1, 2, 3))
            print(
                f"numbers missing {why}: {len(here)} leaks, error median {np.median(error):.2%}, "
                f"mean {error.mean():.2%}, largest {error.max():.2%}; the truth lies within the likely "
                f"range in {likely.mean():.0%}, within the bracket in {bracket.mean():.0%}"
            )
    print(f"{(time.process_time() - began) / max(asked.leaks, 1):.2f} CPU seconds a leak")


if __name__ == "__main__":
    main()
