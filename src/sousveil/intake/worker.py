"""The child that parses: `python -m sousveil.intake.worker`, started by `client`.

It reads requests (a JSON object a line) from its standard input and answers each with frames on its
standard output (`protocol`). Every request is served by a fork of its own, which shuts itself into the `jail`
before it reads a byte of the dump, so that a parser that runs wild takes nothing else along; the process
itself only waits, with the libraries already loaded. On the descriptor that the command line names, the first
line says which walls of the jail stand; when a fork has ended, a line has its exit status. Nothing is ever
written to standard error, since a library's message may quote records.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from sousveil.intake import protocol
from sousveil.intake.archives import Archive
from sousveil.intake.containers.entry import Closed
from sousveil.intake.given import NOTHING, Given
from sousveil.intake.identify import Family, Kind, identify
from sousveil.intake.jail import enter, trial
from sousveil.intake.jail.files import code_folders
from sousveil.intake.jail.kernel import die_with_parent
from sousveil.intake.jail.limits import Limits
from sousveil.intake.layers import LARGEST_COPY, Budget, Layer, TooMuch, decompressed
from sousveil.intake.loaders import LOADERS, loader
from sousveil.intake.outlet import Outlet
from sousveil.intake.sink import Unreadable
from sousveil.intake.source import Source, Watched

MEMORY = 640 << 20
"""Bytes of memory that one fork may have for a small file, beyond its libraries."""
MEMORY_A_BYTE = 16
"""What a larger file adds: a workbook's cells take some 15 times its compressed size."""
MOST_MEMORY = 3 << 30
PLAIN = ("delimited", "ndjson", "json", "sql", "text", "markup", "unknown")
"""Formats of what may be delimited text all the same, if a person says so."""
FAULT = "an unexpected fault of its reader"
BROKEN_JAIL = 70
"""Exit status of a fork in which a wall fell that had stood in the trial: it has read nothing."""


@dataclass
class _Walk:
    """One file of the dump, with all that is in it."""

    out: BinaryIO
    skip: set[int]
    budget: Budget
    watched: Watched
    given: dict[int, Given]
    """How a person says that items of these numbers are written."""
    passwords: tuple[str, ...] = ()
    next_number: int = 0

    def item(self, source: Watched | Layer, parent: int | None, name: str, depth: int) -> None:
        """Send one item and its members."""
        number = self._begin(parent, name)
        out = cast(BinaryIO, _Nowhere()) if number in self.skip else self.out
        outlet = Outlet(out, self.watched.position)
        source.given = self.given.get(number, NOTHING)
        try:
            status, reason, kind, inner = self._served(source, outlet, number, depth)
            if isinstance(source, Layer) and status != "refused":
                source.finish()
        except TooMuch as error:
            status, reason, kind, inner = "refused", str(error), None, None
            outlet.drop()
        self._end(number, source, outlet, status, reason, kind, inner)

    def refuse(self, parent: int, name: str, reason: str) -> None:
        """Send a member that is not opened."""
        number = self._begin(parent, name)
        if number not in self.skip:
            self._send({"kind": "end", "number": number, "status": "refused", "reason": reason, "notes": {}})

    def _begin(self, parent: int | None, name: str) -> int:
        number = self.next_number
        self.next_number += 1
        if number not in self.skip:
            self._send({"kind": "item", "number": number, "parent": parent, "name": _sendable(name)})
        return number

    def _served(
        self, source: Source, outlet: Outlet, number: int, depth: int
    ) -> tuple[str, str, Kind, Layer | None]:
        kind, inner = identify(source), None
        if kind.family is Family.COMPRESSED:
            inner = decompressed(source, kind.format, self.budget)
            within = identify(inner)
            kind = Kind(f"{within.format}+{kind.format}", within.family, within.reason)
            if within.family is Family.COMPRESSED:
                kind = Kind(kind.format, Family.REFUSED, "compressed twice")
        data: Source = inner or source
        if source.given.is_dialect and kind.format.split("+")[0] in PLAIN:
            kind = Kind("+".join(["delimited", *kind.format.split("+")[1:]]), Family.TABLES)
        if kind.family is Family.CONTAINER:
            status, reason = self._contained(data, kind, number, depth)
        elif kind.family is Family.TABLES:
            skipped = number in self.skip
            status, reason = ("loaded", "") if skipped else _loaded(data, kind.format.split("+")[0], outlet)
        else:
            status = {Family.COUNTED: "counted", Family.REFUSED: "refused"}.get(kind.family, "unreadable")
            reason = kind.reason
        return status, reason, kind, inner

    def _contained(self, source: Source, kind: Kind, number: int, depth: int) -> tuple[str, str]:
        archive = Archive(source, self.budget, self.passwords)
        try:
            for member in archive.members(kind.format.split("+")[0]):
                self.budget.enter(depth + 1)
                if member.layer is None:
                    self.refuse(number, member.untrusted_name, member.refused)
                else:
                    self._member(member.layer, number, member.untrusted_name, depth + 1)
        except Closed as error:
            return "refused", str(error)
        except TooMuch as error:
            return ("partly-loaded" if self.next_number > number + 1 else "refused"), str(error)
        if archive.broken:
            return ("partly-loaded" if self.next_number > number + 1 else "unreadable"), archive.broken
        return "loaded", ""

    def _member(self, layer: Layer, parent: int, name: str, depth: int) -> None:
        try:
            self.item(layer, parent, name, depth)
        finally:
            layer.close()

    def _end(
        self,
        number: int,
        source: Source,
        outlet: Outlet,
        status: str,
        reason: str,
        kind: Kind | None,
        inner: Layer | None,
    ) -> None:
        """Send how an item ended: what its layers say about damage outweighs what the loader thinks."""
        if number in self.skip:
            return
        broken = (inner and inner.broken) or (isinstance(source, Layer) and source.broken)
        # What a damaged stream leaves may look like an empty file, or like prose.
        left_over = status == "counted" and kind and kind.format.split("+")[0] in ("empty", "text")
        if broken and (left_over or status in ("loaded", "partly-loaded", "unreadable")):
            some = outlet.records or (kind and kind.family is Family.CONTAINER and status != "unreadable")
            status, reason = ("partly-loaded" if some else "unreadable"), str(broken)
        header: dict[str, Any] = {"kind": "end", "number": number, "status": status, "reason": reason}
        if isinstance(source, Layer):
            header |= {"sha256": source.sha256, "bytes": source.size}
        notes = {key: value for key, value in outlet.notes.items() if key != "encoding"}
        encoding = outlet.notes.get("encoding")
        self._send(
            header | {"format": kind.format if kind else "unknown", "encoding": encoding, "notes": notes}
        )

    def _send(self, header: dict[str, Any]) -> None:
        protocol.write(self.out, header)


def _loaded(source: Source, format: str, outlet: Outlet) -> tuple[str, str]:
    """Run a loader. Whatever it raises becomes an outcome; what it handed over before stays."""
    try:
        loader(format)(source, outlet)
    except Unreadable as error:
        return "unreadable", str(error)
    except TooMuch:
        raise
    except MemoryError:
        outlet.flush()
        return ("partly-loaded" if outlet.records else "unreadable"), "it needs more memory than it may have"
    except Exception:
        outlet.flush()
        return ("partly-loaded" if outlet.records else "unreadable"), FAULT
    outlet.flush()
    return ("partly-loaded", outlet.partly_reason) if outlet.partly_reason else ("loaded", "")


class _Nowhere:
    """Takes the frames of what an earlier run has kept already."""

    def write(self, data: bytes | memoryview) -> int:
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""


def _sendable(untrusted: str) -> str:
    return untrusted.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def serve(request: dict[str, Any], out: BinaryIO) -> None:
    """Answer one request: `path` (hexadecimal bytes), `name`, `skip` (numbers of items not to send again),
    `passwords` (to try on encrypted archives), `given` (numbers of items, and how they are written).
    """
    watched = Watched(Path(os.fsdecode(bytes.fromhex(request["path"]))), str(request["name"]))
    budget = Budget(watched.file.stat().st_size)
    given = {int(number): Given.read(kept) for number, kept in request["given"].items()}
    walk = _Walk(out, set(request["skip"]), budget, watched, given, tuple(request["passwords"]))
    walk.item(watched, None, str(request["name"]), 0)
    protocol.write(out, {"kind": "done"})


def limits(size: int) -> Limits:
    """What the reader of a file of so many bytes may use."""
    memory = min(MEMORY + MEMORY_A_BYTE * size, MOST_MEMORY)
    return Limits(seconds=120 + size // 1_000_000, memory=memory, written=LARGEST_COPY + (4 << 20))


def _fork(request: dict[str, Any], out: BinaryIO, walls: tuple[str, ...]) -> int:
    child = os.fork()
    if not child:
        _child(request, out, walls)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _child(request: dict[str, Any], out: BinaryIO, walls: tuple[str, ...]) -> NoReturn:
    status = 1
    try:
        _keep_only(out.fileno())
        path = Path(os.fsdecode(bytes.fromhex(request["path"])))
        enter(path, limits(path.stat().st_size))
        if trial() != walls:
            os._exit(BROKEN_JAIL)
        serve(request, out)
        status = 0
    finally:
        os._exit(status)


def _keep_only(out: int) -> None:
    """Close what a parser has no business with: the requests, the report, whatever else was handed down."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, out)
    os.closerange(out + 1, 1 << 16)


def _tried() -> tuple[str, ...]:
    """The walls that stand on this system: those that a fork could not get through."""
    theirs, ours = os.pipe()
    child = os.fork()
    if not child:
        try:
            enter(Path(__file__), limits(0))
            os.write(ours, " ".join(trial()).encode())
        finally:
            os._exit(0)
    os.close(ours)
    os.waitpid(child, 0)
    with os.fdopen(theirs) as said:
        return tuple(said.read().split())


class _WithoutPandas:
    """Keeps pandas out: Arrow would import it at its first use, for 0.3 CPU-s in every fork."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        """Say that there is no pandas; every other module is left to the other finders."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def main() -> None:
    """Serve requests until the input ends; the first argument is the descriptor for what is reported."""
    report = int(sys.argv[1])
    die_with_parent()
    sys.meta_path.insert(0, _WithoutPandas())
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    for format in LOADERS:
        loader(format)
    code_folders()
    walls = _tried()
    os.write(report, f"{' '.join(walls)}\n".encode())
    # What is parsed holds no cycles: looking for them would cost a third of the time.
    gc.disable()
    for line in sys.stdin.buffer:
        status = _fork(json.loads(line), out, walls)
        os.write(report, f"{status}\n".encode())


if __name__ == "__main__":
    main()
