"""Circles of few people: worlds found record by record, and cells hidden before a table is refused."""

from __future__ import annotations

import numpy as np
import pytest

from sousveil.gate.circles.circle import Circle
from sousveil.gate.circles.walk import Room, Walk
from sousveil.gate.protection import wander
from sousveil.gate.release import release
from tests.gate_world import Attacker, MemoryCase, World
from tests.unit.test_gate_circle import asked, by_moves, made, nodes, rows, unbounded

__all__ = ["by_moves"]
"""The fixture, used by name."""


def _room(ring: Circle, hidden: np.ndarray, hideable: np.ndarray) -> tuple[np.ndarray, Room]:
    values = nodes(ring, ring.truth["records"])
    low, high = np.where(hidden, 0, values), np.where(hidden, 9, values)
    high = np.maximum(high, values)
    wide_low = np.where(hideable, np.minimum(values, 10), low)
    wide_high = np.where(hideable, values.max(), high)
    return values, Room(low, high, wide_low, wide_high, np.where(hideable, 1.0, 0.0))


def _pairs(ring: Circle) -> np.ndarray:
    """The cells of the tables by two columns."""
    pairs = np.zeros(len(unbounded(ring)), dtype=np.bool_)
    for link in ring.links:
        pairs[link.nodes] |= len(link.axes) == 2
    return pairs


def test_a_walk_empties_a_small_group_within_what_each_cell_may_be() -> None:
    ring = made(7, 600)
    truth = ring.truth["records"].astype(np.int64)
    small = _pairs(ring) & (nodes(ring, truth) < 10)
    values, room = _room(ring, small, np.zeros_like(small))
    walk = Walk(ring, ("records",), (values,), (room,), 0)
    emptied = 0
    for group in np.flatnonzero((truth > 0) & (truth < 10)).tolist():
        if not walk.to(walk.emptied((0, 1, 2), group, int(truth[group])), 40):
            walk.back()
            continue
        filled = ring.fillings["records"].atoms
        assert filled[group] == 0
        assert filled.min() >= 0
        assert (nodes(ring, filled) == walk.values[0]).all()
        assert ((room.low <= walk.values[0]) & (walk.values[0] <= room.high)).all()
        assert ring.fits("records", walk.values[0] - values, unbounded(ring))
        emptied += 1
    assert emptied > 20


def test_a_walk_brings_a_cell_to_a_value_and_says_which_cells_must_be_hidden_for_it() -> None:
    ring = made(8, 600)
    values, shown = _room(ring, np.zeros(len(unbounded(ring)), dtype=np.bool_), _pairs(ring))
    cell = int(np.flatnonzero(_pairs(ring) & (values > 12))[0])
    walk = Walk(ring, ("records",), (values,), (shown,), 0)
    assert not walk.to(walk.cell(cell, int(values[cell]) - 1), 40)
    # Every table is shown: what has moved are cells of them, the one that was asked for among them.
    assert cell in walk.out
    hidden = np.zeros(len(values), dtype=np.bool_)
    hidden[sorted(walk.out)] = True
    assert (walk.values[0] == values)[~hidden].all()
    assert ring.fits("records", walk.values[0] - values, unbounded(ring))


def test_a_walk_that_leads_nowhere_is_undone() -> None:
    ring = made(8, 600)
    nothing = np.zeros(len(unbounded(ring)), dtype=np.bool_)
    values, fixed = _room(ring, nothing, nothing)
    walk = Walk(ring, ("records",), (values,), (fixed,), 0)
    assert not walk.to(walk.cell(int(np.flatnonzero(_pairs(ring))[0]), 0), 20)
    walk.back()
    assert (walk.values[0] == values).all()
    assert not walk.out
    assert (ring.fillings["records"].atoms == ring.truth["records"]).all()


@pytest.mark.usefixtures("by_moves")
@pytest.mark.parametrize(("seed", "number"), [(12, 250), (14, 400)])
def test_circles_of_few_people_are_answered_and_give_nobody_away(seed: int, number: int) -> None:
    world = rows(seed, number)
    tables = asked(world)
    findings = release(MemoryCase(5), tables, world)["findings"]
    assert not any("refused" in finding for finding in findings)
    attacker = Attacker(world, 5)
    for finding, table in zip(findings, tables, strict=True):
        attacker.read(finding, table)
    assert attacker.hidden
    assert attacker.narrowed() == []
    for labels in sorted({row[:3] for row in world.rows})[::5]:
        mask = sum(attacker._mask("abcd", (*labels, last), "") for last in ("d0", "d1"))
        if mask @ np.array(attacker.truth) < 5:
            assert attacker._extreme(mask, 1) < 1e-6, labels


@pytest.mark.usefixtures("by_moves")
def test_without_walks_the_same_circle_loses_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    world = rows(14, 400)
    with_walks = release(MemoryCase(5), asked(world), world)["findings"]
    monkeypatch.setattr(wander, "MOST", 0)
    without = release(MemoryCase(5), asked(world), world)["findings"]
    assert sum("refused" in one for one in with_walks) < sum("refused" in one for one in without)


def test_people_in_several_cells_count_once_in_a_margin() -> None:
    # Five people of a1, each with two records under other labels of b and c: their number by a is five.
    some = [(f"a{n % 3}", f"b{n % 4}", f"c{n % 5}") for n in range(600)]
    twice = [("a9", f"b{n % 4}", "c0") for n in range(5)] + [
        ("a9", f"b{(n + 1) % 4}", "c1") for n in range(5)
    ]
    people = [*range(600), *(2 * [*range(1000, 1005)])]
    world = World("abc", [*some, *twice], people)
    findings = release(MemoryCase(10), asked(world, ["ab", "ac"]), world)["findings"]
    assert not any("refused" in finding for finding in findings)
    shown = [cell for one in findings for cell in one["cells"] if cell["value"] is not None]
    assert not any("a9" in cell["keys"].values() for cell in shown)
