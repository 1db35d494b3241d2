"""Kyrgyz personal numbers (ПИН).

Sex, birth date with the full year, serial. Its last digit is no check that is published.
"""

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, whole


def _kernel(found: Numbers) -> Truths:
    dates = real_dates(whole(found, 5, 9), whole(found, 3, 5), whole(found, 1, 3))
    truths: Truths = (found[:, 0] >= 1) & (found[:, 0] <= 2) & dates & (whole(found, 5, 9) < 2050)
    return truths


TYPE = national(
    name="kg_pin",
    summary="A Kyrgyz personal number (ПИН), with sex and birth date inside; it has no check digit.",
    pattern=f"[12]{DAY}{MONTH}(?:18|19|20)[0-9]{{2}}[0-9]{{5}}",
    widths=(14,),
    headers="пин персональный_номер pin_kg personal_number_kg өздүк_номери",
    check=of_digits(14, _kernel),
    alone=0.8,
    rivals=("uz_pinfl", "serial"),
)
