"""A case on disk: its layout, its policy, what people decided about it, and the way into its vault."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import tomlkit

from sousveil.custody.keys import Keyring
from sousveil.custody.ledger import Ledger
from sousveil.errors import (
    BadCase,
    CaseBusy,
    CaseTooNew,
    DumpForbidden,
    NotACase,
    VaultDamaged,
    WrongKey,
)
from sousveil.vault import Column, Table, Vault
from sousveil.veil import shown, shown_path
from sousveil.version import __version__

LAYOUT = 1
"""The version of the layout on disk; a case with a higher one was made by a newer Sousveil."""


@dataclass(frozen=True)
class Policy:
    """What a case promises; `[policy]` in case.toml."""

    threshold: int = 10
    """k: no cell of 1 to k-1 people is ever released."""
    regime: str = "exact"
    languages: tuple[str, ...] = ("en",)
    cut_off_days: int = 60
    """Findings stop at the end of a whole month at least this many days before the latest record."""
    jail: str = "warn"
    """Where a wall of the parsers' jail is missing on this system: `warn` and go on, or `insist` on all."""

    @classmethod
    def read(cls, settings: Any) -> Self:
        """The policy of a case.toml. Raises `BadCase` where it is none that this version can keep."""
        if not isinstance(settings, dict) or not settings.keys() <= cls.__dataclass_fields__.keys():
            raise BadCase("case.toml has a [policy] setting that this version does not know")
        policy = cls(**settings)
        for name, least in (("threshold", 3), ("cut_off_days", 0)):
            value = getattr(policy, name)
            if type(value) is not int or value < least:
                raise BadCase(f"case.toml: {name} must be a whole number of at least {least}")
        if policy.regime != cls.regime:
            raise BadCase(f'case.toml: the only regime of this version is "{cls.regime}"')
        if policy.jail not in ("warn", "insist"):
            raise BadCase('case.toml: jail must be "warn" or "insist"')
        if not all(isinstance(language, str) for language in policy.languages):
            raise BadCase("case.toml: languages must be a list of texts")
        return replace(policy, languages=tuple(policy.languages))


class Case:
    """A case: `CASE/` of the contract.

    `vault` opens the encrypted store at first use and needs the key; everything else is readable without.
    """

    def __init__(self, folder: Path, settings: dict[str, Any], keyring: Keyring) -> None:
        self.folder = folder
        self.id: str = settings["id"]
        self.made_on: dt.date = settings["made_on"]
        """The day the case was made: a record dated later is not plausible."""
        self.made_by = str(settings.get("made_by", "?"))
        """The version of Sousveil that made the case."""
        self.policy = Policy.read(settings.get("policy", {}))
        self.keyring = keyring
        self.ledger = Ledger(self.custody / "ledger.jsonl")

    @classmethod
    def make(cls, folder: Path, key_file: Path | None = None, today: dt.date | None = None) -> Self:
        """Make a case in an empty or new folder, or in one in which an earlier call was cut off.

        Raises `NotACase` where the folder holds something else, and what `Keyring.make` raises.
        """
        if folder.exists() and not _is_free(folder):
            raise NotACase(
                f"{folder} holds other files and is not a case",
                next="give an empty or new folder with --case",
            )
        for part in ("custody", "vault", "releases"):
            (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        Keyring.make(folder / "custody" / "keys", key_file)
        settings = {
            "layout": LAYOUT,
            "id": secrets.token_hex(8),
            "made_by": __version__,
            "made_on": today or dt.datetime.now(dt.UTC).date(),
        }
        document = tomlkit.document()
        document.add(
            tomlkit.comment(
                "What this case is. The policy is a promise: change it before the first release or never."
            )
        )
        for name, value in settings.items():
            document[name] = value
        policy = Policy()
        document["policy"] = {
            "threshold": policy.threshold,
            "regime": policy.regime,
            "languages": list(policy.languages),
            "cut_off_days": policy.cut_off_days,
            "jail": policy.jail,
        }
        # The ledger first: a case that stands has one.
        ledger = Ledger(folder / "custody" / "ledger.jsonl")
        ledger.path.unlink(missing_ok=True)
        ledger.append("case made", {"version": __version__})
        write_whole(folder / "case.toml", tomlkit.dumps(document))
        return cls.open(folder, key_file)

    @classmethod
    def open(cls, folder: Path, key_file: Path | None = None) -> Self:
        """Open a case. Raises `NotACase`, `CaseTooNew`, `BadCase`."""
        try:
            settings = tomllib.loads((folder / "case.toml").read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise NotACase(f"{folder} is not a Sousveil case") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadCase(f"case.toml can't be read as TOML: {type(error).__name__}") from None
        except PermissionError:
            raise DumpForbidden(f"no permission to look into the case {folder}") from None
        if not isinstance(settings.get("layout", 0), int):
            raise BadCase("case.toml: layout must be a whole number")
        if settings.get("layout", 0) > LAYOUT:
            raise CaseTooNew(
                f"the case was made by Sousveil {settings.get('made_by', '?')}, this is {__version__}"
            )
        if not isinstance(settings.get("id"), str) or type(settings.get("made_on")) is not dt.date:
            raise BadCase("case.toml has lost its id or made_on")
        return cls(folder, settings, Keyring(folder / "custody" / "keys", key_file))

    @property
    def custody(self) -> Path:
        """Manifest, ledger, wrapped keys, sealed originals."""
        return self.folder / "custody"

    @property
    def releases(self) -> Path:
        """Every number ever let out."""
        return self.folder / "releases"

    @property
    def publication(self) -> Path:
        """What may be given to the public."""
        return self.folder / "publication"

    @cached_property
    def vault(self) -> Vault:
        """The encrypted store. Raises `KeyMissing`, `WrongKey`, `VaultDamaged`."""
        key = self.keyring.vault_key()
        try:
            return Vault.open(self.folder / "vault", key)
        except WrongKey:
            # The key came out of the case's own wrapping, which is authenticated: the file is wrong.
            raise VaultDamaged from None

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables that intake loaded; call `forget` after loading more."""
        return self.vault.tables()

    @cached_property
    def veiled(self) -> frozenset[str]:
        """Names (of files, tables, columns) that the survey found to be values of identifying columns."""
        return frozenset(self.vault.document("veiled") or ())

    def forget(self) -> None:
        """Forget what was read from the vault, since a stage has changed it."""
        for name in ("tables", "veiled"):
            self.__dict__.pop(name, None)

    def name_of(self, table: Table) -> str:
        """A table's name as it may be shown, and as review.toml and questions.toml call it."""
        return _own_name(table.name, f"table-{table.tid}", self.veiled)

    def column_name(self, column: Column) -> str:
        """A column's name as it may be shown, and as review.toml and questions.toml call it."""
        return _own_name(column.name, f"column-{column.cid}", self.veiled)

    def path_of(self, item: int, untrusted_path: str) -> str:
        """An item's path as it may be shown."""
        return shown_path(untrusted_path, item, self.veiled)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the case against a second process. Raises `CaseBusy`."""
        vault = self.folder / "vault"
        vault.mkdir(mode=0o700, exist_ok=True)
        with (vault / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CaseBusy from None
            yield

    def close(self) -> None:
        """Close the vault if it was opened."""
        if "vault" in self.__dict__:
            self.__dict__.pop("vault").close()


def _own_name(untrusted: str, otherwise: str, veiled: frozenset[str]) -> str:
    """The name as it may be shown, or `otherwise` where it may not be, or is not the name itself any more.

    What a person decides about one column must never hold for another: names that would be shown alike (cut
    off, or without the signs that set them apart) are numbers, and so are names that pretend to be one.
    """
    name = shown(untrusted, otherwise, veiled)
    pretends = re.fullmatch(r"(table|column)-[0-9]+", untrusted)
    return otherwise if pretends or name != untrusted else name


def _is_free(folder: Path) -> bool:
    """Whether a folder is empty, or holds no more than the empty parts of a case that was never made."""
    begun = {"custody/ledger.jsonl", "custody/keys/members.txt", "custody/keys/vault.age", ".case.toml.part"}
    folders = {"custody", "custody/keys", "vault", "releases"}
    return all(
        path.relative_to(folder).as_posix() in (folders if path.is_dir() else begun)
        for path in folder.rglob("*")
    )


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that after a crash it is either the old or the new one, whole."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
