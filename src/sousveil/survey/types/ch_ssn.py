"""Swiss social insurance numbers (AHV): 756, nine digits, the last as in EAN-13."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    check = -total(found, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3) % 10
    truths: Truths = (whole(found, 0, 3) == 756) & (check == found[:, 12])
    return truths


TYPE = national(
    name="ch_ssn",
    summary="A Swiss social insurance number (AHV, AVS).",
    pattern="756[0-9]{10}",
    widths=(13,),
    headers="ahv ahv_nummer avs numéro_avs",
    check=of_digits(13, _kernel),
    chance=0.1,
    alone=0.7,
    rivals=("serial",),
)
