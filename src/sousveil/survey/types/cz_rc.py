"""Czech and Slovak birth numbers (rodné číslo) of ten digits.

Those of nine, before 1954, have no check and are not claimed.
"""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, national, of_digits, whole


def _kernel(found: Numbers) -> Truths:
    years = whole(found, 0, 2)
    years = np.where(years < 54, 2000, 1900) + years
    dates = real_dates(years, whole(found, 2, 4) % 50 % 20, whole(found, 4, 6))
    truths: Truths = dates & (whole(found, 0, 9) % 11 % 10 == found[:, 9])
    return truths


TYPE = national(
    name="cz_rc",
    summary="A Czech or Slovak birth number (rodné číslo), with birth date and sex inside.",
    pattern=f"[0-9]{{2}}[0-8][0-9]{DAY}[0-9]{{4}}",
    widths=(10,),
    headers="rodné_číslo rodne_cislo rc",
    check=of_digits(10, _kernel),
    chance=0.1,
    rivals=("phone", "bg_egn"),
)
