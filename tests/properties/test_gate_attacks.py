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


@given(
    worlds(least=3, most=3),
    st.lists(
        st.tuples(
            st.sampled_from([(), ("a",), ("b",), ("a", "b"), ("a", "c"), ("c",)]),
            st.sampled_from(["", "c = 'c0'", "c <> 'c0'"]),
        ),
        min_size=2,
        max_size=5,
    ),
    st.integers(0, 4),
)
@QUICK
def test_a_part_that_labels_cut_out_gives_nothing_away(
    world: World, asked: list[tuple[tuple[str, ...], str]], split: int
) -> None:
    case = MemoryCase(K)
    tables = [world.ask(by, where, id=f"q{n}") for n, (by, where) in enumerate(asked)]
    findings = [
        finding
        for part in (tables[:split], tables[split:])
        for finding in release(case, part, world)["findings"]
    ]
    assert_safe(world, findings, tables)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcde")), min_size=20, max_size=150),
)
@QUICK
def test_people_in_several_cells_stay_hidden_even_from_those_who_know_how_many_are(
    visits: list[tuple[int, str]],
) -> None:
    world = World(["kind"], [(kind,) for _, kind in visits], [person for person, _ in visits])
    table = world.ask(["kind"], count="people")
    (finding,) = release(MemoryCase(K), [table], world)["findings"]
    shown = {cell["keys"]["kind"]: cell["value"] for cell in finding["cells"] if cell["value"] is not None}
    hidden = [cell.value for cell in table.cells if cell.keys[0] not in shown]
    if "refused" in finding or not hidden:
        return
    known = sum(cell.value for cell in table.cells) - sum(shown.values())
    total = table.total.value
    for place, true in enumerate(hidden):
        others = hidden[:place] + hidden[place + 1 :]
        least = sum(0 if other < K else K for other in others)
        most = sum(K - 1 if other < K else total for other in others)
        if true < K:
            assert known - most <= 0
            assert known - least >= K - 1
