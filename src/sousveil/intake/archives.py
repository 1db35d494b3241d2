"""Members of archives under a policy of our own.

A member's name is only a name, never a path that is written to. Refused, each with its reason: names that
climb out of the archive, absolute names, links, devices, a second member of the same name, encrypted ones
that no given password opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sousveil.intake.containers import container
from sousveil.intake.containers.entry import Entry
from sousveil.intake.layers import DAMAGED, Budget, Layer
from sousveil.intake.source import Source

SMALL = 64 << 20
"""Bytes of a member that are copied into memory rather than found again by reading from the start."""


@dataclass(frozen=True)
class Member:
    """One member: its untrusted name, and its bytes, or why it is refused."""

    untrusted_name: str
    layer: Layer | None
    refused: str = ""


@dataclass
class Archive:
    """An archive being walked; `broken` says why the walk ended early."""

    source: Source
    budget: Budget
    passwords: tuple[str, ...] = ()
    broken: str | None = None

    def members(self, format: str) -> Iterator[Member]:
        """Its members in their order. Directories are passed over. Raises `Closed`, `TooMuch`."""
        seen: set[str] = set()
        try:
            for entry in container(format)(self.source, format, self.passwords):
                name = entry.untrusted_name
                refused = _refusal(name) or entry.refused
                if not refused and name in seen:
                    refused = "a second member of the same name"
                seen.add(name)
                yield Member(name, None, refused) if refused else Member(name, self._layer(entry))
        except DAMAGED:
            self.broken = "the archive is damaged or cut off"
        except MemoryError:
            self.broken = "the archive needs more memory than it may have"

    def _layer(self, entry: Entry) -> Layer:
        assert entry.opener is not None  # noqa: S101  # for the type checker: refused entries don't come here
        layer = Layer(_last(entry.untrusted_name), entry.opener, self.budget)
        if entry.again and entry.size <= SMALL:
            layer.path()
        elif entry.again:
            layer.opener = entry.again
        return layer


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _refusal(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name or "\0" in name:
        return "its name is empty or holds a NUL"
    if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        return "its name leads out of the archive"
    return ""
