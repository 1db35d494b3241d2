"""The values that a column may have, as a reader can name them: one for each way in which questions tell.

Printed labels, the values on either side of every constant of a `where`, labels that are not printed, nothing
at all. SQLite reads each of them as `where` does, or it is left out, since that is what the reader's verifier
asks; fewer values make fewer worlds, so that a proof stays a proof.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sousveil.findings.recodes import PLACES
from sousveil.findings.regions import CONTINENT_OF, CONTINENTS, REGIONS
from sousveil.findings.syntax import Among, Compare, Node, Ref, quoted, text
from sousveil.gate import show
from sousveil.gate.certificate.printed import Printed, expression
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.language.witness import Untrusted

Written = str | int | float | None
"""A value as it stands in `worlds.json`."""
OTHERS = ("(not shown, 1)", "(not shown, 2)")
"""Stand for labels that are not printed: there are two at least, else a subtraction would tell."""
CLOSED = (frozenset({"F", "M"}), frozenset({"true", "false"}))
"""Labels of columns of which everybody knows all."""


@dataclass(frozen=True)
class Column:
    """A column: what is asked of it (itself first), and its values, each under all that is asked."""

    name: str
    asked: tuple[str, ...]
    values: tuple[tuple[Written, ...], ...]
    truths: tuple[Mapping[Node, bool], ...]
    """For each value which conditions hold."""


def columns_of(tables: Sequence[Printed]) -> dict[str, Column]:
    """The columns that some tables are about, by name."""
    leaves: dict[str, dict[Node, None]] = {}
    refs: dict[str, set[str]] = {}
    for table in tables:
        for leaf in witness.leaves(witness.condition(f"; where {table.where}" if table.where else "")):
            leaves.setdefault(witness.column_of(leaf), {})[leaf] = None
        for ref in table.by:
            refs.setdefault(spelling.column(ref), set()).add(ref)
    return {
        name: _column(name, refs.get(name, set()), [*leaves.get(name, ())], tables)
        for name in sorted({*refs, *leaves})
    }


def _column(name: str, by: set[str], leaves: Sequence[Node], tables: Sequence[Printed]) -> Column:
    called = {spelling.canonical(leaf.ref.text) for leaf in leaves if hasattr(leaf, "ref")}
    refs = sorted({*by, *called} - {name})
    known = {ref: _labels(ref, tables) for ref in sorted(by)}
    nameable = known.get(name, set()) | _named(leaves)
    only = {ref: _only(ref, tables) for ref in sorted(by)}
    in_time = _in_time(name, tables)
    found: dict[tuple[object, ...], tuple[tuple[Written, ...], tuple[bool, ...]]] = {}
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA case_sensitive_like = ON")
    for value, country in _candidates(name, known, leaves, tables):
        if in_time and not witness.is_true(in_time, value):
            continue  # no record is counted that is later, or undated
        row = (_written(value), *(_label(ref, value, country) for ref in refs))
        labels = dict(zip((name, *refs), map(written, row), strict=True))
        if any(every is not None and labels[ref] not in every for ref, every in only.items()):
            continue  # a complete table of the whole does not list it: everybody knows that it does not occur
        truths = tuple(_truth(base, leaf, name, refs, row) for leaf in leaves)
        as_said = (witness.is_true(leaf, value) for leaf in leaves)
        if country or all(one == other for one, other in zip(truths, as_said, strict=True)):
            itself = _itself(row[0], nameable) if name in by else ""
            found.setdefault((itself, *row[1:], *truths), (row, truths))
    base.close()
    return Column(
        name,
        (quoted(name), *(expression(ref) for ref in refs)),
        tuple(row for row, _ in found.values()),
        tuple(dict(zip(leaves, truths, strict=True)) for _, truths in found.values()),
    )


def _itself(value: Written, known: set[str]) -> str:
    """What tells a value from others that are alike in all else: its label, or of two that are not listed."""
    label = written(value)
    if label in known or not label:
        return label
    return "not listed, 2" if label == OTHERS[1] or label.endswith(" 2)") else "not listed"


def _in_time(name: str, tables: Sequence[Printed]) -> Node | None:
    """That a value is not after the printed cut-off, where a column dates the records."""
    days = [one.cut_off for one in tables if one.dated == name and one.cut_off]
    return Compare(Ref(name), "<=", dt.date.fromisoformat(max(days))) if days else None


def _named(leaves: Iterable[Node]) -> set[str]:
    """The labels of a column that conditions name one by one."""
    named = (leaf for leaf in leaves if isinstance(leaf, Compare | Among))
    constants = (one for leaf in named for one in witness.constants_of(leaf))
    return {one for one in constants if isinstance(one, str)}


def _labels(ref: str, tables: Iterable[Printed]) -> set[str]:
    """The labels under a reference that any table lists."""
    return {
        labels[place]
        for table in tables
        for place, one in enumerate(table.by)
        if one == ref
        for labels, value in table.cells.items()
        if labels[place] != show.OTHER
    }


def _only(ref: str, tables: Iterable[Printed]) -> set[str] | None:
    """The labels of which a page says that there are no others; None where it does not say so."""
    complete = [one for one in tables if ref in one.by and not one.where and not one.is_open]
    return set.intersection(*(_labels(ref, [one]) for one in complete)) if complete else None


def written(value: Written) -> str:
    """A value as a label; empty for none."""
    return "" if value is None else str(value)


def _candidates(
    name: str, known: Mapping[str, set[str]], leaves: Sequence[Node], tables: Sequence[Printed]
) -> Iterator[tuple[Untrusted, str]]:
    """Values; with each its region, where it stands for a country that is not printed."""
    bare = sorted(label for label in known.get(name, ()) if label)
    yield from ((label, "") for label in bare)
    is_open = any(table.is_open for table in tables if name in {spelling.column(ref) for ref in table.by})
    closed = next((one for one in CLOSED if bare and one.issuperset(bare)), None)
    if closed:
        yield from ((label, "") for label in sorted(closed))
    elif name in known and is_open:
        yield from ((label, "") for label in OTHERS)
    for ref in known:
        if spelling.function(ref) in PLACES:
            for label in sorted(known[ref] | ({*REGIONS} if is_open else set())):
                region = CONTINENTS[label][0] if label in CONTINENTS and label not in REGIONS else label
                yield from ((f"(not shown, {region} {number})", region) for number in (1, 2) if region)
    yield from ((value, "") for value in witness.values(known, leaves))


def _label(ref: str, value: Untrusted, country: str) -> Written:
    called = spelling.function(ref)
    if country and called in PLACES:
        return country if called == "region" else CONTINENT_OF[country]
    label = witness.label_of(ref, value)
    return int(label) if called == "year" and label else label or None


def _written(value: Untrusted) -> Written:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value.replace(witness.FRESH, "(any other)").replace("\x01", "~") if value else value


def _truth(
    base: sqlite3.Connection, leaf: Node, name: str, refs: Sequence[str], row: Sequence[Written]
) -> bool:
    """Whether the reader's verifier finds a condition true: SQLite, each expression a column."""
    asked = {expression(ref): f"c{place}" for place, ref in enumerate(refs, 1)} | {quoted(name): "c0"}
    known = "|".join(map(re.escape, sorted(asked, key=len, reverse=True)))
    condition = re.sub(known, lambda found: asked[found[0]], text(leaf))
    condition = re.sub(r"\b(TRUE|FALSE)\b", r"lower('\1')", re.sub(r"\b(DATE|TIMESTAMP) '", "'", condition))
    columns = ", ".join(f"? AS c{place}" for place in range(len(row)))
    found = base.execute(f"SELECT {condition} FROM (SELECT {columns})", row).fetchone()  # noqa: S608
    return bool(found[0])
