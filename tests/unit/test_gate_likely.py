"""Atoms that nobody is in but could be."""

from __future__ import annotations

import pytest

from sousveil.gate.atoms import joint
from sousveil.gate.atoms.likely import likely
from sousveil.gate.release import release
from tests.gate_world import Attacker, MemoryCase, World

OBSERVED = {
    ("x", "u", "p"): (40, 40),
    ("x", "v", "q"): (30, 30),
    ("y", "u", "q"): (20, 20),
    ("y", "u", "p"): (3, 3),
}
POSSIBLE = {"a": [("x",), ("y",)], "b": [("u",), ("v",)], "c": [("p",), ("q",)]}


def test_an_empty_cell_is_crossed_with_what_is_frequent_beside_its_labels() -> None:
    made = likely(("a", "b", "c"), OBSERVED, [frozenset("ab")], POSSIBLE, 10)
    assert {key for key in made if key[:2] == ("y", "v")} == {("y", "v", "p"), ("y", "v", "q")}


def test_atoms_that_occur_and_large_cells_bring_nothing() -> None:
    made = likely(("a", "b", "c"), OBSERVED, [frozenset("ab")], POSSIBLE, 10)
    assert not set(made) & set(OBSERVED)
    assert {key[:2] for key in made} == {("y", "v")}


def test_what_logic_forbids_in_a_column_is_no_atom() -> None:
    observed = {("2018-01", "u", "1"): (40, 40), ("2017-01", "v", "0"): (30, 30)}
    possible = {"month": [("2018-01", "1"), ("2017-01", "0")], "b": [("u",), ("v",)]}
    order = ("month", "told", "b")
    rows = {(month, told, b): number for (month, b, told), number in observed.items()}
    made = likely(order, rows, [frozenset({"month", "b"})], possible, 10)
    assert made == [("2017-01", "0", "u"), ("2018-01", "1", "v")]


def test_a_circle_of_which_not_all_atoms_are_taken_gives_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint, "MAX_CROSS", 10)
    sizes = {("x", "u"): 60, ("x", "v"): 45, ("y", "u"): 52, ("y", "v"): 4, ("z", "u"): 38, ("z", "v"): 70}
    counts = {
        (a, b, c): max(n - 15 * place, 1) for (a, b), n in sizes.items() for place, c in enumerate("pqr")
    }
    world = World.of("abc", counts)
    tables = [world.ask(pair) for pair in ("ab", "bc", "ac")]
    findings = release(MemoryCase(10), tables, world)["findings"]
    attacker = Attacker(world, 10)
    for finding, table in zip(findings, tables, strict=True):
        attacker.read(finding, table)
    assert attacker.narrowed() == []
    assert any(cell["value"] for finding in findings for cell in finding["cells"])


def test_a_circle_of_large_cells_is_answered_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint, "MAX_CROSS", 300)
    labels = {"a": 8, "b": 7, "c": 9}
    rows = [tuple(f"{name}{n % size}" for name, size in labels.items()) for n in range(12 * 8 * 7 * 9)]
    world = World("abc", rows)
    findings = release(MemoryCase(10), [world.ask(pair) for pair in ("ab", "bc", "ac")], world)["findings"]
    assert [finding.get("refused") for finding in findings] == [None, None, None]
    assert all(cell["value"] for finding in findings for cell in finding["cells"])
