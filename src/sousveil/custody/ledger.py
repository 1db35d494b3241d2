"""The ledger: who did what when, append-only, each line bound to the one before it and signed by its author.

Beside it lies `checkpoint`: how many lines there are, signed. Lines that are taken from the end are noticed
by it. Whoever puts back an older ledger *and* its checkpoint puts back something that was once true: that is
noticed by the vault, which remembers the head of a stage before (`Case.vault`), and for certain only by a
head that was written down elsewhere (`Ledger.contains`).
"""

from __future__ import annotations

import base64
import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage

from sousveil.custody.chain import START, Entry, followed, is_whole, sealed_line
from sousveil.custody.checkpoint import Checkpoint
from sousveil.custody.identity import Identity
from sousveil.custody.members import Member, Standing
from sousveil.errors import IntegrityError, NotAMember
from sousveil.files import sync_folder, write_whole


class Ledger:
    """The ledger of one case, as a member sees it; without an identity it can only be read."""

    def __init__(self, path: Path, identity: Callable[[], Identity] | None = None) -> None:
        self.path = path
        self._identity = identity
        self._read: bytes | None = None
        self._entries: list[Entry] = []
        self._standing = Standing()
        self._behind = False
        """Whether the last line is not counted in the checkpoint yet."""

    @property
    def checkpoint(self) -> Path:
        """The file with the checkpoint."""
        return self.path.with_name("checkpoint")

    def found(self, who: str, detail: dict[str, Any]) -> None:
        """Write the first line, in place of what a creation that was cut off may have left."""
        for path in (self.path, self.checkpoint):
            path.unlink(missing_ok=True)
        self._read, self._entries, self._standing = b"", [], Standing()
        self._write(who, "case made", detail)
        sync_folder(self.path.parent)

    def append(self, did: str, detail: dict[str, Any]) -> Entry:
        """Add a line; on return it is on the disk. Raises `IntegrityError` where the ledger does not verify.

        A member's first line is preceded by one that names their signing key. Raises `NotAMember`.
        """
        self.verify()
        self._mend()
        author = self._author()
        if author.verifying_key is None:
            detail_of_key = {"answer": self._answer(author), "signing_key": self._own().verifying_key}
            self._write(author.name, "signing key named", detail_of_key)
        return self._write(author.name, did, detail)

    def verify(self) -> int:
        """The number of lines, every one of them sound. Raises `IntegrityError` with the first bad line."""
        data = self.path.read_bytes() if self.path.exists() else b""
        if data != self._read:
            self._follow(data)
        return len(self._entries)

    def entries(self) -> list[Entry]:
        """Every line, checked."""
        self.verify()
        return self._entries

    @property
    def standing(self) -> Standing:
        """What the ledger says of members, keys and manifest."""
        self.verify()
        return self._standing

    def head(self) -> str:
        """The head: number of lines and hash of the last; to be written down or published elsewhere."""
        return f"{self.verify()}:{self._entries[-1]['hash']}"

    def contains(self, head: str) -> None:
        """Check that the ledger goes on from a head that was written down. Raises `IntegrityError`."""
        number, _, digest = head.strip().partition(":")
        lines = self.verify()
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= lines) or len(digest) < 16:
            raise IntegrityError(
                "the ledger has fewer lines than the head that was written down, or that is no head",
                where={"lines": lines},
            )
        if not self._entries[int(number) - 1]["hash"].startswith(digest.lower()):
            raise IntegrityError(
                "the ledger is another one than at the head that was written down",
                where={"line": int(number)},
            )

    def author_or_none(self) -> str | None:
        """The name under which this member writes; None for one whose key is unknown here."""
        found = self.standing.by_recipient(self._own().recipient)
        return found.name if found else None

    def _author(self) -> Member:
        found = self._standing.by_recipient(self._own().recipient)
        if found is None:
            raise NotAMember
        return found

    def _own(self) -> Identity:
        if self._identity is None:
            raise NotAMember("this ledger was opened without a key, only to be read")
        return self._identity()

    def _answer(self, author: Member) -> str:
        """The text that was sealed to this member when they were added, which only they can read."""
        try:
            return bytes(pyrage.decrypt(base64.b64decode(author.challenge), [self._own().age])).hex()
        except (pyrage.DecryptError, ValueError):
            raise NotAMember from None

    def _write(self, who: str, did: str, detail: dict[str, Any]) -> Entry:
        """Write a line, then the checkpoint that counts it. The first line may be by nobody known yet."""
        entry = {
            "number": len(self._entries) + 1,
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "who": who,
            "did": did,
            "detail": detail,
            "previous": self._entries[-1]["hash"] if self._entries else START,
        }
        line = sealed_line(entry, self._own())
        with self.path.open("ab") as out:
            out.write(line)
            out.flush()
            os.fsync(out.fileno())
        self._read = (self._read or b"") + line
        followed([*[b""] * len(self._entries), line[:-1]], self._entries, self._standing)
        self._behind = True
        self._check_in(who)
        return self._entries[-1]

    def _check_in(self, who: str) -> None:
        """Write the checkpoint for the last line."""
        made = Checkpoint(self._standing.case, len(self._entries), self._entries[-1]["hash"])
        write_whole(self.checkpoint, made.signed(who, self._own()))
        self._behind = False

    def _follow(self, data: bytes) -> None:
        """Check all lines and the checkpoint."""
        self._read, self._entries, self._standing = None, [], Standing()
        lines = data.split(b"\n")
        # A last line that was cut off as it was written: nobody was told of it.
        lines = lines if is_whole(lines[-1]) else lines[:-1]
        if not lines:
            raise IntegrityError("the ledger is missing")
        followed(lines, self._entries, self._standing)
        if not self.checkpoint.exists():
            raise IntegrityError("the ledger's checkpoint is missing")
        said = Checkpoint.read(self.checkpoint.read_bytes(), self._standing)
        there = len(lines)
        if said.lines > there:
            raise IntegrityError(
                f"lines were taken from the end of the ledger: it had {said.lines}", where={"line": there + 1}
            )
        # A run that was killed between a line and its checkpoint is one line ahead, never more.
        if said.lines < there - 1 or self._entries[said.lines - 1]["hash"] != said.hash:
            raise IntegrityError(
                "the ledger and its checkpoint do not belong together", where={"line": said.lines}
            )
        self._behind = said.lines < there
        self._read = data

    def _mend(self) -> None:
        """Bring file and checkpoint to the end of the last whole line, so that another can follow."""
        data = self._read or b""
        last = data.rpartition(b"\n")[2]
        if last:
            with self.path.open("r+b") as file:
                if is_whole(last):
                    file.seek(0, os.SEEK_END)
                    file.write(b"\n")
                    self._read = data + b"\n"
                else:
                    file.truncate(len(data) - len(last))
                    self._read = data[: len(data) - len(last)]
                file.flush()
                os.fsync(file.fileno())
        author = self._author()
        if self._behind and author.verifying_key is not None:
            self._check_in(author.name)
