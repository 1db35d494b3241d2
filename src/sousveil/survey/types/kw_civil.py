"""Kuwaiti civil numbers: century, birth date, serial, check digit modulo 11."""

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    years = 1700 + found[:, 0] * 100 + whole(found, 1, 3)
    dates = real_dates(years, whole(found, 3, 5), whole(found, 5, 7))
    check = 11 - total(found, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2) % 11
    truths: Truths = (found[:, 0] >= 2) & (found[:, 0] <= 3) & dates & (check == found[:, 11])
    return truths


TYPE = national(
    name="kw_civil",
    summary="A Kuwaiti civil number, with the birth date inside.",
    pattern=f"[23][0-9]{{2}}{MONTH}{DAY}[0-9]{{5}}",
    widths=(12,),
    headers="civil_id civil_number الرقم_المدني",
    check=of_digits(12, _kernel),
    chance=0.0909,
    rivals=("kz_iin", "in_aadhaar"),
)
