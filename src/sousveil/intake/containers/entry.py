"""What a container says about one of its members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

ENCRYPTED = "encrypted: give its password with --password-file"
WRONG_PASSWORD = "encrypted, and none of the given passwords opens it"  # noqa: S105  # a sentence


@dataclass(frozen=True)
class Entry:
    """One member: its untrusted name, and how to open it, or why it is refused."""

    untrusted_name: str
    opener: Callable[[], BinaryIO] | None
    refused: str = ""
    size: int = 0
    """Its bytes, as the archive has it."""
    again: Callable[[], BinaryIO] | None = None
    """How to open it a second time, where `opener` works once, or only at its turn."""


class Closed(Exception):
    """The archive as a whole is not opened on purpose; the message is a reason to show."""


def locked(passwords: tuple[str, ...]) -> str:
    """Why a member stays shut."""
    return WRONG_PASSWORD if passwords else ENCRYPTED
