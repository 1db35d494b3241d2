"""Progress: what a stage says while it works. Names given here have gone through `sousveil.veil`."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where a stage reports how far it is."""

    def stage(self, name: str, total: float | None = None) -> None:
        """A stage begins; `total` is the amount of its work, in a unit of its own (bytes, columns …)."""

    def at(self, what: str, done: float, rows: int | None = None) -> None:
        """The stage works on `what`, has done `done` of its total, and has seen `rows` rows."""

    def finished(self, summary: str) -> None:
        """The stage is done; one line of what came out of it, without a value of the dump."""

    def warn(self, message: str) -> None:
        """Something the person should know, without a value of the dump."""


class Silent:
    """No progress at all: `--quiet`, and tests."""

    def stage(self, name: str, total: float | None = None) -> None:
        """See `Progress`."""

    def at(self, what: str, done: float, rows: int | None = None) -> None:
        """See `Progress`."""

    def finished(self, summary: str) -> None:
        """See `Progress`."""

    def warn(self, message: str) -> None:
        """See `Progress`."""


def several(count: int, thing: str) -> str:
    """A number with its noun: `1 table`, `1,200 tables`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
