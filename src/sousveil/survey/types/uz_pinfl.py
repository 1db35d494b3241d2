"""Uzbek personal identification numbers (ПИНФЛ, JShShIR).

Sex and century, birth date, district, serial, check digit with the weights 7, 3, 1.
"""

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    years = 1800 + (found[:, 0] - 1) // 2 * 100 + whole(found, 5, 7)
    dates = real_dates(years, whole(found, 3, 5), whole(found, 1, 3))
    check = total(found, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7) % 10
    truths: Truths = (found[:, 0] >= 1) & (found[:, 0] <= 6) & dates & (check == found[:, 13])
    return truths


TYPE = national(
    name="uz_pinfl",
    summary="An Uzbek personal identification number (ПИНФЛ, JShShIR), with the birth date inside.",
    pattern=f"[1-6]{DAY}{MONTH}[0-9]{{9}}",
    widths=(14,),
    headers="pinfl пинфл jshshir жшшир пинфл_номер",
    check=of_digits(14, _kernel),
    chance=0.1,
    rivals=("kg_pin", "eg_nid"),
)
