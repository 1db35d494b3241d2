"""Certificates of tables in circles: databases that fit every table, made from the printed numbers alone."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.gate.certificate import pieces
from sousveil.gate.certificate.fill import Fill, can_be_filled
from sousveil.gate.certificate.make import REASONS, certificate
from sousveil.gate.certificate.printed import Printed, listed
from sousveil.gate.certificate.shift import Shift, Sums
from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.effort import Work
from tests.gate_world import MemoryCase
from tests.support_certificate import Published, verified

K = 10
LEAST = 25
"""More than k: the gate hides more than what is small, else what is hidden would be known."""
NAMES = "abcd"
CIRCLE = ((0, 1), (1, 2), (0, 2))
PAIRS = tuple(itertools.combinations(range(4), 2))


@pytest.fixture(autouse=True)
def small_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small circles are filled by moves as well, so that the tests are quick."""
    monkeypatch.setattr(pieces, "CIRCLE", 100)


def people(shape: tuple[int, ...], records: int, seed: int = 1) -> np.ndarray:
    """So many records by some columns, of which each has few large labels and many small ones."""
    chance = np.random.default_rng(seed)
    sizes = [np.arange(1, size + 1, dtype=float) ** -(0.4 + 0.5 * n) for n, size in enumerate(shape)]
    columns = [chance.choice(len(one), records, p=one / one.sum()) for one in sizes]
    made = np.zeros(shape, dtype=np.int64)
    np.add.at(made, tuple(columns), 1)
    return made


def page(made: np.ndarray, axes: tuple[int, ...], unit: str = "records", where: str = "") -> Printed:
    """A table as a page has it: what is smaller than `LEAST` is hidden."""
    sums = made.sum(axis=tuple(axis for axis in range(made.ndim) if axis not in axes))
    shown = {
        tuple(f"{NAMES[axis]}{place:02d}" for axis, place in zip(axes, key, strict=True)): int(sums[key])
        for key in zip(*(part.tolist() for part in np.nonzero(sums >= LEAST)), strict=True)
    }
    by = tuple(NAMES[axis] for axis in axes)
    return Printed("visits", 1, unit, where, by, int(made.sum()), listed(by, shown, int(made.sum()), True))


def checked(printed: list[Printed], folder: Path) -> tuple[int, tuple[int, ...], dict[str, int]]:
    """What a reader's verifier says of the certificate: exit code and figures; and what is left, and why."""
    case = MemoryCase(K)
    case.documents["worlds"] = certificate(printed, K).text
    done = verified(Published(case, [], []).write(folder / "publication", page=[]))
    assert not done.stderr
    document = json.loads(case.documents["worlds"])
    figures = tuple(map(int, re.findall(r"\d+", done.stdout.splitlines()[-1])))
    assert figures[2] == sum(document["unproven"][0].values())
    return done.returncode, figures, document["unproven"][0]


def of_three(unit: str = "records") -> list[Printed]:
    made = people((9, 10, 8), 3_000)
    return [page(made, axes, unit) for axes in CIRCLE]


@pytest.mark.parametrize("unit", ["records", "people"])
def test_every_hidden_cell_of_a_circle_of_three_is_proven(tmp_path: Path, unit: str) -> None:
    code, (_, hidden, unproven), _ = checked(of_three(unit), tmp_path)
    assert (code, unproven) == (0, 0)
    assert hidden > 50


def test_nearly_all_hidden_cells_of_six_linked_pairs_are_proven(tmp_path: Path) -> None:
    made = people((6, 5, 8, 7), 8_000)
    _, (_, hidden, unproven), _ = checked([page(made, axes) for axes in PAIRS], tmp_path)
    assert hidden > 50
    assert unproven < hidden / 20


def test_records_and_people_of_a_circle_go_together(tmp_path: Path) -> None:
    made = people((9, 10, 8), 3_000)
    more = made + people((9, 10, 8), 800, seed=2) * (made > 0)
    printed = [page(made, axes, "people") for axes in CIRCLE] + [page(more, axes) for axes in CIRCLE]
    code, (_, hidden, unproven), left = checked(printed, tmp_path)
    assert code in (0, 3)
    assert REASONS["work"] not in left
    assert hidden > 50
    assert unproven < hidden / 20


def test_tables_that_hang_on_a_circle_take_part(tmp_path: Path) -> None:
    made = people((9, 10, 8, 5), 6_000)
    part = made.copy()
    part[1:] = 0
    printed = [
        *(page(made, axes) for axes in (*CIRCLE, (0, 3))),
        page(part, (1,), where="\"a\" = 'a00'"),
    ]
    _, (_, hidden, unproven), _ = checked(printed, tmp_path)
    assert hidden > 50
    assert unproven < hidden / 20


def test_the_order_of_the_tables_of_a_circle_does_not_matter() -> None:
    printed = of_three()
    assert certificate(printed, K).text == certificate(printed[::-1], K).text


def test_a_circle_of_too_many_combinations_is_left_unproven(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pieces, "MOST_FILLED", 500)
    code, _, left = checked(of_three(), tmp_path)
    assert code == 3
    assert set(left) == {REASONS["large"]}


def fixed(shape: tuple[int, ...], tables: Any) -> Any:
    """Every sum is printed."""
    return {axes: np.zeros(Grid(shape).size(axes), dtype=np.int64) for axes in tables}


def sums_of(atoms: np.ndarray, tables: Any) -> Sums:
    return {axes: Grid(atoms.shape).summed(atoms.reshape(-1), axes) for axes in tables}


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), tables=st.sampled_from([CIRCLE, PAIRS, ((0, 1, 2), (1, 3), (2, 3))]))
def test_a_filling_has_the_sums_that_were_asked_for_or_there_is_none(
    seed: int, tables: tuple[Axes, ...]
) -> None:
    chance = np.random.default_rng(seed)
    shape = tuple(chance.integers(2, 6, 1 + max(map(max, tables))).tolist())
    fill = Fill(shape, Work(1_000), fixed(shape, tables))
    for _ in range(2):
        wanted = sums_of(people(shape, 500, int(chance.integers(10**6))), tables)
        filled = fill.filled(wanted)
        if filled is not None:
            fill.keep()
            assert (filled >= 0).all()
            now = sums_of(filled.reshape(shape), tables)
            assert all((now[axes] == wanted[axes]).all() for axes in tables)


@pytest.mark.parametrize("tables", [CIRCLE, PAIRS])
def test_sums_of_many_records_are_filled_from_one_world_to_the_next(tables: tuple[Axes, ...]) -> None:
    shape = (6, 7, 5, 8)[: 1 + max(map(max, tables))]
    fill = Fill(shape, Work(10_000), fixed(shape, tables))
    for seed in range(4):
        assert fill.filled(sums_of(people(shape, 50_000, seed), tables)) is not None
        fill.keep()


def test_sums_that_no_database_has_are_not_filled() -> None:
    same, other = np.diag([5, 5]).reshape(-1), np.array([0, 5, 5, 0])
    shown = fixed((2, 2, 2), CIRCLE)
    assert Fill((2, 2, 2), Work(1_000), shown).filled({(0, 1): same, (1, 2): same, (0, 2): same}) is not None
    assert Fill((2, 2, 2), Work(1_000), shown).filled({(0, 1): same, (1, 2): same, (0, 2): other}) is None
    # Where one table is hidden, it gives way.
    hidden = {**shown, (0, 2): np.ones(4, dtype=np.int64)}
    filled = Fill((2, 2, 2), Work(1_000), hidden).filled({(0, 1): same, (1, 2): same, (0, 2): other})
    assert filled is not None
    assert filled.reshape(2, 2, 2).sum(axis=1).reshape(-1).tolist() == [5, 0, 0, 5]


@pytest.mark.parametrize("shape", [(1, 3, 4), (3, 1, 1), (1, 1, 1)])
def test_a_column_of_one_label_has_no_swaps(shape: tuple[int, ...]) -> None:
    fill = Fill(shape, Work(1_000), fixed(shape, CIRCLE))
    for seed in range(3):
        assert fill.filled(sums_of(people(shape, 300, seed), CIRCLE)) is not None
        fill.keep()


def test_moves_bring_any_filling_to_the_sums_that_are_wanted() -> None:
    one, other = (people((4, 5, 3, 6), 3_000, seed) for seed in (1, 2))
    atoms = one.reshape(-1).copy()
    Shift(Grid(one.shape)).run(atoms, sums_of(other, PAIRS))
    now, wanted = sums_of(atoms.reshape(one.shape), PAIRS), sums_of(other, PAIRS)
    assert all((now[axes] == wanted[axes]).all() for axes in PAIRS)


def test_there_are_no_moves_for_three_columns_together_in_every_way() -> None:
    assert can_be_filled(CIRCLE)
    assert can_be_filled(PAIRS)
    assert not can_be_filled([*itertools.combinations(range(4), 3)])
