"""Several tables of a dump with people in common, and the number of people of the whole case.

An unknown for each way in which a person may stand in the tables (in each under which labels), so that
everything that totals, parts and the whole case tell of one another is one system of equations. What is
looked for are small groups by tables: in this one and not in that, under this label here and in that table,
in two tables or more.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.findings.model import ExactCell, ExactTable, Records
from sousveil.findings.model import Question as Asked
from sousveil.gate import release
from tests.attack.bad import Question, finding
from tests.attack.linear import Breach
from tests.attack.polytope import Contradiction, Mask, Polytope
from tests.attack.wide import WideWorld
from tests.gate_world import MemoryCase

WHOLE = "*"
SIGNS = 3
"""Tables that a group says more of than whether its people are in them, at most."""
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

    def labelled(
        self, question: Asked
    ) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """As the gate's `Populations`."""
        world = self.worlds[question.table]
        labels = sorted({row[0] for row in world.rows})
        found = {(labels.index(world.rows[n][0]), world.people[n]) for n in world.chosen(question.where)}
        cells, people = np.array(sorted(found), dtype=np.int64).reshape(-1, 2).T
        return [(one,) for one in labels], cells, people

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


def kindred(number: int) -> Several:
    """Two to four tables of nearly the same people, under one label each, the same in most tables."""
    chance = np.random.default_rng([22, number])
    names = ("entries", "stays", "calls", "visas")[: int(chance.choice([2, 3, 4]))]
    k = int(chance.choice([3, 5, 10]))
    size = int(chance.integers(60, 400))
    few = [n for n in range(size) if chance.random() < 1.5 * k / size]
    sex = chance.random(size) < 0.5
    groups = [sex, ~sex, chance.random(size) < 0.6, np.ones(size, np.bool_)]
    groups += [groups[2] & sex, ~(groups[2] & sex)]
    worlds = {}
    for name in names:
        there = groups[int(chance.integers(len(groups)))].copy()
        label = groups[int(chance.choice([0, 0, 0, 2]))].copy()
        for flags in (there, label):
            changed = [n for n in few if chance.random() < 0.3]
            flags[changed] = ~flags[changed]
        people = np.flatnonzero(there).tolist() or [0]
        rows = [(f"a{int(label[n])}",) for n in people]
        worlds[name] = WideWorld(("a",), rows, people, name)
    questions: list[list[tuple[str, Question]]] = [[] for _ in range(int(chance.integers(1, 4)))]
    asked: list[tuple[str, Question]] = [(WHOLE, ((), "", "people"))] if chance.random() < 0.5 else []
    asked += [(name, one) for name in names for one in _QUESTIONS[1:] if chance.random() < 0.6]
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

    def mask(self, holds: Callable[[Places], bool]) -> Mask:
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


def in_common(one: Several, labelled: int = SIGNS) -> list[Breach]:
    """Small groups by several tables, under labels in so many at most, that are proven not to be empty."""
    knowledge = _Knowledge(one)
    number = {kind: place for place, kind in enumerate(knowledge.kinds)}
    people = np.bincount([number[each] for each in one.dump.places().values()], minlength=len(number))
    groups = [(name, mask) for name, mask in _groups(knowledge, labelled) if 0 < people @ mask < one.k]
    try:
        ranges = knowledge.known.ranges([mask for _, mask in groups], one.k - 1, one.number)
    except Contradiction:
        return [Breach("contradiction", "the printed numbers")]
    return [
        Breach("presence", f"people {name}", left.low, left.high)
        for (name, _), left in zip(groups, ranges, strict=True)
        if left.low > 0
    ]


def _groups(knowledge: _Knowledge, labelled: int) -> Iterator[tuple[str, Mask]]:
    """In and out of each table, under a label there or not; and in so many tables at least."""
    tables = len(knowledge.tables)
    for size in range(2, tables + 1):
        yield (
            f"in {size} tables or more",
            knowledge.mask(lambda kind, size=size: sum(map(bool, kind)) >= size),
        )
    every = [_signs(knowledge, place) for place in range(tables)]
    for chosen in itertools.product(*every):
        said = [sign for sign in chosen if sign]
        labels = sum(sign not in ("in", "out") for sign in said)
        if said and labels <= labelled and (len(said) <= SIGNS or not labels):
            named = [f"{sign} {name}" for sign, name in zip(chosen, knowledge.tables, strict=True) if sign]
            yield (
                ", ".join(named),
                np.prod([own[sign] for own, sign in zip(every, chosen, strict=True)], axis=0),
            )


def _signs(knowledge: _Knowledge, place: int) -> dict[str, Mask]:
    """What a group may say of a table, and where it holds."""
    own = knowledge.labels[place]
    found = {
        "": knowledge.mask(lambda kind: True),
        "in": knowledge.mask(lambda kind: bool(kind[place])),
        "out": knowledge.mask(lambda kind: not kind[place]),
    }
    for one in own if len(own) > 1 else ():
        found[one] = knowledge.mask(lambda kind, one=one: one in kind[place])
        found[f"not {one}"] = 1.0 - found[one]
        found[f"in and not {one}"] = found["in"] * found[f"not {one}"]
    return found
