"""Telephone numbers, of the mainland or with a country code, assigned or not."""

from functools import cache

from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight

_SHAPE = r"(?:\+|00)?[0-9()（）]{7,18}(?:(?:转|X|EXT|#)[0-9]{1,6})?"
_MOBILE = r"(?:\+?86|0086)?1[3-9][0-9]{9}"
_ABROAD = r"(?:\+|00)[1-9][0-9]{7,14}"
_NATIONAL = (
    "RU",
    "KZ",
    "TR",
    "UZ",
    "KG",
    "TJ",
    "TM",
    "MN",
    "PK",
    "IN",
    "KR",
    "JP",
    "HK",
    "TW",
    "MO",
    "US",
    "GB",
)
_ALSO = ("DE", "FR", "AE", "SA", "EG", "MY", "SG", "TH", "VN", "AU", "CA", "IT", "ES", "UA", "BY", "AZ", "GE")


@cache
def _assigned() -> str:
    """One RE2 pattern for the ranges that are assigned, from libphonenumber's own patterns.

    With a country code for some thirty countries; without one for mobiles and landlines of the mainland.
    """
    from phonenumbers import PhoneMetadata

    def ranges(region: str) -> tuple[str, str]:
        plan = PhoneMetadata.metadata_for_region(region)
        if plan is None or plan.mobile is None or plan.fixed_line is None:
            raise LookupError(region)
        kinds = [plan.mobile.national_number_pattern, plan.fixed_line.national_number_pattern]
        return str(plan.country_code), "|".join(kind.replace(r"\d", "[0-9]") for kind in kinds if kind)

    home = ranges("CN")[1]
    codes = "|".join(f"{code}(?:{spans})" for code, spans in map(ranges, ("CN", *_NATIONAL, *_ALSO)))
    russian = ranges("RU")[1]
    return f"0?(?:{home})|(?:\\+|00)(?:{codes})|86(?:{home})|[78](?:{russian})"


def _holds(e: Evidence) -> Truths:
    return e.compact_like(_assigned())


def _weigh(e: Evidence) -> Weight:
    common = TYPE.weigh_shape(e)
    # Days of eight digits have the shape of a telephone number.
    if e.meanings.get("phone", 0.0) < 0.5 and e.share(e.moments.real) > 0.9:
        return NOTHING
    return common


TYPE = ColumnType(
    name="phone",
    summary="A telephone number; `valid_share` says how many lie in assigned ranges.",
    canonical="Digits: mainland mobiles without 86, others with their country code; null in another shape.",
    fits=lambda e: e.compact_like(_SHAPE),
    sure=lambda e: e.compact_like(f"{_MOBILE}|{_ABROAD}"),
    holds=_holds,
    chance=None,
    alone=0.65,
    identifying=True,
    rivals=("serial", "number", "tr_tckn"),
    gaps=True,
    weigh_by=_weigh,
)
