"""What a reader takes from findings.json, without any code of Sousveil's: claims about groups of atoms.

An atom is a combination of one label for every column that the findings use. A group is a set of atoms: a
`where`, and the labels of a cell. The reader knows which labels there are and how they nest (which year a
month lies in, which region a country), since that is public.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.attack.polytope import Mask

Labels = tuple[str, ...]
_TEST = re.compile(r"\s*\"?(\w+)\"?\s*(=|<>)\s*'([^']*)'\s*")
_CALL = re.compile(r"(month|year|quarter)\((\w+)\)")


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
    """The atoms of one table of the dump."""

    def __init__(self, columns: Sequence[str], atoms: Sequence[Labels]) -> None:
        self.columns, self.atoms = tuple(columns), list(atoms)
        self._masks: dict[Group, Mask] = {}

    @classmethod
    def of(cls, columns: Sequence[str], rows: Sequence[Labels], nested: Mapping[str, str]) -> Atoms:
        """Every combination of the labels that occur; `nested` names for a coarse column the finer one."""
        domains = [sorted({row[place] for row in rows}) for place in range(len(columns))]
        told = {
            coarse: {row[columns.index(fine)]: row[columns.index(coarse)] for row in rows}
            for coarse, fine in nested.items()
        }
        fits = [
            atom
            for atom in itertools.product(*domains)
            if all(
                atom[columns.index(coarse)] == map_[atom[columns.index(nested[coarse])]]
                for coarse, map_ in told.items()
            )
        ]
        return cls(columns, fits)

    def label(self, atom: Labels, ref: str) -> str:
        """The label of an atom under an entry of `by`."""
        call = _CALL.fullmatch(ref)
        value = atom[self.columns.index(call[2] if call else ref)]
        if call and call[1] == "quarter":
            return f"{value[:4]}-Q{(int(value[5:]) - 1) // 3 + 1}"
        return value[:4] if call and call[1] == "year" else value

    def mask(self, group: Group) -> Mask:
        """1 for each atom of the group."""
        if group not in self._masks:
            tests = [_TEST.fullmatch(part) for part in group.where.split(" AND ") if part]
            assert all(tests), group.where
            found = [
                all((atom[self.columns.index(t[1])] == t[3]) == (t[2] == "=") for t in tests if t)
                and all(
                    self.label(atom, ref) == label for ref, label in zip(group.by, group.labels, strict=True)
                )
                for atom in self.atoms
            ]
            self._masks[group] = np.array(found, dtype=np.float64)
        return self._masks[group]


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
