"""Progress on a terminal: one line that is overwritten, and a line that stays for each stage that is done.

Nothing is imported here that takes time, since the first line must stand within a tenth of a second. In a
pipe there is no progress, only warnings.
"""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata
from typing import TextIO

from sousveil.progress import Progress

_EVERY = 0.1  # seconds between two drawings of the line


def progress_for(*, quiet: bool, machine: bool, out: TextIO | None = None) -> Progress:
    """The progress that suits where messages go: a line on a terminal, else warnings only."""
    out = out or sys.stderr
    if not quiet and not machine and out.isatty():
        return Line(out)
    return Warnings(out, silent=quiet)


class Warnings:
    """No progress; warnings as plain lines."""

    def __init__(self, out: TextIO, *, silent: bool = False) -> None:
        self.out = out
        self.silent = silent

    def stage(self, name: str, total: float | None = None) -> None:
        """See `Progress`."""

    def at(self, what: str, done: float, rows: int | None = None) -> None:
        """See `Progress`."""

    def finished(self, summary: str) -> None:
        """See `Progress`."""

    def warn(self, message: str) -> None:
        """See `Progress`."""
        if not self.silent:
            self.out.write(f"sousveil: {message}\n")
            self.out.flush()


class Line:
    """One line: stage, what it works on, rows so far, time left."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.name = ""
        self.total: float | None = None
        self.began = time.monotonic()
        self.drawn = 0.0

    def stage(self, name: str, total: float | None = None) -> None:
        """See `Progress`."""
        if name != self.name:
            self.began = time.monotonic()
        self.name, self.total = name, total
        self._draw(f"{name} …")

    def at(self, what: str, done: float, rows: int | None = None) -> None:
        """See `Progress`."""
        now = time.monotonic()
        if now - self.drawn < _EVERY:
            return
        seen = f"{rows:,} rows" if rows is not None else ""
        self._draw("  ".join(part for part in (self.name, what, seen, self._left(now, done)) if part))

    def finished(self, summary: str) -> None:
        """See `Progress`."""
        took = time.monotonic() - self.began
        self._draw("")
        self.out.write(f"{self.name:<10} {summary}  ({_clock(took)})\n")
        self.out.flush()

    def warn(self, message: str) -> None:
        """See `Progress`."""
        self._draw("")
        self.out.write(f"! {message}\n")
        self.out.flush()

    def _left(self, now: float, done: float) -> str:
        """The time left for the stage, as it goes so far; nothing in the first second or without a total."""
        took = now - self.began
        if not self.total or done <= 0 or took < 1:
            return ""
        share = min(done / self.total, 1.0)
        return f"{share:.0%}, {_clock(took * (1 - share) / share)} left"

    def _draw(self, line: str) -> None:
        self.drawn = time.monotonic()
        width = shutil.get_terminal_size().columns - 1
        self.out.write(f"\r\x1b[K{_cut(line, width)}")
        self.out.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _cut(line: str, width: int) -> str:
    """The line cut to a width in terminal cells; Chinese characters take two."""
    cells = 0
    for place, character in enumerate(line):
        cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if cells > width:
            return line[:place]
    return line
