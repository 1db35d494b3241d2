"""What a person must not overlook in what an intake took in: files not read, and files read badly."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sousveil.progress import several

MANY = 0.5
"""From this share of its records on that were rejected, an item is likely to have been read wrongly."""
FEWEST = 10
MOST_NAMED = 5


def losses(document: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Sentences about an intake of the contract's shape, whose names are veiled; `folder` is the case."""
    case = f"--case {shlex.quote(str(folder))}"
    badly = [item for item in document["items"] if _mostly_rejected(item)]
    for item in badly[:MOST_NAMED]:
        lost, whole = _lost(item)
        yield (
            f"{item['path']}: {lost:,} of {several(whole, 'record')} could not be read. How they look: "
            f"sousveil intake --rejects {shlex.quote(item['path'])} {case}"
        )
    if len(badly) > MOST_NAMED:
        more = several(len(badly) - MOST_NAMED, "more item")
        yield f"{more} of which most records could not be read: sousveil intake {case}"
    unread = sum(item["status"] in ("refused", "unreadable") for item in document["items"])
    if unread:
        were = "was" if unread == 1 else "were"
        counted = f"{several(unread, 'item')} {were} refused or unreadable"
        yield f"{counted}. Which, and why: sousveil intake {case}"
    if not document["records"]:
        yield "No record was loaded: nothing can be said about this dump."


def _mostly_rejected(item: Mapping[str, Any]) -> bool:
    lost, whole = _lost(item)
    return bool(lost >= FEWEST and lost >= MANY * whole)


def _lost(item: Mapping[str, Any]) -> tuple[int, int]:
    """How many records of an item were rejected, and how many it has."""
    lost = sum(table["rejects"] for table in item["tables"])
    return lost, lost + sum(table["records"] for table in item["tables"])
