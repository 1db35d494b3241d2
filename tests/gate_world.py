"""A little world for the tests of the gate: rows to count, a case in memory, and an attacker of its own.

The attacker shares no code with the gate. Every combination of labels is an unknown; every published number
is an equation, and whatever is known of hidden ones a bound; `scipy.optimize.linprog` says how far each
hidden cell can be narrowed down.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import re
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from sousveil.findings.model import ExactCell, ExactTable, Question, Records
from sousveil.findings.recodes import recoded
from sousveil.policy import Policy

Row = tuple[str, ...]
Ints = npt.NDArray[np.int64]
SCRATCH: list[Path] = []
"""Where cases lie, if anywhere else than in the system's temporary folder: a test process may end without
clearing up."""


class MemoryCase(SimpleNamespace):
    """What the gate uses of a case, without a vault on disk."""

    def __init__(self, k: int = 10) -> None:
        self.policy = Policy(threshold=k)
        self.folder = Path(tempfile.mkdtemp(prefix="gate-", dir=SCRATCH[0] if SCRATCH else None))
        weakref.finalize(self, shutil.rmtree, self.folder, True)
        self.releases = self.folder / "releases"
        self.releases.mkdir()
        self.documents: dict[str, Any] = {}
        self.entries: list[Any] = []
        self.vault = SimpleNamespace(
            document=self.documents.get, put_document=self.documents.__setitem__, sync=lambda: None
        )
        self.ledger = SimpleNamespace(
            append=lambda did, detail: self.entries.append({"did": did, "detail": detail}),
            entries=lambda: self.entries,
        )


class World:
    """A table of the dump: rows of labels, each about one person."""

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Row],
        people: Sequence[int] | None = None,
        name: str = "visits",
    ) -> None:
        self.columns = tuple(columns)
        self.rows = list(rows)
        self.people = list(people) if people is not None else list(range(len(self.rows)))
        self.name = name

    @classmethod
    def of(cls, columns: Sequence[str], counts: Mapping[Row, int]) -> World:
        return cls(columns, [row for row, count in counts.items() for _ in range(count)])

    def _label(self, row: Row, by: str) -> str:
        call = re.fullmatch(r"(\w+)\((\w+)\)", by)
        value = row[self.columns.index(call[2] if call else by)]
        return recoded(value, call[1]) if call else value

    def chosen(self, where: str) -> list[int]:
        """Rows of a `where` of the form `a = 'x' AND year(b) <> 'y'`."""
        parts = [part.replace('"', "") for part in where.split(" AND ") if part]
        tests = [re.fullmatch(r"\s*(\w+|\w+\(\w+\)) (=|<>) '(.*)'\s*", part) for part in parts]
        assert all(tests), where
        return [
            n
            for n, row in enumerate(self.rows)
            if all((self._label(row, t[1]) == t[3]) == (t[2] == "=") for t in tests if t)
        ]

    def condition(self, where: str) -> str:
        """A `where` in canonical form."""
        return re.sub(r"(\w+)(\)?) (=|<>)", r'"\1"\2 \3', where)

    def ask(
        self, by: Sequence[str] = (), where: str = "", count: str = "records", id: str = ""
    ) -> ExactTable:
        rows = self.chosen(where)
        cells: dict[Row, list[int]] = {}
        for n in rows:
            cells.setdefault(tuple(self._label(self.rows[n], ref) for ref in by), []).append(n)
        question = Question(
            id or f"{count}-{'-'.join(by)}-{where}", "title", count, self.name, where, tuple(by)
        )
        return ExactTable(
            question,
            tuple(self._cell(key, found, count) for key, found in sorted(cells.items())) if by else (),
            self._cell((), rows, count),
            f"table {self.name}" + (f"; where {self.condition(where)}" if where else ""),
            tuple(by),
            None,
        )

    def _cell(self, keys: Row, rows: Sequence[int], count: str) -> ExactCell:
        people = len({self.people[n] for n in rows})
        value = len(rows) if count == "records" else people
        return ExactCell(keys, len(rows), people, value, value, value)

    def difference(self, one: Question, other: Question) -> tuple[int, int]:
        rows = [set(self.chosen(question.where)) for question in (one, other)]
        if one.count == other.count == "records":
            return (
                len({self.people[n] for n in rows[0] - rows[1]}),
                len({self.people[n] for n in rows[1] - rows[0]}),
            )
        people = [{self.people[n] for n in found} for found in rows]
        return len(people[0] - people[1]), len(people[1] - people[0])

    def remainder(self, outer: Question, inner: Sequence[Question]) -> int:
        rows = set(self.chosen(outer.where))
        taken = set().union(*(self.chosen(question.where) for question in inner))
        if outer.count == "records":
            return len({self.people[n] for n in rows - taken})
        return len({self.people[n] for n in rows} - {self.people[n] for n in taken})

    def parts(self) -> list[str]:
        return [self.name]

    def fits(self, question: Question) -> bool:
        return True

    def fingerprint(self, table: str) -> str:
        return hashlib.sha256(repr([self.rows, self.people]).encode()).hexdigest()

    def keep(self, table: str, questions: Sequence[Question]) -> dict[str, Any]:
        return {"world": copy.copy(self)}

    def forget(self, kept_one: Mapping[str, Any]) -> None:
        pass

    def records(
        self,
        table: str,
        conditions: Sequence[str],
        by: Sequence[str],
        kept_one: Mapping[str, Any] | None = None,
    ) -> Records:
        """A person's first record is the same from edition to edition, and so on."""
        if kept_one:
            return cast(World, kept_one["world"]).records(table, conditions, by)
        chosen = [set(self.chosen(condition)) for condition in conditions]
        number: dict[tuple[str, ...], int] = {}
        codes = [
            number.setdefault(
                (*("01"[n in rows] for rows in chosen), *(self._label(row, ref) for ref in by)), len(number)
            )
            for n, row in enumerate(self.rows)
        ]
        seen: Counter[int] = Counter()
        ids = []
        for one in self.people:
            seen[one] += 1
            digest = hashlib.sha256(repr((one, seen[one])).encode()).digest()
            ids.append(int.from_bytes(digest[:7], "big"))
        order = np.argsort(np.array(ids, dtype=np.int64))
        parts = (np.array(part, dtype=np.int64)[order] for part in (ids, self.people, codes))
        return Records(*parts, list(number))

    def again(self, question: Question) -> ExactTable:
        return self.ask(question.by, question.where, question.count, question.id)

    def numbers(self, question: Question) -> Ints:
        return np.array(sorted({self.people[n] for n in self.chosen(question.where)}), dtype=np.int64)

    def joint(
        self, table: str, conditions: Sequence[str], by: Sequence[str]
    ) -> dict[tuple[str, ...], tuple[int, int]]:
        assert table == self.name
        chosen = [set(self.chosen(condition)) for condition in conditions]
        found: dict[tuple[str, ...], list[int]] = {}
        for n, row in enumerate(self.rows):
            key = (*("01"[n in rows] for rows in chosen), *(self._label(row, ref) for ref in by))
            found.setdefault(key, []).append(n)
        return {key: (len(rows), len({self.people[n] for n in rows})) for key, rows in found.items()}


class Attacker:
    """Reads findings about records and narrows down hidden cells."""

    def __init__(self, world: World, k: int, knows_small: bool = True) -> None:
        self.world, self.k, self.knows_small = world, k, knows_small
        domains = [sorted({row[n] for row in world.rows}) for n in range(len(world.columns))]
        self.atoms = list(itertools.product(*domains))
        self.truth = [world.rows.count(atom) for atom in self.atoms]
        self.equal: list[tuple[np.ndarray, int]] = []
        self.ranges: list[tuple[np.ndarray, int, int | None]] = []
        self.hidden: list[tuple[str, np.ndarray, int]] = []

    def _mask(self, by: Sequence[str], labels: Row, where: str) -> np.ndarray:
        atoms = World(self.world.columns, self.atoms)
        chosen = set(atoms.chosen(where))
        return np.array(
            [
                float(n in chosen and tuple(atoms._label(row, ref) for ref in by) == labels)
                for n, row in enumerate(self.atoms)
            ]
        )

    def read(self, finding: Mapping[str, Any], table: ExactTable) -> None:
        """Learn from a finding; `table` only tells which labels there are and which cells are small."""
        if "refused" in finding:
            return
        by, where = table.question.by, table.question.where
        shown = {
            tuple(cell["keys"].values()): cell["value"]
            for cell in finding["cells"]
            if cell["value"] is not None
        }
        total = finding["total"]["value"] if by else shown[()]
        self.equal.append((self._mask((), (), where), total))
        if not by:
            return
        truth = {cell.keys: cell.value for cell in table.cells}
        domains = [sorted({labels[place] for labels in truth}) for place in range(len(by))]
        for labels in itertools.product(*domains) if len(by) > 1 else truth:
            mask = self._mask(by, labels, where)
            if not mask.any():
                continue
            if labels in shown:
                self.equal.append((mask, shown[labels]))
                continue
            true = truth.get(labels, 0)
            if true < self.k:
                self.hidden.append((f"{by}={labels} where {where}", mask, true))
            if self.knows_small:
                self.ranges.append((mask, 0, self.k - 1) if true < self.k else (mask, self.k, None))

    def narrowed(self) -> list[str]:
        """Every hidden small cell that can't be 0, or can't be k-1."""
        found = []
        for name, mask, true in self.hidden:
            low, high = self._extreme(mask, 1), self._extreme(mask, -1)
            assert low <= true + 1e-6 <= high + 2e-6
            if low > 1e-6 or high < self.k - 1 - 1e-6:
                found.append(f"{name}: {true} lies in {low:g} … {high:g}")
        return found

    def _extreme(self, mask: np.ndarray, sign: int) -> float:
        above = [(row, high) for row, _, high in self.ranges if high is not None]
        below = [(-row, -low) for row, low, _ in self.ranges if low]
        bounds = [*above, *below]
        answer = linprog(
            sign * mask,
            A_ub=np.array([row for row, _ in bounds]) if bounds else None,
            b_ub=[limit for _, limit in bounds] if bounds else None,
            A_eq=np.array([row for row, _ in self.equal]),
            b_eq=[value for _, value in self.equal],
            bounds=(0, None),
            method="highs",
        )
        if answer.status == 3:
            return -sign * float("inf")
        assert answer.status == 0, answer.message
        return sign * answer.fun
