"""Mexican population codes (CURP): letters of the name, birth date, sex, state, check digit."""

import numpy as np
import pyarrow as pa

from sousveil.normalise.identifiers import matching
from sousveil.survey.checks import Bytes, Truths, digits, each, real_dates
from sousveil.survey.national import letters, national, whole

_STATES = "AS|BC|BS|CC|CH|CL|CM|CS|DF|DG|GR|GT|HG|JC|MC|MN|MS|NE|NL|NT|OC|PL|QR|QT|SL|SP|SR|TC|TL|TS|VZ|YN|ZS"
_PATTERN = f"[A-Z]{{4}}[0-9]{{6}}[HM](?:{_STATES})[A-Z]{{3}}[0-9A-Z][0-9]"


_SIGNS = {sign: place for place, sign in enumerate("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ")}
_WEIGHTS = np.arange(18, 1, -1)


def _rows_hold(rows: Bytes) -> Truths:
    found, numeric = digits(rows[:, 4:10])
    found = np.where(numeric[:, None], found, 0)
    century = np.where((rows[:, 16] >= ord("0")) & (rows[:, 16] <= ord("9")), 1900, 2000)
    dates = real_dates(century + whole(found, 0, 2), whole(found, 2, 4), whole(found, 4, 6))
    check = -(letters(rows[:, :17], _SIGNS) @ _WEIGHTS) % 10
    truths: Truths = numeric & dates & (check == rows[:, 17].astype(np.int64) - ord("0"))
    return truths


def _check(values: pa.StringArray) -> Truths:
    return matching(values, _PATTERN) & each(values, 18, _rows_hold)


TYPE = national(
    name="mx_curp",
    summary="A Mexican population code (CURP), with birth date, sex and state inside.",
    pattern=_PATTERN,
    widths=(18,),
    headers="curp clave_única_de_registro_de_población",
    check=_check,
    chance=0.1,
    alone=0.9,
)
