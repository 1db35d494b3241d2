"""The attack suite on some dozens of instances: it breaks what is bad, and the gate holds."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from sousveil.findings.parser import parse_where
from sousveil.findings.syntax import Either, Every, Node, canonical
from sousveil.gate.language import witness
from tests.attack import codes, language, linear, live, several, spellings, suite
from tests.attack.bad import finding
from tests.attack.instances import instance
from tests.attack.rows import Row, table, verdict
from tests.attack.sizes import QUICK, Sizes
from tests.attack.wide import WideWorld, wide


@functools.cache
def rows(part: Callable[[Sizes], list[Row]]) -> dict[str, Row]:
    # The demo is run by the end-to-end tests; it is attacked by `make attack` and `--quick`.
    return {one.attack: one for one in part(replace(QUICK, demo=0))}


def test_every_release_that_is_known_to_be_bad_is_broken() -> None:
    withstood = [name for name, one in rows(suite.rows_of_bad_releases).items() if one.fails]
    assert withstood == []


@pytest.mark.parametrize("part", [suite.rows_of_sets, suite.rows_of_wide_sets])
@pytest.mark.parametrize(
    "attack",
    ["A0 printed numbers", "A1 blind sums", "A2 sums, small ones known", "A3 unpublished groups",
     "A4 several releases", "A6 asked again", "A7 best guess"],
)  # fmt: skip
def test_random_linked_tables_withstand(part: Callable[[Sizes], list[Row]], attack: str) -> None:
    (found,) = (one for name, one in rows(part).items() if name.startswith(attack))
    assert not found.fails, table([found])


@pytest.mark.parametrize("number", [389, 405, 407, 557, 2044, 2063])
def test_a_column_that_another_one_determines_gives_no_group_away(number: int) -> None:
    found = wide(number).let_through()
    assert suite.blind(found) == suite.knowing(found) == linear.unpublished_groups(found) == []


@pytest.mark.parametrize("number", [115, 170, 184])
def test_inequalities_of_people_narrow_nothing_down(number: int) -> None:
    found = wide(number).let_through()
    assert suite.blind(found) == suite.knowing(found) == []


def test_a_table_that_was_given_up_is_answered_where_another_one_was_in_the_way() -> None:
    found = wide(16).let_through()
    first, second = [[one.get("refused", {}).get("code") for one in part] for part in found.findings]
    assert first[:3] == [None, None, "SMALL"]
    assert second == [None, "UNPROVEN"]
    assert suite.blind(found) == suite.knowing(found) == linear.unpublished_groups(found) == []


def test_a_label_that_other_tables_show_is_a_cell_where_nobody_is_under_it() -> None:
    assert codes.told(55) == []


@pytest.mark.parametrize("number", [98, 333, 484])
def test_group_harm_does_not_tell_nobody_from_a_few(number: int) -> None:
    assert codes.told(number) == []


@pytest.mark.parametrize("number", [2, 16])
def test_neither_spelling_nor_unit_tells_nobody_from_a_few(number: int) -> None:
    assert codes.told(number, spellings.versions) == []


@pytest.mark.parametrize(
    "attack",
    [
        "A3 groups by several tables",
        "A3 tables of nearly the same people",
        "Codes: nobody or a few",
        "Codes: other spellings",
    ],
)
def test_neither_other_tables_nor_codes_tell_of_a_few(attack: str) -> None:
    found = rows(suite.rows_between_tables)[attack]
    assert not found.fails, table([found])


def test_sizes_of_three_tables_and_the_whole_case_prove_nobody_to_stand_in_two() -> None:
    assert several.in_common(several.several(152).let_through()) == []


@pytest.mark.parametrize("number", [11, 14, 18, 20, 28, 38, 58, 90, 166])
def test_a_cell_of_one_table_and_totals_of_others_prove_nobody_to_be_in_one_alone(number: int) -> None:
    assert several.in_common(several.kindred(number).let_through()) == []


def test_thresholds_tell_of_a_few_by_other_tables_and_by_codes() -> None:
    assert not any(one.fails for one in rows(suite.rows_between_tables).values() if one.bad)


@pytest.mark.parametrize(
    "attack",
    [
        "A2 week by week",
        "A5 moves of printed numbers",
        "A5 moves of any group",
        "A5 growth, all weeks together",
    ],
)
def test_weekly_releases_withstand(attack: str) -> None:
    found = rows(suite.rows_over_time)[attack]
    assert not found.fails, table([found])


@pytest.mark.parametrize(
    "attack",
    [
        "A8 date of the copy",
        "A8 by one who reads the cut-off",
        "A10 chains about a person",
        "A10 through the product",
    ],
)
def test_questions_about_one_person_and_the_date_of_the_copy_get_no_answer(attack: str) -> None:
    found = rows(suite.rows_of_the_product)[attack]
    assert not found.fails, table([found])


def test_a_page_that_hides_small_cells_only_is_broken_by_a_reader_who_knows_nothing() -> None:
    assert not any(one.fails for one in rows(suite.rows_of_the_demo).values())


def test_noise_hides_who_is_in_the_data_and_an_undivided_budget_does_not() -> None:
    found = list(rows(suite.rows_of_noise).values())
    assert not any(one.fails for one in found), table(found)


@pytest.mark.parametrize("which", ["total", "cell"])
def test_printed_numbers_that_contradict_each_other_are_found(which: str) -> None:
    made = instance(0).let_through()
    assert linear.printed(made) == []
    one = next(
        one
        for one in made.printed
        if one["by"] and one["cells"] and all(cell["value"] for cell in one["cells"])
    )
    (one["total"] if which == "total" else one["cells"][0])["value"] += 1_000
    assert "contradiction" in {found.kind for found in linear.printed(made)}


@pytest.mark.parametrize("number", [66, 118, 261, 344])
def test_no_unpublished_group_is_proven_to_be_there(number: int) -> None:
    assert linear.unpublished_groups(instance(number).let_through()) == []


def test_the_attacker_reads_conditions_as_the_product_does() -> None:
    asked = {where for number in range(60) for part in wide(number).questions for _, where, _ in part}
    record = {"a": "a0", "b": "", "c": "c1", "country": "KAZ", "day": "2017-12-15", "born": "2000-07-02",
              "city": "u1", "province": "u"}  # fmt: skip
    product = {where: _holds(where, record) for where in asked if where}
    assert {where: language.parsed(where)[0](record) is True for where in product} == product
    assert {True, False} == set(product.values())


def _holds(where: str, record: dict[str, str]) -> bool:
    """By the gate's own reading of one value, leaf by leaf."""

    def of(node: Node) -> bool:
        match node:
            case Every(parts):
                return all(map(of, parts))
            case Either(parts):
                return any(map(of, parts))
            case _:
                value = record[witness.column_of(node)]
                dated = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
                return witness.is_true(node, dt.datetime.fromisoformat(value) if dated else value or None)

    return of(canonical(parse_where(where, record)))


def test_a_number_that_moves_by_few_people_from_week_to_week_is_found() -> None:
    world = WideWorld(("kind",), [("k0",)] * 30, name="entries")
    year = live.Year(0, {"entries": world})
    for total in (30, 31):
        one = finding(((), "", "people"), {}, total)
        year.weeks.append([one | {"provenance": {"question": {"table": "entries"}}}])
    assert [(found.low, found.high) for found in live.moved(year)] == [(30, 31)]


def row(broken: int, *, bad: bool) -> Row:
    return Row("A", 9, broken, "", "", bad=bad)


def test_the_suite_is_void_where_a_bad_release_withstands_it_and_broken_where_the_gate_does_not() -> None:
    assert verdict([row(3, bad=True), row(0, bad=False)]) == 0
    assert verdict([row(3, bad=True), row(1, bad=False)]) == 1
    assert verdict([row(0, bad=True), row(1, bad=False)]) == 2


def test_an_instance_is_the_same_each_time() -> None:
    first, again = instance(7), instance(7)
    assert (first.world.rows, first.questions) == (again.world.rows, again.questions)


def test_certificates_tell_no_two_truths_of_one_page_apart() -> None:
    found = rows(suite.rows_of_twins)
    assert min(one.instances for one in found.values()) >= 6
    assert not any(one.fails for one in found.values()), table([*found.values()])
