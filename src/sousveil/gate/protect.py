"""All tables of one release about one table of the dump, protected together: who may show what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sousveil.gate import suppression
from sousveil.gate.audit import Audit
from sousveil.gate.build import Built, build
from sousveil.gate.columns import Counts
from sousveil.gate.effort import Effort
from sousveil.gate.joint import TooWide
from sousveil.gate.repair import repair
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.suppression import View
from sousveil.gate.system import UNITS, Ints, System
from sousveil.gate.thrift import spare


def protected(
    sheets: Sequence[Sheet], counts: Counts, k: int, effort: Effort
) -> list[frozenset[Labels] | str]:
    """For each sheet the labels of the cells that may be shown, or the code of the refusal.

    Released sheets stay as they are. Where the tables can't be made safe together, the finest of the new
    ones that are involved is given up (UNPROVEN); so is one of which nothing would be left (SMALL). Then all
    is done again, since the others may show more without it.
    """
    made: list[frozenset[Labels] | str] = [frozenset()] * len(sheets)
    kept = list(range(len(sheets)))
    while True:
        try:
            built = build([sheets[place] for place in kept], counts, k, effort)
        except TooWide:
            victim = _finest([place for place in kept if not sheets[place].released], sheets)
            if victim is None:
                return made
            made[victim] = "UNPROVEN"
            kept.remove(victim)
            continue
        mixed = _mixed(built.system)
        code = "EDITION" if len(mixed) else "UNPROVEN"
        victim = _victim(sheets, kept, built, mixed if len(mixed) else _unsafe(built.system, effort))
        if victim is None:
            spare(built.system)
            for place in kept:
                made[place] = _shown(built, sheets[place])
            victim = _empty(sheets, kept, made)
            code = "SMALL"
        if victim is None:
            return made
        made[victim] = code
        kept.remove(victim)


def _shown(built: Built, one: Sheet) -> frozenset[Labels]:
    nodes = built.nodes(one)
    return frozenset(labels for labels, node in nodes.items() if not built.system.hidden[node])


def _empty(
    sheets: Sequence[Sheet], kept: Sequence[int], made: Sequence[frozenset[Labels] | str]
) -> int | None:
    """The finest, last new sheet of which nothing would be shown."""
    empty = [p for p in kept if sheets[p].refs and not sheets[p].released and not made[p]]
    return max(empty, key=lambda place: (len(sheets[place].refs), place), default=None)


def _mixed(system: System) -> Ints:
    """The nodes of sums that don't add up: an earlier table counted other records than there are now."""
    equation, node, _ = system.entries
    return np.unique(node[system.excess["records"][equation] != 0])


def _unsafe(system: System, effort: Effort) -> Ints:
    """Hide until all is proven safe; the nodes for which that could not be done."""
    unsafe = suppression.apply(system).tolist()
    for unit in UNITS[:1] if system.counts_alike else UNITS:
        # What is possible for one who knows the zeros is possible for one who does not.
        worlds = Audit(system, View(unit, zeros_known=True), told=effort.told)
        unsafe += [node for node, _ in repair(worlds, worlds.run())]
        audit = Audit(system, View(unit), worlds, effort.told)
        unsafe += [node for node, _ in repair(audit, audit.run())]
        for one in system.circles:
            unsafe += one.open_after(system, unit, _emptying(effort, unit)).tolist()
    return np.unique(np.array(unsafe, dtype=np.int64))


def _emptying(effort: Effort, unit: str) -> Callable[[], None]:
    return lambda: effort.told(f"gate, {unit}: worlds without small groups that no table is about")


def _victim(sheets: Sequence[Sheet], kept: Sequence[int], built: Built, open_nodes: Ints) -> int | None:
    """The new sheet to give up: of those whose populations have unsafe nodes, the finest, the last."""
    if not len(open_nodes):
        return None
    bases = list(built.populations)
    involved = {int(place) for place in built.system.population[open_nodes]}
    new = [place for place in kept if not sheets[place].released]
    near = [place for place in new if bases.index(sheets[place].base) in involved]
    return _finest(near or new, sheets)


def _finest(places: Sequence[int], sheets: Sequence[Sheet]) -> int | None:
    """The sheet by most references, the last of them."""
    return max(places, key=lambda place: (len(sheets[place].refs), place), default=None)
