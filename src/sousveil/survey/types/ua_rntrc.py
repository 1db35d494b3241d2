"""Ukrainian taxpayer numbers (РНОКПП): days since 1900, serial, check digit."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, total


def _kernel(found: Numbers) -> Truths:
    truths: Truths = total(found, -1, 5, 7, 9, 4, 6, 10, 5, 7) % 11 % 10 == found[:, 9]
    return truths


TYPE = national(
    name="ua_rntrc",
    summary="A Ukrainian taxpayer number (РНОКПП), with the birth date inside.",
    pattern="[0-9]{10}",
    widths=(10,),
    headers="рнокпп рнокпп_номер ідентифікаційний_код ипн іпн drfo дрфо",
    check=of_digits(10, _kernel),
    chance=0.1,
    proved=0.9,
    rivals=("phone", "ru_inn"),
)
