"""Which of a publication's forms are identifying values of the vault.

The forms are few and the values many, so for each identifying column the engine keeps only the values whose
first two characters could begin a form (or would have to be normalised to know); these are normalised (NFKC,
upper case, letters and digits only, by Arrow) and compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.case import Case
from sousveil.publish.tokens import HAN, LEAST_DIGITS, LEAST_LETTERS, variants
from sousveil.survey import current
from sousveil.survey.inside import FIRST, PIECES
from sousveil.vault import Column, Engine, Table

DATES = frozenset({"birth_date", "date", "datetime"})
"""Not compared: any day of the calendar is somebody's birthday."""
PROSE = frozenset({"text", "unknown"})
"""Types whose values are texts, in which identifiers may stand."""
PLACES = frozenset({"address", "organisation", "url", "image_path"})
WORDY = frozenset({"person_name", "category", "nationality", "sex"})
"""Types whose values may be whole names; the latter ones, where values prove a name and a person's review
says otherwise."""

_PLAIN = "0-9A-Za-z\\x{3400}-\\x{9fff}\\x{410}-\\x{44f}"
"""Characters that the normal form keeps but for their case; values beginning with others are normalised."""
_LONGEST_PATTERN = 10_000
"""A pattern of more characters outgrows RE2's automaton and runs a hundred times slower."""
_IN_PROSE = "[0-9]{7,}[0-9Xx]?"
_NUMBER = re.compile("[0-9]{7,}X?")
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True)
class Source:
    """A column whose values identify people."""

    table: Table
    column: Column
    types: frozenset[str]
    """What holds by the review and, where the values prove it, by the survey as well."""


@dataclass(frozen=True)
class Hit:
    """A form that is an identifying value of the vault. `untrusted_form` never leaves the process."""

    source: Source | None
    """None where it stands among the records that could not be read."""
    untrusted_form: str

    @property
    def is_name(self) -> bool:
        """Whether it is a whole name, an address or a text: something that may be a label as well."""
        return self.source is not None and bool(self.source.types & (WORDY | PLACES | PROSE))


def sources(case: Case) -> list[Source]:
    """Every column whose values identify people, by the survey's values or by the review; but for dates.

    A column in whose texts identifiers stand is one of them, whatever it is itself.
    """
    proved = {
        (table["tid"], entry["cid"]): entry["type"]
        for table in current.document(case)["tables"]
        for entry in table["columns"]
        if entry["identifying"]
    }
    found, holding = [], current.looked_into(case)
    for table, columns in current.identifying_columns(case).items():
        holds = current.column_types(case, table)
        for column in sorted(columns | holding.get(table, frozenset()), key=lambda one: one.cid):
            decided = holds[column]
            types = frozenset((decided, proved.get((table.tid, column.cid), decided)))
            if column in holding.get(table, frozenset()):
                types |= {"text"}
            if not types <= DATES:
                found.append(Source(table, column, types))
    return found


def hits(case: Case, untrusted_forms: Iterable[str]) -> list[Hit]:
    """Every form that is an identifying value of the vault, once for each column that it stands in."""
    sought = _Sought(untrusted_forms)
    if not sought.forms:
        return []
    engine = case.vault.engine
    found: list[Hit] = []
    for source in sources(case):
        found += [Hit(source, form) for form in sought.in_column(engine, source)]
        if source.types & PROSE:
            found += [Hit(source, form) for form in sought.in_prose(engine, source)]
    return found + [Hit(None, form) for form in sought.in_rejects(engine)]


class _Sought:
    """The forms that are sought, and what the engine needs to find them fast."""

    def __init__(self, untrusted_forms: Iterable[str]) -> None:
        self.forms = {other: form for form in untrusted_forms for other in (form, *variants(form))}
        self.numbers = [form for form in self.forms if _NUMBER.fullmatch(form)]
        self.array = pa.array(sorted(self.forms), pa.string())
        self.start = _start_of({form[:2] for form in self.forms})

    def in_column(self, engine: Engine, source: Source) -> Iterator[str]:
        """The forms that are whole values of a column."""
        name = source.column.sql
        values = engine.table(
            f"SELECT DISTINCT {name} AS v FROM {source.table.raw} WHERE regexp_matches({name}, ?)",  # noqa: S608
            [self.start],
        )["v"]
        for untrusted, form in self._matches(values):
            if identifies(source.types, untrusted, form):
                yield self.forms[form]

    def in_prose(self, engine: Engine, source: Source) -> Iterator[str]:
        """The long numbers, addresses and plates among the forms that stand inside the values of a column."""
        name = source.column.sql
        values = engine.table(
            f"SELECT DISTINCT unnest(regexp_extract_all({name}, ?)) AS v FROM {source.table.raw} "  # noqa: S608
            f"WHERE regexp_matches({name}, ?)",
            [PIECES, FIRST],
        )["v"]
        yield from (self.forms[form] for _, form in self._matches(values))

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


def identifies(types: frozenset[str], untrusted_value: str, untrusted_form: str) -> bool:
    """Whether a value is long enough, for what its column holds, to identify somebody wherever it stands."""
    digits = sum(c.isdecimal() for c in untrusted_form)
    length = len(untrusted_form)
    if len(set(untrusted_form)) == 1:
        return False
    if digits == length:
        return length >= LEAST_DIGITS
    if types & WORDY and not digits and _is_name(untrusted_value, untrusted_form):
        return True
    if types & PROSE:
        return length >= (8 if _HAN.search(untrusted_form) else 24)
    if types & PLACES:
        return length >= (6 if digits else 12)
    return length >= LEAST_LETTERS and (digits >= 2 or "@" in untrusted_value)


def _is_name(untrusted_value: str, untrusted_form: str) -> bool:
    """Whether a name is whole: two Chinese characters, or two words of another script."""
    if _HAN.match(untrusted_form):
        return len(untrusted_form) >= 2
    return len(_WORD.findall(untrusted_value)) >= 2


def _start_of(untrusted_starts: set[str]) -> str:
    """A pattern (RE2) for values that may begin with one of these pairs of characters, in either case."""
    seconds: dict[str, set[str]] = {}
    for start in untrusted_starts:
        for first in (start[0], start[0].lower()):
            seconds.setdefault(first, set()).update((start[1], start[1].lower()))
    pairs = "|".join(re.escape(first) + _any_of(after) for first, after in sorted(seconds.items()))
    if len(pairs) > _LONGEST_PATTERN:
        pairs = _any_of(set(seconds)) + _any_of(set().union(*seconds.values()))
    return f"^(?:{pairs}|.?[^{_PLAIN}])"


def _any_of(untrusted_characters: set[str]) -> str:
    return f"[{''.join(re.escape(character) for character in sorted(untrusted_characters))}]"
