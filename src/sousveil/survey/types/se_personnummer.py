"""Swedish personal numbers: birth date, serial, the last after Luhn over ten digits (law 1991:481)."""

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, born, national, of_digits, passes_luhn, whole


def _short(found: Numbers) -> Truths:
    return born(whole(found, 0, 2), whole(found, 2, 4), whole(found, 4, 6)) & passes_luhn(found)


def _long(found: Numbers) -> Truths:
    dates = real_dates(whole(found, 0, 4), whole(found, 4, 6), whole(found, 6, 8))
    return dates & passes_luhn(found[:, 2:])


_SHORT, _LONG = of_digits(10, _short), of_digits(12, _long)


def _plain(values: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring(values, "+", "")


def _check(values: pa.StringArray) -> Truths:
    return _SHORT(values) | _LONG(values)


TYPE = national(
    name="se_personnummer",
    summary="A Swedish personal number, with the birth date inside.",
    pattern=rf"(?:18|19|20)?[0-9]{{2}}{MONTH}{DAY}\+?[0-9]{{4}}",
    widths=(10, 11, 12, 13),
    headers="personnummer person_nummer personal_identity_number",
    check=_check,
    chance=0.1,
    plain=_plain,
    rivals=("phone", "bg_egn"),
)
