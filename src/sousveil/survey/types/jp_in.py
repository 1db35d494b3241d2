"""Japanese individual numbers (My Number; ordinance of the ministry 85 of 2014)."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total


def _kernel(found: Numbers) -> Truths:
    truths: Truths = -total(found, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11 % 10 == found[:, 11]
    return truths


TYPE = national(
    name="jp_in",
    summary="A Japanese individual number (My Number).",
    pattern="[0-9]{12}",
    widths=(12,),
    headers="my_number mynumber マイナンバー 個人番号",
    check=of_digits(12, _kernel),
    chance=0.1,
    proved=0.9,
    rivals=("in_aadhaar", "serial"),
)
