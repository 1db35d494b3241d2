"""A member's key file: an age identity, and the signing key that is derived from it.

The file is what `age-keygen` writes: comments and one line `AGE-SECRET-KEY-1…`, readable by its owner alone.
The signing key is Ed25519 (RFC 8032), its seed HKDF-SHA256 (RFC 5869) over the identity's 32 bytes: so there
is one thing to keep and one to lose, and plain `age` can use it.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage import x25519

from sousveil.errors import KeyExposed, KeyMissing, WrongKey

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PURPOSE = b"sousveil ledger signing key v1"


def default_key_file() -> Path:
    """Where a member's key lies unless told otherwise. Raises `KeyMissing` for a user without a home."""
    told = os.environ.get("SOUSVEIL_KEY")
    if told:
        return Path(told)
    try:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    except RuntimeError:
        raise KeyMissing("this user has no home folder in which a key file could lie") from None
    return home / "sousveil" / "key.txt"


@dataclass(frozen=True)
class Identity:
    """What a key file holds."""

    age: x25519.Identity

    @classmethod
    def read(cls, path: Path) -> Identity:
        """The identity of a key file. Raises `KeyMissing`, `KeyExposed`, `WrongKey`."""
        try:
            mode = path.stat().st_mode
            lines = path.read_text("ascii").split("\n")
        except (FileNotFoundError, NotADirectoryError):
            raise KeyMissing(f"there is no key file at {path}") from None
        except (PermissionError, UnicodeDecodeError, IsADirectoryError):
            raise WrongKey(f"{path} can't be read as a key file") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyExposed(f"others on this machine can read {path}")
        found = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
        try:
            return cls(x25519.Identity.from_str(found[0]))
        except (IndexError, pyrage.IdentityError):
            raise WrongKey(f"{path} holds no age identity") from None

    @property
    def recipient(self) -> str:
        """The age public key (`age1…`)."""
        return str(self.age.to_public())

    @property
    def verifying_key(self) -> str:
        """The public half of the signing key, 64 hexadecimal digits."""
        raw = self._signing.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return raw.hex()

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over a message, 64 bytes."""
        return self._signing.sign(message)

    @cached_property
    def _signing(self) -> Ed25519PrivateKey:
        seed = HKDF(hashes.SHA256(), 32, salt=None, info=_PURPOSE).derive(_secret_bytes(self.age))
        return Ed25519PrivateKey.from_private_bytes(seed)


def holds(verifying_key: str, signature: bytes, message: bytes) -> bool:
    """Whether a signature over a message was made with the signing key of this public half."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(verifying_key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _secret_bytes(identity: x25519.Identity) -> bytes:
    """The 32 bytes that an age identity stands for (Bech32, BIP 173: 52 digits of 5 bits, 6 of checksum)."""
    number = 0
    for digit in str(identity).lower().rpartition("1")[2][:-6]:
        number = number << 5 | _BECH32.index(digit)
    return (number >> 4).to_bytes(32, "big")


def make_key_file(path: Path, comments: tuple[str, ...]) -> Identity | None:
    """Make a key file where there is none; its identity, or None where one is there already.

    Raises `KeyMissing` where none can be made.
    """
    try:
        if path.exists():
            return None
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise KeyMissing(f"there is no key file at {path}, and none can be made there") from None
    identity = Identity(x25519.Identity.generate())
    with os.fdopen(handle, "w") as out:
        for comment in (*comments, f"public key: {identity.recipient}"):
            out.write(f"# {comment}\n")
        out.write(f"{identity.age}\n")
        out.flush()
        os.fsync(out.fileno())
    return identity
