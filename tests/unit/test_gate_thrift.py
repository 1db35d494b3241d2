"""Cells hidden for others: as few as can be."""

from __future__ import annotations

import numpy as np
import pytest

from sousveil.gate.protection import protect
from sousveil.gate.release import release
from tests.gate_world import Attacker, MemoryCase, World


def _hidden(number: int) -> tuple[int, list[str]]:
    """How many cells of a random table are hidden, and which of them an attacker narrows down."""
    chance = np.random.default_rng(number)
    cells = np.rint(chance.lognormal(3.3, 1.1, (6, 5))).astype(np.int64) + 1
    world = World.of("ab", {(f"a{row}", f"b{column}"): int(n) for (row, column), n in np.ndenumerate(cells)})
    table = world.ask("ab")
    (finding,) = release(MemoryCase(10), [table], world)["findings"]
    attacker = Attacker(world, 10)
    attacker.read(finding, table)
    return 30 - sum(cell["value"] is not None for cell in finding["cells"]), attacker.narrowed()


def test_cells_that_need_not_be_hidden_are_shown_and_nobody_is_given_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thrifty = [_hidden(number) for number in range(6)]
    monkeypatch.setattr(protect, "spare", lambda system: None)
    others = [_hidden(number) for number in range(6)]
    assert [narrowed for _, narrowed in thrifty] == [[]] * 6
    assert all(mine <= theirs for (mine, _), (theirs, _) in zip(thrifty, others, strict=True))
    assert sum(number for number, _ in thrifty) < sum(number for number, _ in others)
