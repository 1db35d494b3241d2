"""A case on disk: its layout, what people decided about it, and the way into its vault."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import shutil
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import tomlkit
from pyrage import x25519

from sousveil.custody.holding import held
from sousveil.custody.keys import Keyring
from sousveil.custody.ledger import Ledger
from sousveil.custody.members import FOUNDER
from sousveil.errors import (
    BadCase,
    CaseTooNew,
    DumpForbidden,
    IntegrityError,
    NotACase,
    SousveilError,
    VaultDamaged,
    WrongKey,
)
from sousveil.files import write_whole
from sousveil.policy import Policy
from sousveil.vault import Column, Table, Vault
from sousveil.veil import shown, shown_path
from sousveil.version import __version__

LAYOUT = 1
"""The version of the layout on disk; a case with a higher one was made by a newer Sousveil."""


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
        self.may_start_anew = False
        """Whether a new, empty vault may take the place of one that is missing: a rebuild fills it again."""
        self.keyring = keyring
        self._say: Callable[[str], None] | None = None
        self.ledger = Ledger(self.custody / "ledger.jsonl", lambda: keyring.identity)

    @classmethod
    def make(
        cls,
        folder: Path,
        key_file: Path | None = None,
        today: dt.date | None = None,
        *,
        founder: str = FOUNDER,
        policy: Policy | None = None,
    ) -> Self:
        """Make a case in an empty or new folder, or in one in which an earlier call was cut off.

        `founder` is the name by which the ledger calls the member who makes it. Raises `NotACase` where the
        folder holds something else, and what `Keyring.make` raises.
        """
        if folder.exists() and not _is_free(folder):
            raise NotACase(
                f"{folder} holds other files and is not a case",
                next="give an empty or new folder with --case",
            )
        for part in ("custody", "vault", "releases"):
            (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        keyring, keys = Keyring.make(folder / "custody" / "keys", key_file)
        settings = {
            "layout": LAYOUT,
            "id": secrets.token_hex(8),
            "made_by": __version__,
            "made_on": today or dt.datetime.now(dt.UTC).date(),
        }
        promised = (policy or Policy()).settings()
        # The ledger first: a case that stands has one.
        ledger = Ledger(folder / "custody" / "ledger.jsonl", lambda: keyring.identity)
        member = {"recipient": keyring.identity.recipient, "signing_key": keyring.identity.verifying_key}
        ledger.found(
            founder,
            {"case": settings["id"], "version": __version__, "policy": promised} | keys.named | member,
        )
        write_whole(folder / "case.toml", _case_file(settings, promised))
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
        """The encrypted store. Raises `KeyMissing`, `WrongKey`, `VaultDamaged`, `IntegrityError`."""
        standing = self.ledger.standing
        folder = self.folder / "vault"
        if not (folder / "vault.duckdb").exists() and standing.manifests and not self.may_start_anew:
            raise VaultDamaged("the vault is missing")
        # What a killed rebuild or change of keys left in clear.
        shutil.rmtree(folder / "unsealed", ignore_errors=True)
        vault = opened(folder, self.keyring.vault_keys(standing))
        seen = vault.document("ledger head")
        if seen:
            try:
                self.ledger.contains(seen)
            except IntegrityError:
                vault.close()
                raise
        return vault

    def originals_keys(self) -> list[x25519.Identity]:
        """What opens the originals, the key that holds first. Raises as `Keyring.originals_keys`."""
        return self.keyring.originals_keys(self.ledger.standing)

    def sealed_to(self) -> x25519.Recipient:
        """What new originals are sealed to."""
        return x25519.Recipient.from_str(self.ledger.standing.originals[-1])

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
    def held(self, command: str = "") -> Iterator[None]:
        """Hold the case against a second process. Raises `CaseBusy`."""
        with held(self.folder / "vault" / "lock", self.member_name(), command) as self._say:
            yield
        self._say = None

    def at_work_on(self, stage: str) -> None:
        """Say to whoever has to wait for the case which stage is being made."""
        if self._say:
            self._say(stage)

    def member_name(self) -> str:
        """Who is at work, by the ledger; `?` for a key that can't be read or is not known there."""
        try:
            return self.ledger.author_or_none() or "?"
        except SousveilError:
            return "?"

    def close(self) -> None:
        """Close the vault if it was opened."""
        if "vault" in self.__dict__:
            self.__dict__.pop("vault").close()


def opened(folder: Path, keys: Sequence[str]) -> Vault:
    """The vault, by the first of these keys that opens it. Raises `VaultDamaged` where none does.

    The keys came out of the case's own wrapping, and the ledger names them: it is the file that is wrong.
    """
    for key in keys:
        try:
            return Vault.open(folder, key)
        except WrongKey:
            continue
    raise VaultDamaged


def _case_file(settings: dict[str, Any], promised: dict[str, Any]) -> str:
    """The text of case.toml."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment(
            "What this case is. The policy is a promise: change it before the first release or never."
        )
    )
    if promised["unseal_alone"]:
        document.add(
            tomlkit.comment(
                "ATTENTION: ONE PERSON ALONE MAY LOOK AT RECORDS (unseal_alone), without a second."
            )
        )
    for name, value in settings.items():
        document[name] = value
    document["policy"] = promised
    return tomlkit.dumps(document)


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
    begun = {
        "custody/ledger.jsonl",
        "custody/checkpoint",
        "custody/.checkpoint.part",
        "custody/keys/originals.age",
        "custody/keys/.originals.age.part",
        "custody/keys/vault.age",
        "custody/keys/.vault.age.part",
        ".case.toml.part",
    }
    folders = {"custody", "custody/keys", "vault", "releases"}
    return all(
        path.relative_to(folder).as_posix() in (folders if path.is_dir() else begun)
        for path in folder.rglob("*")
    )
