"""Austrian social insurance numbers: serial, check digit, birth date."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import DAY, national, of_digits, total


def _kernel(found: Numbers) -> Truths:
    check = total(found, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11
    truths: Truths = (found[:, 0] > 0) & (check == found[:, 3])
    return truths


TYPE = national(
    name="at_vnr",
    summary="An Austrian social insurance number, with the birth date inside.",
    pattern=f"[1-9][0-9]{{3}}{DAY}(?:0[1-9]|1[0-5])[0-9]{{2}}",
    widths=(10,),
    headers="svnr sozialversicherungsnummer versicherungsnummer",
    check=of_digits(10, _kernel),
    chance=0.0909,
    rivals=("phone",),
)
