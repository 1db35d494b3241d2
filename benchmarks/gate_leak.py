"""A made-up leak as the gate sees it: 1.1 million records by six columns, straight as exact tables.

Sizes fall as 1 / rank ** skew (G. Zipf); months swell and shrink over the year; each nationality prefers some
ports and categories, and each company one of each. One record in eight is of a person who is in the table
already.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.findings.model import ExactCell, ExactTable, Question, Records

Codes = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]

NATIONS, CATEGORIES, MONTHS, PORTS, COMPANIES = 180, 8, 48, 30, 1_500
BANDS = ("0-17", "18-29", "30-44", "45-59", "60+")
BANDS_SHARE = (0.06, 0.27, 0.38, 0.21, 0.08)
TABLE = "entries"
_CONDITION = re.compile(r"\"?(\w+)\"? = '(.*)'")


@dataclass(frozen=True)
class Leak:
    """Columns of codes, what each code is called, and whose each record is."""

    codes: Mapping[str, Codes]
    labels: Mapping[str, Sequence[str]]
    person: Codes

    def ask(self, *by: str, where: str = "", count: str = "records") -> ExactTable:
        """The exact answer to a question."""
        chosen = self._chosen(where)
        written = tuple(f"month({one})" if one == "month" else one for one in by)
        question = Question("-".join([count, *by, where]), "-", count, TABLE, where, written)
        cells = [
            self._cell(key, *numbers, count) for key, numbers in sorted(self._counted(by, chosen).items())
        ]
        total = self._cell((), *self._counted((), chosen)[()], count)
        condition = re.sub(r"(\w+) =", r'"\1" =', where)
        population = f"table {TABLE}" + (f"; where {condition}" if where else "")
        return ExactTable(question, tuple(cells) if by else (), total, population, tuple(by), None)

    def joint(
        self, table: str, conditions: Sequence[str], by: Sequence[str]
    ) -> dict[tuple[str, ...], tuple[int, int]]:
        """See `sousveil.findings.model.Populations`."""
        assert table == TABLE
        asked = tuple(one[6:-1] if one.startswith("month(") else one for one in by)
        truths = [self._chosen(one).astype(np.int64) for one in conditions]
        return self._counted(asked, np.ones(len(self.person), np.bool_), truths)

    def difference(self, one: Question, other: Question) -> tuple[int, int]:
        """See `sousveil.findings.model.Populations`."""
        first, second = self._chosen(one.where), self._chosen(other.where)
        if one.count == other.count == "records":
            return self._people(first & ~second), self._people(second & ~first)
        here, there = (np.unique(self.person[mask]) for mask in (first, second))
        both = len(np.intersect1d(here, there))
        return len(here) - both, len(there) - both

    def remainder(self, outer: Question, inner: Sequence[Question]) -> int:
        """See `sousveil.findings.model.Populations`."""
        taken = np.logical_or.reduce([self._chosen(one.where) for one in inner])
        return self._people(self._chosen(outer.where) & ~taken)

    def fits(self, question: Question) -> bool:  # noqa: ARG002
        """See `sousveil.findings.model.Populations`."""
        return True

    def parts(self) -> Sequence[str]:
        """See `sousveil.findings.model.Populations`."""
        return (TABLE,)

    def fingerprint(self, table: str) -> str:  # noqa: ARG002
        """See `sousveil.findings.model.Populations`; the benchmark's data never changes."""
        return "made up"

    def keep(self, table: str, questions: Sequence[Question]) -> Mapping[str, Any]:  # noqa: ARG002
        """See `sousveil.findings.model.Populations`."""
        return {}

    def forget(self, kept_one: Mapping[str, Any]) -> None:
        """See `sousveil.findings.model.Populations`."""

    def records(
        self,
        table: str,
        conditions: Sequence[str],
        by: Sequence[str],
        kept_one: Mapping[str, Any] | None = None,
    ) -> Records:
        """See `sousveil.findings.model.Populations`; never asked of data that does not change."""
        raise NotImplementedError

    def again(self, question: Question) -> ExactTable | None:
        """See `sousveil.findings.model.Populations`; never asked of data that does not change."""
        raise NotImplementedError

    def ways(self, questions: Sequence[Question]) -> Mapping[tuple[bool, ...], int]:
        """See `sousveil.findings.model.Populations`; never asked of a case of one table."""
        raise NotImplementedError

    def _people(self, mask: npt.NDArray[np.bool_]) -> int:
        return len(np.unique(self.person[mask]))

    def _chosen(self, where: str) -> npt.NDArray[np.bool_]:
        if not where:
            return np.ones(len(self.person), np.bool_)
        found = _CONDITION.fullmatch(where)
        assert found, "the benchmark knows no other condition"
        return np.asarray(self.codes[found[1]] == list(self.labels[found[1]]).index(found[2]))

    def _counted(
        self, by: Sequence[str], chosen: npt.NDArray[np.bool_], truths: Sequence[Codes] = ()
    ) -> dict[tuple[str, ...], tuple[int, int]]:
        parts = [*truths, *(self.codes[one] for one in by)]
        names = [*(("0", "1") for _ in truths), *(self.labels[one] for one in by)]
        joint = np.zeros(int(chosen.sum()), np.int64)
        for part, called in zip(parts, names, strict=True):
            joint = joint * len(called) + part[chosen]
        pairs = np.sort(joint * len(self.person) + self.person[chosen])
        starts = np.flatnonzero(np.diff(pairs, prepend=-1))
        keys, records = _runs(pairs // len(self.person))
        people = _runs(pairs[starts] // len(self.person))[1]
        found = {}
        for key, number, persons in zip(keys.tolist(), records.tolist(), people.tolist(), strict=True):
            shown = []
            for called in reversed(names):
                key, place = divmod(key, len(called))
                shown.append(called[place])
            found[tuple(reversed(shown))] = (number, persons)
        return found

    @staticmethod
    def _cell(key: tuple[str, ...], records: int, people: int, count: str) -> ExactCell:
        value = records if count == "records" else people
        return ExactCell(key, records, people, value, value, value)


@functools.cache
def leak(records: int = 1_100_000, skew: float = 1.2, seed: int = 1) -> Leak:
    """A leak of this many records."""
    chance = np.random.default_rng(seed)
    nation = chance.choice(NATIONS, records, p=_zipf(NATIONS, skew))
    company = chance.choice(COMPANIES, records, p=_zipf(COMPANIES, 1.0))
    tide = 1 + 0.4 * np.sin(np.arange(MONTHS) / 12 * 2 * np.pi) + 0.01 * np.arange(MONTHS)
    codes = {
        "nation": nation,
        "category": _preferred(chance, nation, NATIONS, _zipf(CATEGORIES, 1.0), 0.3),
        "month": chance.choice(MONTHS, records, p=tide / tide.sum()),
        "port": _preferred(chance, nation, NATIONS, _zipf(PORTS, 1.2), 0.5),
        "company": company,
        "age": chance.choice(len(BANDS), records, p=np.array(BANDS_SHARE)),
    }
    person = np.arange(records)
    again = chance.random(records) < 0.125
    person[again] = chance.integers(0, records, int(again.sum()))
    months = [f"{2015 + month // 12}-{month % 12 + 1:02d}" for month in range(MONTHS)]
    labels = {
        "nation": [f"N{place:03d}" for place in range(NATIONS)],
        "category": [f"C{place}" for place in range(CATEGORIES)],
        "month": months,
        "port": [f"P{place:02d}" for place in range(PORTS)],
        "company": [f"F{place:04d}" for place in range(COMPANIES)],
        "age": BANDS,
    }
    return Leak({name: part.astype(np.int64) for name, part in codes.items()}, labels, person)


def _runs(ascending: Codes) -> tuple[Codes, Codes]:
    """Each value of an ascending array once, and how often it stands there."""
    starts = np.flatnonzero(np.diff(ascending, prepend=-1))
    return ascending[starts], np.diff(np.append(starts, len(ascending)))


def _zipf(count: int, skew: float) -> Weights:
    weights: Weights = np.arange(1, count + 1, dtype=np.float64) ** -skew
    return weights / weights.sum()


def _preferred(
    chance: np.random.Generator, group: Codes, groups: int, overall: Weights, share: float
) -> Codes:
    """A code by the overall sizes, or by the favourites of the record's group."""
    favourites = chance.choice(len(overall), (groups, 3), p=overall)
    own = favourites[group, chance.integers(0, 3, len(group))]
    return np.where(
        chance.random(len(group)) < share, own, chance.choice(len(overall), len(group), p=overall)
    )
