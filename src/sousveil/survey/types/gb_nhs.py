"""British health service numbers: ten digits modulo 11, with the weights of ISBN-10."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total


def _kernel(found: Numbers) -> Truths:
    truths: Truths = total(found, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == 0
    return truths


TYPE = national(
    name="gb_nhs",
    summary="A British health service (NHS) number.",
    pattern="[0-9]{10}",
    widths=(10,),
    headers="nhs nhs_number nhs_no",
    check=of_digits(10, _kernel),
    chance=0.0909,
    shared=True,
    rivals=("phone", "ir_melli"),
)
