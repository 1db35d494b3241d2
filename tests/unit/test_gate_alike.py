"""Nobody and a few are refused alike: no code, message, number or file tells the one from the other."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sousveil import stages
from sousveil.case import Case
from sousveil.gate import release
from sousveil.gate.language.equal import equal_by_rule
from sousveil.progress import Silent
from tests.attack import product, several
from tests.attack.wide import WideWorld
from tests.gate_world import MemoryCase, World

FEW = [0, 1, 3, 9]


def codes(world: World, *questions: tuple[Any, ...]) -> list[str]:
    """The outcome of each question, asked one after the other."""
    case = MemoryCase()
    return [
        product.outcome(release(case, [world.ask(*question)], world)["findings"][0]) for question in questions
    ]


def nations(iceland: int) -> World:
    return World.of(["nation"], {("KAZ",): 400, ("FRA",): 60, ("TUR",): 45, ("ISL",): iceland})


@pytest.mark.parametrize("count", FEW)
def test_a_total_and_all_but_nobody_differ_as_little_as_all_but_a_few(count: int) -> None:
    asked = ([], ""), ([], "nation <> 'ISL'"), ([], "nation = 'ISL'")
    assert codes(nations(count), *asked) == ["published", "DIFF", "SMALL"]


@pytest.mark.parametrize("count", FEW)
def test_a_whole_and_its_parts_leave_nobody_over_as_little_as_a_few(count: int) -> None:
    asked = ([], "nation <> 'ZZZ'"), ([], "nation = 'KAZ'"), ([], "nation = 'FRA'"), ([], "nation = 'TUR'")
    assert codes(nations(count), *asked) == ["published", "published", "published", "DIFF"]


@pytest.mark.parametrize("count", FEW)
def test_a_printed_cell_and_all_but_nobody_of_it_differ_as_little_as_all_but_a_few(count: int) -> None:
    counts = {(c, p, s): 40 for c in ("c0", "c1", "c2") for p in ("p0", "p1") for s in "FM"}
    world = World.of(["country", "port", "sex"], counts | {("c0", "p1", "F"): count})
    asked = (["port"], "sex = 'F'"), ([], "country <> 'c0' AND port = 'p1' AND sex = 'F'")
    assert codes(world, *asked) == ["published", "UNPROVEN"]


def test_many_are_told_apart() -> None:
    assert codes(nations(12), ([], ""), ([], "nation <> 'ISL'")) == ["published", "published"]


@pytest.mark.parametrize("count", FEW)
@pytest.mark.parametrize("turned", [False, True])
def test_a_continent_beside_its_countries_leaves_nobody_over_as_little_as_a_few(
    count: int, turned: bool
) -> None:
    nations = {("KAZ",): 90, ("RUS",): 70, ("FRA",): 60, ("BTN",): 12 - count, ("NPL",): 8}
    world = World.of(["nation"], nations | {("ISL",): count})
    asked = [(["nation"], ""), ([], "continent(nation) = 'Europe'")]
    assert codes(world, *(reversed(asked) if turned else asked)) == ["published", "DIFF"]


def test_conditions_that_say_the_same_are_one_population() -> None:
    world = World.of(["sex", "port"], {(s, p): 30 for s in "FM" for p in ("p0", "p1")})
    asked = ([], "sex = 'F'"), ([], "sex <> 'M'"), (["port"], "sex <> 'M'")
    assert codes(world, *asked) == ["published", "published", "published"]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("\"sex\" = 'F'", "\"sex\" <> 'M'", True),
        ("\"n\" IN ('A', 'B')", "\"n\" = 'A' OR \"n\" = 'B'", True),
        ("\"d\" > DATE '2018-01-31'", "\"d\" >= DATE '2018-02-01'", True),
        ("month(\"d\") = '2018-02'", "\"d\" >= DATE '2018-02-01' AND \"d\" <= DATE '2018-02-28'", True),
        ("\"n\" <> 'A'", '"n" IS NOT NULL', False),
        ("\"n\" <> 'A'", "\"n\" = 'B'", False),
        ("\"d\" > DATE '2018-01-31'", "\"d\" >= DATE '2018-01-31'", False),
    ],
)
def test_conditions_are_the_same_by_what_they_say_alone(one: str, other: str, equal: bool) -> None:
    assert equal_by_rule(f"table t; where {one}", f"table t; where {other}") is equal


class Cases(World):
    """A case of several tables of people, by the numbers of the people in each."""

    def __init__(self, tables: dict[str, set[int]]) -> None:
        super().__init__(["x"], [], name="")
        self.tables = tables

    def of(self, question: Any) -> set[int]:  # type: ignore[override]
        everybody = set().union(*self.tables.values())
        return everybody if question.table == "*" else self.tables[question.table]

    def total(self, name: str) -> Any:
        found = World(["x"], [("x",)] * len(self.tables.get(name, ())), name=name)
        if name == "*":
            people = len(set().union(*self.tables.values()))
            found = World(["x"], [("x",)] * people, name=name)
        return found.ask((), "", "people", id=name)

    def numbers(self, question: Any) -> Any:
        return np.array(sorted(self.of(question)), dtype=np.int64)

    def parts(self) -> list[str]:
        return list(self.tables)


@pytest.mark.parametrize("shared", FEW)
@pytest.mark.parametrize("order", ["abc*", "*abc", "ab*c"])
def test_three_tables_and_the_whole_case_do_not_count_the_few_that_stand_in_several(
    shared: int, order: str
) -> None:
    tables = {"a": set(range(100)), "b": set(range(100 - shared, 300)), "c": set(range(300, 600))}
    world, case = Cases(tables), MemoryCase()
    found = [product.outcome(release(case, [world.total(name)], world)["findings"][0]) for name in order]
    assert found == ["published", "published", "published", "DIFF"]


def test_the_whole_case_stands_beside_tables_that_share_many() -> None:
    world, case = (
        Cases({"a": set(range(300)), "b": set(range(200, 500)), "c": set(range(400, 700))}),
        MemoryCase(),
    )
    tables = [world.total(name) for name in "abc*"]
    assert {product.outcome(one) for one in release(case, tables, world)["findings"]} == {"published"}


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize(("passes", "outcome"), [(116, "DIFF"), (117, "published"), (60, "published")])
def test_a_cell_tells_not_who_of_it_is_missing_in_another_table(
    order: int, passes: int, outcome: str
) -> None:
    """117 of 417 visitors have a visa: all but one of 116 who have a pass."""
    visitors = WideWorld(("a",), [("visa",)] * 117 + [("none",)] * 300, list(range(417)), "visitors")
    guards = WideWorld(("a",), [("x",)] * passes, list(range(passes)), "guards")
    dump, case = several.Dump({"visitors": visitors, "guards": guards}), MemoryCase()
    asked = [("visitors", (("a",), "", "people")), ("guards", ((), "", "people"))]
    outcomes = []
    for table, question in asked[:: 1 if order else -1]:
        (found,) = release(case, [dump.ask(table, question, table)], dump)["findings"]
        outcomes.append(product.outcome(found))
    assert outcomes == ["published", outcome]


def twin(iceland: int, seed: int) -> str:
    """A dump in which 7 people come from two small countries, `iceland` of them from one."""
    chance = random.Random(seed)
    small = ["ISL"] * iceland + ["BTN"] * (7 - iceland)
    large = ["KAZ"] * 160 + ["RUS"] * 90 + ["FRA"] * 40 + ["TUR"] * 25
    rows = []
    for number, nation in enumerate([*small, *large]):
        port, month = chance.choice(["p1", "p2", "p3"]), chance.randint(1, 6)
        rows.append(f"{product.identity(number)},{nation},{port},2018-0{month}-{10 + number % 18}")
    rows += [f"{product.identity(n)},KAZ,p1,2018-11-{10 + n % 18}" for n in range(20, 40)]
    return "resident_id,nation,port,entered\n" + "\n".join(rows) + "\n"


TWIN_QUESTIONS = "".join(
    product.ask(f"q{n}", "entries", where, by, unit)
    for n, (where, by, unit) in enumerate(
        [
            ("", "", "people"), ("", "nation", "people"), ("nation = 'ISL'", "", "people"),
            ("nation <> 'ISL'", "", "people"), ("nation <> 'ISL'", "nation", "people"),
            ("nation IN ('ISL', 'BTN')", "", "people"), ("nation = 'ISL'", "port", "records"),
            ("port = 'p1'", "", "records"), ("port = 'p1' AND nation <> 'ISL'", "", "records"),
            ("nation = 'ISL'", "month(entered)", "people"), ("", "port", "records"),
        ]
    )
)  # fmt: skip


def let_out(folder: Path, iceland: int, seed: int) -> dict[str, bytes]:
    """All that leaves the case: the findings as `--json` has them, and every file of the publication."""
    dump = folder / "dump"
    dump.mkdir(parents=True)
    (dump / "entries.csv").write_text(twin(iceland, seed), "utf-8")
    case = Case.make(folder / "case", folder / "key.txt")
    try:
        stages.take_in(case, dump, Silent())
        (case.folder / "questions.toml").write_text(TWIN_QUESTIONS, "utf-8")
        found = stages.perform(case, "findings", Silent())["findings"]
        stages.perform(case, "publish", Silent())
        tables = {
            str(path.relative_to(case.folder)): path.read_bytes()
            for path in sorted((case.folder / "publication").rglob("*.csv"))
        }
    finally:
        case.close()
    for one in found:
        del one["provenance"]["fingerprint"]  # a hash of the input
    return {"findings": json.dumps(found, sort_keys=True).encode(), **tables}


def test_dumps_in_which_a_group_is_nobody_or_three_people_give_the_same_bytes(tmp_path: Path) -> None:
    nobody, three = (let_out(tmp_path / str(count), count, seed=1) for count in (0, 3))
    assert nobody == three
    outcomes = [product.outcome(one) for one in json.loads(nobody["findings"])]
    assert {"published", "SMALL", "DIFF"} <= set(outcomes)


@pytest.mark.parametrize("count", FEW)
@pytest.mark.parametrize("units", [("records", "people"), ("people", "records")])
def test_a_total_in_the_other_unit_counts_as_well(count: int, units: tuple[str, str]) -> None:
    first, second = units
    asked = ([], "", first), (["nation"], "nation <> 'ISL'", second)
    assert codes(nations(count), *asked) == ["published", "DIFF"]


@pytest.mark.parametrize("count", FEW)
def test_a_table_of_which_every_cell_is_small_is_small_in_any_company(count: int) -> None:
    rest = {(f"a{n}", f"b{n % 3}"): 8 for n in range(6)}
    world = World.of("ab", {**rest, ("a9", "b0"): count})
    assert codes(world, (["b"], ""), (["a"], "b <> 'b1'"))[-1] == "SMALL"


def by_year(late: int) -> World:
    """Nobody or a few come on the last days, under a label that says no more than the year."""
    rows = [("c0", "2018-01-10")] * 80 + [("c1", "2018-01-10")] * 60 + [("c2", "2018-02-20")] * 70
    return WideWorld(["c", "day"], [*rows, *[("c0", "2018-03-05")] * late])


@pytest.mark.parametrize("count", FEW)
def test_a_condition_that_divides_a_label_cuts_out_a_group(count: int) -> None:
    asked = (["c"], ""), (["year(day)"], "NOT (day < DATE '2018-03-01' AND c = 'c0')")
    assert codes(by_year(count), *asked)[-1] == "UNPROVEN"


@pytest.mark.parametrize("elsewhere", [0, 1, 5, 9, 10])
def test_a_cell_beside_its_total_tells_of_no_few_people_who_are_not_in_it(elsewhere: int) -> None:
    """Some people have records under both labels, so that the other cell is large."""
    often = [(("v0",), n) for n in range(181)] + [(("v1",), n) for n in range(60)]
    rows = [*often, *((("v1",), 1_000 + n) for n in range(elsewhere)), *((("v2",), n) for n in range(90))]
    world = World(["kind"], [row for row, _ in rows], [person for _, person in rows])
    (finding,) = release(MemoryCase(), [world.ask(["kind"], "", "people")], world)["findings"]
    shown = {cell["keys"]["kind"] for cell in finding["cells"] if cell["value"] is not None}
    assert shown == ({"v0", "v1", "v2"} if elsewhere == 10 else {"v2"})
