"""The manifest: every byte taken in, what it was and what became of it. It holds no value of the dump.

`custody/manifest.json` names for each sealed original the SHA-256 of the file in clear and of the sealed
file, so that anybody can check the originals without a key. The ledger holds the manifest's own hash. Names
as they may be shown stand in the manifest; the names as they came, which may hold values, lie beside it in
`custody/names.age`, sealed like the originals: without them the vault could not be rebuilt as it was.
"""

from __future__ import annotations

import bisect
import hashlib
import json
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyrage
from pyrage import x25519

from sousveil.custody.originals import ENDING, PART, hashed
from sousveil.errors import IntegrityError
from sousveil.files import write_whole
from sousveil.version import __version__

if TYPE_CHECKING:
    from sousveil.case import Case

TOOLS = ("duckdb", "pyarrow", "numpy", "orjson", "chardet", "python-calamine", "pyrage")
"""Libraries whose versions decide how bytes are read or kept."""

Item = dict[str, Any]


def write(case: Case, items: list[Item]) -> None:
    """Write the manifest: versions, then the items in their order; whole or not at all, the ledger first.

    An original that no item has any more (its file has changed since) stays in it, under `earlier`.
    """
    known = _originals(document_of(case.custody))
    present = _sealed(case.custody)
    of_items = {item["sha256"] for item in items if "original" in item}
    for item in items:
        if "original" in item:
            item["sealed"] = _sum_of(case.custody, item["sha256"], known)
    may_be_new = case.ledger.standing.intake_open
    earlier = [
        _earlier(case.custody, sha256, known)
        for sha256 in sorted(present - of_items)
        if sha256 in known or may_be_new
    ]
    document = {
        "sousveil": __version__,
        "tools": {name: metadata.version(name) for name in TOOLS},
        "names": _keep_names(case),
        "items": items,
        "earlier": earlier,
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    put(case, text)


def put(case: Case, text: str) -> None:
    """Name a manifest in the ledger, then write it; nothing where it is the one that is there."""
    path = case.custody / "manifest.json"
    made = hashlib.sha256(text.encode("utf-8")).hexdigest()
    standing = case.ledger.standing
    if standing.intake_open or not standing.manifests or standing.manifests[-1][1] != made:
        case.ledger.append("manifest", {"sha256": made})
    if not path.exists() or hashed(path)[0] != made:
        write_whole(path, text)


def names(case: Case) -> list[dict[str, Any]]:
    """The items that came from the dump itself, in order, with names as they came: path, sha256, bytes, why.

    Raises `IntegrityError` where there are none, or they are not the ones that the manifest names.
    """
    document, path = document_of(case.custody), case.custody / "names.age"
    if document is None or not path.exists() or hashed(path)[0] != document["names"]:
        raise IntegrityError("the sealed names of the originals are missing or changed (custody/names.age)")
    return opened(path, case.originals_keys())


def resealed(case: Case, new: x25519.Identity) -> None:
    """Write the manifest anew after the originals were sealed to another key."""
    document = document_of(case.custody)
    if document is None:
        return
    known = _originals(document)
    if case.ledger.standing.intake_open:
        left = sorted(_sealed(case.custody) - known.keys())
        document["earlier"] += [_earlier(case.custody, sha256, known) for sha256 in left]
    for item in [*document["items"], *document["earlier"]]:
        if "original" in item:
            item["sealed"] = _sum_of(case.custody, item["sha256"], {})
    path = case.custody / "names.age"
    kept = opened(path, case.originals_keys())
    _seal_names(path, kept, new.to_public())
    document["names"] = hashed(path)[0]
    put(case, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _keep_names(case: Case) -> str:
    """Write the names as they came, unless they are there already; the SHA-256 of the sealed file."""
    kept = _names(case)
    path = case.custody / "names.age"
    if not path.exists() or opened(path, case.originals_keys()) != kept:
        _seal_names(path, kept, case.sealed_to())
    return hashed(path)[0]


def _names(case: Case) -> list[dict[str, Any]]:
    """The items that came from the dump itself, each with the names of the tables in it, as they came."""
    rows = case.vault.engine.rows(
        "SELECT item, path, sha256, bytes, status, reason FROM meta.items WHERE parent IS NULL ORDER BY item"
    )
    members = ("path", "sha256", "bytes", "status", "reason")
    kept: list[dict[str, Any]] = [dict(zip(members, row[1:], strict=True)) | {"tables": []} for row in rows]
    firsts = [int(row[0]) for row in rows]
    for table in case.vault.tables():
        # What comes out of a file has the numbers after its own.
        kept[bisect.bisect_right(firsts, table.item) - 1]["tables"].append(table.name)
    return kept


def _seal_names(path: Path, kept: list[dict[str, Any]], to: x25519.Recipient) -> None:
    write_whole(path, pyrage.encrypt(json.dumps(kept, ensure_ascii=False).encode("utf-8"), [to]))


def opened(path: Path, identities: list[x25519.Identity]) -> list[dict[str, Any]]:
    """A sealed list of names. Raises `IntegrityError` where it is damaged or sealed to another key."""
    try:
        found: list[dict[str, Any]] = json.loads(pyrage.decrypt(path.read_bytes(), identities))
    except (pyrage.DecryptError, ValueError):
        raise IntegrityError(f"custody/{path.name} is damaged, or sealed to another key") from None
    return found


def document_of(custody: Path) -> dict[str, Any] | None:
    """The manifest as it lies there, or None. Raises `IntegrityError` where it can't be read."""
    path = custody / "manifest.json"
    if not path.exists():
        return None
    try:
        document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        _ = (document["items"], document["earlier"], document["names"])
    except (OSError, ValueError, KeyError, TypeError):
        raise IntegrityError("the manifest can't be read") from None
    return document


def _originals(document: dict[str, Any] | None) -> dict[str, Item]:
    """The originals that a manifest names, by the SHA-256 of the file in clear."""
    parts = [*document["items"], *document["earlier"]] if document else []
    return {item["sha256"]: item for item in parts if "original" in item}


def _sealed(custody: Path) -> set[str]:
    """The originals that lie there."""
    folder = custody / "originals"
    found = {path.name for path in folder.iterdir()} if folder.exists() else set()
    return {name.removesuffix(ENDING) for name in found if name.endswith(ENDING) and name != PART}


def _sum_of(custody: Path, sha256: str, known: dict[str, Item]) -> dict[str, Any]:
    """SHA-256 and size of the sealed file: as the manifest before has them, so that a change is noticed."""
    if sha256 in known:
        return dict(known[sha256]["sealed"])
    digest, size = hashed(custody / "originals" / f"{sha256}{ENDING}")
    return {"sha256": digest, "bytes": size}


def _earlier(custody: Path, sha256: str, known: dict[str, Item]) -> Item:
    before = known.get(sha256, {})
    return {
        "path": before.get("path"),
        "sha256": sha256,
        "bytes": before.get("bytes"),
        "original": f"custody/originals/{sha256}{ENDING}",
        "sealed": _sum_of(custody, sha256, known),
    }
