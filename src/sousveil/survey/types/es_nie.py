"""Spanish identity numbers of foreigners (NIE): X, Y or Z, seven digits and a letter modulo 23."""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, digits, each
from sousveil.survey.national import letters, national, whole

_LETTERS = np.frombuffer(b"TRWAGMYFPDXBNJZSQVHLCKE", np.uint8)


def _rows_hold(rows: Bytes) -> Truths:
    found, numeric = digits(rows[:, 1:8])
    first = letters(rows[:, 0], {"X": 0, "Y": 1, "Z": 2})
    number = whole(np.where(numeric[:, None], found, 0), 0, 7) + first * 10**7
    truths: Truths = numeric & (first >= 0) & (_LETTERS[number % 23] == rows[:, 8])
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 9, _rows_hold)


TYPE = national(
    name="es_nie",
    summary="A Spanish identity number of a foreigner (NIE).",
    pattern="[XYZ][0-9]{7}[A-HJ-NP-TV-Z]",
    widths=(9,),
    headers="nie numero_de_extranjero",
    check=_check,
    chance=0.0435,
)
