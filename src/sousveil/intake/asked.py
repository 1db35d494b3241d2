"""What a person asks of one intake, besides the dump."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sousveil.errors import BadPasswords

MOST_PASSWORDS = 100
LONGEST = 1000


@dataclass(frozen=True)
class Asked:
    """How a dump is to be taken in; nothing of it is kept in the case."""

    insist: bool = False
    """Whether nothing may be read where a wall of the jail is missing."""
    passwords: tuple[str, ...] = ()
    """What is tried on encrypted archives, in this order."""


def read_passwords(file: Path) -> tuple[str, ...]:
    """The passwords of a file, one a line, without empty lines. Raises `BadPasswords`."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadPasswords("the file of passwords can't be read as text in UTF-8") from None
    passwords = tuple(line for line in lines if line)
    if not passwords or len(passwords) > MOST_PASSWORDS or any(len(line) > LONGEST for line in passwords):
        raise BadPasswords(f"the file of passwords must have 1 to {MOST_PASSWORDS} lines, one password each")
    return passwords
