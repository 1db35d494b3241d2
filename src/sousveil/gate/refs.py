"""Columns of `by` in one spelling, and which of them another one determines (a month tells its year)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\((.*)\)\s*", re.DOTALL)
_ON = re.compile(r"(.*?)\s*,\s*on\s*=\s*(?:DATE\s*)?'([^']*)'\s*", re.DOTALL | re.IGNORECASE)
_TEXT = re.compile(r"'(?:[^']|'')*'")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[0-9]{4}")

BANDS = ("0-17", "18-29", "30-44", "45-59", "60+")
"""The age bands: known to everybody beforehand, so naming one tells nothing."""


def canonical(by: str) -> str:
    """`by` in one spelling: `month(entered)` for ` MONTH( "entered" )`; equal texts mean the same column."""
    call = _CALL.fullmatch(by)
    if not call or call[1].lower() not in ("month", "year", "age_band"):
        return _column(by)
    function, inside = call[1].lower(), call[2]
    aged = _ON.fullmatch(inside) if function == "age_band" else None
    return f"age_band({_column(aged[1])}, on={aged[2]})" if aged else f"{function}({_column(inside)})"


def _column(written: str) -> str:
    bare = written.strip()
    if len(bare) > 2 and bare[0] == bare[-1] == '"':
        return bare[1:-1].replace('""', '"')
    return bare


def function(ref: str) -> str:
    """`month`, `year` or `age_band` of a canonical reference, empty for a bare column."""
    found = re.match(r"(month|year|age_band)\(.*\)$", ref, re.DOTALL)
    return found[1] if found else ""


def column(ref: str) -> str:
    """The column that a canonical reference reads."""
    if not function(ref):
        return ref
    inside = ref[ref.index("(") + 1 : -1]
    return inside.rsplit(", on=", 1)[0] if function(ref) == "age_band" else inside


def finer(ref: str) -> str:
    """The reference that determines this one: `month(c)` for `year(c)`; empty where there is none."""
    return f"month({column(ref)})" if function(ref) == "year" else ""


def coarser(label: str) -> str:
    """The year of a month's label, `2018` of `2018-03`."""
    return label[:-3]


def reduced(refs: Sequence[str]) -> list[int]:
    """The places of the references that the others don't determine, in the order of their texts."""
    kept = [place for place, ref in enumerate(refs) if finer(ref) not in refs or not finer(ref)]
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
    """Whether everybody knows the labels beforehand: months, years, age bands."""
    return function(ref) in ("month", "year", "age_band")


def universe(ref: str, stated: Sequence[str]) -> list[str]:
    """All labels of a closed reference in their order: between the first and the last one; all age bands."""
    known = sorted(set(stated))
    match function(ref):
        case "month" if known and all(_MONTH.fullmatch(label) for label in known):
            first, last = (int(label[:4]) * 12 + int(label[5:]) - 1 for label in (known[0], known[-1]))
            return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]
        case "year" if known and all(_YEAR.fullmatch(label) for label in known):
            return [f"{year:04d}" for year in range(int(known[0]), int(known[-1]) + 1)]
        case "age_band":
            return [*BANDS, *(label for label in known if label not in BANDS)]
        case _:
            return known
