"""Giving the vault another key: the store is written anew beside the old one, and then takes its place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sousveil.errors import VaultDamaged, WrongKey
from sousveil.files import put_in_place
from sousveil.vault.engine import Engine, attach, text

FILE = "vault.duckdb"
_NEXT = "vault.next.duckdb"


def rekey(folder: Path, new: str, old: Sequence[str]) -> bool:
    """Encrypt the store in `folder` under the key `new`; False where it is already, or there is none.

    Killed anywhere, the store opens with one of the keys. Needs room for a second store. Raises
    `VaultDamaged` where none of the keys opens it, `DiskFull`.
    """
    for left in (folder / _NEXT, folder / f"{_NEXT}.wal"):
        left.unlink(missing_ok=True)
    if not (folder / FILE).exists():
        return False
    engine, key = _opened(folder, (new, *old))
    try:
        if key == new:
            return False
        engine.run("CHECKPOINT vault")
        target = text(str(folder / _NEXT))
        engine.run(f"ATTACH {target} AS next (ENCRYPTION_KEY {text(new)}, ENCRYPTION_CIPHER 'GCM')")
        engine.run("COPY FROM DATABASE vault TO next")
        engine.run("CHECKPOINT next")
        engine.run("DETACH next")
    finally:
        engine.close()
    handle = os.open(folder / _NEXT, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    # All of it is in the new store; a log of the old one beside it would be taken for its own.
    (folder / f"{FILE}.wal").unlink(missing_ok=True)
    put_in_place(folder / _NEXT, folder / FILE)
    return True


def _opened(folder: Path, keys: Sequence[str]) -> tuple[Engine, str]:
    for key in keys:
        try:
            return attach(folder, key), key
        except WrongKey:
            continue
    raise VaultDamaged
