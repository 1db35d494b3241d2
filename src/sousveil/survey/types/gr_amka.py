"""Greek social security numbers (ΑΜΚΑ): birth date, serial, the last after Luhn."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import DAY, MONTH, born, national, of_digits, passes_luhn, whole


def _kernel(found: Numbers) -> Truths:
    return born(whole(found, 4, 6), whole(found, 2, 4), whole(found, 0, 2)) & passes_luhn(found)


TYPE = national(
    name="gr_amka",
    summary="A Greek social security number (ΑΜΚΑ), with the birth date inside.",
    pattern=f"{DAY}{MONTH}[0-9]{{7}}",
    widths=(11,),
    headers="αμκα amka",
    check=of_digits(11, _kernel),
    chance=0.1,
    rivals=("phone", "no_fodselsnummer"),
)
