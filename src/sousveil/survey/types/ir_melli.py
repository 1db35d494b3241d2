"""Iranian national numbers (کد ملی): ten digits, the last modulo 11 with the weights of ISBN-10."""

import numpy as np

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total, whole


def _kernel(found: Numbers) -> Truths:
    rest = total(found, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11
    truths: Truths = (np.where(rest < 2, rest, 11 - rest) == found[:, 9]) & (whole(found, 0, 10) > 0)
    return truths


TYPE = national(
    name="ir_melli",
    summary="An Iranian national number (کد ملی).",
    pattern="[0-9]{10}",
    widths=(10,),
    headers="melli kode_melli code_melli national_code کد_ملی کدملی شماره_ملی",
    check=of_digits(10, _kernel),
    chance=0.0909,
    shared=True,
    rivals=("phone", "gb_nhs"),
)
