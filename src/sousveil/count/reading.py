"""The records of a case, read from its clean tables, and from the raw ones where normalise keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.count.coding import Texts, names_of, nothing
from sousveil.count.identifiers import Part, byte_lengths, document, number, whole
from sousveil.count.records import NO_DAY, NONE, PASSPORT, Codes, Records
from sousveil.count.subjects import DOCUMENTS, NUMBERS, Subject
from sousveil.normalise.identifiers import kept
from sousveil.normalise.names import person_names, simplified
from sousveil.normalise.tidy import tidy, upper
from sousveil.vault import Engine

_SAID = "said "


def read(engine: Engine, subjects: Sequence[Subject]) -> Records:
    """Read the records of these subjects, which must all tell people apart."""
    texts: dict[str, Texts] = {}
    places = _places(subjects)
    tables, rows, born, sex, rest, first = [], [], [], [], [], 0
    for subject in subjects:
        part = _read(engine, subject, places)
        for key, values in part.texts.items():
            texts.setdefault(key, Texts()).add(first, values)
        tables.append((subject, slice(first, first + len(part.rows))))
        first += len(part.rows)
        rows.append(part.rows)
        born.append(part.born)
        sex.append(part.sex)
        rest.append(part.rest)
    coded = {key: found.coded(first) for key, found in texts.items() if not key.startswith("name")}
    kinds = (*NUMBERS, PASSPORT)
    return Records(
        tuple(tables),
        np.concatenate(rows) if rows else np.zeros(0, np.int64),
        {kind: coded[kind] for kind in kinds if kind in coded},
        names_of(texts, first),
        np.concatenate(born) if born else np.zeros(0, np.int32),
        coded.get("phone", nothing(first)),
        coded.get("nation", nothing(first)),
        {kind: coded[f"failed {kind}"] for kind in NUMBERS if f"failed {kind}" in coded},
        np.concatenate(sex) if sex else np.zeros(0, np.int32),
        np.concatenate(rest) if rest else np.zeros(0, np.uint64),
        {kind.removeprefix(_SAID): coded[kind] for kind in sorted(coded) if kind.startswith(_SAID)},
    )


def _read(engine: Engine, subject: Subject, places: Mapping[str, int]) -> Part:
    columns = subject.columns
    found = engine.table(f"SELECT _row, {', '.join(columns)} FROM {subject.table.clean}")  # noqa: S608  # ours
    if np.any(np.diff(found.column("_row").to_numpy()) < 0):
        found = found.sort_by("_row")
    part = Part(
        found.column("_row").to_numpy(), _days(found, subject.birth), _sex(found, subject.sex),
        _rest(engine, subject), {},
    )  # fmt: skip
    for place, name in enumerate(subject.names):
        part.texts[f"name {place}"] = _joined([whole(found, column) for column in name])
    for key, column in (("phone", subject.phone), ("nation", subject.nationality)):
        if column:
            part.texts[key] = whole(found, column)
    part.texts |= _said(engine, subject, places)
    for kind, column in subject.numbers.items():
        number(engine, subject, kind, column, whole(found, column), part)
    for kind in DOCUMENTS:
        if kind in subject.documents:
            document(engine, subject, kind, whole(found, subject.documents[kind]), part)
    return part


def _places(subjects: Sequence[Subject]) -> dict[str, int]:
    """For each kind of text, in how many columns it is compared.

    The columns of a kind are compared one by one where every table that has the kind has as many of them;
    else all of a table's columns are one text, since nothing says which belongs to which.
    """
    counts: dict[str, set[int]] = {}
    for subject in subjects:
        for kind, columns in subject.texts.items():
            counts.setdefault(kind, set()).add(len(columns))
    return {kind: min(found) if len(found) == 1 else 1 for kind, found in counts.items()}


def _said(engine: Engine, subject: Subject, places: Mapping[str, int]) -> dict[str, pa.StringArray]:
    """The texts of a table, from its raw columns: normalise keeps no addresses."""
    columns = dict.fromkeys(column for columns in subject.texts.values() for column in columns)
    if not columns:
        return {}
    found = engine.table(f"SELECT _row, {', '.join(columns)} FROM {subject.table.raw}")  # noqa: S608  # ours
    if np.any(np.diff(found.column("_row").to_numpy()) < 0):
        found = found.sort_by("_row")
    made = {}
    for kind, of_kind in subject.texts.items():
        plain = person_names if kind == "part" else _plain
        clean = [plain(whole(found, column)) for column in of_kind]
        groups = [[text] for text in clean] if places[kind] == len(clean) else [clean]
        for place, group in enumerate(groups, start=1):
            made[f"{_SAID}{kind} {place}"] = _joined(group)
    return made


def _plain(texts: pa.StringArray) -> pa.StringArray:
    return simplified(upper(tidy(texts)))


def _joined(parts: list[pa.StringArray]) -> pa.StringArray:
    """The parts of a name as one; a part that is missing leaves the rest."""
    if len(parts) == 1:
        return parts[0]
    joined = pc.binary_join_element_wise(*parts, "", null_handling="skip")
    return kept(joined, byte_lengths(joined) > 0)


def _days(table: pa.Table, column: str | None) -> Codes:
    if column is None or not pa.types.is_date32(table.schema.field(column).type):
        return np.full(table.num_rows, NO_DAY, np.int32)
    days = table.column(column).combine_chunks().cast(pa.int32()).fill_null(int(NO_DAY))
    return np.array(days.to_numpy(), dtype=np.int32)


def _sex(table: pa.Table, column: str | None) -> Codes:
    if column is None:
        return np.full(table.num_rows, NONE, np.int32)
    return np.array(
        pc.index_in(table.column(column), pa.array(["F", "M"])).fill_null(NONE).to_numpy(), dtype=np.int32
    )


def _rest(engine: Engine, subject: Subject) -> npt.NDArray[np.uint64]:
    """Each row's hash over the columns that are not read here, in the order of `_row`."""
    others = [column.sql for column in subject.table.columns if column.sql not in subject.said]
    hashed = f"hash({', '.join(others)})" if others else "CAST(0 AS UBIGINT)"
    found = engine.table(f"SELECT _row, {hashed} AS rest FROM {subject.table.raw}")  # noqa: S608  # internal names
    if np.any(np.diff(found.column("_row").to_numpy()) < 0):
        found = found.sort_by("_row")
    return np.array(found.column("rest").to_numpy(), dtype=np.uint64)
