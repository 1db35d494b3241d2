"""One item read again as a person says that it is written, from its sealed original."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sousveil.case import Case
from sousveil.custody.originals import sealed_at, unsealed
from sousveil.errors import UnknownItem
from sousveil.intake import dialects, stage
from sousveil.intake.asked import Asked
from sousveil.intake.given import Given
from sousveil.intake.items import Item, find
from sousveil.intake.walk import Found
from sousveil.progress import Progress


def run(
    case: Case, progress: Progress, untrusted_named: str, given: Given, asked: Asked | None = None
) -> dict[str, Any]:
    """Read an item again; the contract's `intake` shape.

    The file that it lies in is read whole: an archive hands out its members in their order. What was said is
    kept and holds from then on. Raises `UnknownItem`, `IntegrityError`, `DiskFull`, `JailMissing`.
    """
    item = find(case, untrusted_named)
    if not item.sha256 or not sealed_at(case.custody / "originals", item.sha256).exists():
        raise UnknownItem("this item was never opened, so there is nothing to read again")
    before = dialects.given_for(case.custody, item.sha256).get(item.number)
    dialects.keep(case.custody, item.sha256, item.number, given)
    try:
        with _original(case, item) as found:
            return stage.again(case, progress, found, asked or Asked())
    except BaseException:
        if before is not None:
            dialects.keep(case.custody, item.sha256, item.number, before)
        raise


@contextmanager
def _original(case: Case, item: Item) -> Iterator[Found]:
    """The file that an item lies in, out of its seal for as long as it is read.

    It lies where the next command that opens the vault wipes what a killed one has left.
    """
    beside = case.folder / "vault" / "unsealed" / "original"
    beside.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        unsealed(sealed_at(case.custody / "originals", item.sha256), beside, case.originals_keys())
        yield Found(beside, item.untrusted_path, beside.stat().st_size)
    finally:
        shutil.rmtree(beside.parent, ignore_errors=True)
