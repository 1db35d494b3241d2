"""Several tables of a dump with people in common, and the number of people of the whole case.

An unknown for each way in which a person may stand in the tables (in each under which labels), so that
everything that totals, parts and the whole case tell of one another is one system of equations. What is
looked for are small groups by tables: in this one and not in that, under this label here and in that table,
in two tables or more.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.findings.model import ExactCell, ExactTable, Records
from sousveil.findings.model import Question as Asked
from sousveil.gate import release
from tests.attack.bad import Question, finding
from tests.attack.linear import Breach
from tests.attack.polytope import Contradiction, Polytope
from tests.attack.wide import WideWorld
from tests.gate_world import MemoryCase

WHOLE = "*"
Places = tuple[frozenset[str], ...]
"""For each table the labels under which a person stands there; none where they don't."""


class Dump:
    """Tables by name, each by one column `a`, with people who may stand in several."""

    def __init__(self, worlds: Mapping[str, WideWorld]) -> None:
        self.worlds = dict(worlds)

    def ask(self, table: str, question: Question, id: str) -> ExactTable:
        """The exact answer."""
        if table != WHOLE:
            return self.worlds[table].ask(*question, id=id)
        everybody = len(set().union(*(world.people for world in self.worlds.values())))
        records = sum(len(world.rows) for world in self.worlds.values())
        cell = ExactCell((), records, everybody, everybody, everybody, everybody)
        return ExactTable(Asked(id, "title", "people", WHOLE), (), cell, "table *", (), None)

    def _people(self, question: Asked) -> set[int]:
        if question.table == WHOLE:
            return set().union(*(world.people for world in self.worlds.values()))
        world = self.worlds[question.table]
        return {world.people[n] for n in world.chosen(question.where)}

    def difference(self, one: Asked, other: Asked) -> tuple[int, int]:
        """As the gate's `Populations`."""
        return self.worlds[one.table].difference(one, other)

    def parts(self) -> list[str]:
        """As the gate's `Populations`."""
        return list(self.worlds)

    def fits(self, question: Asked) -> bool:
        """As the gate's `Populations`."""
        return True

    def fingerprint(self, table: str) -> str:
        """As the gate's `Populations`."""
        return self.worlds[table].fingerprint(table)

    def keep(self, table: str, questions: Sequence[Asked]) -> Mapping[str, Any]:
        """As the gate's `Populations`."""
        return self.worlds[table].keep(table, questions)

    def forget(self, kept_one: Mapping[str, Any]) -> None:
        """As the gate's `Populations`."""

    def records(
        self,
        table: str,
        conditions: Sequence[str],
        by: Sequence[str],
        kept_one: Mapping[str, Any] | None = None,
    ) -> Records:
        """As the gate's `Populations`."""
        return self.worlds[table].records(table, conditions, by, kept_one)

    def again(self, question: Asked) -> ExactTable:
        """As the gate's `Populations`."""
        return self.worlds[question.table].again(question)

    def numbers(self, question: Asked) -> npt.NDArray[np.int64]:
        """As the gate's `Populations`."""
        return np.array(sorted(self._people(question)), dtype=np.int64)

    def remainder(self, outer: Asked, inner: Sequence[Asked]) -> int:
        """As the gate's `Populations`."""
        return self.worlds[outer.table].remainder(outer, inner)

    def joint(
        self, table: str, conditions: Sequence[str], by: Sequence[str]
    ) -> Mapping[tuple[str, ...], tuple[int, int]]:
        """As the gate's `Populations`."""
        return self.worlds[table].joint(table, conditions, by)

    def places(self) -> dict[int, Places]:
        """Where each person stands."""
        everybody = sorted(set().union(*(world.people for world in self.worlds.values())))
        return {
            one: tuple(
                frozenset(
                    row[0] for row, person in zip(world.rows, world.people, strict=True) if person == one
                )
                for world in self.worlds.values()
            )
            for one in everybody
        }


@dataclass
class Several:
    """A dump, the questions on it in their releases, and what was let out."""

    number: int
    k: int
    dump: Dump
    questions: list[list[tuple[str, Question]]]
    printed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """With the table that each is about."""

    def let_through(self) -> Several:
        """Ask the gate, release by release."""
        case = MemoryCase(self.k)
        for turn, part in enumerate(self.questions):
            tables = [self.dump.ask(table, one, f"r{turn}-q{n}") for n, (table, one) in enumerate(part)]
            found = release(case, tables, self.dump)["findings"]
            self.printed += list(zip([table for table, _ in part], found, strict=True))
        return self

    def by_thresholds(self) -> Several:
        """Known to be bad: all of at least k is printed."""
        for table, question in itertools.chain(*self.questions):
            exact = self.dump.ask(table, question, "q")
            cells = {cell.keys: cell.value if cell.people >= self.k else None for cell in exact.cells}
            total = exact.total.value if exact.total.people >= self.k else None
            found = finding(question, cells, total) | {"provenance": {"tables": [table]}}
            self.printed.append((table, found))
        return self


def several(number: int) -> Several:
    """The instance of a number: always the same one."""
    chance = np.random.default_rng([21, number])
    names = ("entries", "stays", "calls")[: int(chance.choice([2, 3, 3]))]
    k = int(chance.choice([3, 5, 10]))
    worlds = {}
    size = int(chance.integers(60, 400))
    for place, name in enumerate(names):
        share = float(chance.choice([0.02, 0.3, 0.7, 0.97]))
        own = list(range(1_000 * place, 1_000 * place + int(chance.choice([0, 2, 8, 60]))))
        people = [n + 10_000 for n in range(size) if chance.random() < share] + own
        people += [one for one in people if chance.random() < 0.15] or [10_000] * k
        labels = [f"a{int(chance.integers(int(chance.integers(2, 4))))}" for _ in people]
        worlds[name] = WideWorld(("a",), [(one,) for one in labels], people, name)
    questions: list[list[tuple[str, Question]]] = [[] for _ in range(int(chance.integers(1, 4)))]
    asked: list[tuple[str, Question]] = [(WHOLE, ((), "", "people"))]
    for name in names:
        asked += [(name, one) for one in _QUESTIONS if chance.random() < 0.5]
    for n in chance.permutation(len(asked)):
        questions[int(chance.integers(len(questions)))].append(asked[int(n)])
    return Several(number, k, Dump(worlds), [part for part in questions if part])


_QUESTIONS: tuple[Question, ...] = (
    ((), "", "people"), ((), "", "people"), (("a",), "", "people"), ((), "a = 'a0'", "people"),
    ((), "a <> 'a0'", "people"),
)  # fmt: skip


class _Knowledge:
    """Every way to stand in the tables as an unknown, and what was printed about them."""

    def __init__(self, one: Several) -> None:
        worlds = one.dump.worlds
        self.tables = list(worlds)
        self.labels = [sorted({row[0] for row in world.rows}) for world in worlds.values()]
        ways = [
            [frozenset(some) for size in range(len(own) + 1) for some in itertools.combinations(own, size)]
            for own in self.labels
        ]
        self.kinds: list[Places] = [kind for kind in itertools.product(*ways) if any(kind)]
        self.known = Polytope(len(self.kinds))
        for table, found in one.printed:
            self._read(table, found)

    def mask(self, holds: Callable[[Places], bool]) -> Any:
        return np.array([float(holds(kind)) for kind in self.kinds])

    def _read(self, table: str, found: Mapping[str, Any]) -> None:
        if found.get("refused"):
            return
        whole = found["total"] if found["by"] else found["cells"][0]
        if table == WHOLE:
            # A table that came in later was no part of the whole case then.
            there = found["provenance"]["tables"]
            places = [n for n, name in enumerate(self.tables) if there == [WHOLE] or name in there]
            self._know(lambda kind: any(kind[n] for n in places), whole)
            return
        place = self.tables.index(table)
        taken = {label for label in self.labels[place] if _meets(found["where"], label)}
        self._know(lambda kind: bool(kind[place] & taken), whole)
        for cell in found["cells"] if found["by"] else ():
            (label,) = cell["keys"].values()
            self._know(lambda kind, label=label: label in kind[place] & taken, cell)

    def _know(self, holds: Callable[[Places], bool], cell: Mapping[str, Any]) -> None:
        if cell["value"] is not None:
            self.known.know(self.mask(holds), cell["value"], cell["value"])


def _meets(where: str, label: str) -> bool:
    return {"": True, "a = 'a0'": label == "a0", "a <> 'a0'": label != "a0"}[where]


def in_common(one: Several) -> list[Breach]:
    """Small groups by several tables that are proven not to be empty."""
    knowledge = _Knowledge(one)
    places = list(one.dump.places().values())
    groups = [
        (name, holds) for name, holds in _groups(knowledge) if 0 < sum(holds(each) for each in places) < one.k
    ]
    try:
        ranges = knowledge.known.ranges([knowledge.mask(holds) for _, holds in groups], one.k - 1, one.number)
    except Contradiction:
        return [Breach("contradiction", "the printed numbers")]
    return [
        Breach("presence", f"people {name}", left.low, left.high)
        for (name, _), left in zip(groups, ranges, strict=True)
        if left.low > 0
    ]


def _groups(knowledge: _Knowledge) -> list[tuple[str, Callable[[Places], bool]]]:
    """In and out of each table, or under a label there; and in so many tables at least."""
    found: list[tuple[str, Callable[[Places], bool]]] = [
        (f"in {size} tables or more", lambda kind, size=size: sum(map(bool, kind)) >= size)
        for size in range(2, len(knowledge.tables) + 1)
    ]
    choices = [("", "in", "out", *own) for own in knowledge.labels]
    for signs in itertools.product(*choices):
        named = [f"{sign} {table}" for sign, table in zip(signs, knowledge.tables, strict=True) if sign]
        if named:
            found.append((", ".join(named), lambda kind, signs=signs: _fits(kind, signs)))
    return found


def _fits(kind: Places, signs: Sequence[str]) -> bool:
    tests = {"": lambda _: True, "in": bool, "out": lambda labels: not labels}
    return all(
        tests[sign](labels) if sign in tests else sign in labels
        for labels, sign in zip(kind, signs, strict=True)
    )
