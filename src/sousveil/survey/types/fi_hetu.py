"""Finnish identity codes (HETU): birth date, sign of the century, serial, check character modulo 31."""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, digits, each, real_dates
from sousveil.survey.national import DAY, MONTH, letters, national, whole

_ALPHABET = np.frombuffer(b"0123456789ABCDEFHJKLMNPRSTUVWXY", np.uint8)
_CENTURIES = {"+": 1800} | dict.fromkeys("YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


def _rows_hold(rows: Bytes) -> Truths:
    signed = rows.shape[1] == 11
    century = letters(rows[:, 6], _CENTURIES) if signed else np.full(len(rows), 1900)
    found, numeric = digits(np.hstack([rows[:, :6], rows[:, 7 if signed else 6 : -1]]))
    found = np.where(numeric[:, None], found, 0)
    dates = real_dates(century + whole(found, 4, 6), whole(found, 2, 4), whole(found, 0, 2))
    serial = whole(found, 6, 9)
    right = _ALPHABET[whole(found, 0, 9) % 31] == rows[:, -1]
    truths: Truths = numeric & (century > 0) & dates & (serial >= 2) & (serial < 900) & right
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 10, _rows_hold) | each(values, 11, _rows_hold)


TYPE = national(
    name="fi_hetu",
    summary="A Finnish identity code (HETU), with the birth date inside.",
    pattern=f"{DAY}{MONTH}[0-9]{{2}}[+A-FYXWVU]?[0-9]{{3}}[0-9A-FHJ-NPR-Y]",
    widths=(10, 11),
    headers="hetu henkilötunnus personbeteckning",
    check=_check,
    chance=0.0323,
)
