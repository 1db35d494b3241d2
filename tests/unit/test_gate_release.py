"""The door: what leaves it, in which shape, and what it refuses."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from sousveil.errors import IntegrityError
from sousveil.gate import release
from sousveil.gate.effort import TooLong, Work
from sousveil.gate.show import OTHER
from sousveil.progress import Silent
from tests.gate_world import Attacker, MemoryCase, World

NATIONS = {("KAZ",): 400, ("FRA",): 60, ("TUR",): 45, ("ISL",): 3}


def ask(world: World, *questions: tuple[Any, ...], case: MemoryCase | None = None) -> list[dict[str, Any]]:
    tables = [world.ask(*question) for question in questions]
    findings: list[dict[str, Any]] = release(case or MemoryCase(), tables, world)["findings"]
    return findings


def values(finding: dict[str, Any]) -> dict[tuple[str, ...], int | None]:
    return {tuple(cell["keys"].values()): cell["value"] for cell in finding["cells"]}


def code(finding: dict[str, Any]) -> str | None:
    return finding["refused"]["code"] if "refused" in finding else None


def test_a_finding_has_the_shape_of_the_contract() -> None:
    (finding,) = ask(World.of(["nation"], NATIONS), (["nation"],))
    assert set(finding) == {
        "id", "title", "unit", "by", "where", "cells", "withheld", "provenance", "total"
    }  # fmt: skip
    for cell in finding["cells"]:
        assert set(cell) == {"keys", "value", "low", "high", "status"}
    json.dumps(finding)


def test_a_small_cell_takes_another_one_with_it() -> None:
    (finding,) = ask(World.of(["nation"], NATIONS), (["nation"],))
    assert values(finding) == {("KAZ",): 400, ("FRA",): 60, (OTHER,): None}
    assert finding["withheld"] == 1
    assert finding["total"]["value"] == 508


def test_labels_of_which_nothing_is_shown_are_not_printed() -> None:
    assert "ISL" not in json.dumps(ask(World.of(["nation"], NATIONS), (["nation"],)))


def test_two_small_cells_that_add_up_to_little_take_a_third_with_them() -> None:
    world = World.of(["nation"], {("KAZ",): 400, ("FRA",): 60, ("A",): 3, ("B",): 4})
    (finding,) = ask(world, (["nation"],))
    assert values(finding) == {("KAZ",): 400, (OTHER,): None}


def test_a_table_without_small_cells_is_shown_whole() -> None:
    (finding,) = ask(World.of(["nation"], {("KAZ",): 400, ("FRA",): 60}), (["nation"],))
    assert values(finding) == {("KAZ",): 400, ("FRA",): 60}
    assert finding["withheld"] == 0


def test_a_month_without_anybody_looks_like_a_month_with_three() -> None:
    months = {("2018-01-02",): 90, ("2018-02-02",): 40, ("2018-04-02",): 70, ("2018-05-02",): 80}
    seen = []
    for march in (0, 3):
        world = World.of(["day"], {(day[:7],): n for (day,), n in {**months, ("2018-03-02",): march}.items()})
        world.columns = ("day",)
        (finding,) = ask(world, (["month(day)"],))
        seen.append(values(finding))
    assert seen[0] == seen[1]
    assert seen[0][("2018-03",)] is None
    assert list(seen[0]) == sorted(seen[0])


def test_records_of_few_people_are_not_shown() -> None:
    rows = [("busy",)] * 500 + [("calm",)] * 300 + [("other",)] * 200
    world = World(["kind"], rows, [n % 3 for n in range(500)] + list(range(3, 503)))
    (finding,) = ask(world, (["kind"],))
    assert ("busy",) not in values(finding)
    assert values(finding)[(OTHER,)] is None


def test_uncertainty_is_rounded_so_that_it_counts_nobody() -> None:
    from sousveil.findings.model import ExactCell
    from sousveil.gate.threshold import bounds

    seen = {bounds(ExactCell((), 0, 100, 100, 100 - below, 100), "people", 10) for below in range(10)}
    assert seen == {(91, 109)}
    assert bounds(ExactCell((), 500, 80, 500, 500, 500), "records", 10) == (500, 500)


def test_a_population_of_few_is_refused_without_a_count() -> None:
    world = World.of(["nation"], NATIONS)
    for nation in ("ISL", "NOBODY"):
        (finding,) = ask(world, ([], f"nation = '{nation}'"))
        assert (code(finding), finding["cells"]) == ("SMALL", [])
        assert "3" not in json.dumps(finding["refused"])


def test_a_difference_of_few_people_is_refused_and_names_the_earlier_finding() -> None:
    world = World.of(["nation"], NATIONS)
    case = MemoryCase()
    ask(world, ([], "", "records", "everybody"), case=case)
    (finding,) = ask(world, ([], "nation <> 'ISL'"), case=case)
    assert code(finding) == "DIFF"
    assert "everybody" in finding["refused"]["message"]
    assert ask(world, ([], "nation <> 'FRA'"), case=case)[0]["cells"][0]["value"] == 448


def test_of_two_populations_in_one_release_the_later_is_refused() -> None:
    findings = ask(World.of(["nation"], NATIONS), ([], ""), ([], "nation <> 'ISL'"))
    assert [code(finding) for finding in findings] == [None, "DIFF"]


def test_tables_of_nested_populations_give_no_cell_by_subtraction() -> None:
    counts = {
        (month, nation): count
        for month, few in (("2018-01", 2), ("2018-02", 30), ("2018-03", 1))
        for nation, count in (("KAZ", 100), ("FRA", few))
    }
    world = World.of(["month", "nation"], counts)
    questions = [(["month"], ""), (["month"], "nation <> 'FRA'")]
    tables = [world.ask(*question) for question in questions]
    findings = release(MemoryCase(), tables, world)["findings"]
    whole, part = (values(finding) for finding in findings)
    for month in ("2018-01", "2018-03"):
        assert whole.get((month,)) is None or part.get((month,)) is None


def test_a_small_group_that_is_all_alike_is_refused() -> None:
    world = World.of(
        ["listed", "faith"], {("yes", "x"): 60, ("yes", "y"): 1, ("no", "x"): 500, ("no", "y"): 300}
    )
    (finding,) = ask(world, (["faith"], "listed = 'yes'"))
    assert code(finding) == "SAME"


def test_a_year_released_after_its_months_does_not_give_a_month_away() -> None:
    months = {
        ("2017-11",): 50,
        ("2017-12",): 4,
        ("2018-01",): 90,
        ("2018-02",): 7,
        ("2018-03",): 60,
        ("2018-04",): 41,
    }
    world, case = World.of(["day"], months), MemoryCase()
    questions = [world.ask(["month(day)"]), world.ask(["year(day)"])]
    findings = [release(case, [table], world)["findings"][0] for table in questions]
    attacker = Attacker(world, 10)
    for finding, table in zip(findings, questions, strict=True):
        attacker.read(finding, table)
    assert attacker.narrowed() == []


def test_the_attacker_of_the_tests_breaks_a_table_that_hides_small_cells_only() -> None:
    world = World.of(["nation"], NATIONS)
    table = world.ask(["nation"])
    attacker = Attacker(world, 10)
    cells = [
        {"keys": {"nation": cell.keys[0]}, "value": cell.value if cell.value >= 10 else None}
        for cell in table.cells
    ]
    attacker.read({"cells": cells, "total": {"value": 508}}, table)
    assert attacker.narrowed() == ["('nation',)=('ISL',) where : 3 lies in 3 … 3"]


CIRCLE = ((["a", "b"],), (["b", "c"],), (["a", "c"],))


def test_three_tables_in_a_circle_are_released_where_they_tell_of_nobody() -> None:
    findings = ask(World.of("abc", {(a, b, c): 40 for a in "xy" for b in "uv" for c in "pq"}), *CIRCLE)
    assert [code(finding) for finding in findings] == [None, None, None]
    assert [finding["withheld"] for finding in findings] == [0, 0, 0]


def test_three_tables_in_a_circle_are_not_shown_where_they_prove_that_a_few_exist() -> None:
    # Every pair is large, but by all three columns the numbers leave one way: few in x, u, p.
    counts = {("x", "u", "p"): 3, ("x", "v", "q"): 40, ("y", "u", "q"): 40, ("y", "v", "p"): 40}
    counts |= {("x", "u", "q"): 20, ("x", "v", "p"): 1, ("y", "u", "p"): 20}
    world = World.of("abc", counts)
    findings = ask(world, *CIRCLE)
    attacker = Attacker(world, 10)
    for finding, question in zip(findings, CIRCLE, strict=True):
        attacker.read(finding, world.ask(*question))
    assert attacker.narrowed() == []
    assert any(code(finding) or finding["withheld"] for finding in findings)


def test_a_circle_too_wide_for_what_is_only_tried_gives_up_the_last_table() -> None:
    labels = {"a": 20, "b": 18, "c": 16}
    world = World("abc", [tuple(f"{name}{n % size}" for name, size in labels.items()) for n in range(8_000)])
    tables = [world.ask(*question) for question in CIRCLE]
    findings = release(MemoryCase(), tables, world, remember=False)["findings"]
    assert [code(finding) for finding in findings] == [None, None, "UNPROVEN"]


def test_what_is_only_tried_is_given_up_where_it_takes_too_long_and_a_release_is_not() -> None:
    counts = {(a, b): 40 + place for place, (a, b) in enumerate(itertools.product("vwxyz", "pqrst"))}
    world = World.of("ab", counts | {("v", "p"): 3, ("w", "q"): 4, ("w", "p"): 5})
    work = Work(10)
    with pytest.raises(TooLong):
        release(MemoryCase(), [world.ask("ab")], world, remember=False, work=work)
    assert work.is_done
    enough = release(MemoryCase(), [world.ask("ab")], world, remember=False, work=Work(10_000))
    assert enough["findings"] == release(MemoryCase(), [world.ask("ab")], world, work=Work(10))["findings"]


def test_what_the_gate_does_is_told_without_a_figure_of_the_dump() -> None:
    heard = []

    class Heard(Silent):
        def at(self, what: str, done: float, rows: int | None = None) -> None:
            heard.append((what, done, rows))

    counts = {(a, b): 40 + place for place, (a, b) in enumerate(itertools.product("vwxyz", "pqrst"))}
    world = World.of("ab", counts | {("v", "p"): 3, ("w", "q"): 4, ("w", "p"): 5})
    release(MemoryCase(), [world.ask("ab")], world, progress=Heard())
    assert {what for what, *_ in heard} >= {"gate, records: other worlds, round 1"}
    assert all(done == 0 and rows is None for _, done, rows in heard)


def test_populations_that_overlap_are_linked_cell_by_cell() -> None:
    counts = {(b, c): 30 for b in ("b0", "b1", "b2") for c in ("c0", "c1", "c2")} | {("b0", "c0"): 4}
    world = World.of("bc", counts)
    questions = ((["c"], "b = 'b0'"), (["b"], "c <> 'c0'"))
    findings = ask(world, *questions)
    attacker = Attacker(world, 10)
    for finding, question in zip(findings, questions, strict=True):
        attacker.read(finding, world.ask(*question))
    assert attacker.narrowed() == []
    # Shown together, 60 of b0 without c0 would be taken off the 64 of b0.
    assert values(findings[0]).get(("c0",)) is None


def test_units_of_one_table_hide_the_same_cells() -> None:
    rows = [(kind,) for kind, n in (("a", 300), ("b", 60), ("c", 8), ("d", 40)) for _ in range(n)]
    world = World(["kind"], rows, [n // 2 for n in range(len(rows))])
    records, people = ask(world, (["kind"], "", "records"), (["kind"], "", "people"))
    assert values(records).keys() == values(people).keys()


@pytest.mark.parametrize("shape", [(), ("nation",)])
def test_a_count_that_moved_by_one_is_refused(shape: tuple[str, ...]) -> None:
    case = MemoryCase()
    ask(World.of(["nation"], NATIONS), (shape,), case=case)
    (finding,) = ask(World.of(["nation"], NATIONS | {("FRA",): 61}), (shape,), case=case)
    assert code(finding) == "EDITION"


def test_a_count_that_moved_by_much_is_released_anew_and_the_first_edition_still_holds() -> None:
    case, first = MemoryCase(), World.of(["nation"], NATIONS)
    before = ask(first, (["nation"],), case=case)
    (after,) = ask(World(["nation"], [*first.rows, *[("FRA",)] * 30]), (["nation"],), case=case)
    assert values(after)[("FRA",)] == 90
    assert ask(first, (["nation"],), case=case) == before


def test_releases_hold_no_hidden_number_and_no_hidden_label() -> None:
    case = MemoryCase()
    ask(World.of(["nation"], NATIONS), (["nation"],), case=case)
    (path,) = case.releases.iterdir()
    text = path.read_text("utf-8")
    assert "ISL" not in text
    assert "TUR" not in text
    assert [cell[0] for cell in json.loads(text)["tables"][0]["cells"]] == [["FRA"], ["KAZ"]]


def test_a_changed_or_missing_release_is_noticed() -> None:
    case, world = MemoryCase(), World.of(["nation"], NATIONS)
    ask(world, ([],), case=case)
    ask(world, (["nation"],), case=case)
    first = case.releases / "000001.json"
    kept = first.read_bytes()
    first.write_bytes(kept.replace(b"508", b"509"))
    with pytest.raises(IntegrityError):
        ask(world, ([],), case=case)
    first.unlink()
    with pytest.raises(IntegrityError):
        ask(world, ([],), case=case)


def test_a_run_killed_before_the_release_was_written_goes_on() -> None:
    case, world = MemoryCase(), World.of(["nation"], NATIONS)
    before = ask(world, (["nation"],), case=case)
    (path,) = case.releases.iterdir()
    kept = path.read_bytes()
    path.unlink()
    assert ask(world, (["nation"],), case=case) == before
    assert path.read_bytes() == kept


def test_a_release_that_only_the_ledger_knows_is_missed() -> None:
    case, world = MemoryCase(), World.of(["nation"], NATIONS)
    ask(world, ([],), case=case)
    ask(world, (["nation"],), case=case)
    case.documents.clear()
    (case.releases / "000002.json").unlink()
    with pytest.raises(IntegrityError):
        ask(world, ([],), case=case)


def test_the_memory_holds_without_the_vault() -> None:
    case, world = MemoryCase(), World.of(["nation"], NATIONS)
    before = ask(world, (["nation"],), case=case)
    case.documents.clear()
    assert ask(world, (["nation"],), case=case) == before
    assert len(list(case.releases.iterdir())) == 1
