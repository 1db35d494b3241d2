"""Groups of atoms by marks are those of the keys that the marks make; what shown sums say of their parts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import sparse

from sousveil.gate.atoms import marked
from sousveil.gate.atoms.marked import Marked
from sousveil.gate.atoms.nodes import Table
from sousveil.gate.protection.system import System

RECODES = ("nation", "?nation", "port", "month")
ALL = list(itertools.product("abc", ("01", "11", "10"), "xy", map(str, range(7))))
KEYS = [key for place, key in enumerate(ALL) if place % 3]


@pytest.mark.parametrize("dense", [1, 1 << 40])
@pytest.mark.parametrize(
    "marks",
    [
        (("nation", None),),
        (("?nation", 0), ("month", None)),
        (("?nation", 1), ("port", None), ("nation", None)),
        (("?nation", None), ("month", None), ("port", None), ("nation", None)),
    ],
)
def test_atoms_with_the_same_marks_are_one_group(
    marks: marked.Marks, dense: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marked, "_DENSE", dense)
    atoms = Marked(Table(RECODES, KEYS))
    first, which = atoms.groups(marks)
    every = atoms.keys(range(len(KEYS)), marks)
    assert every[0] == tuple(
        KEYS[0][RECODES.index(recode)] if leaf is None else KEYS[0][RECODES.index(recode)][leaf]
        for recode, leaf in marks
    )
    groups = atoms.keys(first.tolist(), marks)
    assert len(set(groups)) == len(groups) == len(set(every))
    assert [groups[group] for group in which.tolist()] == every
    assert np.array_equal(first, [every.index(group) for group in groups])


def test_no_node_is_thought_to_exceed_a_shown_sum_that_it_is_part_of() -> None:
    """Nodes: a shown sum of 12 and one of 30 over hidden parts, one part in both; one node in neither."""
    parts = {0: (2, 3), 1: (3, 4)}
    matrix = np.zeros((2, 6), np.int64)
    for parent, children in parts.items():
        matrix[parent, [parent, *children]] = [-1, 1, 1]
    values = np.array([12, 30, 3, 9, 21, 50])
    hidden = np.array([False, False, True, True, True, True])
    flags = {name: np.zeros(6, np.bool_) for name in ("small", "loose", "aside", "low", "high", "fixed")}
    made = System(
        k=10,
        values={"records": values, "people": values},
        top=np.full(6, 9),
        hidden=hidden,
        cost=np.ones(6),
        ceiling=dict.fromkeys(("records", "people"), np.full(6, 100)),
        matrix=sparse.csr_array(matrix),
        population=np.zeros(6, np.int64),
        label=np.full(6, -1),
        **flags,
    )
    assert made.ceilings("records").tolist() == [100, 100, 12, 12, 30, 100]
    made.hide([0])
    assert made.ceilings("records").tolist() == [100, 100, 100, 30, 30, 100]
