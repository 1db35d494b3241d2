"""Large systems in parts: every block is small, and what is found in blocks is a world all the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sousveil.gate.protection import step
from sousveil.gate.protection.blocks import MOST, Blocks, blocks
from sousveil.gate.release import release
from tests.gate_world import Attacker, MemoryCase, World

ROWS, COLUMNS = 180, 40
CHANCE = np.random.default_rng(1)


def _grid() -> Blocks:
    """The cells of a table row by row, and two that are about no row."""
    rows = np.repeat(np.arange(ROWS), COLUMNS)
    return blocks(np.append(rows, [-1, -1]), np.ones(ROWS * COLUMNS + 2, np.int64))


def test_a_row_is_a_cluster_and_what_is_about_none_is_in_every_block() -> None:
    found = _grid()
    cluster = found.cluster[:-2].reshape(ROWS, COLUMNS)
    assert (cluster == cluster[:, :1]).all()
    assert all(set(block[-2:]) == {7_200, 7_201} for block in found.packed(np.arange(100), CHANCE))


def test_of_a_cluster_that_is_too_large_the_wanted_come_first() -> None:
    label = np.concatenate([np.zeros(3 * MOST, np.int64), np.ones(MOST, np.int64)])
    found = blocks(label, np.ones(len(label), np.int64))
    wanted = np.arange(0, 1_000)
    (block,) = found.packed(wanted, CHANCE)
    assert np.isin(wanted, block).all()
    assert len(block) <= MOST
    assert (block >= 3 * MOST).any()


def test_blocks_hold_what_is_wanted_and_are_small() -> None:
    wanted = np.arange(0, ROWS * COLUMNS, 7)
    packed = _grid().packed(wanted, CHANCE)
    assert len(packed) > 1
    assert np.isin(wanted, np.concatenate(packed)).all()
    assert max(map(len, packed)) <= MOST + 2 * COLUMNS


def test_around_a_node_is_its_cluster_and_no_more_than_asked() -> None:
    places = _grid().around(np.array([5]), np.random.default_rng(1), 400)
    assert set(range(COLUMNS)) <= set(places.tolist())
    assert len(places) <= 400


def test_a_wide_table_is_released_without_a_wide_program(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    program = step.Program

    def watched(matrix: Any, *rest: Any) -> Any:
        sizes.append(matrix.shape[1])
        return program(matrix, *rest)

    monkeypatch.setattr(step, "Program", watched)
    chance = np.random.default_rng(3)
    counts = {
        (f"a{row:03d}", f"b{column:02d}"): int(number)
        for (row, column), number in np.ndenumerate(chance.integers(1, 9, (ROWS, COLUMNS)))
    }
    counts |= {("whole", f"b{column:02d}"): 500 for column in range(COLUMNS)}
    world = World.of(("a", "b"), counts)
    finding = release(MemoryCase(10), [world.ask(("a", "b"))], world)["findings"][0]
    shown = [cell for cell in finding["cells"] if cell["value"] is not None]
    assert len(shown) == COLUMNS
    assert len(sizes) > 1 and max(sizes) <= MOST + 2 * COLUMNS


def test_what_is_hidden_in_blocks_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sousveil.gate.protection.blocks.MOST", 12)
    chance = np.random.default_rng(4)
    counts = {
        (f"a{row}", f"b{column}"): int(number)
        for (row, column), number in np.ndenumerate(chance.choice([2, 5, 8, 14, 40], (7, 5)))
    }
    world = World.of(("a", "b"), counts)
    table = world.ask(("a", "b"))
    finding = release(MemoryCase(10), [table], world)["findings"][0]
    attacker = Attacker(world, 10)
    attacker.read(finding, table)
    assert any(cell["value"] is not None for cell in finding["cells"])
    assert attacker.narrowed() == []
