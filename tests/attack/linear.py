"""Adding and subtracting: A0 (what is printed), A1, A2, A4 (hidden cells), A3 (unpublished groups).

The attacker sets up one system for all releases: an unknown for the records of each atom, and one for the
people of each group that some table shows or hides. A person may be in several groups, so people obey
inequalities only; whoever knows more (A2) is given by how many each sum exceeds its total.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from tests.attack.instances import Instance
from tests.attack.polytope import MANY, Contradiction, Mask, Polytope
from tests.attack.reading import Group, asked, claims


@dataclass
class Breach:
    """What an attack found out."""

    kind: str
    """`exact`, `narrow`, `presence`, `printed` or `contradiction`."""
    what: str
    low: int = 0
    high: int = 0

    def __str__(self) -> str:
        return f"{self.kind}: {self.what} lies in {self.low} … {self.high}"


@dataclass
class _Unknowns:
    """The unknowns of one instance: records by atom, people by group (groups with the same atoms are one)."""

    instance: Instance
    apart: bool
    """Whether people are unknowns of their own; else each row is a person, and known to be one."""
    places: dict[bytes, int] = field(default_factory=dict)
    groups: list[Mask] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.atoms = self.instance.atoms

    def people(self, group: Group) -> int:
        """The place of a group's people among the groups."""
        mask = self.atoms.mask(group)
        if mask.tobytes() not in self.places:
            self.places[mask.tobytes()] = len(self.groups)
            self.groups.append(mask)
        return self.places[mask.tobytes()]

    def sum_of(self, group: Group, unit: str) -> Mask:
        """The sum that counts a group."""
        records = self.atoms.mask(group)
        if unit == "records" or not self.apart:
            return np.concatenate([records, np.zeros(len(self.groups))])
        mask = np.zeros(len(self.atoms.atoms) + len(self.groups))
        mask[len(self.atoms.atoms) + self.people(group)] = 1
        return mask


def printed(instance: Instance) -> list[Breach]:
    """A0: every printed number is true, stands for at least k people, and is at least k; all agree."""
    found = []
    for claim in claims(instance.printed):
        records, people = instance.truth(claim.group)
        true = records if claim.unit == "records" else people
        if claim.value != true or claim.value < instance.k or people < instance.k:
            found.append(Breach("printed", str(claim.group), claim.value, people))
    for one in instance.printed:
        found += [
            Breach("printed", f"a withheld cell of {one['id']}")
            for cell in one["cells"]
            if cell["status"] == "withheld" and {cell["value"], cell["low"], cell["high"]} != {None}
        ]
    try:
        Knowledge(instance, knows_small=False).known.check()
    except Contradiction:
        found.append(Breach("contradiction", "the printed numbers"))
    return found


class Knowledge:
    """What an attacker knows after reading all releases of an instance."""

    def __init__(self, instance: Instance, *, knows_small: bool) -> None:
        self.instance, self.k = instance, instance.k
        self.claims = claims(instance.printed)
        apart = len(set(instance.world.people)) < len(instance.world.people)
        self.unknowns = _Unknowns(instance, apart)
        self.tables = list(dict.fromkeys(asked(instance.printed)))
        self.cells = {table: instance.occurring(*table[1:]) for table in self.tables}
        for claim in self.claims:
            self.unknowns.people(claim.group)
        for (_, where, by), cells in self.cells.items():
            for labels in cells:
                self.unknowns.people(Group(where, by, labels))
        size = len(self.unknowns.atoms.atoms) + len(self.unknowns.groups)
        self.known = Polytope(size)
        for claim in self.claims:
            self._know(claim.group, claim.unit, claim.value, claim.value)
        if apart:
            self._people_obey()
        if knows_small:
            self._small_ones()

    def _know(self, group: Group, unit: str, low: float, high: float) -> None:
        self.known.know(self.unknowns.sum_of(group, unit), low, high)

    def hidden(self) -> list[tuple[Group, str]]:
        """Every cell of a released table that was not printed, for each unit in which it was asked."""
        shown = {(claim.group, claim.unit) for claim in self.claims}
        cells = [
            (Group(where, by, labels), unit)
            for (unit, where, by), found in self.cells.items()
            for labels in found
            if self.unknowns.atoms.mask(Group(where, by, labels)).any()  # else impossible, as all know
        ]
        return [one for one in cells if one not in shown]

    def true(self, group: Group, unit: str) -> int:
        """The count that the attacker is after."""
        return self.instance.truth(group)[unit == "people"]

    def _small_ones(self) -> None:
        """Which hidden cells are small, and by how many people exceed the totals that they add up to."""
        for group, unit in self.hidden():
            records, people = self.instance.truth(group)
            small = min(records, people) < self.k
            value = records if unit == "records" else people
            if not small:
                self._know(group, unit, self.k, MANY)
            elif value < self.k:
                self._know(group, unit, 0, self.k - 1)
        if self.unknowns.apart:
            for (unit, where, by), cells in self.cells.items():
                if unit == "people":
                    self._excess(where, by, cells)

    def _excess(self, where: str, by: tuple[str, ...], cells: list[tuple[str, ...]]) -> None:
        groups = [Group(where, by, labels) for labels in cells]
        mask = sum((self.unknowns.sum_of(one, "people") for one in groups), np.zeros(self.known.size))
        excess = sum(self.true(one, "people") for one in groups)
        self.known.know(mask, excess, excess)

    def _people_obey(self) -> None:
        """At most as many as records; no more in a part than in the whole; no fewer in all than in parts."""
        unknowns, start = self.unknowns, len(self.unknowns.atoms.atoms)
        for place, records in enumerate(unknowns.groups):
            mask = np.concatenate([records, np.zeros(len(unknowns.groups))])
            mask[start + place] = -1
            self.known.know(mask, 0)
        for one, other in itertools.permutations(range(len(unknowns.groups)), 2):
            if (unknowns.groups[one] <= unknowns.groups[other]).all():
                mask = np.zeros(self.known.size)
                mask[start + other], mask[start + one] = 1, -1
                self.known.know(mask, 0)
        for (unit, where, by), cells in self.cells.items():
            if unit == "people":
                mask = -unknowns.sum_of(Group(where), "people") if self._has_total(where) else None
                for labels in cells if mask is not None else ():
                    mask = mask + unknowns.sum_of(Group(where, by, labels), "people")
                if mask is not None:
                    self.known.know(mask, 0)

    def _has_total(self, where: str) -> bool:
        return self.unknowns.atoms.mask(Group(where)).tobytes() in self.unknowns.places

    def ranges(self, groups: list[tuple[Group, str]]) -> list[tuple[int, int]]:
        """Lowest and highest value of each group. Raises `Contradiction`."""
        sums = [self.unknowns.sum_of(group, unit) for group, unit in groups]
        found = self.known.ranges(sums, self.k - 1, self.instance.number)
        return [(one.low, one.high) for one in found]


def hidden_cells(instance: Instance, *, knows_small: bool) -> list[Breach]:
    """A1, A2 (and A4 where there are several releases): hidden small cells below 0 … k-1."""
    knowledge = Knowledge(instance, knows_small=knows_small)
    targets = [one for one in knowledge.hidden() if knowledge.true(*one) < instance.k]
    found = []
    for (group, unit), (low, high) in zip(targets, knowledge.ranges(targets), strict=True):
        what = f"{unit} in {group} (truly {knowledge.true(group, unit)})"
        if low == high:
            found.append(Breach("exact", what, low, high))
        elif low > 0:
            found.append(Breach("presence", what, low, high))
        elif high < instance.k - 1:
            found.append(Breach("narrow", what, low, high))
    return found


def unpublished_groups(instance: Instance) -> list[Breach]:
    """A3: groups by all columns that nobody asked for, small and not empty, but proven not to be empty."""
    knowledge = Knowledge(instance, knows_small=False)
    if not knowledge.claims:
        return []
    columns = instance.widest or tuple(c for c in instance.world.columns if c not in instance.nested)
    units = "records" if knowledge.unknowns.apart else "people"
    groups = [
        (Group("", columns, labels), units)
        for labels in instance.occurring("", columns)
        if 0 < instance.truth(Group("", columns, labels))[1] < instance.k
    ]
    return [
        Breach("presence", f"{unit} in {group} (truly {knowledge.true(group, unit)})", low, high)
        for (group, unit), (low, high) in zip(groups, knowledge.ranges(groups), strict=True)
        if low > 0
    ]
