"""Whether the evidence is whole: ledger, manifest, every sealed original. Needs no key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sousveil.custody.ledger import Ledger
from sousveil.custody.manifest import Item, document_of
from sousveil.custody.members import Standing
from sousveil.custody.originals import PART, hashed
from sousveil.errors import IntegrityError


def everything(custody: Path, ledger: Ledger) -> dict[str, Any]:
    """Check all of `custody/`; what was checked. Raises `IntegrityError` with the first thing that is wrong.

    The state of the manifest is `current`; `unfinished` where a command was cut off before it could write
    it; or `none` before anything was taken in.
    """
    lines = ledger.verify()
    document, state = _manifest(custody, ledger.standing)
    items = document["items"] if document else []
    named = [item for item in [*items, *(document["earlier"] if document else [])] if "original" in item]
    _containers(items)
    names = custody / "names.age"
    if document and state == "current" and (not names.exists() or hashed(names)[0] != document["names"]):
        raise IntegrityError("the sealed names are missing or changed", where={"file": "custody/names.age"})
    size = _originals(custody, named, ledger.standing)
    return {
        "ledger": {"lines": lines, "sound": True, "head": ledger.head()},
        "manifest": {"items": len(items), "state": state},
        "originals": {"files": len(named), "bytes": size},
    }


def _manifest(custody: Path, standing: Standing) -> tuple[dict[str, Any] | None, str]:
    """The manifest, where it is one that the ledger names, and its state."""
    path = custody / "manifest.json"
    made = hashed(path)[0] if path.exists() else ""
    known = [sha256 for _, sha256 in standing.manifests] or [""]
    # The ledger names a manifest before it is written: one that is the last line's may be still to come.
    cut_off = bool(standing.manifests) and standing.manifests[-1][0] == standing.lines
    before = known[-2] if len(known) > 1 else ""
    if made == known[-1]:
        unfinished = standing.intake_open or standing.key_change_open
        state = "unfinished" if unfinished else "current"
        return document_of(custody), state if made else "none"
    if cut_off and made == before:
        return document_of(custody), "unfinished"
    where = {"file": "custody/manifest.json"}
    raise IntegrityError(
        "the manifest is not the one that the ledger names" if made else "the manifest is missing",
        where=where,
    )


def _containers(items: list[Item]) -> None:
    """Check that every member of an archive leads to a file that came from the dump itself."""
    by_path = {item["path"]: item for item in items}
    for item in items:
        at, steps = item, 0
        while at.get("container") is not None:
            at, steps = by_path.get(at["container"], {"container": None, "lost": True}), steps + 1
            if "lost" in at or steps > len(items):
                raise IntegrityError(
                    "an item's container is not in the manifest", where={"item": item["item"]}
                )


def _originals(custody: Path, named: list[Item], standing: Standing) -> int:
    """Check every sealed original; their size in bytes, sealed.

    There may be more of them than the manifest names where an intake was cut off, and they may be sealed
    otherwise where a change of keys was.
    """
    folder = custody / "originals"
    present = {path.name for path in folder.iterdir()} - {PART} if folder.exists() else set()
    size = 0
    for item in named:
        file = folder / Path(item["original"]).name
        if file.name not in present:
            raise IntegrityError("a sealed original is missing", where={"original": file.name})
        digest, length = hashed(file)
        if digest != item["sealed"]["sha256"] and not standing.key_change_open:
            raise IntegrityError("a sealed original was changed", where={"original": file.name})
        size += length
    extra = sorted(present - {Path(item["original"]).name for item in named})
    if extra and not standing.intake_open:
        raise IntegrityError("a sealed original is not in the manifest", where={"files": len(extra)})
    return size
