"""To be written."""

from __future__ import annotations

from sousveil.intake.sink import Sink, Unreadable
from sousveil.intake.source import Source


def load(source: Source, sink: Sink) -> None:
    """Load."""
    raise Unreadable("not written yet")
