"""Codes: does it show by a refusal whether nobody is in a group, or a few?

One table in several versions: the people of a small group are moved, one after the other, to a group beside
it that no question tells apart from it otherwise. What is printed of the rest stays as it is, so whatever
else changes in the findings (a code, an earlier finding that is named, a number of withheld cells) tells how
many are in the group.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sousveil.gate import release
from tests.attack import language
from tests.attack.bad import Question, answered
from tests.attack.linear import Breach
from tests.attack.live import Live, as_csv, written
from tests.attack.wide import WideWorld
from tests.gate_world import MemoryCase

COLUMNS = ("a", "b", "c")
GROUP = "a = 'a0'"
BESIDE = (
    "a <> 'a0'", "NOT (a = 'a0')", "a IN ('a1', 'a2', 'a3')", "a NOT IN ('a0')", "a LIKE 'a1' OR a > 'a1'",
    "a = 'a0'", "a = 'a0' AND b = 'b0'", "a <> 'a0' AND b = 'b0'", "a = 'a0' OR b = 'b0'",
    "NOT (a = 'a0' AND b = 'b0')", "a <> 'a0' OR b <> 'b0'", "c = 'c0' AND a <> 'a0'", "a IS NOT NULL",
)  # fmt: skip
"""Conditions by which somebody feels for the group."""


def versions(number: int) -> tuple[list[WideWorld], list[list[Question]], int]:
    """The table with nobody, one, … k - 1 people in the group; releases of questions; k."""
    chance = np.random.default_rng([13, number])
    k = int(chance.choice([3, 5, 10]))
    rest = [
        (f"a{1 + int(chance.integers(3))}", f"b{int(chance.integers(2))}", f"c{int(chance.integers(3))}")
        for _ in range(int(chance.integers(150, 400)))
    ]
    few = [("b0" if chance.random() < 0.7 else "b1", f"c{int(chance.integers(3))}") for _ in range(k - 1)]
    often = int(chance.integers(1, 4))
    made = []
    for inside in (0, 1, k // 2, k - 1):
        moved = [("a0" if n < inside else "a1", *others) for n, others in enumerate(few)]
        rows = [*rest, *(row for row in moved for _ in range(often))]
        people = [*range(len(rest)), *(5_000 + n for n in range(len(moved)) for _ in range(often))]
        made.append(WideWorld(COLUMNS, rows, people))
    return made, _questions(chance), k


def _questions(chance: Any) -> list[list[Question]]:
    unit = str(chance.choice(["records", "people"]))
    before: list[Question] = [((), "", unit), (("b",), "", unit), (("c",), "", unit), ((), "b = 'b0'", unit)]
    first = [before[0], *(one for one in before[1:] if chance.random() < 0.6)]
    asked: list[list[Question]] = [first]
    for where in chance.permutation(np.array(BESIDE))[:5]:
        by = ("b",) if chance.random() < 0.25 else ()
        asked.append([(by, str(where), unit)])
    return asked


Family = Callable[[int], tuple[list[WideWorld], list[list[Question]], int]]


def told(number: int, family: Family = versions) -> list[Breach]:
    """Questions to which the answer hangs on how many people are in the group."""
    worlds, questions, k = family(number)
    return _different(worlds, questions, [_through_the_gate(world, questions, k) for world in worlds], k)


def told_by_the_product(number: int, folder: Path) -> list[Breach]:
    """The same through the whole product, by its suggestions, too."""
    worlds, questions, k = versions(number)
    few = next(place for place, world in enumerate(worlds) if ("a0" in {row[0] for row in world.rows}))
    seen = []
    for place in (0, few):
        at_work = Live(folder / f"{number}-{place}", k)
        try:
            at_work.take("visits", as_csv(worlds[place]))
            seen.append(
                [
                    at_work.ask("".join(written(n, "visits", one) for n, one in enumerate(part)))
                    for part in questions
                ]
            )
        finally:
            at_work.case.close()
    return _different([worlds[0], worlds[few]], questions, seen, k)


def told_by_differences(number: int) -> list[Breach]:
    """The same of a server that refuses what is small, and totals that differ by a few from earlier ones."""
    worlds, questions, k = versions(number)
    return _different(worlds, questions, [_by_differences(world, questions, k) for world in worlds], k)


def _by_differences(world: WideWorld, questions: list[list[Question]], k: int) -> list[Any]:
    printed: list[int] = []
    found = []
    for one in itertools.chain(*questions):
        made = answered(world, one, k)
        total = (made["total"] if made["by"] else made["cells"][0])["value"]
        if not total:
            found.append({"refused": {"code": "SMALL"}})
        elif any(0 < abs(total - other) < k for other in printed):
            found.append({"refused": {"code": "DIFF"}})
        else:
            printed.append(total)
            found.append(made)
    return [found]


def _through_the_gate(world: WideWorld, questions: list[list[Question]], k: int) -> list[Any]:
    case = MemoryCase(k)
    return [
        release(case, [world.ask(*one, id=f"r{turn}-q{n}") for n, one in enumerate(part)], world)["findings"]
        for turn, part in enumerate(questions)
    ]


def _different(
    worlds: Sequence[WideWorld], questions: list[list[Question]], seen: Sequence[list[Any]], k: int
) -> list[Breach]:
    """The first question to which one version is answered and another refused, or both by other codes.

    Or of which other cells are hidden, where all that is shown is the same. Where both are answered by other
    numbers nothing after it can be compared: a new number is no code, and whether numbers give somebody away
    is for the attacks that add and subtract.
    """
    asked = list(itertools.chain(*questions))
    first, *others = (list(itertools.chain(*version)) for version in seen)
    for version, other in enumerate(others, 1):
        for place, (one, two) in enumerate(zip(first, other, strict=True)):
            if one.get("refused") != two.get("refused") or _hides_others(one, two):
                if _about_others((worlds[0], worlds[version]), asked[: place + 1], k):
                    break
                by, where, unit = asked[place]
                what = f"the answer to {unit} by {by} where {where!r}, after {place} questions"
                return [Breach("told", what, version, version)]
            if one != two:
                break
    return []


def _hides_others(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Whether two answers that agree in every number hide other cells."""
    if "refused" in one or one.get("total") != two.get("total"):
        return False
    mine, theirs = (
        {tuple(cell["keys"].values()): cell["value"] for cell in finding["cells"]} for finding in (one, two)
    )
    shown = [key for key in mine if mine[key] is not None and theirs.get(key) is not None]
    return mine != theirs and all(mine[key] == theirs[key] for key in shown)


def _about_others(worlds: Sequence[WideWorld], asked: Sequence[Question], k: int) -> bool:
    """Whether more than the few are at stake: what the last question is about, a cell of it, what it has
    beyond another one or less than it, or those for whom its conditions hold in one way, passes the threshold
    from one version to the other.

    Where five others are in a group with the few, that they are k may be said.
    """
    one, other = (_sizes(world, asked) for world in worlds)
    return any((one.get(what, 0) < k) != (other.get(what, 0) < k) for what in one.keys() | other.keys())


def _sizes(world: WideWorld, asked: Sequence[Question]) -> dict[Any, int]:
    """The people of the last question, by its leaves, of its cells, and beyond those before or less."""
    found: dict[Any, int] = {}
    if asked[-1][1]:
        leaves = language.parsed(asked[-1][1])[1]
        of = {
            (tuple(leaf.holds(dict(zip(world.columns, row, strict=True))) for leaf in leaves), person)
            for row, person in zip(world.rows, world.people, strict=True)
        }
        found |= Counter(truths for truths, _ in of)
    for unit in ("records", "people"):
        *earlier, (_, where, _) = asked
        last = world.ask(asked[-1][0], where, unit)
        found |= {cell.keys: cell.people for cell in (last.total, *last.cells)}
        for place, other in enumerate(earlier):
            ways = world.difference(last.question, world.ask((), other[1], unit).question)
            found |= {(unit, place, way): people for way, people in enumerate(ways)}
    return found
