"""Lithuanian personal codes (asmens kodas).

Sex and century, birth date, serial, check digit (as in Estonia).
"""

import numpy as np

from sousveil.survey.checks import Numbers, Truths, real_dates
from sousveil.survey.national import DAY, MONTH, national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    first = total(found, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
    second = total(found, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11
    years = 1800 + (found[:, 0] - 1) // 2 * 100 + whole(found, 1, 3)
    dates = (
        real_dates(years, whole(found, 3, 5), whole(found, 5, 7)) & (found[:, 0] >= 1) & (found[:, 0] <= 8)
    )
    check = np.where(first == 10, second, first) % 10
    truths: Truths = (dates | (found[:, 0] == 9)) & (check == found[:, 10])
    return truths


TYPE = national(
    name="lt_asmens",
    summary="A Lithuanian personal code (asmens kodas), with the birth date inside.",
    pattern=f"[1-8][0-9]{{2}}{MONTH}{DAY}[0-9]{{4}}|9[0-9]{{10}}",
    widths=(11,),
    headers="asmens_kodas lithuanian_id",
    check=of_digits(11, _kernel),
    chance=0.1,
    shared=True,
    rivals=("ee_ik", "phone"),
)
