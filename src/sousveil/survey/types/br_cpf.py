"""Brazilian personal numbers (CPF): nine digits and two check digits modulo 11."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    first = (11 - total(found, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10
    second = (11 - total(found, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10
    truths: Truths = (first == found[:, 9]) & (second == found[:, 10]) & (whole(found, 0, 11) > 0)
    return truths


TYPE = national(
    name="br_cpf",
    summary="A Brazilian personal number (CPF).",
    pattern="[0-9]{11}",
    widths=(11,),
    headers="cpf cadastro_de_pessoas_físicas",
    check=of_digits(11, _kernel),
    chance=0.01,
    rivals=("phone",),
)
