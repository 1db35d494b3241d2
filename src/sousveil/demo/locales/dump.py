"""Writes a locale's dump: five tables in five formats, a readme and a workbook that was cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sousveil.demo import truth
from sousveil.demo.draft import Draft, Facts
from sousveil.demo.formats import delimited, ndjson, pgdump, workbook
from sousveil.demo.locales.figures import figures
from sousveil.demo.locales.model import Locale
from sousveil.demo.locales.people import LocalWorld, make_world
from sousveil.demo.locales.tables import calls, crossings, register, stays, watched
from sousveil.progress import Progress

RECORDS = 20_000
"""Records of a locale's demo, where nobody says how many."""


def write(folder: Path, locale: Locale, records: int, seed: int, progress: Progress) -> dict[str, Any]:
    """Write the files into `folder`, the same for a seed; returns the content of truth.json."""
    dump = _Dump(folder, make_world(locale, seed, records), progress)
    dump.write()
    return truth.truth(seed, dump.tables, dump.items, figures(locale), pictures=0)


class _Dump:
    def __init__(self, folder: Path, world: LocalWorld, progress: Progress) -> None:
        self.folder, self.world, self.progress = folder, world, progress
        self.tables: list[Facts] = []
        self.items: list[dict[str, str]] = []

    def write(self) -> None:
        """Write every file."""
        self._delimited(register.draft, "register", "\r\n")
        self._table(crossings.draft, lambda path, draft: ndjson.write(path, draft, draft.facts.table))
        self._table(calls.draft, _pg_dump)
        self._table(watched.draft, _workbook)
        self._delimited(stays.draft, "stays", "\n")
        whole = (self.folder / self.world.locale.files["watched"].item).read_bytes()
        self._path("old.xlsx", "unreadable").write_bytes(whole[: len(whole) // 2])
        self._path("README.txt", "counted").write_text(self.world.locale.readme, "utf-8")

    def _path(self, item: str, status: str = "loaded") -> Path:
        self.items.append({"path": item, "status": status})
        path = self.folder / item
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _table(
        self, make: Callable[[LocalWorld], Draft], writer: Callable[[Path, Draft], Iterator[int]]
    ) -> None:
        draft = make(self.world)
        for rows in writer(self._path(draft.facts.item), draft):
            self.progress.at(draft.facts.item, rows, rows)
        self.tables.append(draft.facts)

    def _delimited(self, make: Callable[[LocalWorld], Draft], name: str, end: str) -> None:
        file = self.world.locale.files[name]

        def writer(path: Path, draft: Draft) -> Iterator[int]:
            with path.open("wb") as out:
                yield from delimited.write(out, draft, file.encoding, file.delimiter, end, file.bom)

        self._table(make, writer)


def _pg_dump(path: Path, draft: Draft) -> Iterator[int]:
    with path.open("wb") as out:
        yield from pgdump.write(out, draft)


def _workbook(path: Path, draft: Draft) -> Iterator[int]:
    book = workbook.begin(path)
    heads = list(draft.facts.born)
    yield from workbook.write(book, draft, frozenset(), frozenset(heads))
    book.close()
