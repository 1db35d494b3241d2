"""Dutch citizen service numbers (BSN): nine digits after the test of eleven."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    truths: Truths = (total(found, 9, 8, 7, 6, 5, 4, 3, 2) - found[:, 8]) % 11 == 0
    return truths & (whole(found, 0, 9) > 0)


TYPE = national(
    name="nl_bsn",
    summary="A Dutch citizen service number (BSN).",
    pattern="[0-9]{9}",
    widths=(9,),
    headers="bsn burgerservicenummer sofinummer",
    check=of_digits(9, _kernel),
    chance=0.0909,
    proved=0.9,
    rivals=("serial",),
)
