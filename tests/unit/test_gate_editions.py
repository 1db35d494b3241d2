"""Editions: numbers of changed data go out only where nobody or at least k people made each change."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sousveil.findings.bases import bases
from sousveil.findings.model import Question, Records
from sousveil.findings.populations import CasePopulations
from sousveil.gate import release
from sousveil.gate.editions.changes import FEW, MANY, NONE, changed
from tests.attack.product import outcome
from tests.gate_world import MemoryCase, World
from tests.support_findings import add_table, empty_case

ROWS = [("k1", "p1")] * 40 + [("k2", "p1")] * 40 + [("k2", "p2")] * 60 + [("k3", "p2")] * 50
Asked = tuple[Any, ...]


def world(more: list[tuple[str, str]] | None = None, people: list[int] | None = None) -> World:
    """190 people with a record each, and further records."""
    rows = [*ROWS, *(more or [])]
    return World(
        ["kind", "port"], rows, [*range(len(ROWS)), *(people or range(1_000, 1_000 + len(rows)))][: len(rows)]
    )


def codes(case: MemoryCase, world: World, *questions: Asked) -> list[str]:
    tables = [world.ask(*question) for question in questions]
    return [outcome(one) for one in release(case, tables, world)["findings"]]  # type: ignore[arg-type]


def test_many_records_of_few_people_are_no_new_edition() -> None:
    case, asked = MemoryCase(), ([], "", "records")
    assert codes(case, world(), asked) == ["published"]
    few = world([("k1", "p1")] * 12, [1_000 + n % 6 for n in range(12)])
    assert codes(case, few, asked) == ["EDITION"]
    assert codes(case, world([("k1", "p1")] * 12), asked) == ["published"]


def test_a_group_that_is_spelled_otherwise_does_not_move_apart_by_few() -> None:
    case = MemoryCase()
    assert codes(case, world(), (["kind"], "kind <> 'k3'", "records")) == ["published"]
    assert codes(case, world([("k1", "p1")] * 2), ([], "kind = 'k1'", "records")) == ["EDITION"]


def test_a_group_that_can_be_added_up_from_several_tables_does_not_move_by_few() -> None:
    case = MemoryCase()
    more = world([("k1", "p1")] * 15 + [("k2", "p2")] * 3)
    assert codes(case, world(), (["kind"], "", "records")) == ["published"]
    assert codes(case, more, ([], "", "records")) == ["published"]
    # The 18 records more are of 18 people, but 3 of them are of k2.
    assert codes(case, more, ([], "kind <> 'k1'", "records")) == ["EDITION"]


def test_what_a_table_does_not_see_does_not_stand_in_its_way() -> None:
    case = MemoryCase()
    assert codes(case, world(), (["kind"], "", "records"), (["port"], "", "records")) == ["published"] * 2
    relabelled = world()
    relabelled.rows[:3] = [("k2", "p1")] * 3
    assert codes(case, relabelled, ([], "kind = 'k2'", "records")) == ["EDITION"]
    assert codes(case, relabelled, ([], "port = 'p1'", "records")) == ["published"]


def test_people_who_turn_out_to_be_one_are_no_new_edition_of_people() -> None:
    case = MemoryCase()
    rows = [*ROWS, *ROWS]
    apart = World(["kind", "port"], rows, list(range(len(rows))))
    joined = World(["kind", "port"], rows, [0, 0, *range(2, len(rows))])
    assert codes(case, apart, ([], "", "people"), (["kind"], "", "people")) == ["published"] * 2
    assert codes(case, joined, ([], "kind = 'k1'", "people")) == ["EDITION"]


def test_a_finding_that_is_no_longer_asked_still_counts() -> None:
    case = MemoryCase()
    assert codes(case, world(), ([], "", "records")) == ["published"]
    assert codes(case, world(), (["port"], "", "records")) == ["published"]
    small = World(["kind", "port"], [*ROWS, ("k9", "p1")])
    assert codes(case, small, ([], "", "records")) == ["EDITION"]


def records(codes: list[int], persons: list[int], rows: list[int] | None = None) -> Records:
    numbers = rows if rows is not None else list(range(len(codes)))
    return Records(*(np.array(part, dtype=np.int64) for part in (numbers, persons, codes)), [("a",), ("b",)])


@pytest.mark.parametrize(
    ("after", "of_people", "found"),
    [
        (records([0] * 20, list(range(100, 120))), True, NONE),
        (records([1] + [0] * 19, list(range(20))), False, FEW),
        (records([1] * 5 + [0] * 15, list(range(20))), False, MANY),
        (records([1] * 5 + [0] * 15, [0] * 5 + list(range(5, 20))), False, FEW),
        (records([0] * 15, list(range(15)), list(range(15))), False, MANY),
        (records([0] * 17, list(range(17)), list(range(17))), False, FEW),
        (records([0] * 20, [0, 0, *range(2, 20)]), False, NONE),
        (records([0] * 20, [0, 0, *range(2, 20)]), True, FEW),
        (records([0] * 20, [n // 2 for n in range(20)]), True, MANY),
        (records([0] * 20, [-1, *range(1, 20)]), True, FEW),
    ],
)
def test_each_kind_of_change_is_counted_by_its_people(after: Records, of_people: bool, found: str) -> None:
    assert changed(records([0] * 20, list(range(20))), after, 5, of_people) == found


def test_the_vault_keeps_records_as_they_were(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    try:
        days = [dt.date(2018, 1 + n % 3, 5) for n in range(30)]
        columns = {"day": ("date", days), "kind": ("category", ["x", "y", None] * 10)}
        scope = add_table(case, "visits", columns, [n // 2 for n in range(30)])
        asked, by = ["\"kind\" = 'x'"], ["month(day)", "kind"]
        with bases(case, None) as made:
            now = CasePopulations({"visits": scope}, made)
            kept = now.keep("visits", [Question("q", "t", "records", "visits", asked[0], ("month(day)",))])
            before = now.records("visits", asked, by, kept)
            assert changed(before, now.records("visits", asked, by), 5, True) == NONE
            assert sorted(before.classes) == [
                ("0", "2018-02", "y"),
                ("0", "2018-03", ""),
                ("1", "2018-01", "x"),
            ]
        case.vault.engine.run("UPDATE clean.t1 SET c2 = 'y' WHERE _row <= 6")
        with bases(case, None) as made:
            now = CasePopulations({"visits": scope}, made)
            assert (
                changed(now.records("visits", asked, by, kept), now.records("visits", asked, by), 5, True)
                == FEW
            )
            assert (
                changed(now.records("visits", [], [], kept), now.records("visits", [], []), 5, True) == NONE
            )
            now.forget(kept)
    finally:
        case.close()


def test_findings_that_were_corrected_or_withdrawn_are_named() -> None:
    case, asked = MemoryCase(), (["kind"], "", "records", "kinds")
    total = ([], "", "records", "all")

    def earlier(world: World, *questions: Asked) -> list[tuple[str, str]]:
        found = release(case, [world.ask(*one) for one in questions], world)["earlier"]  # type: ignore[arg-type]
        return [(one["id"], one["status"]) for one in found]

    assert earlier(world(), asked, total) == []
    assert earlier(world(), asked, total) == []
    assert earlier(world(), asked) == [("all", "withdrawn")]
    more = world([("k1", "p1")] * 15)
    assert earlier(more, total) == [("kinds", "withdrawn"), ("all", "corrected")]
    assert earlier(world(), total, asked) == [("all", "corrected")]
    relabelled = world()
    relabelled.rows[0] = ("k1", "p2")
    assert earlier(relabelled, total, asked) == [("all", "corrected")]


def test_where_an_earlier_question_can_not_be_asked_any_more_only_what_was_released_stands() -> None:
    case, asked = MemoryCase(), (["kind"], "port = 'p1'", "records", "by-port")

    class Edited(World):
        def fits(self, question: Question) -> bool:
            return "port" not in question.where

        def joint(self, *_: Any) -> Any:
            raise AssertionError("nobody can say")

    assert codes(case, world(), asked, ([], "", "records")) == ["published"] * 2
    edited = Edited(("kind", "port"), world().rows)
    assert codes(case, edited, ([], "", "records"), (["kind"], "", "people")) == ["published", "UNPROVEN"]
