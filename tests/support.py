"""What several rooms' tests need: a case whose tables are given in memory, as intake would leave them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from sousveil.case import Case

Columns = Mapping[str, Sequence[str | None]]


def make_case(tmp_path: Path, tables: Mapping[str, Columns], hints: Mapping[str, str] | None = None) -> Case:
    """A new case under `tmp_path` with these raw tables: table name -> column name -> texts (None: no value).

    `hints` are comments on columns by the column's name. Each table is an item of its own, `NAME.csv`; rows
    are numbered from 1. The stage intake is acknowledged, so that `sousveil.stages.perform` goes on from it.
    """
    case = Case.make(tmp_path / "case", tmp_path / "key")
    engine = case.vault.engine
    for tid, (name, columns) in enumerate(tables.items(), start=1):
        records = len(next(iter(columns.values()), ()))
        arrays = {"_row": pa.array(range(1, records + 1), pa.int64())}
        for cid, (column, values) in enumerate(columns.items(), start=1):
            arrays[f"c{cid}"] = pa.array(values, pa.string())
            hint = (hints or {}).get(column)
            engine.run("INSERT INTO meta.columns VALUES (?, ?, ?, ?)", [tid, cid, column, hint])
        engine.run(
            "INSERT INTO meta.items VALUES (?, ?, ?, ?, 'csv', 'utf-8', 'loaded', NULL, NULL, NULL)",
            [tid, f"{name}.csv", "0" * 64, 0],
        )
        engine.run("INSERT INTO meta.tables VALUES (?, ?, ?, ?, 0)", [tid, name, tid, records])
        with engine.lend(lent=pa.table(arrays)):
            engine.run(f"CREATE TABLE raw.t{tid} AS SELECT * FROM lent")
    sealed = case.custody / "originals" / f"{'0' * 64}.age"
    sealed.parent.mkdir(parents=True, exist_ok=True)
    sealed.write_bytes(b"the sealed original of every item")
    case.forget()
    case.vault.acknowledge("intake", "made by tests.support", {"items": [], "records": 0, "rejects": 0})
    return case
