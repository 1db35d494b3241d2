"""Keys: what opens the vault and the originals, wrapped by age to every member of the case.

`custody/keys/vault.age` holds the vault's key (64 hexadecimal digits), `custody/keys/originals.age` the age
identity that the originals are sealed to; both are encrypted to the members' age public keys
(https://age-encryption.org/v1). So a new member costs two small files, however large the dump, and any member
opens an original with plain `age` in two steps. Each file holds one key, or two while the keys are being
changed, the newer first. Without a member's key file nobody can help: no copy of a key lies in the case.

age does not say who encrypted: whoever can write into the case could put keys of their own there. So the
ledger, which is signed, names the public half of the originals' key and the SHA-256 of the vault's; a key
that it does not name is never used.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

import pyrage
from pyrage import x25519

from sousveil.custody.identity import Identity, default_key_file, make_key_file
from sousveil.custody.members import Standing
from sousveil.errors import IntegrityError, KeyMissing, WrongKey
from sousveil.files import write_whole

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Keys:
    """One vault key and one identity of the originals."""

    vault: str
    """64 hexadecimal digits."""
    originals: x25519.Identity

    @classmethod
    def make(cls) -> Self:
        """New random keys."""
        return cls(secrets.token_hex(32), x25519.Identity.generate())

    @property
    def named(self) -> dict[str, str]:
        """What the ledger says of them."""
        return {"vault": vault_mark(self.vault), "originals": str(self.originals.to_public())}


class Keyring:
    """The keys of one case, seen by one member."""

    def __init__(self, folder: Path, key_file: Path | None = None) -> None:
        self.folder = folder
        self.key_file = key_file or default_key_file()

    @classmethod
    def make(cls, folder: Path, key_file: Path | None = None) -> tuple[Self, Keys]:
        """Make the keys of a new case; makes the member's key file too if there is none yet.

        Raises `KeyMissing`, `KeyExposed`, `WrongKey`, and then has made nothing in the case.
        """
        ring = cls(folder, key_file)
        make_key_file(
            ring.key_file,
            (
                "Sousveil: your key. Whoever has it opens your cases; without it nobody does.",
                "Keep a copy offline.",
            ),
        )
        keys = Keys.make()
        recipient = ring.identity.recipient
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ring.wrap([keys.vault], [keys.originals], [recipient])
        return ring, keys

    @cached_property
    def identity(self) -> Identity:
        """This member's own key. Raises `KeyMissing`, `KeyExposed`, `WrongKey`."""
        return Identity.read(self.key_file)

    def vault_keys(self, standing: Standing) -> list[str]:
        """The keys that may open the vault, the one that holds first.

        There are two while the keys are being changed. Raises `KeyMissing`, `KeyExposed`, `WrongKey`,
        `IntegrityError` where the ledger knows none of them.
        """
        held = {vault_mark(key): key for key in self._unwrapped("vault.age")}
        return _named("vault.age", held, standing.vault)

    def originals_keys(self, standing: Standing) -> list[x25519.Identity]:
        """The identities that may open an original, as `vault_keys`."""
        lines = [line for line in self._unwrapped("originals.age") if line.startswith("AGE-SECRET-KEY-")]
        try:
            found = [x25519.Identity.from_str(line) for line in lines]
        except pyrage.IdentityError:
            raise WrongKey("custody/keys/originals.age holds no age identity") from None
        return _named("originals.age", {str(one.to_public()): one for one in found}, standing.originals)

    def wrap(
        self, vault: Sequence[str], originals: Sequence[x25519.Identity], recipients: Sequence[str]
    ) -> None:
        """Write both files anew, each whole or not at all, for these age public keys."""
        to = [x25519.Recipient.from_str(one) for one in recipients]
        for name, keys in (("originals.age", [str(one) for one in originals]), ("vault.age", list(vault))):
            write_whole(self.folder / name, pyrage.encrypt("".join(f"{key}\n" for key in keys).encode(), to))

    def _unwrapped(self, name: str) -> list[str]:
        try:
            wrapped = (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise KeyMissing(
                f"the case has lost one of its wrapped keys (custody/keys/{name})",
                next="take the file from a backup or an export of the case",
            ) from None
        try:
            return bytes(pyrage.decrypt(wrapped, [self.identity.age])).decode("ascii").split()
        except (pyrage.DecryptError, UnicodeDecodeError):
            raise WrongKey from None


def vault_mark(key: str) -> str:
    """What the ledger calls a vault key by: its SHA-256 tells nothing of 32 random bytes."""
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()


def _named(name: str, held: dict[str, _Key], known: Sequence[str]) -> list[_Key]:
    """The keys that the ledger names, the newest first."""
    found = [held[mark] for mark in reversed(known) if mark in held]
    if not found:
        raise IntegrityError(f"custody/keys/{name} holds another key than the ledger names")
    return found
