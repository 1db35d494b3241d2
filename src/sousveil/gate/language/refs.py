"""Columns of `by` in one spelling, and which of them another one determines (a month tells its year)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sousveil.findings.recodes import AGES, FUNCTIONS, LABELS, MONTH, QUARTER, YEAR, chain, recoded

_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\((.*)\)\s*", re.DOTALL)
_ON = re.compile(r"(.*?)\s*,\s*on\s*=\s*(?:DATE\s*)?'([^']*)'\s*", re.DOTALL | re.IGNORECASE)
_TEXT = re.compile(r"'(?:[^']|'')*'")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')

_CALLED = re.compile(rf"({'|'.join(FUNCTIONS)})\(.*\)$", re.DOTALL)


def canonical(by: str) -> str:
    """`by` in one spelling: `month(entered)` for ` MONTH( "entered" )`; equal texts mean the same column."""
    call = _CALL.fullmatch(by)
    if not call or call[1].lower() not in FUNCTIONS:
        return _column(by)
    function, inside = call[1].lower(), call[2]
    aged = _ON.fullmatch(inside) if function in AGES else None
    return f"{function}({_column(aged[1])}, on={aged[2]})" if aged else f"{function}({_column(inside)})"


def _column(written: str) -> str:
    bare = written.strip()
    if len(bare) > 2 and bare[0] == bare[-1] == '"':
        return bare[1:-1].replace('""', '"')
    return bare


def function(ref: str) -> str:
    """The function of a canonical reference, empty for a bare column."""
    found = _CALLED.match(ref)
    return found[1] if found else ""


def column(ref: str) -> str:
    """The column that a canonical reference reads."""
    if not function(ref):
        return ref
    inside = ref[ref.index("(") + 1 : -1]
    return inside.rsplit(", on=", 1)[0] if function(ref) in AGES else inside


def determines(fine: str, coarse: str) -> bool:
    """Whether the label under one reference tells that under the other: `month(c)` and `year(c)`."""
    called = function(coarse)
    return called in chain(function(fine)) and fine == _finer(coarse, function(fine))


def _finer(coarse: str, called: str) -> str:
    """A coarse reference with another function in its place, or with none."""
    return called + coarse.removeprefix(function(coarse)) if called else column(coarse)


def finer(coarse: str, refs: Iterable[str]) -> str:
    """The first of these references that determines this one; empty where none does."""
    return next((ref for ref in refs if determines(ref, coarse)), "")


def recode(label: str, coarse: str) -> str:
    """A label of a finer reference under a coarser one, `2018` of `2018-03`; none stays none."""
    return recoded(label, function(coarse)) if label else ""


def reduced(refs: Sequence[str]) -> list[int]:
    """The places of the references that the others don't determine, in the order of their texts."""
    kept = [place for place, ref in enumerate(refs) if not finer(ref, refs)]
    return sorted(kept, key=lambda place: refs[place])


def base(population: str) -> str:
    """A population without its cut-off: what stays the same when the cut-off moves."""
    return re.sub(r"; until [0-9]{4}-[0-9]{2}-[0-9]{2}$", "", population)


def columns_of_where(population: str) -> frozenset[str]:
    """The columns that the canonical `where` of a population reads."""
    _, _, condition = base(population).partition("; where ")
    return frozenset(name.replace('""', '"') for name in _QUOTED.findall(_TEXT.sub("''", condition)))


def ages_on(text: str) -> frozenset[str]:
    """The days on which a canonical reference or a population takes ages."""
    return frozenset(re.findall(r"on ?= ?'?([0-9]{4}-[0-9]{2}-[0-9]{2})", text))


def is_closed(ref: str) -> bool:
    """Whether everybody knows the labels beforehand and all are listed: months, quarters, years, ages."""
    return function(ref) in {"month", "quarter", "year"} | AGES


def universe(ref: str, stated: Sequence[str]) -> list[str]:
    """All labels of a closed reference in their order: between the first and the last one; all ages."""
    known = sorted(set(stated))
    match function(ref):
        case "month" if known and all(MONTH.fullmatch(label) for label in known):
            first, last = (int(label[:4]) * 12 + int(label[5:]) - 1 for label in (known[0], known[-1]))
            return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]
        case "year" if known and all(YEAR.fullmatch(label) for label in known):
            return [f"{year:04d}" for year in range(int(known[0]), int(known[-1]) + 1)]
        case "quarter" if known and all(QUARTER.fullmatch(label) for label in known):
            first, last = (int(label[:4]) * 4 + int(label[6]) - 1 for label in (known[0], known[-1]))
            return [f"{quarter // 4:04d}-Q{quarter % 4 + 1}" for quarter in range(first, last + 1)]
        case "age_band" | "of_age" as called:
            return [*LABELS[called], *(label for label in known if label not in LABELS[called])]
        case _:
            return known
