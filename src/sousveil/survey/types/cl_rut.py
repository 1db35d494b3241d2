"""Chilean tax numbers (RUT, RUN): seven or eight digits and a check character modulo 11."""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, digits, each
from sousveil.survey.national import national


def _rows_hold(rows: Bytes) -> Truths:
    found, numeric = digits(rows[:, :-1])
    weights = np.resize(np.array([9, 8, 7, 6, 5, 4]), found.shape[1])[::-1]
    check = np.frombuffer(b"0123456789K", np.uint8)[found @ weights % 11]
    truths: Truths = numeric & (check == rows[:, -1])
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 8, _rows_hold) | each(values, 9, _rows_hold)


TYPE = national(
    name="cl_rut",
    summary="A Chilean tax and identity number (RUT, RUN).",
    pattern="[0-9]{7,8}[0-9K]",
    widths=(8, 9),
    headers="rut run rut_run",
    check=_check,
    chance=0.0909,
    proved=0.9,
    rivals=("serial", "date"),
)
