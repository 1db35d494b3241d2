"""Identity numbers of Taiwan.

Of citizens, and of residents in their old and new form (Ministry of the Interior).
"""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, each
from sousveil.survey.national import letters, national

_ORDER = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_VALUES = {letter: place + 10 for place, letter in enumerate(_ORDER)}
_WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 1, 1])


def _rows_hold(rows: Bytes) -> Truths:
    first, second = letters(rows[:, 0], _VALUES), letters(rows[:, 1], _VALUES)
    rest = rows.astype(np.int64) - ord("0")
    rest[:, 1] = np.where(second >= 0, second % 10, rest[:, 1])
    inside = (first >= 0) & ((rest[:, 1:] >= 0) & (rest[:, 1:] <= 9)).all(axis=1)
    truths: Truths = inside & ((first // 10 + first % 10 * 9 + rest[:, 1:] @ _WEIGHTS) % 10 == 0)
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 10, _rows_hold)


TYPE = national(
    name="tw_id",
    summary="An identity number of Taiwan.",
    pattern="[A-Z][1289A-D][0-9]{8}",
    widths=(10,),
    headers="身分證字號 身份證字號 身分證 統一證號 居留證號碼 taiwan_id",
    check=_check,
    chance=0.1,
    rivals=("passport",),
)
