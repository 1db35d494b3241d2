"""What a reader takes from findings.json, without any code of Sousveil's: claims about groups of atoms.

An atom is a combination of one label for every column that the findings use. A group is a set of atoms: a
`where`, and the labels of a cell. The reader knows which labels there are and how they nest (which year a
month lies in, which region a country), since that is public.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.attack import language
from tests.attack.polytope import Mask

Labels = tuple[str, ...]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Group:
    """Everybody who meets a `where` and has these labels."""

    where: str
    by: tuple[str, ...] = ()
    labels: Labels = ()

    def __str__(self) -> str:
        cell = ", ".join(f"{ref}={label}" for ref, label in zip(self.by, self.labels, strict=True))
        return " where ".join(part for part in (cell or "all", self.where) if part)


@dataclass(frozen=True)
class Claim:
    """One printed number."""

    unit: str
    group: Group
    value: int


class Atoms:
    """The atoms of one table of the dump: kinds of records that no label and no condition tells apart."""

    def __init__(self, columns: Sequence[str], atoms: Sequence[Labels]) -> None:
        self.columns, self.atoms = tuple(columns), list(atoms)
        self._masks: dict[Group, Mask] = {}

    @classmethod
    def of(
        cls,
        columns: Sequence[str],
        rows: Sequence[Labels],
        nested: Mapping[str, str],
        refs: Sequence[str] = (),
        wheres: Sequence[str] = (),
    ) -> Atoms:
        """Every combination of what occurs in the columns; `nested` names for a coarse column the finer one.

        Of a column of whole days every day between is possible. Values that look the same under all of
        `refs` and to all of `wheres` are one; without `refs` each value stands for itself.
        """
        leaves = [leaf for where in wheres for leaf in language.parsed(where)[1]]
        bundles = [(name, *(c for c in columns if nested.get(c) == name)) for name in columns]
        bundles = [bundle for bundle in bundles if bundle[0] not in nested]
        axes = []
        for bundle in bundles:
            values = _possible(sorted({tuple(row[columns.index(name)] for name in bundle) for row in rows}))
            axes.append(_kinds(bundle, values, refs, leaves) if refs else values)
        order = [name for bundle in bundles for name in bundle]
        places = [order.index(name) for name in columns]
        atoms = [tuple(itertools.chain(*parts)) for parts in itertools.product(*axes)]
        return cls(columns, [tuple(atom[place] for place in places) for atom in atoms])

    def mask(self, group: Group) -> Mask:
        """1 for each atom of the group."""
        if group not in self._masks:
            holds, _ = language.parsed(group.where)
            wanted = [
                (self.columns.index(language.column(ref)), ref, label)
                for ref, label in zip(group.by, group.labels, strict=True)
            ]
            found = [
                all(language.label(ref, atom[place]) == label for place, ref, label in wanted)
                and holds(dict(zip(self.columns, atom, strict=True))) is True
                for atom in self.atoms
            ]
            self._masks[group] = np.array(found, dtype=np.float64)
        return self._masks[group]


def _possible(values: Sequence[Labels]) -> list[Labels]:
    """What may occur in a column (or in one with those that it determines): of days, each day between."""
    days = sorted(value[0] for value in values if _DAY.fullmatch(value[0]))
    if not days or len(values[0]) > 1 or days[-1][:4] > f"{int(days[0][:4]) + 3}":
        return list(values)
    first, last = dt.date.fromisoformat(days[0][:7] + "-01"), dt.date.fromisoformat(days[-1][:7] + "-28")
    between = [(first + dt.timedelta(n)).isoformat() for n in range((last - first).days + 4)]
    return sorted({*values, *((day,) for day in between if day[:7] <= days[-1][:7])})


def _kinds(
    columns: Sequence[str], values: Sequence[Labels], refs: Sequence[str], leaves: Sequence[language.Leaf]
) -> list[Labels]:
    """One value for each kind: the same labels, the same conditions hold."""
    kinds: dict[tuple[object, ...], Labels] = {}
    for value in values:
        record = dict(zip(columns, value, strict=True))
        labels = (
            language.label(ref, record[language.column(ref)])
            for ref in refs
            if language.column(ref) in record
        )
        truths = (leaf.holds(record) for leaf in leaves if leaf.column in record)
        kinds.setdefault((*labels, *truths), value)
    return list(kinds.values())


def claims(findings: Sequence[Mapping[str, Any]]) -> list[Claim]:
    """Every printed number of a findings document."""
    made = []
    for one in findings:
        if one.get("refused"):
            continue
        by, where = tuple(one["by"]), one["where"]
        made += [
            Claim(one["unit"], Group(where, by, tuple(cell["keys"].values())), cell["value"])
            for cell in one["cells"]
            if cell["value"] is not None
        ]
        if by and one["total"]["value"] is not None:
            made.append(Claim(one["unit"], Group(where), one["total"]["value"]))
    return made


def asked(findings: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Unit, `where` and `by` of every table that was released."""
    return [
        (one["unit"], one["where"], tuple(one["by"]))
        for one in findings
        if not one.get("refused") and one["by"]
    ]
