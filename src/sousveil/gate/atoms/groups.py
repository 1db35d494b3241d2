"""Small groups that nobody asked for, by some columns of a table of atoms: they must be able to be empty."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from sousveil.gate.atoms.columns import Marks, Recodes
from sousveil.gate.atoms.nodes import Extra, Table, projected
from sousveil.gate.atoms.population import Population
from sousveil.gate.language import refs as spelling
from sousveil.gate.protection.system import Ints
from sousveil.gate.sheet import Labels

MOST_GROUPS = 128
"""Sets of columns and conditions by which small groups are looked for, at most, the simplest first."""


def guard(recodes: Recodes, table: Table, whole: Population | None, extra: Extra, k: int) -> None:
    """Small groups by some of a table's columns that nobody asked for: they might be empty, for all we say.

    A group is made of labels and truths, and of single conditions that do not hold: who is not in
    `nation <> 'KAZ'` is Kazakh, or not stated.
    """
    held = set(table.recodes)
    columns = [[one for one in found if one in held] for found in recodes.columns.values()]
    options: list[list[Marks]] = [[(), *_marks(recodes, found)] for found in columns if found]
    offset = table.start - extra.start
    people = np.array(extra.people[offset : offset + len(table.keys)])
    every = sorted(itertools.product(*options), key=lambda some: sum(map(len, some)))
    for some in every[1:MOST_GROUPS]:
        marks = tuple(itertools.chain(*some))
        bare = frozenset(recode for recode, leaf in marks if leaf is None)
        if len(bare) < len(table.recodes) and not (
            whole and len(bare) == len(marks) and tuple(sorted(bare)) in whole.families
        ):
            _smallguard(recodes, table, marks, people, extra, k)


def cut_out(recodes: Sequence[str]) -> bool:
    """Whether conditions cut out groups that no label names: nobody there must look as a few would."""
    named = {spelling.column(one) for one in recodes if one[:1] != "?"}
    return any(one[:1] == "?" and one[1:] not in named for one in recodes)


def _marks(recodes: Recodes, found: Sequence[str]) -> list[Marks]:
    """The ways in which a column takes part in a group."""
    told_of = [one for one in found if one[:1] == "?"]
    leaves = [n for one in told_of for n in range(len(recodes.leaves[one[1:]]))]
    single: list[Marks] = [((told_of[0], leaf),) for leaf in leaves] if len(leaves) > 1 else []
    return [tuple((one, None) for one in found), *single]


def _smallguard(recodes: Recodes, table: Table, marks: Marks, people: Ints, extra: Extra, k: int) -> None:
    order = [recode for recode, _ in marks]
    shown = _marked(projected(table, order), marks)
    most: dict[Labels, int] = {}
    for key, number in zip(shown, people.tolist(), strict=True):
        most[key] = max(most.get(key, 0), number)
    if all(number >= k for number in most.values()):
        return
    found = recodes.marked(marks)
    empty_ones = cut_out(order)
    keys = sorted({key for key in shown if (empty_ones or key in found) and found.get(key, (0, 0))[1] < k})
    if keys:
        start = extra.add(found.get(key, (0, 0)) for key in keys)
        extra.low[start - extra.start :] = [key in found for key in keys]
        extra.some[start - extra.start :] = [key not in found for key in keys]
        number_of = {key: start + row for row, key in enumerate(keys)}
        pairs = [(number_of[key], table.start + row) for row, key in enumerate(shown) if key in number_of]
        parents, children = np.array(pairs, dtype=np.int64).T
        extra.equations.append((parents, children))


def _marked(keys: Iterable[Labels], marks: Marks) -> list[Labels]:
    return [
        tuple(part if leaf is None else part[leaf] for part, (_, leaf) in zip(key, marks, strict=True))
        for key in keys
    ]
