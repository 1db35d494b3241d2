"""Kazakh individual identification numbers.

Resolution 853 of 2003: seven digits of birth, sex and century, two rounds of weights.
"""

from sousveil.survey.checks import iin
from sousveil.survey.national import DAY, MONTH, national

TYPE = national(
    name="kz_iin",
    summary="A Kazakh individual identification number (ЖСН, ИИН), which begins with the birth date.",
    pattern=f"[0-9]{{2}}{MONTH}{DAY}[1-6][0-9]{{5}}",
    widths=(12,),
    headers="iin иин жсн",
    check=iin,
    chance=0.1,
    rivals=("phone", "ru_inn"),
)
