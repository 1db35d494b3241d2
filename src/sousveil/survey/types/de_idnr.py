"""German tax identification numbers.

One digit of the first ten twice or three times, the last after ISO 7064 MOD 11,10.
"""

import numpy as np

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import mod_11_10, national, of_digits


def _kernel(found: Numbers) -> Truths:
    times = np.stack([(found[:, :10] == digit).sum(axis=1) for digit in range(10)], axis=1)
    once = ((times > 1).sum(axis=1) == 1) & (times.max(axis=1) <= 3)
    truths: Truths = (found[:, 0] > 0) & once & mod_11_10(found)
    return truths


TYPE = national(
    name="de_idnr",
    summary="A German tax identification number (IdNr).",
    pattern="[1-9][0-9]{10}",
    widths=(11,),
    headers="steuer_id idnr steueridentifikationsnummer steuer_identifikationsnummer",
    check=of_digits(11, _kernel),
    chance=0.04,
    rivals=("hr_oib", "phone"),
)
