"""Tables in circles: worlds are believed where the atoms can be filled to fit them, and only there."""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from sousveil.gate.atoms import joint
from sousveil.gate.circles.circle import Circle, Grid, Link, Unlisted
from sousveil.gate.circles.circular import circle
from sousveil.gate.circles.exchange import Exchanger, cuts
from sousveil.gate.circles.lift import Lift
from sousveil.gate.effort import Effort
from sousveil.gate.protection.step import Step
from sousveil.gate.release import release
from tests.gate_world import Attacker, MemoryCase, World

SHAPE = (6, 5, 4)
PAIRS = ((0, 1), (0, 2), (1, 2))


@pytest.fixture
def by_moves(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """However small a circle is, its atoms are moved about."""
    found = []

    def recorded(*arguments: Any) -> Circle:
        found.append(circle(*arguments))
        return found[-1]

    monkeypatch.setattr(joint, "FEW", 0)
    monkeypatch.setattr(joint, "circle", recorded)
    yield
    assert found


def rows(seed: int, number: int) -> World:
    """Records by four columns, common labels first."""
    chance = np.random.default_rng(seed)
    parts = [chance.choice(size, number, p=_falling(size)) for size in (*SHAPE, 2)]
    labels = [[f"{name}{code}" for code in part] for name, part in zip("abcd", parts, strict=True)]
    return World("abcd", list(zip(*labels, strict=True)))


def _falling(size: int) -> np.ndarray:
    weights = np.arange(1, size + 1) ** -1.6
    return np.asarray(weights / weights.sum())


def made(seed: int = 1, number: int = 4_000) -> Circle:
    """A circle of three tables over random atoms; every cell is a node, table by table."""
    chance = np.random.default_rng(seed)
    grid = Grid(SHAPE)
    truth = chance.multinomial(number, _product().reshape(-1)).astype(np.int32)
    links, start = [], 0
    for axes in ((), (0,), (1,), (2,), *PAIRS):
        size = grid.size(axes)
        links.append(Link(axes, np.arange(start, start + size), True))
        start += size
    sums = {unit: truth.astype(np.int64) for unit in ("records", "people")}
    small = {unit: (numbers > 0) & (numbers < 10) for unit, numbers in sums.items()}
    return Circle(grid, {unit: truth.copy() for unit in sums}, links, [Unlisted((0, 1, 2), sums, small)])


def _product() -> np.ndarray:
    a, b, c = map(_falling, SHAPE)
    return np.asarray(a[:, None, None] * b[:, None] * c)


def nodes(ring: Circle, atoms: np.ndarray) -> np.ndarray:
    """The value of every node of `made`, worked out by another way than the circle's."""
    cube = atoms.reshape(SHAPE)
    every = [cube.sum(axis=tuple(axis for axis in range(3) if axis not in link.axes)) for link in ring.links]
    return np.concatenate([np.asarray(one).reshape(-1) for one in every]).astype(np.int64)


def unbounded(ring: Circle) -> np.ndarray:
    """Nothing is shown."""
    return np.full(sum(len(link.nodes) for link in ring.links), np.iinfo(np.int64).max)


def asked(world: World, pairs: Sequence[str] = ("ab", "bc", "ac"), where: str = "") -> list[Any]:
    return [world.ask(pair, where) for pair in pairs]


@pytest.mark.usefixtures("by_moves")
@pytest.mark.parametrize("seed", [1, 2])
def test_circles_proven_by_moves_give_nobody_away(seed: int) -> None:
    world = rows(seed, 1_500)
    tables = asked(world)
    findings = release(MemoryCase(10), tables, world)["findings"]
    assert not any("refused" in finding for finding in findings)
    attacker = Attacker(world, 10)
    for finding, table in zip(findings, tables, strict=True):
        attacker.read(finding, table)
    assert attacker.hidden
    assert attacker.narrowed() == []
    groups = {row[:3] for row in world.rows}
    for labels in groups:
        mask = sum(attacker._mask("abcd", (*labels, last), "") for last in ("d0", "d1"))
        if 0 < mask @ np.array(attacker.truth) < 10:
            assert attacker._extreme(mask, 1) < 1e-6, labels


@pytest.mark.usefixtures("by_moves")
def test_a_circle_about_one_part_of_the_people_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["sousveil.gate.release"], "Effort", functools.partial(Effort, atoms=10))
    world = rows(3, 4_000)
    tables = asked(world, where="d = 'd0'")
    findings = release(MemoryCase(10), tables, world)["findings"]
    assert not any("refused" in finding for finding in findings)


@pytest.mark.usefixtures("by_moves")
def test_six_linked_tables_of_four_columns_are_answered() -> None:
    world = rows(4, 3_000)
    tables = asked(world, ["".join(pair) for pair in itertools.combinations("abcd", 2)])
    findings = release(MemoryCase(10), tables, world)["findings"]
    assert not any("refused" in finding for finding in findings)


@pytest.mark.usefixtures("by_moves")
def test_a_group_that_must_hold_somebody_refuses_its_table() -> None:
    # Of a1 there are 12 under c1 and at most 9 under b0: the rest, few as they are, must be under b1.
    counts = {(f"a{a}", f"b{b}", f"c{c}"): 40 for a in range(3) for b in range(2) for c in range(3)}
    counts |= {("a1", "b0", "c0"): 0, ("a1", "b0", "c1"): 4, ("a1", "b0", "c2"): 0}
    counts |= {("a1", "b1", "c0"): 60, ("a1", "b1", "c1"): 8, ("a1", "b1", "c2"): 60}
    world = World.of("abc", {key: number for key, number in counts.items() if number})
    tables = asked(world)
    findings = release(MemoryCase(10), tables, world)["findings"]
    codes = [finding["refused"]["code"] for finding in findings if "refused" in finding]
    assert codes == ["UNPROVEN"]
    attacker = Attacker(world, 10)
    for finding, table in zip(findings, tables, strict=True):
        attacker.read(finding, table)
    assert attacker.narrowed() == []


def test_a_world_is_brought_down_to_atoms_that_add_up_to_it() -> None:
    ring, other = made(1), made(2)
    truth = ring.truth["records"].astype(np.int64)
    # Another population of the same size, table by table: its atoms are not told.
    moved = nodes(ring, other.truth["records"]) - nodes(ring, truth)
    assert moved.any()
    assert Lift(ring, "records").run(moved)
    assert ring.fits("records", moved, unbounded(ring))
    filled = ring.fillings["records"].atoms
    assert (nodes(ring, filled) - nodes(ring, truth) == moved).all()
    assert filled.min() >= 0


def test_a_world_that_no_atoms_add_up_to_is_not_believed() -> None:
    ring = made()
    moved = np.zeros_like(unbounded(ring))
    moved[-1] = 1
    Lift(ring, "records").run(moved)
    assert not ring.fits("records", moved, unbounded(ring))


@pytest.mark.parametrize(("atom", "by"), [(0, 1), (0, -1)])
def test_a_filling_whose_sums_are_off_by_one_is_no_world(atom: int, by: int) -> None:
    ring = made()
    ring.fillings["people"].add(np.array([atom]), np.array([by]))
    assert not ring.fits("people", np.zeros_like(unbounded(ring)), unbounded(ring))


def test_a_filling_below_zero_or_over_what_is_shown_is_no_world() -> None:
    ring = made()
    grid, filling = ring.grid, ring.fillings["people"]
    corners = grid.at(np.arange(2), (0,))[:, None, None] + grid.at(np.arange(2), (1,))[:, None]
    corners = (corners + grid.at(np.arange(2), (2,))).reshape(-1)
    signs = np.array([1, -1, -1, 1, -1, 1, 1, -1])
    nothing = np.zeros_like(unbounded(ring))
    filling.add(corners, signs)
    assert ring.fits("people", nothing, unbounded(ring))
    assert not ring.fits("people", nothing, np.ones_like(nothing))
    filling.add(corners, signs * (int(filling.atoms[corners[signs < 0]].min()) + 1))
    assert filling.atoms.min() < 0
    assert not ring.fits("people", nothing, unbounded(ring))


def test_nobody_may_be_where_no_cell_is() -> None:
    ring = made()
    cells = np.where(np.arange(SHAPE[0]) == SHAPE[0] - 1, -1, np.arange(SHAPE[0]))
    bare = Circle(ring.grid, ring.truth, [Link((0,), cells, True)], [])
    nothing = np.zeros(SHAPE[0], dtype=np.int64)
    assert bare.fits("people", nothing, unbounded(bare))
    bare.fillings["people"].add(ring.grid.at(np.array([SHAPE[0] - 1]), (0,)), np.array([1]))
    assert not bare.fits("people", nothing, unbounded(bare))


def test_exchanges_empty_small_groups_and_keep_every_table() -> None:
    ring = made(5, 20_000)
    unlisted = ring.unlisted[0]
    before = nodes(ring, ring.truth["records"])
    nothing = np.zeros_like(before)
    seen: list[np.ndarray] = []

    def believed() -> int:
        atoms = ring.fillings["records"].atoms
        assert ring.fits("records", nothing, unbounded(ring))
        assert (nodes(ring, atoms) == before).all()
        seen.append(atoms.copy())
        return ring.strike_out("records")

    wanted = np.flatnonzero(unlisted.open["records"])
    Exchanger(ring, "records", believed).run(lambda: None)
    shown = wanted[~unlisted.open["records"][wanted]]
    assert len(shown) == len(wanted) > 10
    assert all(any(atoms[group] == 0 for atoms in seen) for group in shown.tolist())
    assert unlisted.open["people"].any()


def test_a_group_that_is_left_with_somebody_stays_open() -> None:
    ring = made()
    group = int(np.flatnonzero(ring.truth["records"] == 5)[0])
    ring.fillings["records"].add(np.array([group]), np.array([-4]))
    assert ring.strike_out("records") == 0
    assert ring.unlisted[0].open["records"][group]
    ring.fillings["records"].add(np.array([group]), np.array([-1]))
    assert ring.strike_out("records") == 1


def test_no_cut_lets_a_table_cross_its_sides_and_its_context() -> None:
    ring = made()
    found = cuts(ring, (0, 1, 2))
    assert found
    for sides in itertools.chain(*(cut.sides for cut in found)):
        for table in ring.tables:
            crossing = set(table) & set(sides.left) and set(table) & set(sides.right)
            assert not (crossing and set(table) & set(sides.context))


@pytest.mark.usefixtures("by_moves")
def test_circles_of_hardly_anybody_end_in_an_answer_that_gives_nobody_away() -> None:
    world = rows(6, 160)
    tables = asked(world)
    findings = release(MemoryCase(5), tables, world)["findings"]
    attacker = Attacker(world, 5)
    for finding, table in zip(findings, tables, strict=True):
        attacker.read(finding, table)
    assert attacker.narrowed() == []


@pytest.mark.parametrize("has_failed", [False, True])
def test_after_a_world_that_moved_too_much_only_what_must_is_moved(has_failed: bool) -> None:
    # A table of three by three whose sums are known: to empty one cell takes a cycle of four.
    lines = np.kron(np.eye(3, dtype=np.int64), np.ones(3, dtype=np.int64))
    columns = np.kron(np.ones(3, dtype=np.int64), np.eye(3, dtype=np.int64))
    matrix = sparse.csc_array(np.concatenate([lines, columns]))
    nothing = np.zeros(6)
    circles = [SimpleNamespace(has_failed=has_failed)]
    problem: Any = SimpleNamespace(
        system=SimpleNamespace(circles=circles),
        moving=lambda _: matrix,
        room=lambda _: (nothing, nothing),
        start=lambda _: 0,
    )
    before = np.array([2, 5, 5, 5, 5, 5, 5, 5, 5])
    world = before.copy()
    bounds = np.zeros(9, dtype=np.int64), np.full(9, 20)
    cost = np.where(np.arange(9) == 0, 1.0, 0.0)
    Step(problem, ("records",), np.arange(9), world, bounds).take(cost)
    assert world[0] == 0
    assert not (matrix @ (world - before)).any()
    assert (np.abs(world - before).sum() == 8) or not has_failed
