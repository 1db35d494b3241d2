"""Danish personal numbers (CPR).

Birth date and serial; its check digit is no condition since 2007, so the shape is all.
"""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, whole


def _kernel(found: Numbers) -> Truths:
    years, seventh = whole(found, 4, 6), found[:, 6]
    early = (seventh >= 5) & (seventh <= 8) & (years >= 58)
    last = (seventh <= 3) | (((seventh == 4) | (seventh == 9)) & (years >= 37))
    century = np.select([early, last], [1800, 1900], 2000)
    return real_dates(century + years, whole(found, 2, 4), whole(found, 0, 2))


TYPE = national(
    name="dk_cpr",
    summary="A Danish personal number (CPR), with the birth date inside; its check digit is no condition.",
    pattern=f"{DAY}{MONTH}[0-9]{{6}}",
    widths=(10,),
    headers="cpr cpr_nummer cprnr personnummer_dk",
    check=of_digits(10, _kernel),
    alone=0.6,
    sure="[0-9]{6}-[0-9]{4}",
    rivals=("phone", "serial"),
)
