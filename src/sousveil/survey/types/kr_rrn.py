"""Korean resident registration numbers.

Birth date, sex and century, place, check digit (none since October 2020).
"""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, total, whole

_CENTURY = np.array([1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800])


def _kernel(found: Numbers) -> Truths:
    years = _CENTURY[found[:, 6]] + whole(found, 0, 2)
    dates = real_dates(years, whole(found, 2, 4), whole(found, 4, 6))
    check = (11 - total(found, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5) % 11) % 10
    truths: Truths = dates & (whole(found, 7, 9) <= 96) & (check == found[:, 12])
    return truths


TYPE = national(
    name="kr_rrn",
    summary="A Korean resident registration number, with birth date and sex inside.",
    pattern=f"[0-9]{{2}}{MONTH}{DAY}[0-9]{{7}}",
    widths=(13,),
    headers="rrn 주민등록번호 주민번호 resident_registration_number",
    check=of_digits(13, _kernel),
    chance=0.1,
)
