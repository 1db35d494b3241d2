"""Checkpoints: how many lines the ledger has and what the last one's hash is, signed.

The text is a signed note (https://c2sp.org/signed-note) with the body of a log's checkpoint
(https://c2sp.org/tlog-checkpoint): origin, number of lines, hash in base64. The hash is that of the last
line, which binds every line before it, and not the root of a Merkle tree (RFC 6962): the ledger has some
hundred lines and always goes along whole, so that short proofs would buy nothing, and a chain can be followed
by hand.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Self

from sousveil.custody.identity import Identity, holds
from sousveil.custody.members import Member, Standing
from sousveil.errors import IntegrityError

_ALGORITHM = b"\x01"  # Ed25519, by the standard


@dataclass(frozen=True)
class Checkpoint:
    """Where the ledger stood."""

    case: str
    lines: int
    hash: str
    """Of the last line, 64 hexadecimal digits."""

    @property
    def body(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(bytes.fromhex(self.hash)).decode()
        return f"sousveil/{self.case}\n{self.lines}\n{root}\n"

    def signed(self, name: str, identity: Identity) -> str:
        """The note: body, empty line, signature."""
        signature = identity.sign(self.body.encode())
        mark = base64.b64encode(_key_id(name, identity.verifying_key) + signature).decode()
        return f"{self.body}\n— {name} {mark}\n"

    @classmethod
    def read(cls, note: bytes, standing: Standing) -> Self:
        """A note whose signature holds under a member's key. Raises `IntegrityError`."""
        try:
            body, _, last = note.decode("utf-8").partition("\n\n")
            origin, lines, root = body.split("\n")
            dash, name, mark = last.rstrip("\n").split(" ")
            found = cls(origin.removeprefix("sousveil/"), int(lines), base64.b64decode(root).hex())
            member, signature = standing.members.get(name), base64.b64decode(mark)
        except (ValueError, UnicodeDecodeError):
            raise IntegrityError("the ledger's checkpoint can't be read") from None
        if dash != "—" or found.body != f"{body}\n" or not member or not _is_signed(found, member, signature):
            raise IntegrityError("the signature of the ledger's checkpoint does not hold")
        if found.case != standing.case:
            raise IntegrityError("the ledger's checkpoint is of another case")
        return found


def _is_signed(found: Checkpoint, member: Member, signature: bytes) -> bool:
    key = member.verifying_key
    if key is None or signature[:4] != _key_id(member.name, key):
        return False
    return holds(key, signature[4:], found.body.encode())


def _key_id(name: str, verifying_key: str) -> bytes:
    data = name.encode() + b"\n" + _ALGORITHM + bytes.fromhex(verifying_key)
    return hashlib.sha256(data).digest()[:4]
