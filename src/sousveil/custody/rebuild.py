"""The originals out of their seals again, for a vault that is missing or damaged: it is made anew from them.

What the vault held that the originals don't say is lost with it: the figures that the gate has hidden (it
then refuses new questions whose answers it can't prove safe beside the old ones) and texts that follow from
the originals anyway. What people decided lies in the case, outside the vault, and holds on.

One original is open at a time, in `vault/unsealed/`, and wiped from there when the next command opens the
vault. The list of what is to be taken in is kept in `custody/rebuild.age` until all of it is, since the
manifest is written anew on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.custody import manifest
from sousveil.custody.originals import sealed_at, unsealed
from sousveil.errors import IntegrityError, VaultDamaged
from sousveil.files import sync_folder, write_whole
from sousveil.intake.walk import Found
from sousveil.progress import Progress

SET_ASIDE = "vault.before-rebuild.duckdb"
_LOST = "its sealed original is missing or damaged"


class Rebuild:
    """One rebuild, from its list to its end."""

    def __init__(self, case: Case, progress: Progress) -> None:
        self.case = case
        self.progress = progress
        self.lost = 0
        """Originals that could not be opened."""
        self._plan = case.custody / "rebuild.age"

    def begin(self) -> list[dict[str, Any]]:
        """What is to be taken in, in order; the old vault is set aside. Raises `IntegrityError`."""
        goes_on = self._plan.exists()
        if goes_on:
            plan = manifest.opened(self._plan, self.case.originals_keys())
        else:
            plan = manifest.names(self.case)
            write_whole(self._plan, (self.case.custody / "names.age").read_bytes())
        self.case.may_start_anew = True
        if not goes_on or not self._opens():
            self._set_aside()
        return plan

    def found(self, plan: list[dict[str, Any]]) -> Iterator[Found]:
        """Each file as intake would find it in the dump, open for as long as it is looked at."""
        keys = self.case.originals_keys()
        scratch = self.case.folder / "vault" / "unsealed" / "original"
        scratch.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            for one in plan:
                yield self._one(one, scratch, keys)
                scratch.unlink(missing_ok=True)
        finally:
            scratch.unlink(missing_ok=True)

    def name_tables(self, plan: list[dict[str, Any]]) -> None:
        """Give the tables the names that they had: which of two is `_2` depends on what came first then."""
        engine = self.case.vault.engine
        names = iter([name for one in plan for name in one["tables"]])
        tables = engine.rows("SELECT tid FROM meta.tables ORDER BY tid")
        if len(tables) == sum(len(one["tables"]) for one in plan):
            with self.case.vault.transaction():
                for (tid,), name in zip(tables, names, strict=True):
                    engine.run("UPDATE meta.tables SET name = ? WHERE tid = ?", [name, tid])
        self.case.forget()

    def end(self) -> None:
        """All is taken in. Raises `IntegrityError` where originals were lost: the rest is in the vault."""
        self._plan.unlink()
        sync_folder(self._plan.parent)
        if self.lost:
            raise IntegrityError(
                "the vault is rebuilt, but without originals that are missing or damaged",
                where={"originals": self.lost},
                next="sousveil intake DUMP --case CASE, with the dump that holds them",
            )

    def _one(self, one: dict[str, Any], scratch: Path, keys: list[Any]) -> Found:
        path, size = one["path"], one["bytes"]
        if not one["sha256"]:
            refused = one["status"] == "refused"
            reason = one["reason"] or _LOST
            return Found(
                scratch, path, size, refused=reason if refused else "", unreadable="" if refused else reason
            )
        try:
            unsealed(sealed_at(self.case.custody / "originals", one["sha256"]), scratch, keys)
        except (IntegrityError, FileNotFoundError):
            self.lost += 1
            return Found(scratch, path, size, unreadable=_LOST)
        return Found(scratch, path, size)

    def _opens(self) -> bool:
        try:
            self.case.vault.tables()
        except VaultDamaged:
            self.case.close()
            return False
        return True

    def _set_aside(self) -> None:
        self.case.close()
        folder = self.case.folder / "vault"
        (folder / "vault.duckdb.wal").unlink(missing_ok=True)
        if (folder / "vault.duckdb").exists():
            (folder / "vault.duckdb").replace(folder / SET_ASIDE)


def is_missing(case: Case) -> bool:
    """Whether the case has taken something in and has no vault any more."""
    return bool(case.ledger.standing.manifests) and not (case.folder / "vault" / "vault.duckdb").exists()
