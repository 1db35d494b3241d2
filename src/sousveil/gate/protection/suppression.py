"""The line rule: in every single equation, what is hidden stays unknown in its full range.

One equation with known bounds gives each hidden node the range that is left by the others; a small node must
keep 0 … k-1. Where it does not, the cheapest further node of the equation is hidden that gives it back. For
tables with one column this is the whole audit, in closed form; for the others it is a start
(`sousveil.gate.protection.audit` goes on).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sousveil.gate.protection.system import Flags, Ints, System


@dataclass(frozen=True)
class View:
    """One way in which an attacker may read the tables."""

    unit: str
    zeros_known: bool = False
    additive: bool = False
    """Believing that nobody is in two cells, although some are; an equation that contradicts it is let be."""


VIEWS = (
    View("records"),
    View("people"),
    View("people", additive=True),
    View("records", zeros_known=True),
    View("people", zeros_known=True),
)
"""Every view in which the line rule must hold."""


def apply(system: System) -> Ints:
    """Hide nodes until every equation holds in every view; the nodes that nothing could protect."""
    hopeless: set[int] = set()
    company = _Company(system)
    while True:
        changed = False
        for view in VIEWS:
            for equation in np.flatnonzero(_short(system, view)):
                if int(equation) in hopeless:
                    continue
                if _mend(system, view, int(equation), company):
                    changed = True
                else:
                    hopeless.add(int(equation))
        if not changed:
            return _unprotected(system, hopeless)


def gives_away(system: System) -> bool:
    """Whether any single equation tells too much in any view."""
    return any(_short(system, view).any() for view in VIEWS)


class _Company:
    """How many hidden nodes each equation has: one that has none needs a second once it has one."""

    def __init__(self, system: System) -> None:
        self.columns = system.matrix.tocsc()
        self.hidden = np.asarray(abs(system.matrix) @ system.hidden.astype(np.int64))

    def lonely(self, nodes: Ints) -> Ints:
        """For each node how many of its equations have nothing hidden."""
        part = self.columns[:, nodes]
        alone = np.append(0, np.cumsum(self.hidden[part.indices] == 0))
        found: Ints = np.diff(alone[part.indptr]).astype(np.int64)
        return found

    def add(self, node: int) -> None:
        """A node was hidden."""
        first, last = self.columns.indptr[node : node + 2]
        self.hidden[self.columns.indices[first:last]] += 1


def _unprotected(system: System, equations: set[int]) -> Ints:
    equation, node, _ = system.entries
    must = system.low[node] | system.high[node]
    concerned = np.isin(equation, sorted(equations)) & must & system.hidden[node]
    return np.unique(node[concerned])


def ranges(system: System, view: View, of: Flags | None = None) -> tuple[Ints, Ints, Flags]:
    """For each entry of the matrix the lowest and highest value that its equation alone leaves to its node.

    The third array says where the equation can hold at all. `of` chooses entries.
    """
    equation, node, sign = system.entries if of is None else tuple(part[of] for part in system.entries)
    if not len(equation):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0, dtype=np.bool_)
    low, high = system.bounds(view.unit, view.zeros_known)
    least = np.where(sign > 0, low[node], -high[node])
    most = np.where(sign > 0, high[node], -low[node])
    first, last = int(equation[0]), int(equation[-1])
    least_sum = _sums(equation - first, least, last - first + 1)[equation - first]
    most_sum = _sums(equation - first, most, last - first + 1)[equation - first]
    goal = (np.zeros_like(system.excess[view.unit]) if view.additive else system.excess[view.unit])[equation]
    signed_low = goal - (most_sum - most)
    signed_high = goal - (least_sum - least)
    possible = (least_sum <= goal) & (goal <= most_sum)
    return (
        np.where(sign > 0, signed_low, -signed_high),
        np.where(sign > 0, signed_high, -signed_low),
        possible,
    )


def _sums(groups: Ints, values: Ints, count: int) -> Ints:
    """Sums by group, exact (bincount would go through floats, exact up to 2**53 all the same)."""
    totals = np.zeros(count, dtype=np.int64)
    np.add.at(totals, groups, values)
    return totals


def _lacking(system: System, view: View, of: Flags | None = None) -> tuple[Ints, Ints]:
    """For each entry how far its range falls short of 0 … k-1: below, above (0 where it need not or does)."""
    _, node, _ = system.entries if of is None else tuple(part[of] for part in system.entries)
    lowest, highest, possible = ranges(system, view, of)
    concerned = system.hidden[node] & possible
    if view.zeros_known:
        concerned &= ((system.values[view.unit][node] > 0) | system.loose[node]) & ~system.nobody[node]
    return (
        np.where(concerned & system.low[node], np.maximum(lowest, 0), 0),
        np.where(concerned & system.high[node], np.maximum(system.top[node] - highest, 0), 0),
    )


def _short(system: System, view: View) -> Flags:
    """Which equations give something away."""
    short = np.zeros(system.matrix.shape[0], dtype=np.bool_)
    if view.additive and not system.excess[view.unit].any():
        return short
    below, above = _lacking(system, view)
    short[system.entries[0][(below > 0) | (above > 0)]] = True
    return short


def _mend(system: System, view: View, number: int, company: _Company) -> bool:
    """Hide nodes of one equation until it gives nothing away; whether that could be done."""
    first, last = np.searchsorted(system.entries[0], [number, number + 1])
    of = np.zeros(len(system.entries[0]), dtype=np.bool_)
    of[first:last] = True
    _, node, sign = (part[of] for part in system.entries)
    while True:
        below, above = _lacking(system, view, of)
        if not (below.any() or above.any()):
            return True
        free = ~system.hidden[node] & ~system.fixed[node]
        if not free.any():
            return False
        # A child that is too low needs the sum of the others lower, a parent the sum of children higher.
        down = int(max(np.max(np.where(sign > 0, above, 0)), np.max(np.where(sign < 0, below, 0))))
        up = int(max(np.max(np.where(sign > 0, below, 0)), np.max(np.where(sign < 0, above, 0))))
        found = _cheapest(system, view, node[free], sign[free], (down, up), company)
        system.hide([found])
        company.add(found)


def _cheapest(
    system: System, view: View, node: Ints, sign: Ints, need: tuple[int, int], company: _Company
) -> int:
    """The cheapest node that gives the equation enough room both ways; else the one that gives most.

    A node that is the first to be hidden in another equation costs as much again, since it will not be the
    last there.
    """
    down, up = need
    values = system.values[view.unit][node]
    loose = np.maximum(values - system.k, 0)
    rise = np.maximum(system.ceiling[view.unit][node] - values, 0)
    lowers, raises = np.where(sign > 0, loose, rise), np.where(sign > 0, rise, loose)
    enough = (lowers >= down) & (raises >= up)
    if enough.any():
        fit = node[enough]
        return int(fit[np.argmin(system.cost[fit] * (1 + company.lonely(fit)))])
    return int(node[np.argmax(np.minimum(lowers, down) + np.minimum(raises, up))])
