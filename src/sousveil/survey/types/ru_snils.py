"""Russian pension insurance numbers (СНИЛС).

Nine digits and two check digits modulo 101 (order of the Pension Fund 192p).
"""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total, whole

_UNCHECKED = 1_001_998
"""Numbers up to here have no check digits."""


def _kernel(found: Numbers) -> Truths:
    check = total(found, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100
    truths: Truths = (check == whole(found, 9, 11)) & (whole(found, 0, 9) > _UNCHECKED)
    return truths


TYPE = national(
    name="ru_snils",
    summary="A Russian pension insurance number (СНИЛС).",
    pattern="[0-9]{11}",
    widths=(11,),
    headers="snils снилс страховой_номер",
    check=of_digits(11, _kernel),
    chance=0.01,
    rivals=("phone",),
)
