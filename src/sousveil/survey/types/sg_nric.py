"""Identity numbers of Singapore (NRIC and FIN): letter, seven digits, check letter modulo 11."""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, digits, each
from sousveil.survey.national import letters, national

_WEIGHTS = np.array([2, 7, 6, 5, 4, 3, 2])
_SERIES = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
_CITIZENS = np.frombuffer(b"JZIHGFEDCBA", np.uint8)
_FOREIGN = np.frombuffer(b"XWUTRQPNMLK", np.uint8)
_LATER = np.frombuffer(b"XWUTRQPNJLK", np.uint8)


def _rows_hold(rows: Bytes) -> Truths:
    start = letters(rows[:, 0], _SERIES)
    found, numeric = digits(rows[:, 1:8])
    place = (start + found @ _WEIGHTS) % 11
    first = rows[:, 0]
    expected = np.where(first == ord("M"), _LATER[place], _FOREIGN[place])
    expected = np.where((first == ord("S")) | (first == ord("T")), _CITIZENS[place], expected)
    truths: Truths = (start >= 0) & numeric & (expected == rows[:, 8])
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 9, _rows_hold)


TYPE = national(
    name="sg_nric",
    summary="An identity number of Singapore (NRIC or FIN).",
    pattern="[STFGM][0-9]{7}[A-Z]",
    widths=(9,),
    headers="nric fin nric_fin nric_no",
    check=_check,
    chance=0.0909,
)
