"""Spanish identity numbers (DNI): eight digits and a letter modulo 23."""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, digits, each
from sousveil.survey.national import national, whole

_LETTERS = np.frombuffer(b"TRWAGMYFPDXBNJZSQVHLCKE", np.uint8)


def _rows_hold(rows: Bytes) -> Truths:
    found, numeric = digits(rows[:, :8])
    truths: Truths = numeric & (
        _LETTERS[whole(np.where(numeric[:, None], found, 0), 0, 8) % 23] == rows[:, 8]
    )
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 9, _rows_hold)


TYPE = national(
    name="es_dni",
    summary="A Spanish identity number (DNI).",
    pattern="[0-9]{8}[A-HJ-NP-TV-Z]",
    widths=(9,),
    headers="dni nif dni_nif documento_de_identidad",
    check=_check,
    chance=0.0435,
    rivals=("passport",),
)
