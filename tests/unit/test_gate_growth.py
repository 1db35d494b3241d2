"""Tables that have only grown: what came in is told by its margins, and these must prove nobody of a few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sousveil.gate import release
from sousveil.gate.editions import growth, renewed
from sousveil.gate.editions.arrivals import Lens
from tests.attack.product import outcome
from tests.gate_world import MemoryCase, World

START = [("k1", "p1")] * 60 + [("k1", "p2")] * 60 + [("k2", "p1")] * 60 + [("k2", "p2")] * 60
KINDS, PORTS = (["kind"], "", "records"), (["port"], "", "records")


def codes(case: MemoryCase, rows: list[tuple[str, str]], *questions: tuple[Any, ...]) -> list[str]:
    world = World(["kind", "port"], rows)
    return [outcome(one) for one in release(case, [world.ask(*one) for one in questions], world)["findings"]]


def came(first: int, second: int, third: int, fourth: int) -> list[tuple[str, str]]:
    """New records of k1 by p1, k1 by p2, k2 by p1, k2 by p2."""
    return [("k1", "p1")] * first + [("k1", "p2")] * second + [("k2", "p1")] * third + [("k2", "p2")] * fourth


def new_cells(finding: dict[str, Any]) -> dict[str, int]:
    """The numbers of a finding by one column."""
    return {
        next(iter(cell["keys"].values())): cell["value"]
        for cell in finding["cells"]
        if cell["value"] is not None
    }


def test_tables_without_a_common_column_get_new_numbers_though_few_came_to_what_they_share() -> None:
    case = MemoryCase()
    assert codes(case, START, KINDS, PORTS) == ["published"] * 2
    assert codes(case, START + came(3, 20, 15, 12), KINDS, PORTS) == ["published"] * 2


def test_margins_that_prove_that_one_of_a_few_came_are_not_told_together() -> None:
    case = MemoryCase()
    assert codes(case, START, KINDS, PORTS) == ["published"] * 2
    # 20 of 30 are of k1 and 13 came by p1: at least three are both, and no more are.
    assert codes(case, START + came(3, 17, 10, 0), KINDS, PORTS) == ["published", "EDITION"]


def test_what_two_spans_of_time_prove_together_is_not_told() -> None:
    case = MemoryCase()
    assert codes(case, START, KINDS, PORTS) == ["published"] * 2
    first = came(5, 15, 50, 0)
    assert codes(case, START + first, PORTS) == ["published"]
    # All who came since are of k1 and p1. So at least five of those who came before were, and no more.
    assert codes(case, START + first + came(60, 15, 0, 0), KINDS, PORTS)[0] == "EDITION"


def test_tables_with_a_common_column_count_as_one() -> None:
    case = MemoryCase()
    of_port = (["kind"], "port = 'p1'", "records")
    assert codes(case, START, KINDS, PORTS, of_port) == ["published"] * 3
    assert codes(case, START + came(3, 20, 15, 12), KINDS, PORTS, of_port) == [
        "published", "published", "EDITION",
    ]  # fmt: skip


def test_a_class_to_which_few_came_holds_its_table_back_and_no_other() -> None:
    case = MemoryCase()
    assert codes(case, START, KINDS, PORTS) == ["published"] * 2
    assert codes(case, START + came(20, 20, 4, 4), KINDS, PORTS) == ["EDITION", "published"]


def test_people_who_turn_out_to_be_one_hold_a_table_of_people_back() -> None:
    case, rows = MemoryCase(), [*START, *START]
    asked = (["kind"], "", "people")
    apart = World(["kind", "port"], rows, list(range(len(rows))))
    more = came(20, 20, 20, 20)
    joined = World(["kind", "port"], rows + more, [0, 0, *range(2, len(rows) + len(more))])
    assert outcome(release(case, [apart.ask(*asked)], apart)["findings"][0]) == "published"  # type: ignore[arg-type]
    assert outcome(release(case, [joined.ask(*asked)], joined)["findings"][0]) == "EDITION"  # type: ignore[arg-type]


def three(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    every = [(kind, port, sex) for kind in ("k1", "k2") for port in ("p1", "p2") for sex in ("f", "m")]
    return every * 30 + rows


def test_three_margins_that_prove_one_of_a_few_are_not_told_together() -> None:
    case = MemoryCase()
    by = [([column], "", "records") for column in ("kind", "port", "sex")]
    # 70, 70 and 65 of 100: each two share many, and all three five at least, and no more.
    rows = [("k1", "p1", "f")] * 5 + [("k2", "p1", "f")] * 30 + [("k1", "p2", "f")] * 30
    rows += [("k1", "p1", "m")] * 35
    found = []
    for some in (three([]), three(rows)):
        world = World(["kind", "port", "sex"], some)
        found.append(
            [outcome(one) for one in release(case, [world.ask(*one) for one in by], world)["findings"]]
        )
    assert found == [["published"] * 3, ["published", "published", "EDITION"]]


def test_a_table_by_what_another_tells_counts_as_one_with_it() -> None:
    case = MemoryCase()
    start = [("c1", "w")] * 60 + [("c2", "w")] * 60 + [("c3", "v")] * 60
    by = [([column], "", "records") for column in ("kind", "port")]
    assert codes(case, start, *by) == ["published"] * 2
    # 25 came by w and 20 of them by c1: five came by the other city of w.
    rows = [("c1", "w")] * 20 + [("c2", "w")] * 5 + [("c3", "v")] * 20
    world = World(["kind", "port"], start + rows)
    cities = release(case, [world.ask(*one) for one in reversed(by)], world)["findings"][1]  # type: ignore[arg-type]
    # c3 is all of v; c1 and c2 would tell each other, as those who came by w are known.
    assert new_cells(cities) == {"c3": 80}


@pytest.mark.parametrize("name", ["proves", "tells"])
def test_without_either_rule_the_tables_above_would_be_told(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth if name == "proves" else growth.Arrivals, name, lambda *_: False)
    rows = came(3, 17, 10, 0) if name == "proves" else came(20, 20, 4, 4)
    case = MemoryCase()
    codes(case, START, KINDS, PORTS)
    assert codes(case, START + rows, KINDS, PORTS)[name == "proves"] == (
        "published" if name == "proves" else "EDITION"
    )


def ports(case: MemoryCase, sizes: dict[str, int], rows: list[tuple[str, str]]) -> dict[str, int] | str:
    """What a week adds to the rows, and the new numbers by port, or the code of the refusal."""
    rows += [("k1", port) for port, size in sizes.items() for _ in range(size)]
    world = World(["kind", "port"], rows)
    (found,) = release(case, [world.ask(*PORTS)], world)["findings"]  # type: ignore[arg-type]
    return str(found["refused"]["code"]) if "refused" in found else new_cells(found)


def test_cells_to_which_few_or_nobody_came_stand_while_others_have_new_numbers() -> None:
    case, rows = MemoryCase(), list[tuple[str, str]]()
    assert ports(case, {"p1": 50, "p2": 50, "p3": 50, "p4": 50}, rows) == dict.fromkeys(
        ("p1", "p2", "p3", "p4"), 50
    )
    # 24 came to p2, p3 and p4 together. That nobody came to p4 looks like a few.
    assert ports(case, {"p1": 30, "p2": 20, "p3": 4}, rows) == {"p1": 80}
    # By now 24 came to p3, and 20 to p4, since their numbers were printed; nothing came to p2, to p1 few.
    assert ports(case, {"p1": 5, "p3": 20, "p4": 20}, rows) == {"p3": 74, "p4": 70}


def two_weeks(case: MemoryCase) -> dict[str, int] | str:
    rows = list[tuple[str, str]]()
    ports(case, dict.fromkeys(("p1", "p2", "p3", "p4", "p5"), 100), rows)
    first = ports(case, {"p1": 30, "p2": 30, "p3": 4, "p4": 4, "p5": 4}, rows)
    assert first == {"p1": 130, "p2": 130}
    return ports(case, {"p1": 9, "p2": 20, "p3": 20, "p4": 20, "p5": 20}, rows)


def test_what_stands_is_not_told_by_the_total_and_all_other_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    # Were all but p1 new, the total would tell that it is at 139, nine more than a week before.
    assert two_weeks(MemoryCase()) == {"p3": 124, "p4": 124, "p5": 124}
    merged = renewed.Table._beside

    def without(table: renewed.Table, printed: renewed.Shown, shown: renewed.Shown) -> Lens:
        return replace(merged(table, printed, shown), together=frozenset())

    monkeypatch.setattr(renewed.Table, "_beside", without)
    assert two_weeks(MemoryCase()) == {"p2": 150, "p3": 124, "p4": 124, "p5": 124}


def test_cells_that_stand_are_not_told_apart_by_one_who_knows_that_few_came_to_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def week() -> dict[str, int] | str:
        case, rows = MemoryCase(), list[tuple[str, str]]()
        ports(case, {"p1": 50, "p2": 50, "p3": 50}, rows)
        return ports(case, {"p1": 30, "p2": 9, "p3": 9}, rows)

    # 18 came to p2 and p3 together: as few came to each, nine must have come to each.
    assert week() == "EDITION"
    monkeypatch.setattr(renewed._Search, "_apart", lambda *_: False)
    assert week() == {"p1": 80}
