"""Groups of atoms by marks, as whole numbers, are those of the keys that the marks make."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sousveil.gate.atoms import marked
from sousveil.gate.atoms.marked import Marked
from sousveil.gate.atoms.nodes import Table

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
