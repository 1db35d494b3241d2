"""Bulgarian civil numbers (ЕГН): birth date with the century in the month, serial, check digit."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    months = whole(found, 2, 4)
    early, late = (months > 20) & (months <= 40), months > 40
    years = 1900 + whole(found, 0, 2) + np.where(late, 100, 0) - np.where(early, 100, 0)
    months = months - np.where(late, 40, 0) - np.where(early, 20, 0)
    check = total(found, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10
    truths: Truths = real_dates(years, months, whole(found, 4, 6)) & (check == found[:, 9])
    return truths


TYPE = national(
    name="bg_egn",
    summary="A Bulgarian civil number (ЕГН), with the birth date inside.",
    pattern=f"[0-9]{{2}}[0-5][0-9]{DAY}[0-9]{{4}}",
    widths=(10,),
    headers="егн egn",
    check=of_digits(10, _kernel),
    chance=0.1,
    rivals=("phone", "se_personnummer"),
)
