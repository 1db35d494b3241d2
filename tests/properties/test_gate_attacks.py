"""Whatever the table, an attacker of its own code can't narrow a hidden cell down."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sousveil.gate import release
from tests.gate_world import Attacker, MemoryCase, World

K = 5
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

counts = st.one_of(st.integers(0, 2 * K), st.sampled_from([0, 0, 1, 3, 30, 200]))


@st.composite
def worlds(draw: Any, least: int = 1, most: int = 3) -> World:
    """A register of up to three columns: whole numbers for every combination of labels."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=least, max_size=most))
    atoms = list(
        itertools.product(*[[f"{'abc'[n]}{one}" for one in range(size)] for n, size in enumerate(sizes)])
    )
    found = draw(st.lists(counts, min_size=len(atoms), max_size=len(atoms)))
    return World.of("abc"[: len(sizes)], dict(zip(atoms, found, strict=True)))


def released(
    world: World, asked: list[tuple[str, ...]], case: MemoryCase | None = None
) -> tuple[Any, list[Any]]:
    tables = [world.ask(by) for by in asked]
    return release(case or MemoryCase(K), tables, world)["findings"], tables


def assert_safe(world: World, findings: Any, tables: list[Any]) -> None:
    attacker = Attacker(world, K)
    for finding, table in zip(findings, tables, strict=True):
        exact = {cell.keys: cell for cell in table.cells}
        for cell in finding["cells"]:
            if cell["status"] == "published" and cell["keys"]:
                true = exact[tuple(cell["keys"].values())]
                assert cell["value"] == true.value >= K
                assert true.people >= K
            elif cell["keys"]:
                assert (cell["value"], cell["low"], cell["high"]) == (None, None, None)
        assert finding["withheld"] == sum(cell["status"] == "withheld" for cell in finding["cells"])
        attacker.read(finding, table)
    assert attacker.narrowed() == []


@given(worlds())
@QUICK
def test_one_table_by_all_its_columns_is_safe(world: World) -> None:
    assert_safe(world, *released(world, [world.columns]))


@given(worlds(least=2, most=2))
@QUICK
def test_a_table_and_its_margins_are_safe_together(world: World) -> None:
    assert_safe(world, *released(world, [("a", "b"), ("a",), ("b",), ()]))


@given(worlds(least=3, most=3), st.permutations([("a", "b"), ("b", "c"), ("a",), ("c",)]))
@QUICK
def test_tables_that_share_a_column_are_safe_together(world: World, asked: list[tuple[str, ...]]) -> None:
    assert_safe(world, *released(world, asked))


@given(worlds(least=2, most=2), st.permutations([("a", "b"), ("a",), ("b",)]))
@QUICK
def test_releases_one_after_the_other_are_safe_together(world: World, asked: list[tuple[str, ...]]) -> None:
    case = MemoryCase(K)
    parts = [released(world, [by], case) for by in asked]
    assert_safe(world, [part[0][0] for part in parts], [part[1][0] for part in parts])


@given(worlds(least=2, most=2))
@QUICK
def test_the_same_questions_give_the_same_numbers_and_no_new_release(world: World) -> None:
    case = MemoryCase(K)
    first, _ = released(world, [("a", "b"), ("a",), ()], case)
    files = {path.name: path.read_bytes() for path in case.releases.iterdir()}
    again, _ = released(world, [("a", "b"), ("a",), ()], case)
    assert again == first
    assert {path.name: path.read_bytes() for path in case.releases.iterdir()} == files
