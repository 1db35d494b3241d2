"""The vault: the encrypted store of a case, and the catalogue of what lies in it.

Schemas, all in one encrypted file that can be rebuilt from the sealed originals:

    meta    items, tables, columns, stages, documents      the catalogue
    raw     t1, t2 …: _row BIGINT, c1 … VARCHAR            as it was in the dump, in its order
            rejects: tid, item, _row, reason, raw          what could not be read
    clean   t1, t2 …: _row, typed columns c1 …             made by normalise
    people  t1, t2 …: _row, person BIGINT, sure BOOLEAN    made by count; never shown
    released e1, e2 …: _row, person, columns cN            records behind released findings, made by findings

Inside, tables and columns have numbers, never the dump's names: those are data, in the catalogue.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sousveil.vault.engine import Engine, attach

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS meta; CREATE SCHEMA IF NOT EXISTS raw; CREATE SCHEMA IF NOT EXISTS clean;
CREATE SCHEMA IF NOT EXISTS people;
CREATE TABLE IF NOT EXISTS meta.items (
    item INTEGER PRIMARY KEY, path VARCHAR, sha256 VARCHAR, bytes BIGINT, format VARCHAR, encoding VARCHAR,
    status VARCHAR, reason VARCHAR, parent INTEGER, notes VARCHAR);
CREATE TABLE IF NOT EXISTS meta.tables (
    tid INTEGER PRIMARY KEY, name VARCHAR, item INTEGER, records BIGINT, rejects BIGINT);
CREATE TABLE IF NOT EXISTS meta.columns (
    tid INTEGER, cid INTEGER, name VARCHAR, hint VARCHAR, PRIMARY KEY (tid, cid));
CREATE TABLE IF NOT EXISTS meta.stages (stage VARCHAR PRIMARY KEY, fingerprint VARCHAR, result VARCHAR);
CREATE TABLE IF NOT EXISTS meta.documents (name VARCHAR PRIMARY KEY, document VARCHAR);
CREATE TABLE IF NOT EXISTS raw.rejects (tid INTEGER, item INTEGER, _row BIGINT, reason VARCHAR, raw BLOB);
"""


@dataclass(frozen=True)
class Column:
    """A column as the dump names it. `name` is untrusted: show it through `sousveil.veil`."""

    cid: int
    name: str
    hint: str | None = None

    @property
    def sql(self) -> str:
        """Its name inside the vault, safe in SQL."""
        return f"c{self.cid}"


@dataclass(frozen=True)
class Table:
    """A table as the dump names it. `name` is untrusted: show it through `sousveil.veil`."""

    tid: int
    name: str
    item: int
    records: int
    rejects: int
    columns: tuple[Column, ...]

    @property
    def raw(self) -> str:
        """Its raw rows inside the vault, safe in SQL."""
        return f"raw.t{self.tid}"

    @property
    def clean(self) -> str:
        """Its typed rows inside the vault, safe in SQL."""
        return f"clean.t{self.tid}"

    @property
    def people(self) -> str:
        """Which row belongs to which person, inside the vault, safe in SQL."""
        return f"people.t{self.tid}"

    def column(self, name: str) -> Column | None:
        """The column of this name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


class Vault:
    """The encrypted store of one case."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        for statement in _SCHEMA.split(";"):
            if statement.strip():
                engine.run(statement)

    @classmethod
    def open(cls, folder: Path, key_hex: str) -> Self:
        """Open the vault in `folder`, or make it. Raises `WrongKey`, `VaultDamaged`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(folder, attach(folder, key_hex))

    def tables(self) -> tuple[Table, ...]:
        """Every table of the case, in the order of intake."""
        columns: dict[int, list[Column]] = {}
        for tid, cid, name, hint in self.engine.rows(
            "SELECT tid, cid, name, hint FROM meta.columns ORDER BY tid, cid"
        ):
            columns.setdefault(tid, []).append(Column(cid, name, hint))
        found = self.engine.rows("SELECT tid, name, item, records, rejects FROM meta.tables ORDER BY tid")
        return tuple(
            Table(tid, name, item, records, rejects, tuple(columns.get(tid, [])))
            for tid, name, item, records, rejects in found
        )

    def put_document(self, name: str, document: Any) -> None:
        """Keep a JSON document that one stage makes for the next (`survey`, `roles` …)."""
        kept = json.dumps(document, ensure_ascii=False)
        self.engine.run("INSERT OR REPLACE INTO meta.documents VALUES (?, ?)", [name, kept])

    def document(self, name: str) -> Any:
        """A kept JSON document, or None."""
        found = self.engine.rows("SELECT document FROM meta.documents WHERE name = ?", [name])
        return json.loads(found[0][0]) if found else None

    def stage(self, stage: str) -> tuple[str, Any] | None:
        """Fingerprint and result of a stage that was acknowledged, or None."""
        found = self.engine.rows("SELECT fingerprint, result FROM meta.stages WHERE stage = ?", [stage])
        return (found[0][0], json.loads(found[0][1])) if found else None

    def acknowledge(self, stage: str, fingerprint: str, result: Any) -> None:
        """Keep a stage's result; on return it is on the disk, file and folder."""
        kept = json.dumps(result, ensure_ascii=False)
        self.engine.run("INSERT OR REPLACE INTO meta.stages VALUES (?, ?, ?)", [stage, fingerprint, kept])
        self.sync()

    def sync(self) -> None:
        """Bring everything to the disk: checkpoint, then fsync of the file and of its folder."""
        self.engine.run("CHECKPOINT vault")
        for path in (self.folder / "vault.duckdb", self.folder):
            _to_disk(path)

    def sync_log(self) -> None:
        """Bring what was committed to the disk at less cost than `sync`: the engine's log and its folder."""
        for path in (self.folder / "vault.duckdb.wal", self.folder):
            if path.exists():  # without a log, the engine has written it all to the file
                _to_disk(path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self.engine.transaction():
            yield

    def close(self) -> None:
        """Close the store."""
        self.engine.close()


def _to_disk(path: Path) -> None:
    """Sync a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
