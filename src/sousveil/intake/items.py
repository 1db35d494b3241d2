"""An item of a case by the name that `intake` shows, or by its number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sousveil.case import Case
from sousveil.errors import UnknownItem
from sousveil.intake.pictures import shown_item


@dataclass(frozen=True)
class Item:
    """An item, and the file of the dump that it lies in (itself, or the archive around it)."""

    item: int
    shown: str
    encoding: str | None
    file: int
    untrusted_path: str
    """The path of the file."""
    sha256: str
    """The hash of the file."""

    @property
    def number(self) -> int:
        """The item's number within the file; 0 for the file itself."""
        return self.item - self.file


def find(case: Case, untrusted_named: str) -> Item:
    """The item of this path, or of this number (`12`, `item-12`). Raises `UnknownItem`."""
    rows = case.vault.engine.rows(
        "SELECT item, path, format, encoding, parent, sha256 FROM meta.items ORDER BY item"
    )
    wanted = re.fullmatch(r"(?:item-)?([0-9]{1,9})", untrusted_named)
    for item, path, form, encoding, _, _ in rows:
        shown = shown_item(case, item, path, form)
        if untrusted_named == shown or (wanted and int(wanted[1]) == item):
            file = max(row for row in rows if row[4] is None and row[0] <= item)
            return Item(item, shown, encoding, file[0], file[1], str(file[5] or ""))
    raise UnknownItem("there is no such item in the case")
