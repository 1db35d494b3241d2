"""The engine: DuckDB behind one door.

Only this package imports `duckdb`. Whoever needs the engine writes SQL over internal names (`raw.t3.c7`) with
`ident`, `text` and parameters, and hands it to `Engine`. Every error of the engine is caught here and raised
again as our own, without its message, which may quote records.

The order of the lock-down matters; it was found by trying to get around it: connect with auto-install,
auto-load, community extensions, persistent secrets and Python replacement scans off; load httpfs (its OpenSSL
is what makes encrypted writing possible); disable the network file systems; memory limit, spill folder, its
size and its encryption by SET; allowed directories; external access off; attach; lock the configuration.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import util
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sousveil.errors import DiskFull, EngineFailure, Interrupted, SousveilError, VaultDamaged, WrongKey

MEMORY_LIMIT = "1100MB"
SPILL_LIMIT = "100GB"
LARGE = 1 << 30
"""Bytes of a store from which on the engine may use every core. Below, its threads wait for each other and
for the parser: on 1.1 million records they took a tenth more CPU than one alone (docs/benchmarks.md)."""

_CONNECT: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}


def ident(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text for SQL, where a parameter can't stand."""
    return "'" + value.replace("'", "''") + "'"


class Engine:
    """One connection to the engine: statements in, Arrow or plain rows out, only our own errors."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, home: str | None = None) -> None:
        self._connection = connection
        self._home = home
        """The attached database that is in scope without a prefix; a new cursor must be told again."""

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement that returns nothing."""
        with _boundary():
            self._connection.execute(sql, parameters).fetchall()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query; all of its rows as tuples."""
        with _boundary():
            return self._connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run a query of one row and one column; its value."""
        return self.rows(sql, parameters)[0][0]

    def table(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """Run a query; its result as an Arrow table, in memory."""
        with _boundary():
            return self._connection.execute(sql, parameters).to_arrow_table()

    def batches(
        self, sql: str, parameters: Sequence[Any] = (), size: int = 100_000
    ) -> Iterator[pa.RecordBatch]:
        """Run a query; its result batch by batch, on a cursor of its own, so that others may run meanwhile.

        Lent tables and what a transaction has not committed yet are not seen there.
        """
        with _boundary():
            cursor = self._connection.cursor()
            if self._home:
                cursor.execute(f"USE {ident(self._home)}")
            reader = cursor.execute(sql, parameters).to_arrow_reader(size)
        while True:
            with _boundary():
                try:
                    batch = reader.read_next_batch()
                except StopIteration:
                    return
            yield batch

    @contextmanager
    def lend(self, **tables: pa.Table | pa.RecordBatch) -> Iterator[None]:
        """Let SQL read Arrow tables by the given names within the block."""
        for name, table in tables.items():
            with _boundary():
                self._connection.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                with _boundary():
                    self._connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.run("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self.roll_back()
            raise
        self.run("COMMIT")

    def roll_back(self) -> None:
        """Undo the open transaction; a failed COMMIT (a full disk) has already done so."""
        with suppress(SousveilError):
            self.run("ROLLBACK")

    def ibis(self) -> Any:
        """The same connection as an Ibis backend (imported late: a quarter of a second)."""
        import ibis

        with _boundary():
            return ibis.duckdb.from_connection(self._connection)

    def close(self) -> None:
        """Close the connection; a query that Ctrl-C left running is stopped, or closing would wait for it."""
        with _boundary(), suppress(duckdb.ConnectionException):  # closed before
            self._connection.interrupt()
            self._connection.close()


def scratch(memory_limit: str = MEMORY_LIMIT, threads: int | None = None) -> Engine:
    """An engine in memory, without any file, network or spill: for parsers in the jailed child."""
    with _boundary():
        connection = duckdb.connect(":memory:", config=_CONNECT | ({"threads": threads} if threads else {}))
        connection.execute("SET memory_limit=?", [memory_limit])
        connection.execute("SET temp_directory=''")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
    return Engine(connection)


def attach(folder: Path, key_hex: str, memory_limit: str = MEMORY_LIMIT) -> Engine:
    """Open (or make) the encrypted store in `folder`; its schemas are in scope without a prefix.

    Raises `WrongKey`, `VaultDamaged`. Spilled data is encrypted; what a killed process left behind is wiped.
    """
    spill = folder / "spill"
    shutil.rmtree(spill, ignore_errors=True)
    spill.mkdir(mode=0o700)
    file = folder / "vault.duckdb"
    existed = file.exists()
    with _boundary():
        connection = duckdb.connect(":memory:", config=_CONNECT | _threads(file))
        connection.execute(f"LOAD {text(str(_httpfs()))}")
        connection.execute("SET disabled_filesystems='HTTPFileSystem,S3FileSystem,HuggingFaceFileSystem'")
        connection.execute("SET memory_limit=?", [memory_limit])
        connection.execute("SET temp_directory=?", [str(spill)])
        connection.execute("SET max_temp_directory_size=?", [SPILL_LIMIT])
        connection.execute("SET temp_file_encryption=true")
        connection.execute("SET enable_progress_bar=false")
        connection.execute(f"SET allowed_directories=[{text(str(folder))}]")
        connection.execute("SET enable_external_access=false")
    try:
        connection.execute(
            f"ATTACH {text(str(file))} AS vault (ENCRYPTION_KEY {text(key_hex)}, ENCRYPTION_CIPHER 'GCM')"
        )
    except duckdb.Error as error:
        connection.close()
        if not existed:
            raise _translate(error) from None
        raise (WrongKey() if "key" in str(error).lower() else VaultDamaged()) from None
    with _boundary():
        connection.execute("USE vault")
        connection.execute("SET lock_configuration=true")
    return Engine(connection, "vault")


def _threads(store: Path) -> dict[str, int]:
    """How many threads the engine may use, where not as many as it likes."""
    is_large = store.exists() and store.stat().st_size >= LARGE
    return {} if is_large else {"threads": 1}


def _httpfs() -> Path:
    spec = util.find_spec("duckdb_extension_httpfs")
    if spec is None or spec.origin is None:
        raise EngineFailure(
            "the package duckdb-extension-httpfs is missing", next="pip install sousveil again"
        )
    version = f"v{duckdb.__version__}"
    return Path(spec.origin).parent / "extensions" / version / "httpfs.duckdb_extension"


@contextmanager
def _boundary() -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, pa.ArrowException, RuntimeError) as error:
        raise _translate(error) from None


def _translate(error: Exception) -> SousveilError:
    """Our own error for one of the engine's; its text is looked at, never handed on."""
    said = str(error).lower()
    # On Ctrl-C during a query the client raises a bare RuntimeError.
    if isinstance(error, duckdb.InterruptException) or "query interrupted" in said:
        return Interrupted()
    if "no space left" in said or "max_temp_directory_size" in said:
        return DiskFull()
    if isinstance(error, (duckdb.OutOfMemoryException, pa.ArrowMemoryError)):
        return EngineFailure(
            "the engine ran out of memory", next="close other programs and run the same command again"
        )
    if isinstance(error, (duckdb.SerializationException, duckdb.FatalException)):
        return VaultDamaged()
    if isinstance(error, duckdb.IOException) and "corrupt" in said:
        return VaultDamaged()
    return EngineFailure(where={"kind": type(error).__name__})
