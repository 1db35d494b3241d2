"""What the tables of one table of the dump say together: atoms, of which every count is a sum.

An atom is a class of records by recodes: labels, and the truth of conditions. Each group of recodes of the
junction tree (`clusters`) has a table of atoms; the cells of every population are sums over them, and groups
that share recodes agree there. A world is a filling of the atoms with whole numbers. All atoms that are
possible by logic take part (`witness`), or, where these are too many, those that occur and some others
(`likely`): fewer atoms make fewer worlds, so that a proof stays a proof.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from sousveil.findings.syntax import text
from sousveil.gate.atoms.clusters import Group, Tree, tree
from sousveil.gate.atoms.columns import Recodes
from sousveil.gate.atoms.groups import cut_out, guard
from sousveil.gate.atoms.inclusions import inclusions
from sousveil.gate.atoms.likely import likely
from sousveil.gate.atoms.nodes import Extra, Table, projected
from sousveil.gate.atoms.population import MAX_CROSS, Family, Population
from sousveil.gate.atoms.rules import Rule, followed, rules
from sousveil.gate.circles.circular import circle
from sousveil.gate.effort import Effort
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Flags
from sousveil.gate.sheet import Counts, Labels, Sheet

SMALL = 400
"""Groups are joined as long as they make no more classes than this, since one group proves more than two."""


FEW = 3_000
"""Possible atoms of a circle that programs deal with sooner, and more thoroughly, than moves."""
ELSEWHERE = -1
"""The start of a table whose atoms are no nodes."""
MOST_POSSIBLE = 10**15
"""Possible atoms of such a group, so that each has a number."""


class TooWide(Exception):
    """Tables are so entangled that their atoms are too many to look for worlds among them."""


def joined(
    sheets: Sequence[Sheet],
    populations: Mapping[str, Population],
    counts: Counts,
    start: int,
    k: int,
    effort: Effort,
) -> Extra:
    """The further nodes and equations of these sheets; nothing where each group is a table already.

    Raises `TooWide` where a group that no single table is about has more atoms than the effort allows.
    """
    try:
        return _joined(Recodes(sheets, populations, counts), sheets, populations, start, k, effort)
    except TooWide:
        if len(populations) > 1 or witness.condition(next(iter(populations))) is None:
            raise
    # Nothing is said of anybody outside of the one population, so that its condition plays no part.
    return _joined(Recodes(sheets, populations, counts, True), sheets, populations, start, k, effort)


def _joined(
    recodes: Recodes,
    sheets: Sequence[Sheet],
    populations: Mapping[str, Population],
    start: int,
    k: int,
    effort: Effort,
) -> Extra:
    extra = Extra(start)
    told = rules(recodes, sheets)
    found = _tree(recodes, sheets, populations, told)
    whole = next((one for base, one in populations.items() if recodes.condition(base) is None), None)
    if whole and all(_family(whole, group) for group in found.groups):
        return extra
    asked = [recodes.of(one.base, one.refs) for one in sheets]
    tables = []
    for group in found.groups:
        if whole and _is_circle(recodes, group, asked, effort):
            extra.circles.append(circle(recodes, group, whole, k))
            tables.append(Table(recodes.order(group), [], ELSEWHERE))
        else:
            tables.append(_atoms(recodes, group, sheets, told, whole, extra, k))
    if any(
        len(table.keys) > effort.atoms and not any(group <= one for one in asked)
        for group, table in zip(found.groups, tables, strict=True)
    ):
        raise TooWide
    _agree(recodes, found, tables, whole, extra)
    for base, population in sorted(populations.items()):
        for family in population.families.values():
            _sum_up(recodes, base, population, family, tables, extra)
    _beyond(recodes, populations, tables, extra, k)
    for table in tables:
        if table.start >= start:
            guard(recodes, table, whole, extra, k)
    extra.inside = inclusions(recodes, populations, tables)
    return extra


def _tree(
    recodes: Recodes, sheets: Sequence[Sheet], populations: Mapping[str, Population], told: Sequence[Rule]
) -> Tree:
    groups = {recodes.of(base, ()) for base in populations} - {frozenset()}
    groups |= {rule.group for rule in told}
    groups |= {recodes.of(one.base, one.refs) for one in sheets} - {frozenset()}
    groups |= {frozenset(found) for found in recodes.columns.values() if len(found) > 1}
    for one, other in itertools.combinations(sheets, 2):
        if one.refs == other.refs and one.base != other.base:
            both = recodes.of(one.base, one.refs) | recodes.of(other.base, other.refs)
            if recodes.size(both) <= MAX_CROSS:
                groups.add(both)
    return tree(groups, recodes.size, SMALL)


def _is_circle(recodes: Recodes, group: Group, asked: Sequence[Group], effort: Effort) -> bool:
    """Whether a group's atoms are to be moved about in an array, not to be nodes."""
    conditions = any(recode[:1] == "?" for recode in group)
    return (
        not conditions
        and not any(group <= one for one in asked)
        and FEW < recodes.size(group) <= effort.cells
    )


def _family(whole: Population, group: Group) -> Family | None:
    """The family of the whole table by exactly these references, if it is a node for each."""
    return whole.families.get(tuple(sorted(group)))


def _atoms(
    recodes: Recodes,
    group: Group,
    sheets: Sequence[Sheet],
    told: Sequence[Rule],
    whole: Population | None,
    extra: Extra,
    k: int,
) -> Table:
    asked = [recodes.of(one.base, one.refs) for one in sheets]
    order = recodes.order(group)
    family = _family(whole, group) if whole else None
    if whole and family:
        places = [family.refs.index(ref) for ref in order]
        keys = [tuple(labels[place] for place in places) for labels in whole.labels_of(family)]
        return Table(order, keys, family.start)
    if recodes.size(group) > MOST_POSSIBLE:
        raise TooWide
    observed = recodes.observed(order)
    keys = list(observed)
    if recodes.size(group) <= MAX_CROSS:
        product = itertools.product(*recodes.within(group).values())
        keys += [key for parts in product if (key := tuple(itertools.chain(*parts))) not in observed]
    else:
        keys += likely(order, observed, set(asked), recodes.within(group), k)
    keys = followed(recodes, told, sheets, order, keys)
    table = Table(order, keys)
    table.start = extra.add(observed.get(key, (0, 0)) for key in keys)
    extra.tables.append(table)
    offset = table.start - extra.start
    for row, (key, is_cut) in enumerate(zip(keys, cut_out(recodes, order, keys), strict=True)):
        records, people = observed.get(key, (0, 0))
        extra.low[offset + row] = records > 0 and (people < k or records < k)
        extra.some[offset + row] = not records and is_cut
    return table


def _agree(
    recodes: Recodes,
    found: Tree,
    tables: Sequence[Table],
    whole: Population | None,
    extra: Extra,
) -> None:
    """Groups that share recodes count the same by them; all count the same in all."""
    for one, other in found.edges:
        shared = found.groups[one] & found.groups[other]
        order = recodes.order(shared)
        family = _family(whole, shared) if whole else None
        if whole and family:
            places = [family.refs.index(ref) for ref in order]
            keys = [tuple(labels[place] for place in places) for labels in whole.labels_of(family)]
            start = family.start
        elif ELSEWHERE in (tables[one].start, tables[other].start):
            raise TooWide
        else:
            observed = recodes.observed(order) or {(): (0, 0)}
            mine, theirs = (projected(tables[place], order) for place in (one, other))
            keys = sorted({*mine, *theirs})
            start = extra.add(observed.get(key, (0, 0)) for key in keys)
        for place in (one, other):
            if not (family and tables[place].start < extra.start):
                _link(start, keys, tables[place], order, None, extra)


def _link(
    start: int,
    keys: Sequence[Labels],
    table: Table,
    order: Sequence[str],
    taken: Flags | None,
    extra: Extra,
) -> None:
    """Each parent (`keys` by `order`, nodes from `start`) is the sum of its atoms."""
    number = {key: start + row for row, key in enumerate(keys)}
    rows = range(len(table.keys)) if taken is None else np.flatnonzero(taken).tolist()
    shown = projected(table, order)
    pairs = [(number[shown[row]], table.start + row) for row in rows if shown[row] in number]
    if pairs:
        parents, children = np.array(pairs, dtype=np.int64).T
        extra.equations.append((parents, children))


def _holder(tables: Sequence[Table], group: Group) -> Table | None:
    return next((one for one in tables if group <= set(one.recodes)), None)


def _sum_up(
    recodes: Recodes,
    base: str,
    population: Population,
    family: Family,
    tables: Sequence[Table],
    extra: Extra,
) -> None:
    """The cells of a population's table are sums of atoms; what has none can't be, nor can its margins."""
    table = _holder(tables, recodes.of(base, family.refs))
    if table is None or table.start < extra.start:
        return  # a table of the whole: its sums are known
    taken = recodes.taken(base, table.recodes, table.keys)
    labels = population.labels_of(family)
    if family.sheets or not family.refs:
        _link(family.start, labels, table, family.refs, taken, extra)
    shown = projected(table, family.refs)
    possible = {shown[row] for row in np.flatnonzero(taken).tolist()}
    extra.impossible += [
        family.start + row
        for row, (key, records) in enumerate(zip(labels, family.records.tolist(), strict=True))
        if key not in possible and not records
    ]


def _beyond(
    recodes: Recodes,
    populations: Mapping[str, Population],
    tables: Sequence[Table],
    extra: Extra,
    k: int,
) -> None:
    """What one population has beyond another, cell by cell: a subtraction away, so protected as if asked."""
    for one, other in itertools.permutations(sorted(populations), 2):
        for refs, family in populations[one].families.items():
            theirs = populations[other].families.get(refs)
            if not refs or not theirs or not (family.sheets and theirs.sheets):
                continue
            table = _holder(tables, recodes.of(one, refs) | recodes.of(other, refs))
            if table is not None:
                _subtract(recodes, (one, other), refs, table, extra, k)


def _subtract(
    recodes: Recodes,
    bases: tuple[str, str],
    refs: tuple[str, ...],
    table: Table,
    extra: Extra,
    k: int,
) -> None:
    mine, theirs = (recodes.taken(base, table.recodes, table.keys) for base in bases)
    rest = mine & ~theirs
    if not rest.any() or not (mine & theirs).any():
        return  # nothing, or the whole of a cell
    conditions = [text(node) if (node := witness.condition(base)) else None for base in bases]
    asked = [one for one in conditions if one is not None]
    wanted = tuple(sign for sign, one in zip("10", conditions, strict=True) if one is not None)
    found = {
        key[len(asked) :]: number
        for key, number in recodes.counts(asked, [recodes.written[ref] for ref in refs]).items()
        if key[: len(asked)] == wanted
    }
    shown = projected(table, refs)
    both = {shown[row] for row in np.flatnonzero(mine & theirs)}
    keys = sorted({shown[row] for row in np.flatnonzero(rest)} & both)
    start = extra.add(found.get(key, (0, 0)) for key in keys)
    for row, key in enumerate(keys):
        records, people = found.get(key, (0, 0))
        offset = start - extra.start + row
        extra.low[offset] = extra.high[offset] = people < k or records < k
    _link(start, keys, table, refs, rest, extra)
