"""A5: a year of weekly releases on data that grows and is edited, and what the moves of numbers tell.

Between two weeks rows are only added, only removed (duplicates), or given other labels (a review's edit). The
reader knows which, and takes any two editions together: what moved, group by group.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sousveil.gate import release
from tests.attack.instances import Instance
from tests.attack.linear import Breach
from tests.attack.polytope import Contradiction, Polytope
from tests.attack.reading import Atoms, Claim, Group, claims
from tests.gate_world import MemoryCase, World

STANDARD = (
    ((), "", "people"),
    (("country",), "", "people"),
    (("month(day)",), "", "records"),
    (("kind",), "country <> 'c0'", "records"),
    (("country", "kind"), "", "people"),
)
COLUMNS = ("country", "kind", "day")


@dataclass
class Week:
    """The data of one week, and what was published of it."""

    number: int
    world: World
    change: str
    """`grown`, `thinned` or `edited` since the week before."""
    findings: list[dict[str, Any]] = field(default_factory=list)


def year(seed: int, weeks: int = 52, k: int = 10, *, only_grows: bool = False) -> list[Week]:
    """Weekly releases of one case through the gate."""
    made = grown(seed, weeks) if only_grows else data(seed, weeks)
    case = MemoryCase(k)
    chance = np.random.default_rng([52, seed])
    for week in made:
        tables = [
            week.world.ask(by, where, unit, id=f"s{n}")
            for n, (by, where, unit) in enumerate([*STANDARD, _new_one(chance)])
        ]
        week.findings = release(case, tables, week.world)["findings"]
    return made


def data(seed: int, weeks: int) -> list[Week]:
    """The tables of a year, week by week."""
    chance = np.random.default_rng([2_018, seed])
    rows: list[tuple[str, ...]] = []
    people: list[int] = []
    made = []
    for number in range(weeks):
        change = "grown" if number % 6 else str(chance.choice(["thinned", "edited"]))
        if number == 0 or change == "grown":
            rows, people = _grown(chance, rows, people, 1_200 if number == 0 else int(chance.integers(1, 60)))
        elif change == "thinned":
            gone = set(chance.integers(0, len(rows), int(chance.integers(1, 25))).tolist())
            people = [one for n, one in enumerate(people) if n not in gone]
            rows = [row for n, row in enumerate(rows) if n not in gone]
        else:
            rows = list(rows)
            for n in chance.integers(0, len(rows), int(chance.integers(1, 25))).tolist():
                rows[n] = (rows[n][0], f"k{chance.integers(4)}", rows[n][2])
        made.append(Week(number, World(COLUMNS, rows, people), change if number else "grown"))
    return made


def grown(seed: int, weeks: int) -> list[Week]:
    """The tables of weeks in which records only come in, so many that some may be told."""
    chance = np.random.default_rng([77, seed])
    rows: list[tuple[str, ...]] = []
    people: list[int] = []
    made = []
    for number in range(weeks):
        rows, people = _grown(chance, rows, people, int(chance.integers(60, 500)) if number else 1_200)
        made.append(Week(number, World(COLUMNS, rows, people), "grown"))
    return made


def _grown(
    chance: Any, rows: list[tuple[str, ...]], people: list[int], more: int
) -> tuple[list[tuple[str, ...]], list[int]]:
    new = [
        (
            f"c{min(int(chance.geometric(0.45)) - 1, 7)}",
            f"k{min(int(chance.geometric(0.5)) - 1, 3)}",
            f"2018-{1 + int(chance.integers(9)):02d}",
        )
        for _ in range(more)
    ]
    # One comes often: twelve new records need not be of twelve people.
    frequent = chance.random() < 0.3
    start = max(people, default=0) + 1
    who = [start if frequent else start + n for n in range(more)]
    return rows + new, people + who


def _new_one(chance: Any) -> tuple[tuple[str, ...], str, str]:
    by = tuple(
        str(one) for one in chance.permutation(["country", "kind", "month(day)"])[: chance.integers(0, 3)]
    )
    where = str(chance.choice(["", "kind = 'k1'", "country = 'c1'", "kind <> 'k3'"]))
    return by, where, str(chance.choice(["records", "people"]))


def moves(weeks: Sequence[Week], k: int) -> list[Breach]:
    """Numbers that were printed twice and moved by 1 … k-1, or by what fewer than k people did."""
    found = []
    last: dict[tuple[str, Group], tuple[int, Week]] = {}
    for week in weeks:
        for claim in claims(week.findings):
            key = (claim.unit, claim.group)
            value, before = last.get(key, (claim.value, week))
            if value != claim.value:
                people = behind(before.world, week.world, claim.group)
                if abs(claim.value - value) < k or people < k:
                    between = f"weeks {before.number} and {week.number}, {people} people"
                    what = f"{claim.unit} in {claim.group}, {between}"
                    found.append(Breach("moved", what, abs(claim.value - value), abs(claim.value - value)))
            last[key] = (claim.value, week)
    return found


def behind(before: World, after: World, group: Group) -> int:
    """How many people have other records in a group than before."""
    held = []
    for world in (before, after):
        rows = [
            n
            for n in world.chosen(group.where)
            if tuple(world._label(world.rows[n], ref) for ref in group.by) == group.labels
        ]
        held.append(Counter((world.people[n], world.rows[n]) for n in rows))
    changed = (held[0] - held[1]) + (held[1] - held[0])
    return len({person for person, _ in changed})


def subtracted(weeks: Sequence[Week], k: int) -> list[Breach]:
    """Groups whose change between two weeks is proven to lie in 1 … k-1, whatever was printed of them.

    Only between weeks that differ by added or by removed rows alone, and for records, which add up.
    """
    found = []
    for before, after in itertools.pairwise(weeks):
        if after.change == "edited" or claims(before.findings) == claims(after.findings):
            continue
        signs = (before, after) if after.change == "grown" else (after, before)
        found += _change(*signs, k)
    return found


def accumulated(weeks: Sequence[Week], k: int) -> list[Breach]:
    """Groups whose growth between any two weeks is proven to lie in 1 … k-1, by all weeks taken together.

    Of weeks in which records only come in: each week's are unknowns of their own. Groups are the printed
    ones, by records, which add up.
    """
    atoms = Atoms.of(COLUMNS, weeks[-1].world.rows, {})
    size = len(atoms.atoms)
    printed = [
        (week.number, claim) for week in weeks for claim in claims(week.findings) if claim.unit == "records"
    ]

    def sum_of(group: Group, first: int, last: int) -> Any:
        mask = np.zeros((len(weeks), size))
        mask[first : last + 1] = atoms.mask(group)
        return mask.ravel()

    known = Polytope(len(weeks) * size)
    for number, claim in printed:
        known.know(sum_of(claim.group, 0, number), claim.value, claim.value)
    spans = [
        (group, first, last)
        for group in _groups([claim for _, claim in printed])
        for first, last in itertools.combinations(range(len(weeks)), 2)
    ]
    ranges = known.ranges([sum_of(group, first + 1, last) for group, first, last in spans], k)
    return [
        Breach("moved", f"records in {group}, weeks {first} to {last}", one.low, one.high)
        for (group, first, last), one in zip(spans, ranges, strict=True)
        if one.low >= 1 and one.high < k
    ]


def _change(fewer: Week, more: Week, k: int) -> list[Breach]:
    atoms = Atoms.of(COLUMNS, [*fewer.world.rows, *more.world.rows], {})
    size = len(atoms.atoms)
    known = Polytope(2 * size)
    nothing = np.zeros(size)
    first = [one for one in claims(fewer.findings) if one.unit == "records"]
    second = [one for one in claims(more.findings) if one.unit == "records"]
    for claim in first:
        known.know(np.concatenate([atoms.mask(claim.group), nothing]), claim.value, claim.value)
    for claim in second:
        mask = atoms.mask(claim.group)
        known.know(np.concatenate([mask, mask]), claim.value, claim.value)
    groups = _groups([*first, *second])
    targets = [np.concatenate([nothing, atoms.mask(group)]) for group in groups]
    try:
        ranges = known.ranges(targets, k)
    except Contradiction:
        return [Breach("contradiction", f"weeks {fewer.number} and {more.number}")]
    return [
        Breach("moved", f"records in {group}, weeks {fewer.number} and {more.number}", one.low, one.high)
        for group, one in zip(groups, ranges, strict=True)
        if one.low >= 1 and one.high < k
    ]


def _groups(printed: Sequence[Claim]) -> list[Group]:
    return list(dict.fromkeys(claim.group for claim in printed))


def as_instances(weeks: Sequence[Week], k: int) -> list[Instance]:
    """Each week as an instance of its own, for the attacks on hidden cells."""
    return [Instance(week.number, k, week.world, {}, [], [week.findings]) for week in weeks]
