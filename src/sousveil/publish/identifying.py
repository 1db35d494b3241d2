"""Which of a publication's forms are identifying values of the vault.

The forms are few and the values many, so the forms are lent to the engine: for each identifying column it
keeps the values whose first characters could begin a form (or that would have to be normalised to know), and
only those are normalised (NFKC, upper case, letters and digits only, by Arrow) and compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.case import Case
from sousveil.publish.tokens import HAN, variants
from sousveil.vault import Column, Engine, Table

NAMES = "person_name"
LOOSE = frozenset(
    {"birth_date", "date", "datetime", "longitude", "latitude", "sex", "nationality", "category"}
)
"""Types whose values are words or figures of everybody: no sign of anybody in a text."""
PROSE = frozenset({"text", "unknown"})
"""Types whose values are texts in which identifiers may stand."""

_PLAIN = ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0x3400, 0x9FFF), (0x410, 0x44F))
"""Ranges of characters that the normal form keeps but for their case; all other values are normalised."""
_IN_PROSE = "[0-9]{7,}[0-9Xx]?"
_NUMBER = re.compile("[0-9]{7,}X?")
_WORDS = re.compile(r"[^\W\d_]+")
_HAN_ONLY = re.compile(f"[{HAN}]+")


@dataclass(frozen=True)
class Source:
    """A column whose values identify people."""

    table: Table
    column: Column
    type: str


@dataclass(frozen=True)
class Hit:
    """A form that is an identifying value of the vault. `untrusted_form` never leaves the process."""

    source: Source | None
    """None where it stands among the records that could not be read."""
    untrusted_form: str

    @property
    def is_name(self) -> bool:
        """Whether it is a whole name or an address: something that may be a word as well."""
        return self.source is not None and self.source.type in (NAMES, "address", "organisation")


def sources(case: Case) -> list[Source]:
    """Every column whose values identify people, by the survey's values or by the review."""
    from sousveil.survey.current import column_types, identifying_columns

    identifying = set(identifying_columns(case))
    found = []
    for table in case.tables:
        for column, type_name in column_types(case, table).items():
            if (table.tid, column.cid) in identifying and type_name not in LOOSE:
                found.append(Source(table, column, type_name))
    return found


def hits(case: Case, untrusted_forms: Iterable[str]) -> list[Hit]:
    """Every form that is an identifying value of the vault, once for each column that it stands in."""
    sought = _Sought(untrusted_forms)
    if not sought.forms:
        return []
    engine, found = case.vault.engine, []
    with engine.lend(**sought.lent):
        for source in sources(case):
            if source.type in PROSE:
                found += [Hit(source, form) for form in sought.in_prose(engine, source)]
            else:
                found += [Hit(source, form) for form in sought.in_column(engine, source)]
        found += [Hit(None, form) for form in sought.in_rejects(engine)]
    return found


class _Sought:
    """The forms that are sought, and what the engine needs to find them fast."""

    def __init__(self, untrusted_forms: Iterable[str]) -> None:
        self.forms = {other: form for form in untrusted_forms for other in (form, *variants(form))}
        self.numbers = [form for form in self.forms if _NUMBER.fullmatch(form)]
        self.array = pa.array(sorted(self.forms), pa.string())
        starts = {form[:2] for form in self.forms}
        cased = {a + b for start in starts for a in _cases(start[0]) for b in _cases(start[1:])}
        self.lent = {
            "sought_first": pa.table({"c": pa.array(sorted({ord(two[0]) for two in cased}), pa.int32())}),
            "sought_start": pa.table({"s": pa.array(sorted(cased), pa.string())}),
        }

    def in_column(self, engine: Engine, source: Source) -> Iterator[str]:
        """The forms that are whole values of a column."""
        name = source.column.sql
        first, second = f"unicode({name})", f"unicode(substr({name}, 2, 1))"
        values = engine.table(
            f"SELECT DISTINCT {name} AS v FROM {source.table.raw} WHERE {name} IS NOT NULL"  # noqa: S608
            f" AND ({first} IN (SELECT c FROM sought_first) OR NOT ({_is_plain(first)}))"
            f" AND (left({name}, 2) IN (SELECT s FROM sought_start)"
            f" OR NOT ({_is_plain(first)}) OR NOT ({_is_plain(second)}))"
        )["v"]
        for untrusted, form in self._matches(values):
            if identifies(source.type, untrusted, form):
                yield self.forms[form]

    def in_prose(self, engine: Engine, source: Source) -> Iterator[str]:
        """The long numbers among the forms that stand inside the values of a column of texts."""
        yield from self._numbers_in(engine, source.column.sql, source.table.raw)

    def in_rejects(self, engine: Engine) -> Iterator[str]:
        """The long numbers among the forms that stand in records that could not be read."""
        text = "regexp_replace(CAST(raw AS VARCHAR), '\\\\x[0-9A-F]{2}', ' ', 'g')"
        yield from self._numbers_in(engine, text, "raw.rejects")

    def _numbers_in(self, engine: Engine, expression: str, table: str) -> Iterator[str]:
        if not self.numbers:
            return
        values = engine.table(
            f"SELECT DISTINCT unnest(regexp_extract_all({expression}, '{_IN_PROSE}')) AS v FROM {table}"  # noqa: S608
        )["v"]
        yield from (self.forms[form] for _, form in self._matches(values))

    def _matches(self, values: pa.ChunkedArray) -> list[tuple[str, str]]:
        """Pairs of value and form, for the values whose normal form is sought."""
        normal = normalised(values)
        kept = pc.is_in(normal, value_set=self.array)
        return list(zip(values.filter(kept).to_pylist(), normal.filter(kept).to_pylist(), strict=True))


def normalised(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The normal form of values: NFKC, upper case, letters and digits only; the same as `tokens.whole`."""
    upright = pc.utf8_upper(pc.utf8_normalize(values, form="NFKC"))
    return pc.replace_substring_regex(upright, pattern=r"[^\p{L}\p{N}]+", replacement="")


def identifies(type_name: str, untrusted_value: str, untrusted_form: str) -> bool:
    """Whether a value is long enough, for what its column holds, to identify somebody wherever it stands."""
    digits = sum(c.isdecimal() for c in untrusted_form)
    if len(set(untrusted_form)) == 1:
        return False
    if type_name == NAMES:
        if _HAN_ONLY.fullmatch(untrusted_form):
            return len(untrusted_form) >= 2
        return digits == 0 and len(_WORDS.findall(untrusted_value)) >= 2
    if type_name in ("address", "organisation"):
        return len(untrusted_form) >= (6 if digits else 12)
    if digits == len(untrusted_form):
        return digits >= 7
    return len(untrusted_form) >= 6 and (digits >= 2 or "@" in untrusted_value)


def _is_plain(code: str) -> str:
    return " OR ".join(f"{code} BETWEEN {low} AND {high}" for low, high in _PLAIN)


def _cases(character: str) -> Sequence[str]:
    return sorted({character, character.lower()})
