"""Whether a certificate tells more than the page: dumps that print the same page must have the same one.

A twin is the same dump with other people in what is hidden: labels of some rows are exchanged, so that
every shown number stays. Where the gate prints the same page of both, the
bytes of their certificates are held against each other.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.attack.instances import Instance
from tests.attack.linear import Breach
from tests.gate_world import World
from tests.support_certificate import Published, published

TRIES = 60
"""Changes tried on one dump."""
ENOUGH = 3
"""Twins of one dump."""


@dataclass(frozen=True)
class Pair:
    """Two dumps that print the same page."""

    number: int
    one: Published
    other: Published
    worlds: tuple[World, World]


def pairs(made: Instance) -> Iterator[Pair]:
    """Twins of the dump of an instance, asked the same questions."""
    one = published(made.world, made.questions, made.k)
    if not any(system["worlds"] for system in one.certificate["systems"]):
        return  # nothing is hidden, or nothing proven
    found = 0
    chance = np.random.default_rng([31, made.number])
    for _ in range(TRIES):
        twin = _changed(made.world, chance)
        if twin is None or not _shows_the_same(twin, one):
            continue
        other = published(twin, made.questions, made.k)
        if other.page == one.page:
            found += 1
            yield Pair(made.number, one, other, (made.world, twin))
        if found == ENOUGH:
            return


def circular(number: int) -> Instance:
    """A dump with three tables in a circle, of more combinations than programs deal with."""
    chance = np.random.default_rng([43, number])
    shape = (12, 15, 20)
    sizes = [1 / np.arange(1, labels + 1) for labels in shape]
    columns = [chance.choice(len(one), 2_500, p=one / one.sum()) for one in sizes]
    rows = [(f"a{a:02d}", f"b{b:02d}", f"c{c:02d}") for a, b, c in zip(*columns, strict=True)]
    questions = [[(by, "", "records") for by in itertools.combinations("abc", 2)]]
    return Instance(number, 5, World(("a", "b", "c"), rows), {}, questions)


def in_circles(count: int) -> list[Pair]:
    """So many dumps with tables in a circle, each with a twin of which every table is the same."""
    found = []
    for number in range(count):
        made = circular(number)
        worlds = (made.world, _exchanged(made.world))
        one, other = (published(world, made.questions, made.k) for world in worlds)
        if one.page == other.page and any(system["worlds"] for system in one.certificate["systems"]):
            found.append(Pair(number, one, other, worlds))
    return found


def _exchanged(world: World) -> World:
    """Four rows of two labels by each column exchange their last labels: no table by two columns changes."""
    rows = list(world.rows)
    a, b, c = (
        [label for label, _ in Counter(row[n] for row in rows).most_common(2)] for n in range(len(rows[0]))
    )
    for row in itertools.product((0, 1), repeat=2):
        last = sum(row) % 2
        place = rows.index((a[row[0]], b[row[1]], c[last]))
        rows[place] = (a[row[0]], b[row[1]], c[1 - last])
    twin = copy.copy(world)
    twin.rows = rows
    return twin


def differ(pair: Pair) -> list[Breach]:
    """What two certificates of one page tell apart."""
    return _apart([one.case.documents["worlds"] for one in (pair.one, pair.other)])


def differ_from_the_truth(pair: Pair) -> list[Breach]:
    """The same, were the worlds made from the dump with a few people moved, as those of the audit are."""
    return _apart([json.dumps(sorted(world.rows)[1:]) for world in pair.worlds])


def _apart(texts: list[str]) -> list[Breach]:
    return [] if texts[0] == texts[1] else [Breach("certificate", "tells two truths of one page apart")]


def _changed(world: World, chance: Any) -> World | None:
    """Labels of one column exchanged in most rows, or between a few rows."""
    place = int(chance.integers(len(world.columns)))
    rows = [list(row) for row in world.rows]
    labels = [label for label, _ in reversed(Counter(row[place] for row in world.rows).most_common())]
    if len(labels) < 2:
        return None
    if chance.random() < 0.5:
        a, b = (labels[int(n)] for n in chance.choice(min(len(labels), 4), 2, replace=False))
        for row in rows:
            row[place] = {a: b, b: a}.get(row[place], row[place]) if chance.random() < 0.7 else row[place]
    else:
        for _ in range(int(chance.integers(1, 4))):
            i, j = chance.integers(len(rows), size=2)
            rows[i][place], rows[j][place] = rows[j][place], rows[i][place]
    twin = copy.copy(world)
    twin.rows = [tuple(row) for row in rows]
    return twin if sorted(twin.rows) != sorted(world.rows) else None


def _shows_the_same(twin: World, one: Published) -> bool:
    """Whether all that was shown is true of the twin, too."""
    for finding, table in zip(one.findings, one.tables, strict=True):
        now = twin.again(table.question)
        truth = {cell.keys: cell.value for cell in now.cells} | {(): now.total.value}
        shown = [(tuple(c["keys"].values()), c["value"]) for c in finding["cells"] if c["value"] is not None]
        if any(truth.get(keys) != value for keys, value in shown):
            return False
    return True


def known(instances: Callable[[int], Instance], count: int) -> list[Pair]:
    """The twins of so many instances."""
    return [pair for number in range(count) for pair in pairs(instances(number))]
