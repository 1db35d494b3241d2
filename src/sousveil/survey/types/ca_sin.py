"""Canadian social insurance numbers.

Nine digits after Luhn, as those of Israel and of French companies are.
"""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, passes_luhn


def _kernel(found: Numbers) -> Truths:
    truths: Truths = (found[:, 0] != 0) & (found[:, 0] != 8) & passes_luhn(found)
    return truths


TYPE = national(
    name="ca_sin",
    summary="A Canadian social insurance number (SIN).",
    pattern="[1-79][0-9]{8}",
    widths=(9,),
    headers="sin social_insurance_number nas",
    check=of_digits(9, _kernel),
    chance=0.1,
    shared=True,
    rivals=("il_idnr", "serial"),
)
