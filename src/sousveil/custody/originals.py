"""Sealed originals: each file of the dump as it was, encrypted with age to every member of the case.

`custody/originals/<sha256>.age`; the hash is of the file in clear, so that the manifest leads to it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import x25519


class _Hashed:
    """A stream that is hashed as it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """See `BinaryIO`."""
        data = self._stream.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


def sealed_at(folder: Path, sha256: str) -> Path:
    """Where the sealed original with this hash lies."""
    return folder / f"{sha256}.age"


def seal(file: Path, folder: Path, members: Sequence[x25519.Recipient]) -> tuple[str, int]:
    """Seal a file into `folder`, reading it once; on return it is on the disk.

    Returns the SHA-256 (hexadecimal) and the size in bytes of the file. Raises `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / ".part"
    try:
        with file.open("rb") as stream, beside.open("wb") as out:
            hashed = _Hashed(stream)
            pyrage.encrypt_io(hashed, out, list(members))
            out.flush()
            os.fsync(out.fileno())
        sha256 = hashed.digest.hexdigest()
        beside.replace(sealed_at(folder, sha256))
    finally:
        beside.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return sha256, hashed.size


def hashed(file: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file. Raises `OSError`."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return digest.hexdigest(), stream.tell()
