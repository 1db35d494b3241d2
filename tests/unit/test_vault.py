"""The vault: encrypted, one boundary for the engine's errors, acknowledged only what is on the disk."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from sousveil.errors import EngineFailure, Interrupted, VaultDamaged, WrongKey
from sousveil.vault import Vault, engine, ident, scratch, text

KEY = "0f" * 32
SECRET = "999901199001011234-SECRET"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = Vault.open(tmp_path / "vault", KEY)
    yield opened
    opened.close()


def test_values_are_not_readable_in_the_files(vault: Vault) -> None:
    vault.engine.run("CREATE TABLE raw.t1 AS SELECT i AS _row, ? AS c1 FROM range(50_000) r(i)", [SECRET])
    vault.sync()
    held = b"".join(path.read_bytes() for path in vault.folder.rglob("*") if path.is_file())
    assert len(held) > 10_000
    assert SECRET.encode() not in held


def test_only_a_large_store_is_worth_several_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []
    for large in (engine.LARGE, 0):
        monkeypatch.setattr(engine, "LARGE", large)
        vault = Vault.open(tmp_path / "vault", KEY)
        threads.append(int(vault.engine.value("SELECT current_setting('threads')")))
        vault.close()
    assert threads == [1, len(os.sched_getaffinity(0))]


def test_spilled_data_is_not_readable(tmp_path: Path) -> None:
    vault = Vault.open(tmp_path / "vault", KEY)
    assert (
        vault.engine.value("SELECT value FROM duckdb_settings() WHERE name = 'temp_file_encryption'")
        == "true"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL json",
        "LOAD excel",
        "SET enable_external_access=true",
        "SET memory_limit='100GB'",
        "SELECT * FROM 'https://127.0.0.1/x.csv'",
    ],
)
def test_the_engine_is_locked_down(vault: Vault, statement: str) -> None:
    with pytest.raises(EngineFailure):
        vault.engine.run(statement)


@pytest.mark.parametrize("statement", ["SELECT * FROM read_csv('/etc/passwd')", "SET memory_limit='100GB'"])
def test_a_scratch_engine_is_locked_down(statement: str) -> None:
    with pytest.raises(EngineFailure):
        scratch().run(statement)


def test_errors_of_the_engine_hold_no_value(vault: Vault) -> None:
    with pytest.raises(EngineFailure) as caught:
        vault.engine.run("SELECT CAST(? AS INTEGER)", [SECRET])
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_wrong_key(vault: Vault) -> None:
    vault.sync()
    vault.close()
    with pytest.raises(WrongKey):
        Vault.open(vault.folder, "aa" * 32)


def test_damaged_file(vault: Vault) -> None:
    vault.sync()
    vault.close()
    with (vault.folder / "vault.duckdb").open("r+b") as file:
        file.write(b"no database" * 1000)
    with pytest.raises(VaultDamaged):
        Vault.open(vault.folder, KEY)


def test_what_a_killed_process_spilled_is_wiped(vault: Vault) -> None:
    vault.close()
    (vault.folder / "spill" / "left.tmp").write_text("x")
    Vault.open(vault.folder, KEY)
    assert list((vault.folder / "spill").iterdir()) == []


def test_acknowledged_results_are_there_again(vault: Vault) -> None:
    vault.acknowledge("survey", "abc", {"tables": ["日志"]})
    vault.put_document("roles", [1])
    vault.close()
    again = Vault.open(vault.folder, KEY)
    assert again.stage("survey") == ("abc", {"tables": ["日志"]})
    assert again.stage("count") is None
    assert again.document("roles") == [1]


def test_a_transaction_is_all_or_nothing(vault: Vault) -> None:
    with pytest.raises(ZeroDivisionError), vault.transaction():
        vault.put_document("half", 1)
        _ = 1 / 0
    assert vault.document("half") is None


def test_lent_tables_are_seen_within_the_block_only(vault: Vault) -> None:
    with vault.engine.lend(lent=pa.table({"a": [1, 2]})):
        assert vault.engine.value("SELECT sum(a) FROM lent") == 3
    with pytest.raises(EngineFailure):
        vault.engine.rows("SELECT * FROM lent")


def test_batches_leave_the_connection_free(vault: Vault) -> None:
    vault.engine.run("CREATE TABLE raw.t1 AS SELECT i AS _row FROM range(250_000) r(i)")
    rows = 0
    for batch in vault.engine.batches("SELECT _row FROM raw.t1", size=50_000):
        rows += batch.num_rows
        assert vault.engine.value("SELECT 1") == 1
    assert rows == 250_000


@pytest.mark.parametrize("name", ['a"b', "a'; DROP TABLE x; --", "名字", ""])
def test_quoting(vault: Vault, name: str) -> None:
    assert vault.engine.value(f"SELECT {text(name)}") == name
    if name:
        assert vault.engine.rows(f"SELECT 1 AS {ident(name)}") == [(1,)]


def test_ctrl_c_during_a_query_is_an_interruption(vault: Vault) -> None:
    """The engine's client raises a bare RuntimeError then."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs behind
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises((Interrupted, KeyboardInterrupt)):
        vault.engine.rows("SELECT sum(hash(a.range) % 7 * b.range) FROM range(10_000_000) a, range(10_000) b")
    timer.join()
