"""The ledger: who did what when, append-only, each line bound to the one before it by SHA-256.

A line is a JSON object: `at` (UTC), `did`, `detail` (numbers, hashes, names of stages; never a value of the
dump), `previous` (the hash of the line before, 64 zeros for the first) and `hash` (SHA-256 over the line's
other members as canonical JSON: sorted keys, no spaces, UTF-8).
"""

from __future__ import annotations

import datetime as dt
import getpass
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from sousveil.errors import IntegrityError

_START = "0" * 64


class Ledger:
    """The ledger of one case."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, did: str, detail: dict[str, Any]) -> None:
        """Add a line; on return it is on the disk. Raises `IntegrityError` where the last is broken."""
        self._mend()
        lines = self._lines()
        previous = _parts(lines[-1], len(lines))[1] if lines else _START
        entry = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "who": _who(),
            "did": did,
            "detail": detail,
            "previous": previous,
        }
        line = json.dumps(entry | {"hash": _digest(entry)}, ensure_ascii=False, sort_keys=True)
        with self.path.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
            out.flush()
            os.fsync(out.fileno())

    def verify(self) -> int:
        """The number of lines, every one of them sound. Raises `IntegrityError` with the first bad line."""
        previous = _START
        lines = self._lines()
        if not lines:
            raise IntegrityError("the ledger is missing")
        for number, line in enumerate(lines, 1):
            entry, said = _parts(line, number)
            if entry.get("previous") != previous or said != _digest(entry):
                raise IntegrityError("the ledger was changed at this line", where={"line": number})
            previous = said
        return len(lines)

    def _lines(self) -> list[bytes]:
        """The lines, without a last one that was cut off as it was written: nobody was told of it."""
        lines = self.path.read_bytes().split(b"\n") if self.path.exists() else [b""]
        return lines if _is_whole(lines[-1]) else lines[:-1]

    def _mend(self) -> None:
        """Bring the file to the end of its last line, so that another can follow."""
        last = self.path.read_bytes().rpartition(b"\n")[2] if self.path.exists() else b""
        if not last:
            return
        with self.path.open("r+b") as file:
            if _is_whole(last):
                file.seek(0, os.SEEK_END)
                file.write(b"\n")
            else:
                file.truncate(file.seek(-len(last), os.SEEK_END))


def _who() -> str:
    """The user's name, or the number of one who has no entry in the machine's list of users."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _parts(line: bytes, number: int) -> tuple[dict[str, Any], str]:
    """A line's entry and the hash that it gives. Raises `IntegrityError` with the line's number."""
    try:
        entry = json.loads(line)
        return entry, str(entry.pop("hash"))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise IntegrityError("the ledger can't be read from this line on", where={"line": number}) from None


def _digest(entry: dict[str, Any]) -> str:
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
