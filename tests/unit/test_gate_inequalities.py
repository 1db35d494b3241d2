"""What follows from sizes alone: people are at most records, parts at most their whole, labels are cells."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from sousveil.gate.atoms.population import Population
from sousveil.gate.effort import Effort
from sousveil.gate.protection.build import Built, build
from sousveil.gate.protection.problem import Problem, problems
from sousveil.gate.protection.system import UNITS
from sousveil.gate.release import release
from sousveil.gate.sheet import sheet
from tests.attack.wide import WideWorld
from tests.gate_world import MemoryCase, World

SEVERAL = WideWorld(
    "ab",
    [("a0", "b0")] * 30 + [("a0", "b1")] * 20 + [("a1", "b0")] * 25 + [("a1", "b1")] * 4,
    [*range(30), *range(20), *range(40, 65), 0, *range(40, 43)],
)
"""Those of b1 are in b0, too, and one of them is in both a0 and a1."""


def _built(world: World, asked: Sequence[tuple[str, str, str]]) -> Built:
    sheets = [sheet(world.ask(by, where, unit)) for by, where, unit in asked]
    return build(sheets, functools.partial(world.joint, world.name), 10, Effort())


def _node(population: Population, by: str, *labels: str) -> int:
    family = population.families[tuple(by)]
    return family.start + population.labels_of(family).index(labels)


def _worlds(problem: Problem, unit: str, node: int, value: int) -> bool:
    """Whether the true counts with one changed keep the inequalities."""
    world = problem.values.copy()
    world[node + len(problem.system.hidden) * problem.units.index(unit)] = value
    below, above = problem.room(world)
    sums = problem.system.matrix.shape[0] * len(problem.units)
    return bool((below[sums:] <= 0).all() and (above[sums:] >= 0).all())


def test_records_are_at_least_as_many_as_people_where_both_are_printed() -> None:
    built = _built(SEVERAL, [("ab", "", "records"), ("a", "", "people")])
    (chain,) = problems(built.system)
    assert chain[0].units == UNITS
    (population,) = built.populations.values()
    node = _node(population, "ab", "a1", "b1")
    assert _worlds(chain[-1], "people", node, 4) and not _worlds(chain[-1], "people", node, 5)
    assert not _worlds(chain[-1], "records", node, 3)


def test_one_unit_is_looked_at_by_itself_where_the_other_is_not_printed() -> None:
    built = _built(SEVERAL, [("ab", "", "records")])
    assert [chain[0].units for chain in problems(built.system)] == [("records",), ("people",)]


def test_a_cell_lies_in_the_same_cell_of_a_wider_population_and_in_the_label_that_it_is_about() -> None:
    built = _built(
        SEVERAL, [("b", "", "people"), ("b", "a = 'a1'", "people"), ("", "a = 'a1' OR b = 'b1'", "people")]
    )
    everybody, part, either = sorted(built.populations.values(), key=lambda one: len(one.base))
    pairs = set(zip(*map(np.ndarray.tolist, built.system.inside), strict=True))
    assert (_node(part, "b", "b1"), _node(everybody, "b", "b1")) in pairs
    assert (_node(part, "b", "b0"), _node(either, "")) in pairs
    assert (_node(everybody, "b", "b1"), _node(either, "")) in pairs
    assert (_node(everybody, "b", "b0"), _node(either, "")) not in pairs


def test_a_hidden_part_of_people_has_no_more_than_the_shown_whole() -> None:
    built = _built(SEVERAL, [("b", "", "people"), ("ab", "a = 'a0' OR b = 'b0'", "people")])
    either = max(built.populations.values(), key=lambda one: len(one.base))
    node = _node(either, "ab", "a0", "b1")
    built.system.hide([node, _node(either, "b", "b1")])
    assert built.system.bounds("people")[1][node] == 23  # all people of b1


def _answer(few: int) -> dict[str, object]:
    rows = [("a0", "b0")] * 60 + [("a1", "b1")] * (40 - few) + [("a0", "b1")] * few
    world = World("ab", rows)
    tables = [world.ask("b", "a = 'a0'")]
    (found,) = release(MemoryCase(10), tables, world)["findings"]
    return {name: found.get(name) for name in ("cells", "refused")}


def test_a_label_under_which_a_condition_leaves_nobody_looks_as_one_of_a_few() -> None:
    assert _answer(0) == _answer(3)
    assert _answer(12) != _answer(3)


def test_a_label_that_a_condition_rules_out_is_no_cell() -> None:
    world = World("ab", [("a0", "b0")] * 160 + [("a0", "b1")] * 40)
    (found,) = release(MemoryCase(10), [world.ask("b", "b = 'b0'")], world)["findings"]
    assert [cell["value"] for cell in found["cells"]] == [160]


def test_a_released_table_that_lists_everything_stays_so() -> None:
    world, case = World("ab", [("a0", "b0")] * 160 + [("a1", "b0")] * 40), MemoryCase(10)
    release(case, [world.ask("b", "a = 'a0'")], world)
    later = World("ab", world.rows, world.people)
    found = release(case, [later.ask("b", "a = 'a0'"), later.ask("ab")], later)["findings"]
    assert [cell["value"] for cell in found[0]["cells"]] == [160]


def test_a_small_cell_of_people_in_several_parts_is_still_answered_for() -> None:
    rows = [(a, b) for a in ("a0", "a1", "a3") for b in ("b0", "b1") for _ in range(30)]
    few = [("a2", b) for b in ("b0", "b1") for _ in range(6)]
    world = World("ab", [*rows, *few], [*range(180), *range(180, 186), *range(180, 186)])
    asked = [world.ask("a", count="people"), world.ask("ab")]
    findings = release(MemoryCase(10), asked, world)["findings"]
    assert [one.get("refused") for one in findings] == [None, None]
    assert all(cell["value"] is None for one in findings for cell in one["cells"] if "a2" in cell["keys"])
