"""The gate's smaller parts: spelling of columns, conditions decided by labels, circles, worlds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from sousveil.gate.atoms.clusters import tree
from sousveil.gate.language import refs, witness
from sousveil.gate.protection.solver import Program
from sousveil.gate.refusal import REASONS
from sousveil.gate.threshold import step


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (' MONTH( "entered" )', "month(entered)"),
        ('"a ""b"""', 'a "b"'),
        ("age_band(born, on = '2018-01-01')", "age_band(born, on=2018-01-01)"),
        ("age_band(\"born\",on='2018-01-01')", "age_band(born, on=2018-01-01)"),
        ("month", "month"),
        ("类别", "类别"),
    ],
)
def test_a_column_has_one_spelling(written: str, meant: str) -> None:
    assert refs.canonical(written) == meant


def test_a_year_beside_its_month_is_no_column_of_its_own() -> None:
    assert refs.reduced(["year(d)", "sex", "month(d)"]) == [2, 1]


def test_the_cut_off_is_no_part_of_what_a_population_is() -> None:
    assert refs.base("table t; where \"a\" = 'x'; until 2018-12-31") == "table t; where \"a\" = 'x'"


def test_columns_of_a_where_are_told_from_its_texts() -> None:
    assert refs.columns_of_where('table t; where "a" = \'no "b"\' AND month("c") = \'2018-01\'') == {"a", "c"}


@pytest.mark.parametrize(
    ("condition", "labels", "decision"),
    [
        ("\"n\" = 'KAZ'", {"n": "KAZ"}, True),
        ("\"n\" = 'KAZ'", {"n": ""}, False),
        ("\"n\" <> 'KAZ'", {"n": ""}, False),
        ("\"n\" IN ('KAZ', 'UZB')", {"n": "UZB"}, True),
        ("\"n\" NOT IN ('KAZ', 'UZB')", {"n": "UZB"}, False),
        ('"n" IS NULL', {"n": ""}, True),
        ("month(\"d\") = '2018-03'", {"month(d)": "2018-03"}, True),
        ('year("d") >= 2018', {"year(d)": "2017"}, False),
        ("\"d\" >= DATE '2018-01-01'", {"month(d)": "2018-01"}, True),
        ("\"d\" >= DATE '2018-01-01'", {"year(d)": "2017"}, False),
        ("\"d\" >= DATE '2018-01-15'", {"month(d)": "2018-01"}, None),
        ("\"d\" <= DATE '2018-12-31'", {"year(d)": "2018"}, True),
        ("\"d\" = DATE '2018-01-15'", {"month(d)": "2018-01"}, None),
        ("\"d\" = DATE '2018-01-15'", {"month(d)": "2018-02"}, False),
    ],
)
def test_labels_decide_a_condition_or_leave_it_open(
    condition: str, labels: dict[str, str], decision: bool | None
) -> None:
    node = witness.condition(f"table t; where {condition}")
    leaves = witness.leaves(node)
    ((ref, label),) = labels.items()
    about = [leaf for leaf in leaves if witness.column_of(leaf) == refs.column(ref)]
    found = witness.classes({ref: {label, "KAZ"} if ref == "n" else {label}}, about)
    outcomes = {
        witness.holds(
            node,
            dict(zip(about, (one == "1" for one in truths), strict=True))
            | dict.fromkeys(set(leaves) - set(about), False),
        )
        for shown, truths in found
        if shown == label
    }
    assert outcomes == ({True, False} if decision is None else {decision})


def test_a_circle_is_told_from_a_chain_and_joined() -> None:
    ab, bc, ac = frozenset("ab"), frozenset("bc"), frozenset("ac")

    def size(group: frozenset[str]) -> int:
        return 10 ** len(group)

    assert set(tree([ab, bc, frozenset("a")], size, 0).groups) == {ab, bc}
    assert tree([ab, bc, ac], size, 0).groups == (frozenset("abc"),)
    assert tree([ab, frozenset("c")], size, 1000).groups == (frozenset("abc"),)


def test_the_windows_of_uncertainty_grow_with_the_count_and_are_never_below_k() -> None:
    assert [step(value, 10) for value in (10, 500, 501, 1000, 1001, 5000)] == [10, 10, 20, 20, 50, 100]


def test_a_program_goes_on_after_its_costs_and_its_bounds_were_changed() -> None:
    matrix = sparse.csr_array(np.array([[1, 1, 1]]))
    program = Program(matrix, np.array([10]), np.zeros(3, np.int64), np.full(3, 9))
    cheap = program.minimise(np.array([1.0, 0.0, 0.0]))
    dear = program.minimise(np.array([-1.0, 0.0, 0.0]))
    assert cheap is not None and cheap[0] == 0
    assert dear is not None and dear[0] == 9
    program.fix(0, 5, 5)
    whole = program.minimise(np.zeros(3), whole=True)
    assert whole is not None and whole[0] == 5
    program.fix(0, 30, 30)
    assert program.minimise(np.zeros(3)) is None


def test_every_refusal_is_described() -> None:
    page = (Path(__file__).parents[2] / "docs" / "gate.md").read_text("utf-8")
    assert [code for code in REASONS if f"### {code}\n" not in page] == []
