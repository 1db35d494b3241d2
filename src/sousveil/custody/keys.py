"""Keys: a member's key file opens the vault's key, which lies in the case wrapped to every member.

The member's key is an age X25519 identity, made at first use in `~/.config/sousveil/key.txt` (or where
`--key` or SOUSVEIL_KEY says) with mode 0600. The case holds only `custody/keys/vault.age`: 32 random bytes,
encrypted
to the members' public keys by age (https://age-encryption.org/v1). Without a member's key file the vault
stays shut: nobody can help, and no copy of the key lies in the case.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Self

import pyrage
from pyrage import x25519

from sousveil.errors import KeyExposed, KeyMissing, WrongKey


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


class Keyring:
    """The keys of one case, seen by one member."""

    def __init__(self, folder: Path, key_file: Path | None = None) -> None:
        self.folder = folder
        self.key_file = key_file or default_key_file()

    @classmethod
    def make(cls, folder: Path, key_file: Path | None = None) -> Self:
        """Make the keys of a new case; makes the member's key file too if there is none yet.

        Raises `KeyMissing`, `KeyExposed`, `WrongKey`, and then has made nothing in the case.
        """
        ring = cls(folder, key_file)
        _make_identity(ring.key_file)
        member = ring._identity().to_public()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "members.txt").write_text(f"{member}\n")
        (folder / "vault.age").write_bytes(pyrage.encrypt(secrets.token_bytes(32), [member]))
        return ring

    def members(self) -> list[x25519.Recipient]:
        """The public keys that originals and vault key are sealed to. Raises `KeyMissing`."""
        try:
            keys = (self.folder / "members.txt").read_text("ascii").split()
            return [x25519.Recipient.from_str(key) for key in keys or [""]]
        except (FileNotFoundError, UnicodeDecodeError, pyrage.RecipientError):
            raise KeyMissing(
                "the case has lost the list of its members' keys (custody/keys/members.txt)"
            ) from None

    def vault_key(self) -> str:
        """The vault's key, 64 hexadecimal digits. Raises `KeyMissing`, `KeyExposed`, `WrongKey`."""
        try:
            wrapped = (self.folder / "vault.age").read_bytes()
        except FileNotFoundError:
            raise KeyMissing("the case has lost its wrapped vault key (custody/keys/vault.age)") from None
        try:
            return bytes(pyrage.decrypt(wrapped, [self._identity()])).hex()
        except pyrage.DecryptError:
            raise WrongKey from None

    def _identity(self) -> x25519.Identity:
        try:
            mode = self.key_file.stat().st_mode
            lines = self.key_file.read_text("ascii").split("\n")
        except (FileNotFoundError, NotADirectoryError):
            raise KeyMissing(f"there is no key file at {self.key_file}") from None
        except (PermissionError, UnicodeDecodeError, IsADirectoryError):
            raise WrongKey(f"{self.key_file} can't be read as a key file") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyExposed(f"others on this machine can read {self.key_file}")
        found = [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
        try:
            return x25519.Identity.from_str(found[0])
        except (IndexError, pyrage.IdentityError):
            raise WrongKey(f"{self.key_file} holds no age identity") from None


def _make_identity(path: Path) -> None:
    """Make a key file where there is none. Raises `KeyMissing` where none can be made."""
    try:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise KeyMissing(f"there is no key file at {path}, and none can be made there") from None
    identity = x25519.Identity.generate()
    with os.fdopen(handle, "w") as out:
        out.write(
            "# Sousveil: your key. Whoever has it opens your cases; without it nobody does.\n"
            "# Keep a copy offline.\n"
            f"# public key: {identity.to_public()}\n{identity}\n"
        )
        out.flush()
        os.fsync(out.fileno())
