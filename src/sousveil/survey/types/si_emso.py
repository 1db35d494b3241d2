"""Numbers of Yugoslavia and its heirs (JMBG, EMŠO): birth date, region, serial, check digit."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    years = whole(found, 4, 7)
    years = np.where(years < 800, 2000, 1000) + years
    check = -total(found, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11 % 10
    truths: Truths = real_dates(years, whole(found, 2, 4), whole(found, 0, 2)) & (check == found[:, 12])
    return truths


TYPE = national(
    name="si_emso",
    summary="A number of Slovenia and its Yugoslav neighbours (EMŠO, JMBG), with the birth date inside.",
    pattern=f"{DAY}{MONTH}(?:9[0-9]{{2}}|0[0-9]{{2}})[0-9]{{6}}",
    widths=(13,),
    headers="emšo emso jmbg ембг јмбг matični_broj",
    check=of_digits(13, _kernel),
    chance=0.1,
    rivals=("datetime",),
)
