"""Check digits, vectorised: Arrow texts in, one truth value a text out.

Every kernel takes canonical texts (ASCII, upper case, no separators; see `sousveil.normalise.identifiers`)
and returns a boolean array of the same length; a null or a text of another shape is False. None raises on any
text. Sources: GB 11643-1999 and ISO 7064 MOD 11-2 (resident identity number), GB 32100-2015 (unified social
credit code), ISO/IEC 7812-1 (Luhn), ICAO Doc 9303 (machine-readable zones), the Turkish, Russian and Kazakh
registries' published rules (TCKN, INN, IIN). They are tested against python-stdnum, which is some hundred
times slower.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Truths = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Check = Callable[[pa.StringArray], Truths]

_RESIDENT_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_USCC_ALPHABET = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)
_INN_10 = np.array([2, 4, 10, 3, 5, 9, 4, 6, 8], dtype=np.int64)
_INN_11 = np.array([7, 2, 4, 10, 3, 5, 9, 4, 6, 8], dtype=np.int64)
_INN_12 = np.array([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], dtype=np.int64)
_MONTH_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)
_CHUNK = 100_000


def _table(places: bytes) -> npt.NDArray[np.int64]:
    """The value of each byte in an alphabet, -1 for a byte outside it."""
    values = np.full(256, -1, dtype=np.int64)
    values[np.frombuffer(places, np.uint8)] = np.arange(len(places))
    return values


_USCC_VALUES = _table(_USCC_ALPHABET)
_MRZ_VALUES = _table(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MRZ_VALUES[ord("<")] = 0


def byte_rows(values: pa.StringArray, width: int) -> tuple[Bytes, Truths]:
    """The texts that are exactly `width` bytes long, as rows of bytes, and which of the texts those are."""
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    chosen = pc.equal(pc.binary_length(values), width).fill_null(False).to_numpy(zero_copy_only=False)
    taken = values.filter(pa.array(chosen))
    if not len(taken):
        return np.zeros((0, width), np.uint8), chosen
    offsets = np.frombuffer(taken.buffers()[1], np.int32)[taken.offset : taken.offset + len(taken)]
    data = np.frombuffer(taken.buffers()[2], np.uint8)
    start = int(offsets[0])
    return data[start : start + len(taken) * width].reshape(len(taken), width), chosen


def digits(rows: Bytes) -> tuple[Numbers, Truths]:
    """Rows of bytes as digits, and which rows hold nothing but digits."""
    found = rows.astype(np.int64) - ord("0")
    numeric: Truths = np.all((found >= 0) & (found <= 9), axis=1)
    return found, numeric


def real_dates(years: Numbers, months: Numbers, days: Numbers) -> Truths:
    """Which of the dates exist (Gregorian calendar, years 1800 to 2200)."""
    right = (years >= 1800) & (years <= 2200) & (months >= 1) & (months <= 12) & (days >= 1)
    last = _MONTH_DAYS[np.clip(months, 1, 12) - 1]
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    truths: Truths = right & (days <= np.where((months == 2) & ~leap, 28, last))
    return truths


def each(values: pa.StringArray, width: int, kernel: Callable[[Bytes], Truths]) -> Truths:
    """Apply a kernel to the texts of one width, some hundred thousand at a time to bound the memory."""
    held = np.zeros(len(values), dtype=np.bool_)
    for start in range(0, len(values), _CHUNK):
        rows, chosen = byte_rows(values.slice(start, _CHUNK), width)
        if len(rows):
            held[start : start + _CHUNK][chosen] = kernel(rows)
    return held


def resident_id_check(rows: Bytes) -> Bytes:
    """The 18th character (as a byte) for rows of at least 17 digits, after ISO 7064 MOD 11-2."""
    found = rows[:, :17].astype(np.int64) - ord("0")
    check: Bytes = np.frombuffer(b"10X98765432", np.uint8)[found @ _RESIDENT_WEIGHTS % 11]
    return check


def _resident_dates(rows: Bytes) -> Truths:
    found = rows[:, 6:14].astype(np.int64) - ord("0")
    years = found[:, :4] @ np.array([1000, 100, 10, 1])
    return real_dates(years, found[:, 4] * 10 + found[:, 5], found[:, 6] * 10 + found[:, 7])


def _resident(rows: Bytes) -> Truths:
    _, numeric = digits(rows[:, :17])
    safe = np.where(numeric[:, None], rows[:, :17], ord("0")).astype(np.uint8)
    held: Truths = numeric & (resident_id_check(safe) == rows[:, 17]) & _resident_dates(safe)
    return held


def resident_id(values: pa.StringArray) -> Truths:
    """Chinese resident identity numbers of 18 characters: check character right and birth date real.

    The region part is no condition: lists of regions change, and test numbers use regions that nobody has.
    """
    return each(values, 18, _resident)


def _uscc(rows: Bytes) -> Truths:
    found = _USCC_VALUES[rows]
    inside = (found >= 0).all(axis=1) & digits(rows[:, 2:8])[1]
    held: Truths = inside & ((31 - found[:, :17] @ _USCC_WEIGHTS % 31) % 31 == found[:, 17])
    return held


def uscc(values: pa.StringArray) -> Truths:
    """Chinese unified social credit codes (18 characters)."""
    return each(values, 18, _uscc)


def luhn_digits(found: Numbers) -> Truths:
    """Luhn's check over rows of digits; zeros alone don't hold."""
    doubled = found[:, -2::-2] * 2
    total = found[:, -1::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    held: Truths = (total % 10 == 0) & (found.max(axis=1) > 0)
    return held


def _luhn(rows: Bytes) -> Truths:
    found, numeric = digits(rows)
    return numeric & luhn_digits(found)


def luhn(values: pa.StringArray, widths: tuple[int, ...]) -> Truths:
    """Digits of one of the given lengths that pass Luhn's check: bank cards 13 to 19, IMEI 15."""
    held = np.zeros(len(values), dtype=np.bool_)
    for width in widths:
        held |= each(values, width, _luhn)
    return held


def _mrz_part(rows: Bytes, field: slice | list[int], check: int) -> Truths:
    found = _MRZ_VALUES[rows[:, field]]
    weights = np.resize(np.array([7, 3, 1]), found.shape[1])
    expected = found @ weights % 10
    stated = np.where(rows[:, check] == ord("<"), 0, rows[:, check].astype(np.int64) - ord("0"))
    held: Truths = (found >= 0).all(axis=1) & (expected == stated)
    return held


def _mrz_passport(rows: Bytes) -> Truths:
    return _mrz_part(rows, slice(0, 9), 9) & _mrz_part(rows, slice(13, 19), 19)


def _mrz_td3(rows: Bytes) -> Truths:
    whole = [*range(10), *range(13, 20), *range(21, 43)]
    return _mrz_passport(rows) & _mrz_part(rows, slice(21, 27), 27) & _mrz_part(rows, whole, 43)


def _mrz_td2(rows: Bytes) -> Truths:
    whole = [*range(10), *range(13, 20), *range(21, 35)]
    return _mrz_passport(rows) & _mrz_part(rows, slice(21, 27), 27) & _mrz_part(rows, whole, 35)


def _mrz_td1(rows: Bytes) -> Truths:
    return (
        _mrz_part(rows, slice(5, 14), 14)
        & _mrz_part(rows, slice(30, 36), 36)
        & _mrz_part(rows, slice(38, 44), 44)
        & _mrz_part(rows, [*range(5, 30), *range(30, 37), *range(38, 45), *range(48, 59)], 59)
    )


def mrz(values: pa.StringArray) -> Truths:
    """Machine-readable zones without line breaks: TD3 (88, or its second line), TD2 (72, 36), TD1 (90)."""
    held = each(values, 44, _mrz_td3) | each(values, 88, lambda rows: _mrz_td3(rows[:, 44:]))
    held |= each(values, 36, _mrz_td2) | each(values, 72, lambda rows: _mrz_td2(rows[:, 36:]))
    return held | each(values, 90, _mrz_td1)


def _tckn(rows: Bytes) -> Truths:
    found, numeric = digits(rows)
    tenth = (found[:, 0:9:2].sum(axis=1) * 7 - found[:, 1:8:2].sum(axis=1)) % 10
    held: Truths = (
        numeric
        & (found[:, 0] > 0)
        & (tenth == found[:, 9])
        & (found[:, :10].sum(axis=1) % 10 == found[:, 10])
    )
    return held


def tckn(values: pa.StringArray) -> Truths:
    """Turkish identity numbers (11 digits, two of them checks)."""
    return each(values, 11, _tckn)


def _inn_10(rows: Bytes) -> Truths:
    found, numeric = digits(rows)
    held: Truths = numeric & (found[:, :9] @ _INN_10 % 11 % 10 == found[:, 9])
    return held


def _inn_12(rows: Bytes) -> Truths:
    found, numeric = digits(rows)
    held: Truths = (
        numeric
        & (found[:, :10] @ _INN_11 % 11 % 10 == found[:, 10])
        & (found[:, :11] @ _INN_12 % 11 % 10 == found[:, 11])
    )
    return held


def inn(values: pa.StringArray) -> Truths:
    """Russian taxpayer numbers: 10 digits (organisations) or 12 (people)."""
    return each(values, 10, _inn_10) | each(values, 12, _inn_12)


def _iin(rows: Bytes) -> Truths:
    found, numeric = digits(rows)
    century = 1800 + 100 * ((np.clip(found[:, 6], 1, 6) - 1) // 2)
    born = real_dates(
        century + found[:, 0] * 10 + found[:, 1],
        found[:, 2] * 10 + found[:, 3],
        found[:, 4] * 10 + found[:, 5],
    )
    check = found[:, :11] @ np.arange(1, 12) % 11
    again = found[:, :11] @ np.array([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11
    check = np.where(check == 10, again, check)
    held: Truths = numeric & born & (found[:, 6] >= 1) & (found[:, 6] <= 6) & (check == found[:, 11])
    return held


def iin(values: pa.StringArray) -> Truths:
    """Kazakh individual identification numbers (12 digits, the first six the birth date)."""
    return each(values, 12, _iin)
