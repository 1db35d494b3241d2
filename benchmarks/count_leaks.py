"""Records of a simulated leak as the count reads them, without a case: to measure many leaks quickly."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.leaks import Leak
from sousveil.count.estimate import Estimate, estimates
from sousveil.count.linkage.blocks import mixed
from sousveil.count.records import NO_DAY, NONE, Coded, Codes, Records
from sousveil.count.rules import assign
from sousveil.count.subjects import Subject
from sousveil.normalise.identifiers import kept, matching, resident_id
from sousveil.normalise.names import person_names
from sousveil.vault import Table


def counted(leak: Leak) -> tuple[dict[str, Estimate], Estimate]:
    """The estimate of each table and of the whole leak."""
    records = records_of(leak)
    found, whole = estimates(assign(records), {s.table.tid: part for s, part in records.tables})
    return dict(zip(leak.tables, found.values(), strict=True)), whole


def records_of(leak: Leak) -> Records:
    """The records, as `sousveil.count.records.read` would make them of the normalised tables."""
    tables, first = [], 0
    for tid, columns in enumerate(leak.tables.values(), start=1):
        size = len(columns["name"])
        subject = Subject(Table(tid, str(tid), tid, size, 0, ()), {}, {}, (("c1",),))
        tables.append((subject, slice(first, first + size)))
        first += size
    raw = _column(leak, "number")
    valid = resident_id(raw)
    wrong = kept(raw, matching(raw, "[0-9]{17}[0-9X]") & valid.is_null().to_numpy(zero_copy_only=False))
    row = np.array([int(value or 0) for value in _column(leak, "row").to_pylist()], np.int64)
    sexes = {"女": 0, "男": 1}
    return Records(
        tuple(tables),
        row + 1,
        {"cn_resident_id": _coded(valid)},
        (_coded(person_names(_column(leak, "name"))),),
        _days(_column(leak, "born")),
        _coded(_column(leak, "phone")),
        _coded(pa.nulls(first, pa.string())),
        {"cn_resident_id": _coded(wrong)},
        np.array([sexes.get(s or "", NONE) for s in _column(leak, "sex").to_pylist()], np.int32),
        mixed(row),
    )


def _column(leak: Leak, name: str) -> pa.StringArray:
    parts = [
        pa.array(columns.get(name) or [None] * len(columns["name"]), pa.string())
        for columns in leak.tables.values()
    ]
    return pa.concat_arrays(parts)


def _coded(texts: pa.StringArray) -> Coded:
    encoded = texts.dictionary_encode()
    return Coded(encoded.indices.fill_null(NONE).to_numpy().astype(np.int32), encoded.dictionary)


def _days(texts: pa.StringArray) -> Codes:
    days = np.array(texts.to_pylist(), "M8[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype(np.int64)).astype(np.int32)
