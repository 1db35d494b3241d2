"""What a case has taken in, read from the vault: for the terminal, for programs, and for the manifest."""

from __future__ import annotations

import json
from typing import Any

from sousveil.case import Case
from sousveil.custody import manifest
from sousveil.intake.accounting import PARTS
from sousveil.intake.pictures import shown_item

_SHOWN = ("path", "sha256", "bytes", "format", "encoding", "status", "reason", "accounting", "tables")
_COLUMNS = "item, path, sha256, bytes, format, encoding, status, reason, parent, notes"


def result(case: Case) -> dict[str, Any]:
    """What was taken in, from the vault: the contract's `intake` shape."""
    items = [{key: item[key] for key in _SHOWN if key in item} for item in _items(case)]
    tables = [table for item in items for table in item["tables"]]
    return {
        "items": items,
        "records": sum(table["records"] for table in tables),
        "rejects": sum(table["rejects"] for table in tables),
        "jail": case.vault.document("jail"),
    }


def write_manifest(case: Case) -> None:
    """Write custody/manifest.json from the vault; again after the survey, which may veil more names."""
    manifest.write(case, _manifest(case))


def _items(case: Case) -> list[dict[str, Any]]:
    tables: dict[int, list[dict[str, Any]]] = {}
    for table in case.vault.tables():
        shown = {"table": case.name_of(table), "records": table.records, "rejects": table.rejects}
        tables.setdefault(table.item, []).append(shown)
    names = _COLUMNS.split(", ")
    rows = case.vault.engine.rows(f"SELECT {_COLUMNS} FROM meta.items ORDER BY item")  # noqa: S608  # ours
    items = [dict(zip(names, row, strict=True)) for row in rows]
    for item in items:
        item["path"] = shown_item(case, item["item"], item["path"], item["format"])
        item["notes"] = json.loads(item["notes"] or "{}")
        if all(part in item["notes"] for part in PARTS):
            item["accounting"] = {part.removeprefix("bytes_of_"): item["notes"].pop(part) for part in PARTS}
        item["tables"] = tables.get(item["item"], [])
    return items


def _manifest(case: Case) -> list[dict[str, Any]]:
    """The items with what only the manifest has: the container, the evidence, where the original lies."""
    items = _items(case)
    paths = {item["item"]: item["path"] for item in items}
    for item in items:
        item["container"] = paths.get(item.pop("parent"))
        if item["container"] is None and item["sha256"]:
            item["original"] = f"custody/originals/{item['sha256']}.age"
    return items
