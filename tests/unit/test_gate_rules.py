"""Columns of which one tells another: what is a rule, what comes by chance, what a rule leaves possible."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pytest

from sousveil.gate.atoms import joint
from sousveil.gate.atoms.columns import Recodes
from sousveil.gate.atoms.labels import known
from sousveil.gate.atoms.population import population_of
from sousveil.gate.atoms.rules import Rule, followed, rules
from sousveil.gate.sheet import Sheet, sheet
from tests.attack import linear
from tests.attack.wide import WideWorld, wide

Asked = tuple[Sequence[str], str]


def _world(number: int = 300, told: bool = True) -> WideWorld:
    chance = np.random.default_rng(7)
    cities = [str(one) for one in chance.choice(["u0", "u1", "v0", "v1", "w0"], number)]
    rows = [(city, city[0] if told else f"{'uvw'[n % 3]}", "xy"[n % 2]) for n, city in enumerate(cities)]
    return WideWorld(("city", "province", "sex"), rows)


def _looked_at(world: WideWorld, asked: Sequence[Asked]) -> tuple[Recodes, list[Sheet], list[Rule]]:
    counts = functools.partial(world.joint, world.name)
    sheets = [sheet(world.ask(by, where)) for by, where in asked]
    labels = known(sheets, counts, 10)
    bases = sorted({one.base for one in sheets})
    counted = functools.partial(counts, ())
    own = {base: [one for one in sheets if one.base == base] for base in bases}
    populations = {base: population_of(base, some, labels, counted) for base, some in own.items()}
    recodes = Recodes(sheets, populations, counts)
    return recodes, sheets, rules(recodes, sheets)


APART: list[Asked] = [(("city", "sex"), ""), (("province", "sex"), "")]


def test_a_city_tells_its_province_and_no_record_is_in_another() -> None:
    recodes, sheets, found = _looked_at(_world(), APART)
    assert [one.group for one in found] == [{"city", "province"}]
    keys = [("u0", "u"), ("u0", "v"), ("z9", "v")]
    assert followed(recodes, found, sheets, ("city", "province"), keys) == [("u0", "u"), ("z9", "v")]


def test_the_condition_about_a_city_is_told_by_the_province() -> None:
    recodes, sheets, found = _looked_at(_world(), [(("sex",), "city LIKE 'v%'"), (("province",), "")])
    assert [one.group for one in found] == [{"?city", "province"}]
    keys = [("0", "u"), ("1", "u"), ("1", "v")]
    order = recodes.order(found[0].group)
    keys = [tuple({"province": key[1], "?city": key[0]}[one] for one in order) for key in keys]
    assert followed(recodes, found, sheets, order, keys) == [keys[0], keys[2]]


@pytest.mark.parametrize("world", [_world(told=False), _world(5)])
def test_columns_that_agree_by_chance_or_not_are_no_rule(world: WideWorld) -> None:
    assert _looked_at(world, APART)[2] == []


def test_a_cell_that_was_asked_for_keeps_its_atoms_against_a_rule() -> None:
    asked: list[Asked] = [*APART, (("province",), "city = 'u0'")]
    recodes, sheets, found = _looked_at(_world(), asked)
    (rule,) = found
    order = recodes.order(rule.group)
    row = {"city": "u0", "?city": "1", "province": "v"}
    elsewhere = row | {"city": "u1", "?city": "0"}
    keys = [tuple(one[recode] for recode in order) for one in (row, elsewhere)]
    assert followed(recodes, found, sheets, order, keys) == [keys[0]]


def test_without_rules_a_reader_who_knows_the_provinces_proves_a_few_to_be_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(joint, "rules", lambda recodes, sheets: [])
    assert linear.unpublished_groups(wide(407).let_through()) != []
