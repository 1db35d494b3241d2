"""Romanian personal numbers (CNP): sex and century, birth date, county, serial, check digit."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, one_of, total, whole

_COUNTIES = (*range(1, 49), 51, 52, 70, 80, 81, 82, 83)
_CENTURY = np.array([1900, 1900, 1900, 1800, 1800, 2000, 2000, 1900, 1900, 1900])


def _kernel(found: Numbers) -> Truths:
    years = _CENTURY[found[:, 0]] + whole(found, 1, 3)
    dates = real_dates(years, whole(found, 3, 5), whole(found, 5, 7))
    check = total(found, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
    known = (found[:, 0] > 0) & one_of(whole(found, 7, 9), _COUNTIES)
    truths: Truths = known & dates & (np.where(check == 10, 1, check) == found[:, 12])
    return truths


TYPE = national(
    name="ro_cnp",
    summary="A Romanian personal number (CNP), with birth date and county inside.",
    pattern=f"[1-9][0-9]{{2}}{MONTH}{DAY}[0-8][0-9]{{5}}",
    widths=(13,),
    headers="cnp cod_numeric_personal",
    check=of_digits(13, _kernel),
    chance=0.1,
)
