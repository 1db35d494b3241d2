"""Mongolian register numbers (регистрийн дугаар).

Two letters, birth date (twenty added to the month from 2000 on), two digits.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.identifiers import matching
from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, national, of_digits, whole

_LETTERS = "[А-ЯЁӨҮ]{2}"


def _kernel(found: Numbers) -> Truths:
    months = whole(found, 2, 4)
    late = months > 20
    years = np.where(late, 2000, 1900) + whole(found, 0, 2)
    return real_dates(years, np.where(late, months - 20, months), whole(found, 4, 6))


_DIGITS = of_digits(8, _kernel)


def _check(values: pa.StringArray) -> Truths:
    shaped = matching(values, _LETTERS + "[0-9]{8}")
    return shaped & _DIGITS(pc.utf8_slice_codeunits(values, 2))


TYPE = national(
    name="mn_regnum",
    summary="A Mongolian register number: two letters and the birth date; it has no check digit.",
    pattern=f"{_LETTERS}[0-9]{{2}}[0-3][0-9]{DAY}[0-9]{{2}}",
    widths=(10,),
    headers="регистрийн_дугаар регистр rd register_number",
    check=_check,
    alone=0.85,
)
