"""Which columns of a table say who its records are about, and what is counted where none do.

The review's `person` columns hold. Beside them a record's birth date, telephone and nationality are taken
from the columns that stand with the subject: a column belongs to the last name before it, so that a
landlord's telephone after a landlord's name is not the tenant's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sousveil.case import Case
from sousveil.survey.headers import parts
from sousveil.vault import Column, Table

RESIDENT = "cn_resident_id"

NUMBERS = (RESIDENT, "tr_tckn", "kz_iin", "ru_inn")
"""National identity numbers with check digits: one person has one of a kind. The strongest first."""

HOMES = dict(zip(NUMBERS, ("CHN", "TUR", "KAZ", "RUS"), strict=True))
"""The country that gives each of them out (ISO 3166-1)."""

DOCUMENTS = ("passport", "mrz")
"""Travel documents: strong, but a person may hold several, one after another."""

NAMES_AT_MOST = 3

_OTHERS = frozenset(
    ("number", "serial", "category", "text", "unknown", "organisation", "bank_card", "imei", "imsi", "mac")
)
"""Types of columns that serve too, where a table has no identity number and they are called `person`."""

_PARTS = (
    "first last given family surname forename middle firstname lastname givenname familyname patronymic",
    "姓 名 фамилия имя отчество ad adı soyad soyadı isim soyisim",
)
NAME_PARTS = frozenset(word for line in _PARTS for word in line.split())
"""Words of headers that say that a column holds a part of a name."""

UNITS = {
    "cn_plate": "vehicles, by number plate",
    "imei": "devices, by IMEI",
    "phone": "telephones, by number",
    "imsi": "SIM cards, by IMSI",
    "email": "mailboxes, by address",
    "mac": "network cards, by MAC address",
    "bank_card": "bank cards, by number",
    "cn_uscc": "organisations, by credit code",
    "ru_inn": "organisations, by taxpayer number",
    "person_name": "names",
}
"""What is counted in a table that can't tell people apart, by the type of its key; the first there is."""


@dataclass(frozen=True)
class Subject:
    """Where a table says who its records are about; internal column names (`c7`), None where it does not."""

    table: Table
    numbers: Mapping[str, str]
    """Type of national number -> column."""
    documents: Mapping[str, str]
    names: tuple[tuple[str, ...], ...]
    """Primary name first; each is one column, or several that hold its parts."""
    birth: str | None = None
    phone: str | None = None
    nationality: str | None = None
    sex: str | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What else tells people apart in a table without any identity number: kind -> columns of the raw table.

    Kinds are `part` (of a name that several columns hold), `address`, `email` and types of other columns."""
    unit_kind: str | None = None
    """One of `UNITS` where people can't be told apart."""
    unit_column: str | None = None

    @property
    def tells_people(self) -> bool:
        """Whether people can be told apart at all."""
        return bool(self.numbers or self.documents or (self.names and (self.birth or self.phone)))

    @property
    def unit(self) -> str | None:
        """What is counted instead of people."""
        return UNITS[self.unit_kind] if self.unit_kind else None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read in its clean form, once."""
        found = [*self.numbers.values(), *self.documents.values()]
        found += [column for name in self.names for column in name]
        found += [column for column in (self.birth, self.phone, self.nationality, self.sex) if column]
        return tuple(dict.fromkeys(found))

    @property
    def said(self) -> frozenset[str]:
        """Every column that is read at all, in its clean or its raw form."""
        return frozenset((*self.columns, *(column for columns in self.texts.values() for column in columns)))


def subjects_of(case: Case) -> tuple[Subject, ...]:
    """The subject of every table of a case, in the order of intake."""
    from sousveil.survey.current import current

    review = current(case)
    kept = _kept(case)
    found = []
    for table in case.tables:
        decided = review.of(case.name_of(table))
        has = kept.get(table.tid, frozenset())
        types = {column: decided.types.get(case.column_name(column), "unknown") for column in table.columns}
        person = [column for column in types if case.column_name(column) in decided.person]
        found.append(subject(table, types, person, has))
    return tuple(found)


def subject(
    table: Table, every: Mapping[Column, str], persons: Sequence[Column], kept: Collection[str] | None = None
) -> Subject:
    """The subject of one table, from the types of its columns and those that the review calls `person`.

    `kept` are the columns that the clean table has; without it, all. Where the review names none, the first
    of each kind is taken: every stage after this one rather counts too many people apart than none.
    """
    types = {column: kind for column, kind in every.items() if kept is None or column.sql in kept}
    person = [column for column in persons if column in types]
    named = [column for column in types if types[column] == "person_name" and column in person]
    if not named:
        named = [column for column in types if types[column] == "person_name"][:1]
    around = _around(types, named)
    first = _First(types, person, around)
    numbers = {kind: column.sql for kind in NUMBERS if (column := first.of(kind))}
    documents = {kind: column.sql for kind in DOCUMENTS if (column := first.of(kind))}
    birth, phone, nationality, sex = (
        first.of(kind) for kind in ("birth_date", "phone", "nationality", "sex")
    )
    made = Subject(
        table,
        numbers,
        documents,
        _whole_names(named[:NAMES_AT_MOST]),
        birth.sql if birth else None,
        phone.sql if phone else None,
        nationality.sql if nationality else None,
        sex.sql if sex else None,
        {} if numbers or documents else _texts(every, persons, named),
    )
    return made if made.tells_people else _weaker(made, types, person)


def _texts(
    types: Mapping[Column, str], person: Sequence[Column], named: Sequence[Column]
) -> dict[str, tuple[str, ...]]:
    """What else tells people apart in a table without any identity number.

    The parts of its subject's name, its addresses and mailboxes, and columns of other kinds that the review
    itself calls `person`.
    """
    around = _around(types, named)
    parted = next((name for name in _whole_names(named[:NAMES_AT_MOST]) if len(name) > 1), ())
    found = {"part": list(parted)}
    for column, kind in types.items():
        if (kind in ("address", "email") and column in around) or (kind in _OTHERS and column in person):
            found.setdefault(kind, []).append(column.sql)
    return {kind: tuple(columns) for kind, columns in found.items() if columns}


def _whole_names(named: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """The columns of each whole name: given and family name in columns of their own are one name together."""
    parted = [column for column in named if NAME_PARTS & set(parts(column.name))]
    whole = [(column.sql,) for column in named if column not in parted or len(parted) == 1]
    joined = [tuple(column.sql for column in parted)] if len(parted) > 1 else []
    return (*joined, *whole)


class _First:
    """The column of a kind that speaks of the subject: a `person` column, or one that stands with it."""

    def __init__(
        self, types: Mapping[Column, str], person: Sequence[Column], around: Collection[Column]
    ) -> None:
        self.types = types
        self.order = [*person, *(c for c in types if c in around and c not in person)]

    def of(self, kind: str) -> Column | None:
        """The first column of a kind, if there is one."""
        return next((column for column in self.order if self.types.get(column) == kind), None)


def _around(types: Mapping[Column, str], named: Sequence[Column]) -> set[Column]:
    """The columns that stand with the subject's names: before every name, or after one of the subject's."""
    found, belongs = set(), True
    for column, kind in types.items():
        if kind == "person_name":
            belongs = column in named
        if belongs:
            found.add(column)
    return found


def _weaker(made: Subject, types: Mapping[Column, str], person: Sequence[Column]) -> Subject:
    """What can be counted instead; a column that the review calls `person` goes first."""
    for kind in UNITS:
        of_kind = [column for column in types if types[column] == kind]
        for column in (*(c for c in of_kind if c in person), *of_kind):
            return Subject(made.table, {}, {}, made.names, unit_kind=kind, unit_column=column.sql)
    return made


def _kept(case: Case) -> dict[int, frozenset[str]]:
    """The columns of each clean table, as text, by the table's number."""
    found: dict[int, set[str]] = {}
    for table, column in case.vault.engine.rows(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = 'vault' AND schema_name = 'clean'"
    ):
        found.setdefault(int(table[1:]), set()).add(column)
    return {tid: frozenset(columns) for tid, columns in found.items()}
