"""The numbers and travel documents of one table: what holds, what fails its check, what stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.count.records import NONE, PASSPORT, Codes, Flags
from sousveil.count.subjects import RESIDENT, Subject
from sousveil.normalise.identifiers import compact, kept, matching, resident_id_long
from sousveil.survey.checks import resident_id
from sousveil.vault import Engine

_WIDTHS = {RESIDENT: 18, "tr_tckn": 11, "kz_iin": 12, "ru_inn": 12}
_STRONG_PASSPORT = "[A-Z]{1,3}[0-9]{6,9}[A-Z]?|[A-Z]{1,2}[0-9]{5}[0-9A-Z]{2,4}"
_LEAST_TRUE = 0.5
"""A column of numbers whose check digits hold for less than this, chance taken off, proves nobody."""
_FEW = 30


@dataclass
class Part:
    """What one table says, as texts."""

    rows: npt.NDArray[np.int64]
    born: Codes
    sex: Codes
    rest: npt.NDArray[np.uint64]
    texts: dict[str, pa.StringArray]


def whole(table: pa.Table, column: str) -> pa.StringArray:
    """A column as one array of texts."""
    joined = table.column(column).combine_chunks()
    return joined if joined.type == pa.string() else joined.cast(pa.string())


def byte_lengths(texts: pa.StringArray) -> npt.NDArray[np.int32]:
    """The bytes of each text; 0 for none."""
    return np.asarray(pc.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int32)


def number(
    engine: Engine, subject: Subject, kind: str, column: str, valid: pa.StringArray, part: Part
) -> None:
    """Take in a column of national numbers: what holds, what fails, and passports that stand among them."""
    if kind == "ru_inn":
        # Ten digits are an organisation's.
        valid = kept(valid, byte_lengths(valid) == 12)
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


def document(engine: Engine, subject: Subject, kind: str, valid: pa.StringArray, part: Part) -> None:
    """Take in a column of travel documents: passports, and resident numbers that stand among them."""
    every = np.arange(len(valid))
    if kind == "mrz":
        _put(part, PASSPORT, every, _of_zone(valid))
        return
    strong = matching(valid, _STRONG_PASSPORT)
    nation = part.texts.get("nation")
    if nation is None:
        strong |= byte_lengths(valid) >= 8
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
    texts = resident_id_long(compact(whole(found, "untrusted")))
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
    lengths = byte_lengths(zones)
    number = pa.nulls(len(zones), pa.string())
    for width, start in ((44, 0), (88, 44), (36, 0), (72, 36), (90, 5)):
        here = pc.rtrim(pc.utf8_slice_codeunits(zones, start, start + 9), "<")
        number = pc.if_else(pa.array(lengths == width), here, number)
    return number


def _put(part: Part, key: str, places: npt.NDArray[np.int64], values: pa.StringArray) -> None:
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
