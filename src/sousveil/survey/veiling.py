"""Names of files, tables and columns that are values of identifying columns: they are not shown.

The words of all names are sought among the values of identifying columns while these are counted, in compact
form (no spaces, dots or dashes, upper case), so that no second look at the values is needed.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.case import Case
from sousveil.normalise.identifiers import compact
from sousveil.survey.headers import meanings
from sousveil.survey.types import NATIONAL

_OTHERS = "person_name cn_resident_id passport mrz phone email cn_plate cn_uscc bank_card imei imsi mac"
COMPARED = NATIONAL | frozenset(_OTHERS.split())
"""Types whose values may not stand in a name. Not text, places and dates: those are in many names."""

_WORDS = re.compile(r"[^\W_]+(?:[·.' -][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
_LONG = re.compile(r"[A-Za-z0-9]*[0-9][A-Za-z0-9]{4,}[A-Za-z0-9]*")


class Sought:
    """The words of a case's names, and which of them turned out to be values."""

    def __init__(self, untrusted_names: set[str]) -> None:
        pairs = [(name, word) for name in sorted(untrusted_names) for word in _candidates(name)]
        keys = compact(pa.array([word for _, word in pairs], pa.string())).to_pylist()
        self._names: dict[str, set[str]] = {}
        for (name, _), key in zip(pairs, keys, strict=True):
            if key is not None and len(key) >= 2:
                self._names.setdefault(key, set()).add(name)
        self._keys = pa.array(sorted(self._names), pa.string())
        self._found: set[str] = set()

    @classmethod
    def of(cls, case: Case) -> Sought:
        """The names of a case: of tables and columns, of the parts of paths and their stems."""
        names = {table.name for table in case.tables}
        names |= {column.name for table in case.tables for column in table.columns}
        names |= {column.hint for table in case.tables for column in table.columns if column.hint}
        for (path,) in case.vault.engine.rows("SELECT path FROM meta.items WHERE path IS NOT NULL"):
            for part in path.split("/"):
                names |= {part, part.partition(".")[0]}
        return cls(names)

    def look(self, compacted: pa.StringArray) -> None:
        """Look for the words among values in compact form."""
        hits = pc.index_in(compacted, self._keys).drop_null()
        if len(hits):
            self._found.update(self._keys.take(hits.unique()).to_pylist())

    def names(self) -> list[str]:
        """The names that must not be shown."""
        return sorted({name for key in self._found for name in self._names[key]})


def _candidates(name: str) -> set[str]:
    """The whole name, its Chinese words, and what holds a digit and at least six signs.

    A word that headers are made of (`姓名`, `name`) is nobody's: a line of headers among the records veils
    nothing.
    """
    words = {name} | set(_HAN.findall(name)) | set(_LONG.findall(name))
    words |= {word for word in _WORDS.findall(name) if not word.isascii()}
    return {word for word in words if max(meanings(word).values(), default=0.0) < 0.9}
