"""Malaysian identity card numbers (MyKad): birth date, place of birth, serial."""

from functools import cache

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.national import DAY, MONTH, born, national, of_digits, one_of, whole


@cache
def _places() -> frozenset[int]:
    """The codes of places of birth that the registry has given out, as python-stdnum lists them."""
    from stdnum import numdb

    known = numdb.get("my/bp")
    return frozenset(code for code in range(100) if known.info(f"{code:02d}")[0][1])


def _kernel(found: Numbers) -> Truths:
    dates = born(whole(found, 0, 2), whole(found, 2, 4), whole(found, 4, 6))
    return dates & one_of(whole(found, 6, 8), sorted(_places()))


TYPE = national(
    name="my_nric",
    summary="A Malaysian identity card number (MyKad), with birth date and place inside, without a check.",
    pattern=f"[0-9]{{2}}{MONTH}{DAY}[0-9]{{6}}",
    widths=(12,),
    headers="nric mykad no_kp kad_pengenalan ic_number",
    check=of_digits(12, _kernel),
    alone=0.8,
    sure="[0-9]{6}-[0-9]{2}-[0-9]{4}",
    rivals=("kz_iin", "serial"),
)
