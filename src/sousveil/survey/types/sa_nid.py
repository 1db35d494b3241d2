"""Saudi national and residence (iqama) numbers: ten digits that begin with 1 or 2, after Luhn."""

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import national, of_digits, passes_luhn


def _kernel(found: Numbers) -> Truths:
    truths: Truths = ((found[:, 0] == 1) | (found[:, 0] == 2)) & passes_luhn(found)
    return truths


TYPE = national(
    name="sa_nid",
    summary="A Saudi national or residence (iqama) number.",
    pattern="[12][0-9]{9}",
    widths=(10,),
    headers="iqama iqama_no national_id_sa رقم_الهوية رقم_الإقامة رقم_الهوية_الوطنية السجل_المدني",
    check=of_digits(10, _kernel),
    chance=0.1,
    shared=True,
    rivals=("phone", "serial"),
)
