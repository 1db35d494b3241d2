"""Names of files, tables and columns that are values of identifying columns: they are not shown."""

from __future__ import annotations

import re

import pyarrow as pa

from sousveil.case import Case
from sousveil.normalise.identifiers import compact
from sousveil.normalise.names import person_names
from sousveil.survey.headers import meanings
from sousveil.vault import Column, Table

COMPARED = frozenset(
    (
        "person_name",
        "cn_resident_id",
        "passport",
        "phone",
        "email",
        "cn_plate",
        "cn_uscc",
        "bank_card",
        "imei",
    )
) | frozenset(("imsi", "mac", "mrz", "tr_tckn", "ru_inn", "kz_iin"))
"""Types whose values may not stand in a name. Not text, places and dates: those are in many names."""

_WORDS = re.compile(r"[^\W_]+(?:[·.' -][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
_LONG = re.compile(r"[A-Za-z0-9]*[0-9][A-Za-z0-9]{4,}[A-Za-z0-9]*")


def veiled_names(case: Case, typed: list[tuple[Table, Column, str]]) -> list[str]:
    """The names that hold a value of an identifying column, whole or as one of their words.

    A word that headers are made of (`姓名`, `name`) is nobody's: a line of headers among the records veils
    nothing.
    """
    keys = _keys(case)
    engine = case.vault.engine
    lent = pa.table({"name": [n for n, _ in keys], "key": [k for _, k in keys]})
    found: set[str] = set()
    with engine.lend(names=lent):
        for table, column, type_name in typed:
            if type_name in COMPARED:
                rows = engine.rows(
                    f"SELECT DISTINCT names.name FROM {table.raw} AS t JOIN names "  # noqa: S608
                    f"ON upper(replace(trim(t.{column.sql}), ' ', '')) = names.key"
                )
                found.update(name for (name,) in rows)
    return sorted(found)


def _keys(case: Case) -> list[tuple[str, str]]:
    """Each name of the case with the words in it that could be somebody's, in canonical form."""
    names: set[str] = {table.name for table in case.tables}
    names |= {column.name for table in case.tables for column in table.columns}
    for (path,) in case.vault.engine.rows("SELECT path FROM meta.items WHERE path IS NOT NULL"):
        for part in path.split("/"):
            names |= {part, part.partition(".")[0]}
    pairs = [(name, word) for name in sorted(names) for word in _candidates(name)]
    if not pairs:
        return []
    texts = pa.array([word for _, word in pairs])
    keys: set[tuple[str, str]] = set()
    for form in (compact, person_names):
        keys |= {
            (name, key)
            for (name, _), key in zip(pairs, form(texts).to_pylist(), strict=True)
            if key is not None and len(key) >= 2
        }
    return sorted(keys)


def _candidates(name: str) -> set[str]:
    """The whole name, its Chinese words, and what holds a digit and at least six signs."""
    words = {name} | set(_HAN.findall(name)) | set(_LONG.findall(name))
    words |= {word for word in _WORDS.findall(name) if not word.isascii()}
    return {word for word in words if max(meanings(word).values(), default=0.0) < 0.9}
