"""The records of a case as the rules need them: every key as whole numbers, one array over all tables.

Texts become codes through one dictionary a kind of key for the whole case, so that one identifier has one
code wherever it stands. Nothing is hashed: two texts never share a code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.count.subjects import DOCUMENTS, NUMBERS, RESIDENT, Subject
from sousveil.normalise.identifiers import compact, kept, matching, resident_id_long
from sousveil.normalise.names import person_names, simplified
from sousveil.normalise.tidy import tidy, upper
from sousveil.survey.checks import byte_rows, digits, real_dates, resident_id
from sousveil.vault import Engine

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

NONE = -1
NO_DAY = np.int32(-(2**31))
PASSPORT = "passport"

_WIDTHS = {RESIDENT: 18, "tr_tckn": 11, "kz_iin": 12, "ru_inn": 12}
_STRONG_PASSPORT = "[A-Z]{1,3}[0-9]{6,9}[A-Z]?|[A-Z]{1,2}[0-9]{5}[0-9A-Z]{2,4}"
_LEAST_TRUE = 0.5
"""A column of numbers whose check digits hold for less than this, chance taken off, proves nobody."""
_FEW = 30
_SAID = "said "


@dataclass(frozen=True)
class Coded:
    """Texts as codes: `codes` has one place a record, -1 for none; `texts[code]` is the text."""

    codes: Codes
    texts: pa.StringArray


@dataclass(frozen=True)
class Records:
    """All records of the tables that tell people apart; every array has one place a record."""

    tables: tuple[tuple[Subject, slice], ...]
    rows: npt.NDArray[np.int64]
    """Each record's `_row` in its table."""
    numbers: dict[str, Coded]
    """National numbers and `passport`, each kind coded apart; only what holds."""
    names: tuple[Coded, ...]
    """Primary name first; all coded by one dictionary."""
    born: Codes
    """The stated birth date, in days since 1970; `NO_DAY` for none."""
    phone: Coded
    nation: Coded
    failed: dict[str, Coded]
    """Numbers of the right shape that fail their check, by kind."""
    sex: Codes
    """0 or 1, `NONE` for none."""
    rest: npt.NDArray[np.uint64]
    """A hash of what the row says besides: equal for rows that are identical in all of it."""
    texts: dict[str, Coded] = field(default_factory=dict)
    """By kind and place (`address 2`): what else tables without any identity number say (`Subject.texts`)."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def name(self) -> Codes:
        """The first name that each record states."""
        codes = self.names[0].codes
        for other in self.names[1:]:
            codes = np.where(codes >= 0, codes, other.codes)
        return codes


def read(engine: Engine, subjects: Sequence[Subject]) -> Records:
    """Read the records of these subjects, which must all tell people apart."""
    texts: dict[str, _Texts] = {}
    places = _places(subjects)
    tables, rows, born, sex, rest, first = [], [], [], [], [], 0
    for subject in subjects:
        part = _read(engine, subject, places)
        for key, values in part.texts.items():
            texts.setdefault(key, _Texts()).add(first, values)
        tables.append((subject, slice(first, first + len(part.rows))))
        first += len(part.rows)
        rows.append(part.rows)
        born.append(part.born)
        sex.append(part.sex)
        rest.append(part.rest)
    coded = {key: found.coded(first) for key, found in texts.items() if not key.startswith("name")}
    kinds = (*NUMBERS, PASSPORT)
    return Records(
        tuple(tables),
        np.concatenate(rows) if rows else np.zeros(0, np.int64),
        {kind: coded[kind] for kind in kinds if kind in coded},
        _names(texts, first),
        np.concatenate(born) if born else np.zeros(0, np.int32),
        coded.get("phone", _nothing(first)),
        coded.get("nation", _nothing(first)),
        {kind: coded[f"failed {kind}"] for kind in NUMBERS if f"failed {kind}" in coded},
        np.concatenate(sex) if sex else np.zeros(0, np.int32),
        np.concatenate(rest) if rest else np.zeros(0, np.uint64),
        {kind.removeprefix(_SAID): coded[kind] for kind in sorted(coded) if kind.startswith(_SAID)},
    )


@dataclass
class _Texts:
    """The texts of one kind of key, table by table; tables without it leave a gap."""

    chunks: list[tuple[int, pa.StringArray]] = field(default_factory=list)

    def add(self, first: int, values: pa.StringArray) -> None:
        self.chunks.append((first, values))

    def coded(self, size: int) -> Coded:
        encoded = pa.chunked_array([values for _, values in self.chunks], pa.string()).dictionary_encode()
        codes = np.full(size, NONE, np.int32)
        for (first, values), chunk in zip(self.chunks, _chunks(encoded, self.chunks), strict=True):
            codes[first : first + len(values)] = chunk.indices.fill_null(NONE).to_numpy()
        dictionary = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
        return Coded(codes, dictionary)


def _chunks(
    encoded: pa.ChunkedArray, given: list[tuple[int, pa.StringArray]]
) -> Iterator[pa.DictionaryArray]:
    """The encoded chunks, one for each given one, whether or not the empty ones were kept."""
    start = 0
    for _, values in given:
        part = encoded.slice(start, len(values))
        start += len(values)
        yield (
            part.chunk(0)
            if part.num_chunks
            else pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
        )


def coded(tables: Sequence[pa.StringArray]) -> list[Codes]:
    """The codes of one column in several tables, by one dictionary, in the order of appearance."""
    texts, first = _Texts(), 0
    for values in tables:
        texts.add(first, values)
        first += len(values)
    codes = texts.coded(first).codes
    return np.split(codes, np.cumsum([len(values) for values in tables])[:-1]) if tables else []


def _nothing(size: int) -> Coded:
    return Coded(np.full(size, NONE, np.int32), pa.array([], pa.string()))


def _names(texts: Mapping[str, _Texts], size: int) -> tuple[Coded, ...]:
    """The name columns, coded together: they are laid one behind the other, then taken apart again."""
    keys = sorted(key for key in texts if key.startswith("name"))
    together = _Texts(
        [(first + place * size, t) for place, k in enumerate(keys) for first, t in texts[k].chunks]
    )
    if not keys:
        return (_nothing(size),)
    whole = together.coded(size * len(keys))
    return tuple(Coded(whole.codes[i * size : (i + 1) * size], whole.texts) for i in range(len(keys)))


@dataclass
class _Part:
    """What one table says, as texts."""

    rows: npt.NDArray[np.int64]
    born: Codes
    sex: Codes
    rest: npt.NDArray[np.uint64]
    texts: dict[str, pa.StringArray]


def _places(subjects: Sequence[Subject]) -> dict[str, int]:
    """For each kind of text, in how many columns it is compared.

    The columns of a kind are compared one by one where every table that has the kind has as many of them;
    else all of a table's columns are one text, since nothing says which belongs to which.
    """
    counts: dict[str, set[int]] = {}
    for subject in subjects:
        for kind, columns in subject.texts.items():
            counts.setdefault(kind, set()).add(len(columns))
    return {kind: min(found) if len(found) == 1 else 1 for kind, found in counts.items()}


def _said(engine: Engine, subject: Subject, places: Mapping[str, int]) -> dict[str, pa.StringArray]:
    """The texts of a table, from its raw columns: normalise keeps no addresses."""
    columns = dict.fromkeys(column for columns in subject.texts.values() for column in columns)
    if not columns:
        return {}
    found = engine.table(f"SELECT _row, {', '.join(columns)} FROM {subject.table.raw}")  # noqa: S608  # ours
    if np.any(np.diff(found.column("_row").to_numpy()) < 0):
        found = found.sort_by("_row")
    made = {}
    for kind, of_kind in subject.texts.items():
        plain = person_names if kind == "part" else _plain
        clean = [plain(_whole(found, column)) for column in of_kind]
        groups = [[text] for text in clean] if places[kind] == len(clean) else [clean]
        for place, group in enumerate(groups, start=1):
            made[f"{_SAID}{kind} {place}"] = _joined(group)
    return made


def _plain(texts: pa.StringArray) -> pa.StringArray:
    return simplified(upper(tidy(texts)))


def _read(engine: Engine, subject: Subject, places: Mapping[str, int]) -> _Part:
    columns = subject.columns
    found = engine.table(f"SELECT _row, {', '.join(columns)} FROM {subject.table.clean}")  # noqa: S608  # ours
    if np.any(np.diff(found.column("_row").to_numpy()) < 0):
        found = found.sort_by("_row")
    part = _Part(
        found.column("_row").to_numpy(), _days(found, subject.birth), _sex(found, subject.sex),
        _rest(engine, subject), {},
    )  # fmt: skip
    for place, name in enumerate(subject.names):
        part.texts[f"name {place}"] = _joined([_whole(found, column) for column in name])
    for key, column in (("phone", subject.phone), ("nation", subject.nationality)):
        if column:
            part.texts[key] = _whole(found, column)
    part.texts |= _said(engine, subject, places)
    for kind, column in subject.numbers.items():
        _number(engine, subject, kind, column, _whole(found, column), part)
    for kind in DOCUMENTS:
        if kind in subject.documents:
            _document(engine, subject, kind, _whole(found, subject.documents[kind]), part)
    return part


def _whole(table: pa.Table, column: str) -> pa.StringArray:
    joined = table.column(column).combine_chunks()
    return joined if joined.type == pa.string() else joined.cast(pa.string())


def _joined(parts: list[pa.StringArray]) -> pa.StringArray:
    """The parts of a name as one; a part that is missing leaves the rest."""
    if len(parts) == 1:
        return parts[0]
    joined = pc.binary_join_element_wise(*parts, "", null_handling="skip")
    return kept(joined, _lengths(joined) > 0)


def _days(table: pa.Table, column: str | None) -> Codes:
    if column is None or not pa.types.is_date32(table.schema.field(column).type):
        return np.full(table.num_rows, NO_DAY, np.int32)
    days = table.column(column).combine_chunks().cast(pa.int32()).fill_null(int(NO_DAY))
    return np.array(days.to_numpy(), dtype=np.int32)


def _sex(table: pa.Table, column: str | None) -> Codes:
    if column is None:
        return np.full(table.num_rows, NONE, np.int32)
    return np.array(
        pc.index_in(table.column(column), pa.array(["F", "M"])).fill_null(NONE).to_numpy(), dtype=np.int32
    )


def _rest(engine: Engine, subject: Subject) -> npt.NDArray[np.uint64]:
    """Each row's hash over the columns that are not read here, in the order of `_row`."""
    others = [column.sql for column in subject.table.columns if column.sql not in subject.said]
    hashed = f"hash({', '.join(others)})" if others else "CAST(0 AS UBIGINT)"
    found = engine.table(f"SELECT _row, {hashed} AS rest FROM {subject.table.raw}")  # noqa: S608  # internal names
    if np.any(np.diff(found.column("_row").to_numpy()) < 0):
        found = found.sort_by("_row")
    return np.array(found.column("rest").to_numpy(), dtype=np.uint64)


def _number(
    engine: Engine, subject: Subject, kind: str, column: str, valid: pa.StringArray, part: _Part
) -> None:
    """Take in a column of national numbers: what holds, what fails, and passports that stand among them."""
    if kind == "ru_inn":
        # Ten digits are an organisation's.
        valid = kept(valid, _lengths(valid) == 12)
    places, texts = _unclean(engine, subject, column, part.rows)
    shaped = kept(texts, _shaped(texts, kind))
    held, failed = len(valid) - valid.null_count, len(shaped) - shaped.null_count
    if not _proves(kind, held, failed):
        shaped, places = pa.concat_arrays([shaped, valid]), np.concatenate([places, np.arange(len(valid))])
        texts = pa.concat_arrays([texts, pa.nulls(len(valid), pa.string())])
        valid = pa.nulls(len(valid), pa.string())
    _put(part, kind, np.arange(len(valid)), valid)
    _put(part, f"failed {kind}", places, shaped)
    if kind == RESIDENT:
        _put(part, PASSPORT, places, kept(texts, matching(texts, "[A-Z]{1,2}[0-9]{6,8}")))


def _document(engine: Engine, subject: Subject, kind: str, valid: pa.StringArray, part: _Part) -> None:
    """Take in a column of travel documents: passports, and resident numbers that stand among them."""
    every = np.arange(len(valid))
    if kind == "mrz":
        _put(part, PASSPORT, every, _of_zone(valid))
        return
    strong = matching(valid, _STRONG_PASSPORT)
    nation = part.texts.get("nation")
    if nation is None:
        strong |= _lengths(valid) >= 8
        number = kept(valid, strong)
    else:
        # Digits alone are a number of one country's; another country may give out the same.
        apart = pc.binary_join_element_wise(valid, nation, "/")
        number = pc.if_else(pa.array(strong), valid, apart)
    _put(part, PASSPORT, every, number)
    places, texts = _unclean(engine, subject, subject.documents[kind], part.rows)
    _put(part, RESIDENT, places, kept(texts, resident_id(texts)))


def _unclean(
    engine: Engine, subject: Subject, column: str, rows: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], pa.StringArray]:
    """Values of a column that normalise did not keep: their places in the table, and the texts, compacted."""
    found = engine.table(
        f"SELECT _row, r.{column} AS untrusted "  # noqa: S608  # internal names
        f"FROM {subject.table.raw} r JOIN {subject.table.clean} k USING (_row) "
        f"WHERE k.{column} IS NULL AND length(r.{column}) BETWEEN 7 AND 40 ORDER BY _row"
    )
    texts = resident_id_long(compact(_whole(found, "untrusted")))
    return np.searchsorted(rows, found.column("_row").to_numpy()).astype(np.int64), texts


def _shaped(texts: pa.StringArray, kind: str) -> Flags:
    width = _WIDTHS[kind]
    return matching(texts, "[0-9]{17}[0-9X]" if kind == RESIDENT else f"[0-9]{{{width}}}")


def _proves(kind: str, held: int, failed: int) -> bool:
    """Whether a column's check digits hold well beyond chance; a handful of values is taken at its word."""
    from sousveil.survey.types import BY_NAME

    chance = BY_NAME[kind].chance or 0.0
    if held + failed < _FEW:
        return True
    return (held / (held + failed) - chance) / (1 - chance) >= _LEAST_TRUE


def _of_zone(zones: pa.StringArray) -> pa.StringArray:
    """The passport numbers in machine-readable zones (ICAO Doc 9303: the second line of TD3 and TD2)."""
    lengths = _lengths(zones)
    number = pa.nulls(len(zones), pa.string())
    for width, start in ((44, 0), (88, 44), (36, 0), (72, 36), (90, 5)):
        here = pc.rtrim(pc.utf8_slice_codeunits(zones, start, start + 9), "<")
        number = pc.if_else(pa.array(lengths == width), here, number)
    return number


def _lengths(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    return np.asarray(pc.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int32)


def _put(part: _Part, key: str, places: npt.NDArray[np.int64], values: pa.StringArray) -> None:
    """Add texts at their places; what stands there already stays."""
    there = values.is_valid().to_numpy(zero_copy_only=False)
    old = part.texts.get(key)
    if old is None and len(values) == len(part.rows):
        part.texts[key] = values
        return
    if old is None:
        old = pa.nulls(len(part.rows), pa.string())
    mask = np.zeros(len(part.rows), np.bool_)
    mask[places[there]] = True
    mask &= old.is_null().to_numpy(zero_copy_only=False)
    chosen = there & mask[places]
    source = np.full(len(part.rows), NONE, np.int64)
    source[places[chosen]] = np.flatnonzero(chosen)
    taken = values.take(pa.array(source[mask]))
    part.texts[key] = pc.replace_with_mask(old, pa.array(mask), taken)


def days_inside(numbers: Coded) -> Codes:
    """The birth date inside each distinct resident number, by its code, in days since 1970; valid or not."""
    rows, chosen = byte_rows(numbers.texts, 18)
    parts, _ = digits(rows[:, 6:14])
    tens = np.array([1000, 100, 10, 1])
    years, months, days = parts[:, :4] @ tens, parts[:, 4:6] @ tens[2:], parts[:, 6:] @ tens[2:]
    real = real_dates(years, months, days)
    first = ((years[real] - 1970) * 12 + months[real] - 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
    found = np.full(len(rows), NO_DAY, np.int32)
    found[real] = first + days[real] - 1
    out = np.full(len(numbers.texts), NO_DAY, np.int32)
    out[chosen] = found
    return out
