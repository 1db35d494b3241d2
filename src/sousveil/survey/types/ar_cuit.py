"""Argentine tax numbers (CUIT, CUIL): kind of holder, identity number, check digit modulo 11."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, one_of, total, whole

_KINDS = (20, 23, 24, 27, 30, 33, 34, 50, 51, 55)
_CHECK = np.array([0, 9, *range(9, 0, -1)])
"""The check digit by the remainder; 10 is written 9."""


def _kernel(found: Numbers) -> Truths:
    check = _CHECK[total(found, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11]
    truths: Truths = one_of(whole(found, 0, 2), _KINDS) & (check == found[:, 10])
    return truths


TYPE = national(
    name="ar_cuit",
    summary="An Argentine tax number (CUIT, CUIL).",
    pattern="(?:2[0347]|3[034]|5[015])[0-9]{9}",
    widths=(11,),
    headers="cuit cuil cuit_cuil",
    check=of_digits(11, _kernel),
    chance=0.1,
    rivals=("phone",),
)
