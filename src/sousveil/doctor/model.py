"""A check and what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sousveil.errors import SousveilError

RIGHT, WARNING, WRONG, UNKNOWN = "right", "warning", "wrong", "unknown"
READINGS = (RIGHT, WARNING, WRONG, UNKNOWN)
"""Well; works but costs or risks something; does not work or does not hold; could not be looked at."""


@dataclass(frozen=True)
class Patient:
    """What is looked at."""

    folder: Path | None
    """The folder of the case; None where only the machine is asked about."""
    key: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What a check found; never a value of the dump."""

    reading: str
    says: str
    next: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that is looked at."""

    id: str
    of_case: bool
    """Whether it needs a case."""
    look: Callable[[Patient], Outcome]

    def made(self, patient: Patient) -> dict[str, Any]:
        """The check's line of the result; an error of ours is what is wrong, with its next step."""
        try:
            found = self.look(patient)
        except SousveilError as error:
            found = Outcome(WRONG, error.message, error.next_step)
        return {"id": self.id, "about": "case" if self.of_case else "machine", **asdict(found)}
