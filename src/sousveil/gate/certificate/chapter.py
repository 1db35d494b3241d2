"""What a certificate says of one system of printed tables: its worlds, and what they leave open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sousveil.gate import show
from sousveil.gate.certificate.glue import Atoms, World
from sousveil.gate.certificate.kinds import written
from sousveil.gate.certificate.pieces import Layout
from sousveil.gate.certificate.printed import Printed
from sousveil.gate.certificate.worlds import UNKNOWN, Worlds
from sousveil.gate.protection.system import Flags, Ints

Kind = tuple[int, ...]
"""A row of a world: for each column of the system the number of its value."""
Counts = Mapping[Kind, tuple[int, int]]
"""Records and people of each kind."""


class Chapter:
    """One member of `systems`, with as many of its worlds as there is room for."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.kept = len(worlds.found)
        self._filled = [_filled(worlds.layout, one) for one in worlds.found]
        self._targets = worlds.rows.targets if worlds.rows else []
        self._known = {label for table in worlds.tables for labels in table.cells for label in labels}
        self._made: tuple[int, dict[str, Any]] | None = None

    def drop(self) -> None:
        """Leave out an eighth of the worlds, the last ones."""
        self.kept -= max(1, self.kept // 8)

    @property
    def told(self) -> int:
        """How many hidden cells the printed numbers prove to be small and not empty."""
        worlds = self.worlds
        return int(((worlds.least > 0) & (worlds.most > UNKNOWN) & (worlds.most < worlds.k)).sum())

    @property
    def refused(self) -> tuple[Printed, ...]:
        """Tables that tell together of a group that it is small and not empty, or can't be verified."""
        worlds = self.worlds
        rows = [row for column in worlds.layout.columns.values() for row in column.values]
        strange = self._known - {written(value) for row in rows for value in row} - {"", show.OTHER}
        unreadable = [n for n, one in enumerate(worlds.tables) if any(map(strange.intersection, one.cells))]
        if self.told:
            return tuple(worlds.tables)
        return tuple(worlds.tables[n] for n in sorted({*worlds.layout.unlistable, *unreadable}))

    def as_json(self) -> dict[str, Any]:
        """As it stands in `worlds.json`."""
        if self._made is None or self._made[0] != self.kept:
            self._made = self.kept, self._as_json()
        return self._made[1]

    def _as_json(self) -> dict[str, Any]:
        layout, tables, k = self.worlds.layout, self.worlds.tables, self.worlds.k
        filled = self._filled[: self.kept]
        kinds = sorted(set[Kind]().union(*filled))
        return {
            "table": tables[0].table,
            "edition": tables[0].edition,
            "columns": [[list(one.asked), *map(list, one.values)] for one in layout.columns.values()],
            "printed": [one.as_json(k) for one in tables],
            "kinds": kinds,
            "worlds": _changes(filled, {kind: place for place, kind in enumerate(kinds)}),
        }

    def unproven(self) -> Counter[str]:
        """How many hidden cells are left open, by the reason."""
        worlds, layout = self.worlds, self.worlds.layout
        if layout.too_large:
            return Counter(large=sum(int(cells.possible.sum()) for cells in layout.cells))
        every = np.array(worlds.values, dtype=np.int64).reshape(len(worlds.values), len(worlds.zero))
        proven, some = _proven(every[: self.kept], worlds.k), every[: self.kept].any(axis=0)
        named = np.array([self._known.issuperset(one.labels) for one in self._targets], dtype=np.bool_)
        few = (worlds.most > UNKNOWN) & (worlds.most < worlds.k)
        if not self.kept:
            named[:] = True  # without worlds nothing speaks for it that there are none
        # Under a label that no page names, and empty for all that the numbers say: that is no cell.
        why = [proven | ~(some | named), worlds.least > 0, few, _proven(every, worlds.k)]
        left = Counter(np.select(why, ["", "some", "few", "room"], "work").tolist())
        left[""] = 0
        return left


def _proven(values: Ints, k: int) -> Flags:
    """Which cells are nobody in one world and at least k in another, by world and cell."""
    found: Flags = (values == 0).any(axis=0) & (values >= k).any(axis=0)
    return found


def _filled(layout: Layout, world: World) -> dict[Kind, tuple[int, int]]:
    """Records and people of each kind of row of a world."""
    records, people = _kinds(layout, world.records), _kinds(layout, world.people)
    return {kind: (count, people.get(kind, 0)) for kind, count in records.items()}


def _kinds(layout: Layout, rows: Mapping[Atoms, int]) -> dict[Kind, int]:
    """Rows by the values of all columns of the system."""
    atoms = np.array(list(rows), dtype=np.int64).reshape(len(rows), len(layout.clusters))
    columns: list[Ints] = []
    for name in layout.names:
        number = next(n for n, one in enumerate(layout.clusters) if name in one.columns)
        columns.append(layout.clusters[number].along(atoms[:, number], [name]))
    keys = np.array(columns, dtype=np.int64).reshape(len(layout.names), len(rows)).T.tolist()
    made: dict[Kind, int] = {}
    for key, count in zip(keys, rows.values(), strict=True):
        made[tuple(key)] = made.get(tuple(key), 0) + count
    return made


def _changes(filled: Sequence[Counts], place: Mapping[Kind, int]) -> list[list[int]]:
    """Each world by where it is not as the one before: how far on, records, people."""
    told = []
    before: Counts = {}
    for world in filled:
        changes, last = [], 0
        for kind in sorted({*before, *world}):
            now = world.get(kind, (0, 0))
            if now != before.get(kind, (0, 0)):
                changes += [place[kind] - last, *now]
                last = place[kind]
        told.append(changes)
        before = world
    return told
