"""Columns of which one tells another in the data, as a city tells its province.

Whoever knows the cities knows which pairs can't occur, and adds them up to provinces. So both columns are
looked at together, and no world has anybody under a pair that can't occur. That a few records agree by chance
is no rule. A cell that was asked for and that such a rule leaves empty keeps its atoms: that all of a
nationality are on one list may be what the question is about.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.errors import SousveilError
from sousveil.gate.atoms.clusters import Group
from sousveil.gate.atoms.columns import Recodes
from sousveil.gate.atoms.nodes import Table, projected
from sousveil.gate.atoms.population import MAX_CROSS
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.sheet import Labels, Sheet

SURE = 20.0
"""How unlikely agreement by chance must be, as the negative natural logarithm."""

Key = tuple[Labels, Labels]


@dataclass(frozen=True)
class Rule:
    """The recodes of two columns, and what of the one goes with what of the other."""

    parts: tuple[tuple[str, ...], tuple[str, ...]]
    together: frozenset[Key]
    seen: tuple[frozenset[Labels], frozenset[Labels]]

    @property
    def group(self) -> Group:
        """All recodes of both columns."""
        return frozenset(itertools.chain(*self.parts))

    def allows(self, order: Sequence[str], keys: Sequence[Labels]) -> list[bool]:
        """Which atoms, with recodes in this order, may hold somebody: pairs seen, labels not seen."""
        one, other = ([order.index(recode) for recode in part] for part in self.parts)
        known: dict[Key, bool] = {}
        allowed = []
        for key in keys:
            pair = tuple(key[n] for n in one), tuple(key[n] for n in other)
            if pair not in known:
                strange = pair[0] not in self.seen[0] or pair[1] not in self.seen[1]
                known[pair] = strange or pair in self.together
            allowed.append(known[pair])
        return allowed


def followed(
    recodes: Recodes, rules: Sequence[Rule], sheets: Sequence[Sheet], order: Sequence[str], keys: list[Labels]
) -> list[Labels]:
    """The atoms, with recodes in this order, that the rules allow, and those of cells that have no other."""
    allowed = np.ones(len(keys), dtype=np.bool_)
    for rule in rules:
        if rule.group <= {*order}:
            allowed &= np.array(rule.allows(order, keys), dtype=np.bool_)
    if allowed.all():
        return keys
    kept = allowed.copy()
    for one in sheets:
        if recodes.of(one.base, one.refs) <= {*order}:
            taken = recodes.taken(one.base, order, keys)
            cells = projected(Table(tuple(order), keys), one.refs)
            peopled = {cells[row] for row in np.flatnonzero(taken & allowed).tolist()}
            kept |= taken & np.array([cell not in peopled for cell in cells], dtype=np.bool_)
    return [keys[row] for row in np.flatnonzero(kept).tolist()]


def rules(recodes: Recodes, sheets: Sequence[Sheet]) -> list[Rule]:
    """The rules between columns that no table of everybody is by."""
    asked = [{*one.refs} for one in sheets if recodes.condition(one.base) is None]
    found = []
    for one, other in itertools.combinations(recodes.columns, 2):
        parts = tuple(recodes.columns[one]), tuple(recodes.columns[other])
        if any(group & {*parts[0]} and group & {*parts[1]} for group in asked):
            continue
        if recodes.size(frozenset(itertools.chain(*parts))) > MAX_CROSS or not _tell(recodes, one, other):
            continue
        order = recodes.order(frozenset(itertools.chain(*parts)))
        places = [[order.index(recode) for recode in part] for part in parts]
        pairs = [
            (tuple(key[n] for n in places[0]), tuple(key[n] for n in places[1]))
            for key in recodes.observed(order)
        ]
        seen = frozenset(first for first, _ in pairs), frozenset(second for _, second in pairs)
        found.append(Rule(parts, frozenset(pairs), seen))
    return found


def _tell(recodes: Recodes, one: str, other: str) -> bool:
    """Whether one of two columns tells the other."""
    try:
        number = recodes.counts((), [_written(recodes, one), _written(recodes, other)])
    except SousveilError:
        return False
    stated = {key: figures[0] for key, figures in number.items() if all(key)}
    return _is_told(stated) or _is_told({(b, a): records for (a, b), records in stated.items()})


def _is_told(records: Mapping[Labels, int]) -> bool:
    """Whether the first label tells the second, and not by chance."""
    told: dict[str, str] = {}
    fine: dict[str, int] = {}
    coarse: dict[str, int] = {}
    for (one, other), number in records.items():
        if told.setdefault(one, other) != other:
            return False
        fine[one] = fine.get(one, 0) + number
        coarse[other] = coarse.get(other, 0) + number
    if len(coarse) < 2:
        return False
    likeliest = max(coarse.values()) / sum(coarse.values())
    return -math.log(likeliest) * sum(number - 1 for number in fine.values()) >= SURE


def _written(recodes: Recodes, column: str) -> str:
    """A column as `by` asks for it: by itself, or, of dates and numbers, by what was asked first."""
    refs = [ref for ref in recodes.columns[column] if ref in recodes.written]
    constants = [one for leaf in recodes.leaves.get(column, ()) for one in witness.constants_of(leaf)]
    if any(map(spelling.is_closed, refs)) or not all(isinstance(one, str) for one in constants):
        return recodes.written[refs[0]] if refs else column
    return column if column.isidentifier() else '"' + column.replace('"', '""') + '"'
