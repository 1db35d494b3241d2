"""The parent's side of the child that parses: requests out, frames in, and what became of the child."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Self

from sousveil.intake import protocol
from sousveil.intake.given import Given
from sousveil.intake.jail import WALLS
from sousveil.intake.protocol import BadFrame, Frame

PATIENCE = 300
"""Seconds that the child may say nothing about a small file; a megabyte of the file adds two."""
_PASSED = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
"""Environment variables that the child gets."""


class ChildDied(Exception):
    """The child ended before it had said all, or said what it must not; the message is a reason to show."""


class Parser:
    """A child process that parses files, one after the other; started at first use, and again if it dies."""

    def __init__(self, passwords: tuple[str, ...] = ()) -> None:
        self.passwords = passwords
        self._process: subprocess.Popen[bytes] | None = None
        self._status = -1
        self._patience = PATIENCE
        self._walls: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def walls(self) -> tuple[str, ...]:
        """The walls of the `jail` that stand around the parser on this system."""
        self._started()
        return self._walls

    def frames(
        self, path: Path, name: str, skip: Collection[int], given: Mapping[int, Given] = MappingProxyType({})
    ) -> Iterator[Frame]:
        """The frames for one file, without its `done`. Raises `ChildDied`.

        Items whose numbers are in `skip` are not sent again; `given` says how some of them are written.
        """
        process = self._started()
        self._patience = PATIENCE + path.stat().st_size // 500_000
        request = {
            "path": os.fsencode(path).hex(),
            "name": name,
            "skip": sorted(skip),
            "passwords": self.passwords,
            "given": {number: said.kept() for number, said in given.items()},
        }
        assert process.stdin is not None  # noqa: S101  # for the type checker: it is a pipe
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            while True:
                frame = self._frame()
                if frame.kind == "done":
                    break
                yield frame
            self._exit_status()
        except (BadFrame, BrokenPipeError):
            self.stop()
            raise ChildDied("its reader did what it must not") from None
        except ChildDied:
            self.stop()
            raise

    def stop(self) -> None:
        """End the child and its forks."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(BrokenPipeError):
                    if pipe is not None:
                        pipe.close()
            self._process.wait()
            os.close(self._status)
            self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._status, theirs = os.pipe()
            # -P: no module of ours is looked for in the working directory, which may be the dump.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sousveil.intake.worker", str(theirs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs,),
                start_new_session=True,
                env={key: value for key, value in os.environ.items() if key in _PASSED},
                bufsize=0,
            )
            os.close(theirs)
            said = os.read(self._status, 200).decode("ascii", "replace").split()
            self._walls = tuple(wall for wall in WALLS if wall in said)
        return self._process

    def _frame(self) -> Frame:
        header, body = protocol.lengths(self._read(8))
        return protocol.frame(self._read(header), self._read(body) if body else b"")

    def _read(self, size: int) -> bytearray:
        """Exactly so many bytes. Raises `ChildDied` where the child ends before."""
        assert self._process is not None and self._process.stdout is not None  # noqa: S101  # it is a pipe
        out = self._process.stdout.fileno()
        data = bytearray(size)
        view, got = memoryview(data), 0
        while got < size:
            readable = select.select([out, self._status], [], [], self._patience)[0]
            if not readable:
                raise ChildDied("its reader stood still and was stopped")
            if out not in readable:
                raise ChildDied(self._reason(self._exit_status()))
            taken = os.readv(out, [view[got:]])
            if not taken:
                raise ChildDied("its reader could not be started or was stopped")
            got += taken
        return data

    def _exit_status(self) -> int:
        """The exit status of the fork that served the last request; negative for a signal."""
        line = os.read(self._status, 64)
        try:
            return int(line)
        except ValueError:
            return 1

    @staticmethod
    def _reason(status: int) -> str:
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return "its reader took too long or needed too much memory, and was stopped"
        return "its reader was stopped by a fault"
