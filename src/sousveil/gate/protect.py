"""All tables of one release about one table of the dump, protected together: who may show what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sousveil.gate import suppression
from sousveil.gate.audit import Audit
from sousveil.gate.build import Built, build
from sousveil.gate.repair import repair
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.suppression import View
from sousveil.gate.system import Ints


def protected(
    sheets: Sequence[Sheet], nested: Sequence[tuple[str, str]], k: int
) -> list[frozenset[Labels] | None]:
    """For each sheet the labels of the cells that may be shown; None where no proof of its safety was found.

    Released sheets stay as they are. Where the tables can't be made safe together, the finest of the new
    ones that are involved is given up, and all is done again.
    """
    kept = list(range(len(sheets)))
    while True:
        built = build([sheets[place] for place in kept], nested, k)
        open_nodes = _unsafe(built)
        victim = _victim(sheets, kept, built, open_nodes)
        if victim is None:
            break
        kept.remove(victim)
    made: list[frozenset[Labels] | None] = [None] * len(sheets)
    for place in kept:
        nodes = built.nodes(sheets[place])
        made[place] = frozenset(labels for labels, node in nodes.items() if not built.system.hidden[node])
    return made


VIEWS = (View("records"), View("people"))
"""What is audited by programs."""


def _unsafe(built: Built) -> Ints:
    """Hide until all is proven safe; the nodes for which that could not be done."""
    system = built.system
    unsafe = suppression.apply(system).tolist()
    for view in VIEWS:
        audit = Audit(system, view)
        unsafe += [node for node, _ in repair(audit, audit.run())]
    return np.unique(np.array(unsafe, dtype=np.int64))


def _victim(sheets: Sequence[Sheet], kept: Sequence[int], built: Built, open_nodes: Ints) -> int | None:
    """The new sheet to give up: of those whose populations have unsafe nodes, the finest, the last."""
    if not len(open_nodes):
        return None
    bases = list(built.populations)
    involved = {int(place) for place in built.system.population[open_nodes]}
    new = [place for place in kept if not sheets[place].released and sheets[place].refs]
    near = [place for place in new if bases.index(sheets[place].base) in involved]
    return max(near or new, key=lambda place: (len(sheets[place].refs), place), default=None)
