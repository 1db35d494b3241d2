"""South African identity numbers: birth date, sex, citizenship, the last after Luhn."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import DAY, MONTH, born, national, of_digits, passes_luhn, whole


def _kernel(found: Numbers) -> Truths:
    dates = born(whole(found, 0, 2), whole(found, 2, 4), whole(found, 4, 6))
    return dates & (found[:, 10] <= 1) & passes_luhn(found)


TYPE = national(
    name="za_idnr",
    summary="A South African identity number, with birth date and sex inside.",
    pattern=f"[0-9]{{2}}{MONTH}{DAY}[0-9]{{4}}[01][0-9]{{2}}",
    widths=(13,),
    headers="rsa_id sa_id south_african_id",
    check=of_digits(13, _kernel),
    chance=0.1,
    rivals=("kr_rrn",),
)
