"""The stage `intake`: every file of a dump is sealed, hashed, and loaded into the vault, one after the other.

Each item is a transaction of its own, so that a killed run goes on where it was: what is in the catalogue
with the same path and hash is not loaded again. A file that has changed since replaces what it was; files of
an earlier dump stay.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.custody.originals import hashed, seal, sealed_at
from sousveil.errors import DiskFull, DumpForbidden, EngineFailure, JailMissing, NothingReadable
from sousveil.intake import dialects
from sousveil.intake.asked import Asked
from sousveil.intake.catalogue import result, write_manifest
from sousveil.intake.client import ChildDied, Parser
from sousveil.intake.containers.entry import ENCRYPTED, WRONG_PASSWORD
from sousveil.intake.given import Given
from sousveil.intake.jail import WALLS
from sousveil.intake.landing import UNFINISHED, Landing
from sousveil.intake.protocol import BadFrame
from sousveil.intake.walk import NO_PERMISSION, Found, walk
from sousveil.progress import Progress, several

MOST_RESTARTS = 20
"""How often an archive is gone on with after its reader died within a member."""


def run(case: Case, progress: Progress, dump: Path, asked: Asked | None = None) -> dict[str, Any]:
    """Take a dump in (a file or a folder); the contract's `intake` shape.

    Raises `DumpMissing`, `DumpForbidden`, `NothingReadable`, `DiskFull`, `JailMissing`.
    """
    found = walk(dump, case.folder)
    return take(case, progress, found, sum(one.size for one in found), asked or Asked())


def take(case: Case, progress: Progress, found: Iterable[Found], size: int, asked: Asked) -> dict[str, Any]:
    """Take these files in, `size` bytes in all, one after the other; as `run`."""
    progress.stage("intake", size)
    with _disk(), Parser(asked.passwords) as parser:
        _see_walls(case, progress, parser.walls(), insist=asked.insist)
        intake = _Intake(case, progress, parser)
        try:
            for one in found:
                intake.file(one)
        finally:
            case.forget()
            write_manifest(case)
    document = result(case)
    if not any(item["tables"] for item in document["items"]):
        raise NothingReadable(
            where={"items": len(document["items"])},
            next="read custody/manifest.json in the case, which gives the reason for every item",
        )
    tables = sum(len(item["tables"]) for item in document["items"])
    progress.finished(
        f"{several(document['records'], 'record')} in {several(tables, 'table')} "
        f"from {several(len(document['items']), 'item')}; "
        f"{several(document['rejects'], 'record')} rejected and kept"
    )
    return document


def again(case: Case, progress: Progress, found: Found, asked: Asked) -> dict[str, Any]:
    """Read one file anew that was taken in before, as `dialects` says; the contract's `intake` shape.

    Raises `DiskFull`, `JailMissing`.
    """
    progress.stage("intake", found.size)
    with _disk(), Parser(asked.passwords) as parser:
        _see_walls(case, progress, parser.walls(), insist=asked.insist)
        try:
            _Intake(case, progress, parser).again(found)
        finally:
            case.forget()
            write_manifest(case)
    return result(case)


def _see_walls(case: Case, progress: Progress, walls: tuple[str, ...], *, insist: bool) -> None:
    """Remember which walls of the jail stand; warn where some are missing. Raises `JailMissing`."""
    missing = [wall for wall in WALLS if wall not in walls]
    if missing and (insist or case.policy.jail == "insist"):
        raise JailMissing(f"this system can't keep the parsers from: {', '.join(missing)}")
    if missing:
        progress.warn(
            "THE PARSERS ARE NOT FULLY JAILED. This system can't wall off: "
            f"{', '.join(missing)}. A hostile file could do harm: take this dump in on a newer Linux kernel, "
            "or on a machine without a network and without other data."
        )
    case.vault.put_document("jail", {"walls": list(walls), "missing": missing})


class _Intake:
    """One run over a dump."""

    def __init__(self, case: Case, progress: Progress, parser: Parser) -> None:
        self.case = case
        self.engine = case.vault.engine
        self.progress = progress
        self.parser = parser
        self.originals = case.custody / "originals"
        self.done = 0
        self.rows = 0

    def file(self, found: Found) -> None:
        """Take one file in, or say why not."""
        known = self._known(found.untrusted_path)
        item = known[0] if known else self._next_item()
        self.progress.at(self.case.path_of(item, found.untrusted_path), self.done, self.rows)
        if found.refused or found.unreadable:
            self._only_named(item, found, known)
        else:
            try:
                self._load(item, found, known)
            except OSError as error:
                reason = _about_reading(error, found.file)
                self._only_named(item, replace(found, unreadable=reason), known)
        self.done += found.size

    def again(self, found: Found) -> None:
        """Read a file anew; killed in between, it is unfinished, and gone on with by the next intake."""
        known = self._known(found.untrusted_path)
        assert known is not None  # noqa: S101  # it was found in the catalogue
        item, sha256 = known
        self._begin_anew(item, found, sha256)
        self._load(item, found, known)

    def _begin_anew(self, item: int, found: Found, sha256: str) -> None:
        with self.case.vault.transaction():
            self._forget(item)
            self.engine.run(
                "INSERT INTO meta.items VALUES (?, ?, ?, ?, 'unknown', NULL, ?, '', NULL, '{}')",
                [item, found.untrusted_path, sha256, found.size, UNFINISHED],
            )

    def _known(self, untrusted_path: str) -> tuple[int, str] | None:
        """Item number and hash of the file, where an earlier run has taken it in or begun to."""
        rows = self.engine.rows(
            "SELECT item, coalesce(sha256, '') FROM meta.items WHERE path = ? AND parent IS NULL",
            [untrusted_path],
        )
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def _next_item(self) -> int:
        return int(self.engine.value("SELECT coalesce(max(item), 0) + 1 FROM meta.items"))

    def _only_named(self, item: int, found: Found, known: tuple[int, str] | None) -> None:
        """Enter a file that is not opened into the catalogue."""
        with self.case.vault.transaction():
            if known:
                self._forget(item)
            self.engine.run(
                "INSERT INTO meta.items VALUES (?, ?, NULL, ?, 'unknown', NULL, ?, ?, NULL, '{}')",
                [
                    item,
                    found.untrusted_path,
                    found.size,
                    "refused" if found.refused else "unreadable",
                    found.refused or found.unreadable,
                ],
            )

    def _load(self, item: int, found: Found, known: tuple[int, str] | None) -> None:
        sha256, size = hashed(found.file) if known else ("", 0)
        if not known or sha256 != known[1] or not sealed_at(self.originals, sha256).exists():
            sha256, size = seal(found.file, self.originals, self.case.sealed_to())
        if known and sha256 != known[1]:
            with self.case.vault.transaction():
                self._forget(item)
            item, known = self._next_item(), None
        if known and self.parser.passwords and self._locked(item):
            self._begin_anew(item, found, sha256)
        if known and not self._unfinished(item):
            return
        skip = self._finished(item) if known else set()
        given = dialects.given_for(self.case.custody, sha256)
        restarts = 0
        while True:
            landing = Landing(self.engine, item, found.untrusted_path, sha256, size)
            died = self._parse(landing, found, skip, given)
            self.rows += landing.rows
            if not died:
                return
            landing.abandon(died)
            finished = self._finished(item)
            restarts += 1
            if not landing.open or finished <= skip or restarts > MOST_RESTARTS:
                landing.abandon_all(died)
                return
            # It died within a member of an archive: the members after that one are still to come.
            skip = finished

    def _parse(self, landing: Landing, found: Found, skip: set[int], given: dict[int, Given]) -> str:
        """Parse a file; why the child died within it, or nothing."""
        try:
            for frame in self.parser.frames(found.file, Path(found.untrusted_path).name, skip, given):
                landing.take(frame)
                self._report(landing, found)
        except ChildDied as died:
            return str(died)
        except BadFrame:
            self.parser.stop()
            return "its reader did what it must not"
        except EngineFailure:
            # Too wide, or too large in one piece: this item is left out, the others go on.
            self.parser.stop()
            landing.fail()
            return "the engine has too little memory for it"
        except BaseException:
            self.parser.stop()
            landing.roll_back()
            raise
        return ""

    def _report(self, landing: Landing, found: Found) -> None:
        shown = self.case.path_of(landing.first, found.untrusted_path)
        self.progress.at(shown, self.done + min(landing.at, found.size), self.rows + landing.rows)

    def _finished(self, item: int) -> set[int]:
        """Numbers, within the file, of the items that an earlier run has finished."""
        last = self._last_of(item)
        rows = self.engine.rows(
            "SELECT item FROM meta.items WHERE item BETWEEN ? AND ? AND status <> ?", [item, last, UNFINISHED]
        )
        return {number - item for (number,) in rows}

    def _unfinished(self, item: int) -> bool:
        return bool(
            self.engine.rows("SELECT 1 FROM meta.items WHERE item = ? AND status = ?", [item, UNFINISHED])
        )

    def _locked(self, item: int) -> bool:
        """Whether something within the file stayed shut for want of its password."""
        reasons = self.engine.rows(
            "SELECT 1 FROM meta.items WHERE item BETWEEN ? AND ? AND status = 'refused' AND reason IN (?, ?)",
            [item, self._last_of(item), ENCRYPTED, WRONG_PASSWORD],
        )
        return bool(reasons)

    def _last_of(self, item: int) -> int:
        """The number of the last item that came out of the file with this number."""
        following = self.engine.value(
            "SELECT min(item) FROM meta.items WHERE item > ? AND parent IS NULL", [item]
        )
        return int(following) - 1 if following else 1 << 30

    def _forget(self, item: int) -> None:
        """Take a file that has changed, and all that came out of it, out of the vault."""
        span = [item, self._last_of(item)]
        for (tid,) in self.engine.rows("SELECT tid FROM meta.tables WHERE item BETWEEN ? AND ?", span):
            self.engine.run(f"DROP TABLE raw.t{int(tid)}")
            self.engine.run("DELETE FROM meta.columns WHERE tid = ?", [tid])
        self.engine.run("DELETE FROM meta.tables WHERE item BETWEEN ? AND ?", span)
        self.engine.run("DELETE FROM raw.rejects WHERE item BETWEEN ? AND ?", span)
        self.engine.run("DELETE FROM meta.items WHERE item BETWEEN ? AND ?", span)


def _about_reading(error: OSError, file: Path) -> str:
    """Why a file can't be read; an error about anything else (the case, a full disk) is raised again."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or error.filename not in (None, str(file), file):
        raise error
    return NO_PERMISSION if isinstance(error, PermissionError) else "it can't be read from its disk"


@contextmanager
def _disk() -> Iterator[None]:
    """A full disk and missing rights as our own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from None
        if isinstance(error, PermissionError):
            raise DumpForbidden("no permission to write into the case") from None
        raise
