"""Thai citizen numbers: thirteen digits, the last modulo 11."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total


def _kernel(found: Numbers) -> Truths:
    check = (11 - total(found, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 10
    truths: Truths = (found[:, 0] >= 1) & (found[:, 0] <= 8) & (check == found[:, 12])
    return truths


TYPE = national(
    name="th_pin",
    summary="A Thai citizen number.",
    pattern="[1-8][0-9]{12}",
    widths=(13,),
    headers="thai_id เลขประจำตัวประชาชน บัตรประชาชน citizen_id_th",
    check=of_digits(13, _kernel),
    chance=0.1,
    proved=0.93,
    rivals=("serial",),
)
