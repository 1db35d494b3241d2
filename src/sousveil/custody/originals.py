"""Sealed originals: each file of the dump as it was, encrypted with age to the originals' key of the case.

`custody/originals/<sha256>.age`; the hash is of the file in clear, so that the manifest leads to it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import x25519

from sousveil.errors import IntegrityError
from sousveil.files import put_in_place

ENDING = ".age"
PART = ".part"
"""A sealed original that is being written."""


class _Hashed:
    """A stream that is hashed as it is read or written, and remembers why it failed.

    age's library turns an error of its streams into one of its own, without the reason.
    """

    def __init__(self, stream: BinaryIO, *, hashes: bool = True) -> None:
        self._stream = stream
        self._hashes = hashes
        self.digest = hashlib.sha256()
        self.size = 0
        self.failure: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        """See `BinaryIO`."""
        with self._remembering():
            data = self._stream.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data

    def write(self, data: bytes) -> int:
        """See `BinaryIO`."""
        if self._hashes:
            self.digest.update(data)
        self.size += len(data)
        with self._remembering():
            return self._stream.write(data)

    def flush(self) -> None:
        """See `BinaryIO`."""
        with self._remembering():
            self._stream.flush()

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.failure = error
            raise


def sealed_at(folder: Path, sha256: str) -> Path:
    """Where the sealed original with this hash lies."""
    return folder / f"{sha256}{ENDING}"


def seal(file: Path, folder: Path, to: x25519.Recipient) -> tuple[str, int]:
    """Seal a file into `folder`, reading it once; on return it is on the disk.

    An original that is sealed already stays as it is. Returns the SHA-256 (hexadecimal) and the size in bytes
    of the file. Raises `OSError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / PART
    try:
        with file.open("rb") as stream, beside.open("wb") as out:
            hashed = _encrypt(stream, out, to)
        sha256 = hashed.digest.hexdigest()
        target = sealed_at(folder, sha256)
        if not target.exists():
            put_in_place(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return sha256, hashed.size


def unsealed(sealed: Path, to: Path, identities: Sequence[x25519.Identity]) -> None:
    """Decrypt an original to the file `to`, which is there at the end only if all of it holds.

    age notices a damaged tail only after it has streamed what came before: so nothing is used until the end,
    and until the hash is the one in the name. Raises `IntegrityError`, `OSError`.
    """
    beside = to.with_name(f"{to.name}{PART}")
    beside.unlink(missing_ok=True)
    try:
        with sealed.open("rb") as stream, os.fdopen(_made_for_the_owner(beside), "wb") as out:
            hashed = _Hashed(out)
            _decrypt(stream, hashed, identities, sealed)
        if hashed.digest.hexdigest() != sealed.name.removesuffix(ENDING):
            raise IntegrityError(
                "a sealed original holds another file than its name says", where=_where(sealed)
            )
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def resealed(sealed: Path, old: Sequence[x25519.Identity], new: x25519.Identity, scratch: Path) -> bool:
    """Seal an original to a new key in place of the old, each whole on the disk; False where it was already.

    `scratch` is a file in the vault's folder. Raises `IntegrityError` for one that is damaged, `OSError`.
    """
    if _opens(sealed, new):
        return False
    unsealed(sealed, scratch, old)
    beside = sealed.parent / PART
    try:
        with scratch.open("rb") as stream, beside.open("wb") as out:
            _encrypt(stream, out, new.to_public())
        put_in_place(beside, sealed)
    finally:
        scratch.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    return True


def hashed(file: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file. Raises `OSError`."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return digest.hexdigest(), stream.tell()


class _Enough(Exception):
    """The header was right: the rest need not be read."""


class _Nowhere:
    def write(self, _: bytes) -> int:
        raise _Enough

    def flush(self) -> None:
        raise _Enough


def _opens(sealed: Path, identity: x25519.Identity) -> bool:
    """Whether a sealed original is sealed to this key, by its header."""
    with sealed.open("rb") as stream:
        try:
            pyrage.decrypt_io(stream, _Nowhere(), [identity])
        except _Enough:
            return True
        except pyrage.DecryptError:
            return False
    return True


def _decrypt(stream: BinaryIO, out: _Hashed, identities: Sequence[x25519.Identity], sealed: Path) -> None:
    try:
        pyrage.decrypt_io(stream, out, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if out.failure or (isinstance(error, OSError) and error.errno):
            raise out.failure or error from None
        raise IntegrityError(
            "a sealed original is damaged, or sealed to another key", where=_where(sealed)
        ) from None


def _encrypt(stream: BinaryIO, out: BinaryIO, to: x25519.Recipient) -> _Hashed:
    """Encrypt a stream to a file, which is then on the disk. Raises `OSError`."""
    read, written = _Hashed(stream), _Hashed(out, hashes=False)
    try:
        pyrage.encrypt_io(read, written, [to])
    except pyrage.EncryptError:
        failure = read.failure or written.failure
        if failure is None:
            raise
        raise failure from None
    out.flush()
    os.fsync(out.fileno())
    return read


def _where(sealed: Path) -> dict[str, str]:
    return {"original": sealed.name}


def _made_for_the_owner(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
