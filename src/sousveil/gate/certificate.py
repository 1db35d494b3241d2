"""The certificate of a case: other worlds that agree with every number that it ever printed.

`worlds.json` holds, for each table of the dump and each edition of its numbers: the columns with the values
that a reader can name, every table as it was printed, and the worlds, as rows with a value for each column.
It is canonical JSON and the same function of the printed numbers whatever is hidden, so that its SHA-256 can
stand in `releases/`. `sousveil.publish.verifier` goes along with it and shares no code with this.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sousveil.gate.glue import Atoms, glued
from sousveil.gate.pieces import Layout
from sousveil.gate.printed import Printed, rounds
from sousveil.gate.rows import Target
from sousveil.gate.system import Ints
from sousveil.gate.worlds import Worlds

MOST_BYTES = 1_000_000
ABOUT = (
    "Made-up databases. Asked what was asked of the real one, each gives the numbers that were printed; each "
    "hidden group is nobody in one of them and at least k in another. They were made from the printed "
    "numbers alone, and tell nothing of who is in the real one. verify.py checks them."
)
Kind = tuple[int, ...]
"""A row of a world: for each column of the system the number of its value."""


def certificate(printed: Sequence[Printed], k: int) -> str:
    """The text of `worlds.json` for all that was printed; the same for the same print."""
    systems = [Worlds(tables, k) for tables in rounds(printed)]
    while len(text := _text(systems, k).encode("utf-8")) > MOST_BYTES:
        # Fewer worlds prove fewer cells; those left over are listed as unproven.
        widest = max(systems, key=lambda one: len(one.found))
        if not widest.found:
            break
        del widest.found[-max(1, len(widest.found) // 8) :]
    return text.decode("utf-8")


def sha256(text: str) -> str:
    """The SHA-256 of a certificate."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _text(systems: Sequence[Worlds], k: int) -> str:
    known = {label for one in systems for table in one.tables for labels in table.cells for label in labels}
    unproven, reasons, told = [], [], 0
    for number, one in enumerate(systems):
        for target, reason in _left(one, known, k):
            unproven.append([number, target.table, *target.labels])
            reasons.append(reason)
            told += bool(target.least) and target.most is not None and target.most < k
    document = {
        "about": ABOUT,
        "systems": [_system(one, k) for one in systems],
        "told": told,
        "unproven": unproven,
        "reasons": reasons,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _left(worlds: Worlds, known: set[str], k: int) -> list[tuple[Target, str]]:
    """The hidden cells that are not nobody in one world and at least k in another, and why not."""
    found = []
    for target in worlds.targets:
        values = [int(world[target.unknowns].sum()) for world in worlds.found]
        if not any(values) and not known.issuperset(target.labels):
            continue  # under a label that no page names, and empty for all that the numbers say
        if not values or min(values) > 0 or max(values) < k:
            found.append((target, _reason(target, k)))
    return found


def _reason(target: Target, k: int) -> str:
    if target.least:
        return f"the printed numbers say that there are at least {target.least}"
    if target.most is not None and target.most < k:
        return f"the printed numbers say that there are at most {target.most}"
    return "no such world was found within the work, or there was no room for it"


def _system(worlds: Worlds, k: int) -> dict[str, Any]:
    layout = worlds.layout
    filled = _filled(worlds)
    kinds = sorted(set[Kind]().union(*filled))
    return {
        "table": worlds.tables[0].table,
        "edition": worlds.tables[0].edition,
        "columns": [[list(one.asked), *map(list, one.values)] for one in layout.columns.values()],
        "printed": [one.as_json(k) for one in worlds.tables],
        "kinds": _blocks(kinds),
        "worlds": _changes(filled, {kind: place for place, kind in enumerate(kinds)}),
    }


def _filled(worlds: Worlds) -> list[dict[Kind, tuple[int, int]]]:
    """For each world the records and people of each kind of row."""
    before: dict[str, Mapping[Atoms, int]] = {}
    made = []
    for world in worlds.found:
        for unit in worlds.rows.units:
            start = worlds.rows.units.index(unit) * worlds.rows.size
            before[unit] = glued(worlds.layout, world[start : start + worlds.rows.size], before.get(unit, {}))
        # Where only people were asked for, each has one record; where only records, nobody is counted.
        records = _kinds(worlds.layout, before.get("records", before.get("people", {})))
        people = _kinds(worlds.layout, before.get("people", {}))
        made.append({kind: (records.get(kind, 0), people.get(kind, 0)) for kind in {**records, **people}})
    return made


def _kinds(layout: Layout, rows: Mapping[Atoms, int]) -> dict[Kind, int]:
    """Rows by the values of all columns of the system."""
    atoms = np.array(list(rows), dtype=np.int64).reshape(len(rows), len(layout.pieces))
    columns: list[Ints] = []
    for name in layout.names:
        number = next(n for n, piece in enumerate(layout.pieces) if name in piece.columns)
        columns.append(layout.pieces[number].values(name)[atoms[:, number]])
    keys = np.array(columns, dtype=np.int64).reshape(len(layout.names), len(rows)).T.tolist()
    made: dict[Kind, int] = {}
    for key, count in zip(keys, rows.values(), strict=True):
        made[tuple(key)] = made.get(tuple(key), 0) + count
    return made


def _blocks(kinds: Sequence[Kind]) -> list[list[list[int]]]:
    """Sorted kinds as crossed lists of values: those that differ in the last column only stand together."""
    if kinds and not kinds[0]:
        return [[]]  # no columns: there is one kind
    grouped = itertools.groupby(kinds, key=lambda kind: kind[:-1])
    return [[*([place] for place in head), [kind[-1] for kind in same]] for head, same in grouped]


def _changes(filled: Sequence[Mapping[Kind, tuple[int, int]]], place: Mapping[Kind, int]) -> list[list[int]]:
    """Each world by where it is not as the one before: how far on, records, people."""
    told = []
    before: Mapping[Kind, tuple[int, int]] = {}
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
