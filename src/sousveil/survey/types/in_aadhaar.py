"""Indian Aadhaar numbers (UIDAI): twelve digits, the last after Verhoeff."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits

_TIMES = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]
)
_TURNED = [np.arange(10), np.array([1, 5, 7, 6, 2, 8, 3, 0, 9, 4])]
for _ in range(6):
    _TURNED.append(_TURNED[1][_TURNED[-1]])


def _kernel(found: Numbers) -> Truths:
    check = np.zeros(len(found), np.int64)
    for place in range(12):
        check = _TIMES[check, _TURNED[place % 8][found[:, 11 - place]]]
    palindrome = (found == found[:, ::-1]).all(axis=1)
    truths: Truths = (check == 0) & (found[:, 0] >= 2) & ~palindrome
    return truths


TYPE = national(
    name="in_aadhaar",
    summary="An Indian Aadhaar number.",
    pattern="[2-9][0-9]{11}",
    widths=(12,),
    headers="aadhaar aadhar uid aadhaar_number uidai आधार",
    check=of_digits(12, _kernel),
    chance=0.1,
    rivals=("phone", "serial"),
)
