"""Ecuadorian identity numbers (cédula): province, kind, serial, the last after Luhn."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, one_of, passes_luhn, whole

_PROVINCES = (*range(1, 25), 30, 50)


def _kernel(found: Numbers) -> Truths:
    truths: Truths = one_of(whole(found, 0, 2), _PROVINCES) & (found[:, 2] <= 6) & passes_luhn(found)
    return truths


TYPE = national(
    name="ec_ci",
    summary="An Ecuadorian identity number (cédula).",
    pattern="(?:0[1-9]|1[0-9]|2[0-4]|30|50)[0-6][0-9]{7}",
    widths=(10,),
    headers="cédula cedula cédula_de_identidad",
    check=of_digits(10, _kernel),
    chance=0.1,
    shared=True,
    rivals=("phone", "sa_nid"),
)
