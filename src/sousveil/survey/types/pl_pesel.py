"""Polish numbers (PESEL): birth date with the century in the month, serial, check digit."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, national, of_digits, total, whole

_CENTURY = np.array([1900, 2000, 2100, 2200, 1800])


def _kernel(found: Numbers) -> Truths:
    months = whole(found, 2, 4)
    dates = real_dates(_CENTURY[months // 20] + whole(found, 0, 2), months % 20, whole(found, 4, 6))
    check = -total(found, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10
    truths: Truths = dates & (check == found[:, 10])
    return truths


TYPE = national(
    name="pl_pesel",
    summary="A Polish number (PESEL), with the birth date inside.",
    pattern=f"[0-9]{{4}}{DAY}[0-9]{{5}}",
    widths=(11,),
    headers="pesel numer_pesel nr_pesel",
    check=of_digits(11, _kernel),
    chance=0.06,
)
