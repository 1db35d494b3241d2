"""Identity card numbers of Hong Kong: one letter or two, six digits, check character modulo 11."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.survey.checks import Bytes, Truths, each
from sousveil.survey.national import letters, national

_LETTERS = {letter: place + 10 for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_NUMBERS = {digit: value for value, digit in enumerate("0123456789")}
_BLANK = 36
"""What stands for the letter that is not there."""


def _rows_hold(rows: Bytes) -> Truths:
    values = np.hstack([letters(rows[:, :-7], _LETTERS), letters(rows[:, -7:-1], _NUMBERS)])
    last = letters(rows[:, -1:], _NUMBERS | {"A": 10})
    if values.shape[1] == 7:
        values = np.hstack([np.full((len(rows), 1), _BLANK), values])
    inside = (values >= 0).all(axis=1) & (last[:, 0] >= 0)
    truths: Truths = inside & ((values @ np.arange(9, 1, -1) + last[:, 0]) % 11 == 0)
    return truths


def _plain(values: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(values, r"\((.)\)$", r"\1")


def _check(values: pa.StringArray) -> Truths:
    return each(values, 8, _rows_hold) | each(values, 9, _rows_hold)


TYPE = national(
    name="hk_id",
    summary="An identity card number of Hong Kong.",
    pattern=r"[A-Z]{1,2}[0-9]{6}(?:[0-9A]|\([0-9A]\))",
    widths=(8, 9, 10, 11),
    headers="hkid 香港身份證 香港身份证 hong_kong_id",
    check=_check,
    chance=0.0909,
    plain=_plain,
    rivals=("passport",),
)
