"""Writes the whole dump: who lives in it, then every file in turn."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sousveil.demo import identifiers, people, truth
from sousveil.demo.draft import Draft, Facts, Sizes, World, generator
from sousveil.demo.formats import delimited, mysqldump, ndjson, papers, pictures, sqlite, workbook
from sousveil.demo.locales import HOME, LOCALES
from sousveil.demo.locales import dump as local
from sousveil.demo.locales.figures import figures
from sousveil.demo.tables import border, calls, companies, lists, passages, residence, traffic, visitors
from sousveil.errors import UsageError
from sousveil.files import write_whole
from sousveil.progress import Progress, Silent

_MOST_RESIDENTS = 1_500_000
_MOST_VEHICLES = 1_000_000


RECORDS = 1_100_000
"""Records of the large demo, where nobody says how many."""


def write(
    folder: Path,
    records: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    locale: str = HOME,
) -> dict[str, Any]:
    """Write `folder`/dump, truth.json and questions.toml: at least `records` records, the same for a seed.

    `locale` is `HOME` or one of `LOCALES`, whose demos have 20,000 records where none are asked for. Returns
    {"files", "records", "seconds"}. An earlier demo there is replaced; raises `UsageError` where the folder
    holds anything else.
    """
    began = time.monotonic()
    progress = progress or Silent()
    _clear(folder)
    abroad = LOCALES.get(locale)
    size = records or (local.RECORDS if abroad else RECORDS)
    progress.stage("demo", size)
    if abroad:
        document = local.write(folder / "dump", abroad, size, seed, progress)
        questions = truth.questions(figures(abroad))
    else:
        document, questions = _home(folder / "dump", size, seed, progress), truth.questions()
    write_whole(folder / "questions.toml", questions)
    write_whole(folder / "truth.json", truth.as_json(document))
    files = sum(path.is_file() for path in (folder / "dump").rglob("*"))
    progress.finished(f"{files} files, {document['records']:,} records")
    return {"files": files, "records": document["records"], "seconds": round(time.monotonic() - began, 1)}


def _home(folder: Path, records: int, seed: int, progress: Progress) -> dict[str, Any]:
    """Write the large demo's files; returns the content of truth.json."""
    world = make_world(seed, records)
    progress.at("people", 0)
    dump = Dump(folder, world, progress)
    dump.write()
    return truth.truth(seed, dump.tables, dump.items)


def _clear(folder: Path) -> None:
    """Make room. truth.json is begun first and finished last: by it a demo cut off half-way is known, too."""
    mark = folder / "truth.json"
    if folder.exists() and any(folder.iterdir()):
        known = mark.exists() and f'"{truth.MARK}"' in mark.read_text("utf-8", "replace")[:100]
        if not known:
            raise UsageError(
                f"{folder} holds other files than a demo", next="give an empty or new folder to sousveil demo"
            )
        shutil.rmtree(folder / "dump", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(mark, truth.as_json({"sousveil": truth.MARK, "unfinished": True}))


def make_world(seed: int, records: int) -> World:
    """Everybody and every vehicle of a dump of so many records."""
    sizes = Sizes(records)
    residents = people.residents(
        generator(seed, "residents"), min(sizes.mass(350_000, 2_000), _MOST_RESIDENTS)
    )
    rng = generator(seed, "visitors")
    guests = people.visitors(rng, len(residents), border.nations(rng, sizes))
    plates = identifiers.plates(min(sizes.mass(60_000), _MOST_VEHICLES))
    return World(seed, sizes, residents, guests, plates)


class Dump:
    """The files of the dump; `tables` and `items` say afterwards what was written."""

    def __init__(self, folder: Path, world: World, progress: Progress) -> None:
        self.folder = folder
        self.world = world
        self.progress = progress
        self.tables: list[Facts] = []
        self.items: list[dict[str, str]] = []
        self._done = 0

    def write(self) -> None:
        """Write every file; the checkpoint passages come last and make up the number of records."""
        for make in (
            self._border,
            self._calls,
            self._database,
            self._workbook,
            self._sqlite,
            self._temporary,
        ):
            make()
        self._cafes()
        self._papers()
        rest = self.world.sizes.records + self.world.sizes.records // 500 - self._done
        self._passages(max(rest, self.world.sizes.mass(50_000)))

    def _path(self, item: str, status: str = "loaded") -> Path:
        self.items.append({"path": item, "status": status})
        path = self.folder / item
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _table(self, draft: Draft, writing: Iterator[int]) -> None:
        """Draw a table through its writer, and keep its facts."""
        for rows in writing:
            self.progress.at(draft.facts.item, self._done + rows, self._done + rows)
        self._done += draft.facts.records
        self.tables.append(draft.facts)

    def _border(self) -> None:
        draft = border.draft(self.world)
        self._table(draft, ndjson.write(self._path(draft.facts.item), draft, "lcga_crj_2019"))

    def _passages(self, size: int) -> None:
        draft = passages.draft(self.world, size)
        path = self._path(draft.facts.item)
        self._table(draft, ndjson.write(path, draft, "lcga_jcz_v2", frozenset({"WZ"})))

    def _calls(self) -> None:
        draft = calls.draft(self.world)
        with self._path(draft.facts.item).open("wb") as out:
            self._table(draft, delimited.write(out, draft, "gb18030"))

    def _database(self) -> None:
        numbers = frozenset({"id", "jd", "wd", "sd", "fxj"})
        with self._path("mysql/lcga.sql").open("wb") as out:
            mysqldump.head(out)
            for make in (lists.draft, lists.codes, traffic.gps):
                draft = make(self.world)
                self._table(draft, mysqldump.write(out, draft, numbers))
            mysqldump.tail(out)

    def _workbook(self) -> None:
        whole = self._path("台账/单位台账.xlsx")
        book = workbook.begin(whole)
        for make in (companies.companies, companies.staff, companies.informants):
            draft = make(self.world)
            dates = frozenset({"出生日期"}) if make is companies.staff else frozenset()
            self._table(draft, workbook.write(book, draft, frozenset({"序号"}), dates))
        book.close()
        data = whole.read_bytes()
        self._path("台账/旧台账.xlsx", "unreadable").write_bytes(data[: len(data) // 2])

    def _sqlite(self) -> None:
        connection = sqlite.begin(self._path("app/vehicles.db"))
        for make in (traffic.register, visitors.draft):
            draft = make(self.world)
            self._table(draft, sqlite.write(connection, draft))
        connection.close()

    def _temporary(self) -> None:
        draft = residence.temporary(self.world)
        with self._path(draft.facts.item).open("wb") as out:
            self._table(draft, delimited.write(out, draft, "utf-16-le", "\t", "\n", b"\xff\xfe"))

    def _cafes(self) -> None:
        draft = residence.cafes(self.world)
        text = io.BytesIO()
        self._table(draft, delimited.write(text, draft, "utf-8", bom=b"\xef\xbb\xbf"))
        with zipfile.ZipFile(
            self._path("备份/2019.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=4
        ) as archive:
            archive.writestr(_GbkMember("网吧上网.csv"), text.getbuffer())
        self.items.append({"path": draft.facts.item, "status": "loaded"})

    def _papers(self) -> None:
        self._path("README.txt", "counted").write_text(papers.README, "utf-8")
        self._path("通知2019.pdf", "counted").write_bytes(
            papers.pdf("Notice. Invented city, invented people.")
        )
        for number in range(1, truth.PICTURES + 1):
            kind, make = ("jpg", pictures.jpeg) if number % 3 else ("png", pictures.png)
            self._path(f"照片/zp_{number:04}.{kind}", "counted").write_bytes(make(number))


class _GbkMember(zipfile.ZipInfo):
    """A member whose name is in GBK, without the flag for UTF-8, as Windows in China writes it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, (2019, 6, 20, 22, 40, 0))
        self.compress_type = zipfile.ZIP_DEFLATED

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  # zipfile calls it so
        return self.filename.encode("gbk"), self.flag_bits & ~0x800
