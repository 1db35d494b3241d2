"""The records of a table that the tests look at: all of a small table, the same chosen ones of a big one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.case import Case
from sousveil.review import TableReview
from sousveil.vault import Column, Engine, Table

MOST = 50_000
"""Records looked at in one table: a share is then known to within half a percentage point."""

_MULTIPLIER, _MODULUS = 1_220_703_125, 2_147_483_647
"""A multiplicative generator with a big multiplier: records taken are spread evenly, the same in each run."""


class ForeignKey(NamedTuple):
    """A column whose values stand in another table, both by their names as shown."""

    column: str
    to: str
    share: float


@dataclass(frozen=True)
class Sample:
    """Some records of one table: raw texts and clean values, both in the order of the records."""

    table: Table
    shown: str
    """The table's name as shown."""
    review: TableReview
    types: dict[Column, str]
    names: dict[Column, str]
    """Each column's name as shown."""
    engine: Engine
    foreign_keys: tuple[ForeignKey, ...] = ()
    """The columns that point to other tables, as the survey found."""

    @classmethod
    def of(cls, case: Case) -> Iterator[Sample]:
        """A sample of every table of a case, in the order of intake."""
        from sousveil.survey.current import current, foreign_keys_of

        review = current(case)
        keys = foreign_keys_of(case)
        for table in case.tables:
            shown = case.name_of(table)
            decided = review.of(shown)
            names = {column: case.column_name(column) for column in table.columns}
            types = {column: decided.types.get(names[column], "unknown") for column in table.columns}
            own = tuple(
                ForeignKey(
                    names[key.column],
                    f"{case.name_of(key.to_table)}.{case.column_name(key.to_column)}",
                    key.share,
                )
                for key in keys
                if key.table == table
            )
            yield cls(table, shown, decided, types, names, case.vault.engine, own)

    def of_type(self, *types: str) -> list[Column]:
        """The columns of these types; those that say who the record is about come first."""
        found = [column for column, kind in self.types.items() if kind in types]
        return sorted(found, key=lambda column: self.names[column] not in self.review.person)

    @property
    def event(self) -> Column | None:
        """The column that dates a record."""
        return next((c for c in self.types if self.names[c] == self.review.event_date), None)

    @property
    def about_people(self) -> bool:
        """Whether the review says who the records are about, by name or by an identifier of people."""
        from sousveil.survey.types import STRONG

        return any(
            self.types[column] in STRONG or self.types[column] == "person_name"
            for column in self.types
            if self.names[column] in self.review.person
        )

    def raw(self, column: Column) -> pa.StringArray:
        """The column's raw texts; those of types outside `RAW` are read each time anew."""
        table = self._raw if self.types[column] in RAW else self._rows(self.table.raw, [column.sql])
        whole: pa.StringArray = table.column(column.sql).combine_chunks()
        return whole

    def clean(self, column: Column) -> pa.Array | None:
        """The column's clean values, or None where the clean table does not keep it."""
        if column.sql not in self._clean.column_names:
            return None
        return self._clean.column(column.sql).combine_chunks()

    @cached_property
    def _raw(self) -> pa.Table:
        return self._rows(self.table.raw, [c.sql for c, kind in self.types.items() if kind in RAW])

    @cached_property
    def kept(self) -> frozenset[Column]:
        """The columns that the clean table keeps."""
        kept = self.engine.rows(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'vault' "
            "AND schema_name = 'clean' AND table_name = ?",
            [f"t{self.table.tid}"],
        )
        has = {name for (name,) in kept}
        return frozenset(column for column in self.types if column.sql in has)

    @cached_property
    def _clean(self) -> pa.Table:
        return self._rows(
            self.table.clean, [c.sql for c in self.types if c in self.kept and self.types[c] in CLEAN]
        )

    def _rows(self, relation: str, columns: list[str]) -> pa.Table:
        listed = ", ".join(["_row", *columns])
        if self.table.records <= MOST:
            return self.engine.table(f"SELECT {listed} FROM {relation} ORDER BY _row")  # noqa: S608
        return self.engine.table(
            f"SELECT {listed} FROM {relation} "  # noqa: S608  # internal names
            f"WHERE (_row % {_MODULUS}) * {_MULTIPLIER} % {_MODULUS} < ? ORDER BY _row",
            [int(MOST / self.table.records * _MODULUS) + 1],
        )


CLEAN = frozenset(("birth_date", "date", "datetime", "sex", "phone", "email", "imei"))
"""Types whose clean values some test reads."""
RAW = frozenset(
    (
        "cn_resident_id",
        "cn_uscc",
        "bank_card",
        "imei",
        "tr_tckn",
        "ru_inn",
        "kz_iin",
        "mrz",
        "serial",
        "phone",
        "person_name",
    )
)
"""Types whose raw texts some test reads: numbers that fail their check are there alone."""


def distinct(values: pa.StringArray) -> pa.StringArray:
    """The distinct texts, in the order of appearance, without null."""
    return values.drop_null().unique()


def truths(values: pa.Array) -> npt.NDArray[np.bool_]:
    """Arrow truth values as numpy, null as False."""
    return np.asarray(values.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)
