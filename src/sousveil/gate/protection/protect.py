"""All tables of one release about one table of the dump, protected together: who may show what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sousveil.gate.atoms.joint import TooWide
from sousveil.gate.effort import Effort
from sousveil.gate.protection import suppression, wander
from sousveil.gate.protection.audit import WALKS, Audit
from sousveil.gate.protection.build import Built, build
from sousveil.gate.protection.problem import problems
from sousveil.gate.protection.repair import repair
from sousveil.gate.protection.system import Ints, System
from sousveil.gate.protection.thrift import spare
from sousveil.gate.sheet import Counts, Labels, Sheet
from sousveil.gate.threshold import is_small

PROBE = 8
"""Cells without a world that are repaired before others are looked at: if one can't be, all was in vain."""
CELLS = 2_000
"""Cells of all tables together beyond which none is tried again: proofs for many cells are dear."""


def protected(
    sheets: Sequence[Sheet], counts: Counts, k: int, effort: Effort
) -> list[frozenset[Labels] | str]:
    """For each sheet the labels of the cells that may be shown, or the code of the refusal.

    Released sheets stay as they are. Where the tables can't be made safe together, the finest of the new
    ones that are involved is given up (UNPROVEN); so is one of which nothing would be left (SMALL). Then all
    is done again, since the others may show more without it. Who was given up before the trouble was over
    may have been in the way of nobody, and is tried again beside those that are left, the coarsest first.
    """
    made: list[frozenset[Labels] | str] = ["SMALL" if _nothing(one, k) else frozenset() for one in sheets]

    def together(places: Sequence[int]) -> Built | tuple[int | None, str]:
        return _together(sheets, places, counts, k, effort)

    kept = [place for place in range(len(sheets)) if made[place] != "SMALL"]
    given_up: list[int] = []
    while not isinstance(outcome := together(kept), Built):
        victim, code = outcome
        if victim is None:
            return made
        made[victim] = code
        kept.remove(victim)
        given_up.append(victim)
    # The last that was given up is known not to go with those that are left.
    again = given_up[:-1] if sum(len(one.cells) for one in sheets) <= CELLS else []
    for place in sorted(again, key=lambda place: (len(sheets[place].refs), place)):
        wider = sorted([*kept, place])
        if isinstance(found := together(wider), Built):
            kept, outcome = wider, found
    for place in kept:
        made[place] = _shown(outcome, sheets[place])
    return made


def _together(
    sheets: Sequence[Sheet], places: Sequence[int], counts: Counts, k: int, effort: Effort
) -> Built | tuple[int | None, str]:
    """The system of these sheets where it is safe, else which of them to give up, and why."""
    try:
        built = build([sheets[place] for place in places], counts, k, effort)
    except TooWide:
        return _finest([place for place in places if not sheets[place].released], sheets), "UNPROVEN"
    return _refused(sheets, places, built, effort) or built


def _nothing(one: Sheet, k: int) -> bool:
    """Whether each cell of a new table is small, so that nothing of it can be shown in any company."""
    return bool(one.refs) and not one.released and all(is_small(cell, k) for cell in one.cells.values())


def _refused(
    sheets: Sequence[Sheet], kept: Sequence[int], built: Built, effort: Effort
) -> tuple[int, str] | None:
    """The next new sheet to give up, and why; None where all is safe and something of each is shown."""
    system = built.system
    mixed = _mixed(system)
    if len(mixed):
        victim = _victim(sheets, kept, built, mixed)
        return None if victim is None else (victim, "EDITION")
    unsafe = suppression.apply(system)
    # What the line rule leaves empty the audit does not fill, and its proof may be dear.
    victim = None if system.counts_alike else _empty(sheets, kept, built)
    if victim is not None:
        return victim, "SMALL"
    victim = _victim(sheets, kept, built, np.union1d(unsafe, _unproven(system, effort)))
    if victim is not None:
        return victim, "UNPROVEN"
    spare(system)
    victim = _empty(sheets, kept, built)
    return None if victim is None else (victim, "SMALL")


def _shown(built: Built, one: Sheet) -> frozenset[Labels]:
    nodes = built.nodes(one)
    return frozenset(labels for labels, node in nodes.items() if not built.system.hidden[node])


def _empty(sheets: Sequence[Sheet], kept: Sequence[int], built: Built) -> int | None:
    """The finest, last new sheet of which nothing would be shown."""
    new = [place for place in kept if sheets[place].refs and not sheets[place].released]
    return _finest([place for place in new if not _shown(built, sheets[place])], sheets)


def _mixed(system: System) -> Ints:
    """The nodes of sums that don't add up: an earlier table counted other records than there are now."""
    equation, node, _ = system.entries
    wrong = system.excess["records"] != 0
    wrong[equation[np.isin(node, system.rests)]] = False
    return np.unique(node[wrong[equation]])


def _unproven(system: System, effort: Effort) -> Ints:
    """Hide until worlds are found for all small cells; the first node for which that can't be done."""
    for chain in problems(system):
        audit = None
        for problem in chain:
            audit = Audit(problem, audit, effort)
            most: int | None = PROBE
            while needs := audit.run(most):
                hopeless = repair(audit, needs)
                if hopeless is not None:
                    return problem.node[[hopeless[0]]]
                # What was left open, among all that is hidden by now.
                audit, most = Audit(problem, audit, effort), None
        for unit in chain[0].units:
            for one in system.circles:
                one.exchange(system, unit, _emptying(effort, unit))
                for hiding in (False, True):
                    wander.groups(chain[0], one, unit, hiding)
                left = one.open_nodes(unit)
                if len(left):
                    return left
    return np.zeros(0, dtype=np.int64)


def _emptying(effort: Effort, unit: str) -> Callable[[], None]:
    return lambda: effort.told(f"gate, {unit}: worlds without small groups that no table is about")


def _victim(sheets: Sequence[Sheet], kept: Sequence[int], built: Built, open_nodes: Ints) -> int | None:
    """The new sheet to give up: of those that tell most of the unsafe nodes the finest, the last."""
    if not len(open_nodes):
        return None
    new = [place for place in kept if not sheets[place].released]
    about = {(base, frozenset(refs)) for base, refs in map(built.family, open_nodes.tolist())}
    bases = {base for base, _ in about}
    near = [place for place in new if sheets[place].base in bases]
    told = [
        place
        for place in near
        if any(base == sheets[place].base and refs <= {*sheets[place].refs} for base, refs in about if refs)
    ]
    # Where circles have too many cells for walks, the others are to be left with few: the finest goes.
    many = any(one.circle.covers(len(built.system.hidden)).sum() > WALKS for one in built.system.circles)
    return _finest((told if not many else []) or near or new, sheets)


def _finest(places: Sequence[int], sheets: Sequence[Sheet]) -> int | None:
    """The sheet by most references, the last of them."""
    return max(places, key=lambda place: (len(sheets[place].refs), place), default=None)
