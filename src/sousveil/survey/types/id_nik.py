"""Indonesian population numbers (NIK): place, birth date (forty added to the day for women), serial."""

from functools import cache

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import DAY, MONTH, born, national, of_digits, one_of, whole


@cache
def _places() -> frozenset[int]:
    """The codes of regencies and cities, as python-stdnum lists them."""
    from stdnum import numdb

    known = numdb.get("id/loc")
    return frozenset(code for code in range(1100, 9500) if known.info(f"{code:04d}")[0][1])


def _kernel(found: Numbers) -> Truths:
    dates = born(whole(found, 10, 12), whole(found, 8, 10), whole(found, 6, 8) % 40)
    return dates & one_of(whole(found, 0, 4), sorted(_places()))


TYPE = national(
    name="id_nik",
    summary="An Indonesian population number (NIK), with place and birth date inside; it has no check digit.",
    pattern=f"[1-9][0-9]{{5}}(?:{DAY}|[4-6][0-9]|7[01]){MONTH}[0-9]{{6}}",
    widths=(16,),
    headers="nik no_ktp ktp nomor_induk_kependudukan",
    check=of_digits(16, _kernel),
    alone=0.35,
    rivals=("bank_card",),
)
