"""Norwegian birth numbers.

Birth date (D and H numbers shifted by forty), serial that tells the century, two check digits.
"""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    days, months = whole(found, 0, 2), whole(found, 2, 4)
    days, months = (
        np.where((days > 40) & (days < 80), days - 40, days),
        np.where(months > 40, months - 40, months),
    )
    years, serial = whole(found, 4, 6), whole(found, 6, 9)
    century = np.select(
        [serial < 500, (serial < 750) & (years >= 54), years < 40, serial >= 900], [1900, 1800, 2000, 1900], 0
    )
    first = (11 - total(found, 3, 7, 6, 1, 8, 9, 4, 5, 2) % 11) % 11
    second = (11 - total(found, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11
    dates = real_dates(century + years, months, days)
    truths: Truths = (century > 0) & dates & (first == found[:, 9]) & (second == found[:, 10])
    return truths


TYPE = national(
    name="no_fodselsnummer",
    summary="A Norwegian birth number, with the birth date inside.",
    pattern=f"(?:{DAY}|[4-6][0-9]|7[01])[0-5][0-9][0-9]{{7}}",
    widths=(11,),
    headers="fødselsnummer fodselsnummer personnummer_no fnr",
    check=of_digits(11, _kernel),
    chance=0.01,
)
