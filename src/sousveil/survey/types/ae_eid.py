"""Emirates identity numbers: 784, year of birth, seven digits, the last after Luhn."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, passes_luhn, whole


def _kernel(found: Numbers) -> Truths:
    truths: Truths = (whole(found, 0, 3) == 784) & passes_luhn(found)
    return truths


TYPE = national(
    name="ae_eid",
    summary="An identity number of the United Arab Emirates, with the year of birth inside.",
    pattern="784(?:19|20)[0-9]{10}",
    widths=(15,),
    headers="emirates_id eid رقم_الهوية_الإماراتية بطاقة_الهوية",
    check=of_digits(15, _kernel),
    chance=0.1,
    rivals=("imei",),
)
