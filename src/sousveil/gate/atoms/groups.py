"""Small groups that nobody asked for, by some columns of a table of atoms: they must be able to be empty."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from sousveil.gate.atoms.columns import Marks, Recodes, told
from sousveil.gate.atoms.marked import Marked
from sousveil.gate.atoms.nodes import Extra, Table
from sousveil.gate.atoms.population import Population
from sousveil.gate.protection.system import Ints
from sousveil.gate.sheet import Labels

MOST_GROUPS = 128
"""Sets of columns and conditions by which small groups are looked for, at most, the simplest first."""


def guard(recodes: Recodes, table: Table, whole: Population | None, extra: Extra, k: int) -> None:
    """Small groups by some of a table's columns that nobody asked for: they might be empty, for all we say.

    A group is made of labels and truths, and of single conditions that do not hold: who is not in
    `nation <> 'KAZ'` is Kazakh, or not stated.
    """
    if not table.keys:
        return
    held, marked = set(table.recodes), Marked(table)
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
            _smallguard(recodes, marked, marks, people, extra, k)


def cut_out(recodes: Recodes, order: Sequence[str], keys: Sequence[Labels]) -> list[bool]:
    """Which groups (keys in the order of these recodes) conditions cut out of what labels name.

    Those of a column without labels, and those of a label that conditions divide, as `day >= DATE
    '2018-02-15'` a month: nobody there must look as a few would.
    """
    cut = [False] * len(keys)
    for column, found in recodes.columns.items():
        if told(column) in order:
            places = [place for place, one in enumerate(order) if one in found and one[:1] != "?"]
            divided = _divided(recodes, column, [order[place] for place in places])
            cut = [
                was or tuple(key[place] for place in places) in divided
                for was, key in zip(cut, keys, strict=True)
            ]
    return cut


def _divided(recodes: Recodes, column: str, refs: Sequence[str]) -> set[Labels]:
    """The labels of a column, under some references, under which its conditions may or may not hold."""
    places = [recodes.columns[column].index(ref) for ref in refs]
    truths: dict[Labels, set[str]] = {}
    for one in recodes.classes[column]:
        truths.setdefault(tuple(one[place] for place in places), set()).add(one[-1])
    return {labels for labels, found in truths.items() if len(found) > 1}


def _marks(recodes: Recodes, found: Sequence[str]) -> list[Marks]:
    """The ways in which a column takes part in a group."""
    told_of = [one for one in found if one[:1] == "?"]
    leaves = [n for one in told_of for n in range(len(recodes.leaves[one[1:]]))]
    single: list[Marks] = [((told_of[0], leaf),) for leaf in leaves] if len(leaves) > 1 else []
    return [tuple((one, None) for one in found), *single]


def _smallguard(recodes: Recodes, marked: Marked, marks: Marks, people: Ints, extra: Extra, k: int) -> None:
    first, which = marked.groups(marks)
    most = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(most, which, people)
    if (most >= k).all():
        return
    shown = marked.keys(first.tolist(), marks)
    found = recodes.marked(marks)
    cut = cut_out(recodes, [recode for recode, _ in marks], shown)
    cells = {key for key, is_cut in zip(shown, cut, strict=True) if is_cut or key in found}
    keys = sorted(key for key in cells if found.get(key, (0, 0))[1] < k)
    if keys:
        start = extra.add(found.get(key, (0, 0)) for key in keys)
        extra.low[start - extra.start :] = [key in found for key in keys]
        extra.some[start - extra.start :] = [key not in found for key in keys]
        number_of = {key: start + row for row, key in enumerate(keys)}
        parents = np.array([number_of.get(key, -1) for key in shown], dtype=np.int64)[which]
        children = np.flatnonzero(parents >= 0)
        extra.equations.append((parents[children], marked.table.start + children))
