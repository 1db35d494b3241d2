"""Egyptian national numbers.

Century, birth date, governorate, serial. Its last digit is no check that is published.
"""

import pyarrow as pa

from sousveil.normalise.identifiers import matching
from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, whole

_GOVERNORATES = "(?:0[1-4]|1[1-9]|2[1-9]|3[1-5]|88)"
_PATTERN = f"[23][0-9]{{2}}{MONTH}{DAY}{_GOVERNORATES}[0-9]{{5}}"


def _kernel(found: Numbers) -> Truths:
    years = 1700 + found[:, 0] * 100 + whole(found, 1, 3)
    truths: Truths = (found[:, 0] >= 2) & real_dates(years, whole(found, 3, 5), whole(found, 5, 7))
    return truths


_DIGITS = of_digits(14, _kernel)


def _check(values: pa.StringArray) -> Truths:
    return matching(values, _PATTERN) & _DIGITS(values)


TYPE = national(
    name="eg_nid",
    summary="An Egyptian national number, with birth date and governorate inside, without a published check.",
    pattern=_PATTERN,
    widths=(14,),
    headers="الرقم_القومي national_id_eg",
    check=_check,
    alone=0.85,
    rivals=("uz_pinfl", "datetime"),
)
