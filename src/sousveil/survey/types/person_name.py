"""Names of people: Chinese, transcribed with a dot, Latin, Cyrillic."""

from sousveil.normalise.names import DOTS
from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence, beats_chance
from sousveil.survey.model import NOTHING, SHAPE, ColumnType, Weight, beside_a_person, named
from sousveil.survey.surnames import COMMON, COMPOUND, FIRST
from sousveil.survey.types.organisation import ENDINGS

_H = r"[\x{3400}-\x{9fff}\x{20000}-\x{2ffff}]"
_COMPOUND = "|".join(COMPOUND.split())
_HAN = rf"[{FIRST}] ?{_H} ?{_H}?|(?:{_COMPOUND}){_H}{{1,2}}|[{FIRST}]{_H}{{3}}"
_COMMON = rf"[{COMMON}] ?{_H} ?{_H}?|(?:{_COMPOUND}){_H}{{1,2}}"
_DOTTED = rf"{_H}{{1,12}}(?: ?[{DOTS}] ?{_H}{{1,12}})+"
_NO_NAME = (
    rf"{_H}*(?:省|市|区|县|路|街|村|镇|乡|局|所|队|族|国|站|店|厂|室|部|院|校|号|类|员|车|桥|岸|机场|公司|派出所|学|业|工|色|州|山|河|湖|岛|口|门|关|"
    r"中|上|下|东|西|南|北|内|外|者|人|办|处|组|型|级|式|品)"
)
_LATIN_WORD = r"\p{Latin}[\p{Latin}'’`.\-]*"
_LATIN = rf"{_LATIN_WORD}(?:,? {_LATIN_WORD}){{1,5}}"
_CYRILLIC = r"[\p{Cyrillic}][\p{Cyrillic}\-]*\.?(?: [\p{Cyrillic}][\p{Cyrillic}\-]*\.?){1,4}"
_THING = (
    r".*\b(?:street|st|road|rd|avenue|ave|place|court|crescent|close|circuit|parade|way|drive|terrace|lane|highway|"
    r"square|boulevard|blvd|ltd|inc|llc|plc|gmbh|company|group|sons|university|college|school|hospital|hotel|bank|"
    r"municipal|regional|airport|field|county|city|island|river|lake|park|mountain|bay)\b.*"
)
"""Words of places and organisations; `Park` and `Lake` are surnames too, so a few prove nothing."""
_SIGNS = r".*(?: - | & | and | und | et | y | i | e |[/&]).*"
"""What joins two names to that of a firm."""
_PATRONYMIC = r".*(?:вич|вна|ұлы|улы|қызы|кызы|оглы|оғлы|ич)(?: .*)?"
_ARABIC = r"\p{Arabic}+(?: \p{Arabic}+){1,5}"
_LOOSE = r"[^0-9!\"#$%&+/:;<=>?@\[\\\]^_{|}~\x00-\x1f，。：；！？、【】《》]{1,60}"
"""Anything but digits and the signs that no name has; said by what it leaves out, which compiles fast."""


_FEW = 3
GENERIC = 0.6
"""What headers say at most that speak of many things (`sousveil.survey.headers`)."""


def _names(e: Evidence) -> Truths:
    return e.like(_LOOSE)


def _han(e: Evidence) -> Truths:
    return (e.like(_HAN) & ~e.like(_NO_NAME)) | e.like(_DOTTED)


def _by_values(e: Evidence) -> tuple[float, str]:
    """The best that values alone can say: surnames against chance, dots, patronymics; Latin words hardly."""
    han, dotted = _han(e), e.like(_DOTTED)
    count, share = int((han & e.there).sum()), e.share(han)
    common = e.share(e.like(_COMMON) & han) / max(share - e.share(dotted), 1e-9) if share else 0.0
    if share >= 0.8 and (e.share(dotted) > 0.5 or (common >= 0.5 and beats_chance(count, e.distinct, 0.35))):
        return 0.85, "surnames far beyond chance"
    foreign = e.share(e.like(_CYRILLIC) & e.like(_PATRONYMIC))
    if foreign >= 0.5:
        return 0.8, "patronymics"
    lettered = e.share(e.like(_LATIN) | e.like(_CYRILLIC) | e.like(_ARABIC) | han)
    things = e.like(_THING) | e.like(ENDINGS) | e.like(_SIGNS)
    if lettered >= 0.85 and e.distinct >= 0.5 * e.present and e.share(things) < 0.2:
        if beside_a_person(e):
            return 0.6, "two to five words, beside what belongs to a person"
        return 0.3, "words"
    return 0.0, ""


def _weigh(e: Evidence) -> Weight:
    strength = e.meanings.get("person_name", 0.0)
    if float(e.lengths.mean()) > 60 or e.share(_names(e)) < (0.6 if strength >= 0.5 else 0.7):
        return NOTHING
    by_values, reason = _by_values(e)
    if strength < 0.5 and by_values <= 0.6 and max(e.meanings.values(), default=0.0) >= 0.75:
        by_values = min(by_values, 0.3)  # words under a header of something else
    said = strength > GENERIC and e.share(_han(e)) >= 0.8
    if not by_values and e.distinct <= _FEW and e.present > 10 * e.distinct and not said:
        return NOTHING  # `owner`: yes or no
    # `name` is also the name of a thing: endings of places and organisations say so.
    if e.han > 0.5:
        things = e.share(e.like(_NO_NAME) & ~e.like(_HAN))
    else:
        things = e.share(e.like(_THING)) + 2 * e.share(e.like(".*[0-9].*"))
    gap = 0.9 if things < 0.3 else 0.2
    if e.han < 0.2 and strength < 1.0 and e.distinct < 0.02 * e.present:
        gap = 0.5
    if strength <= GENERIC and not by_values and not beside_a_person(e):
        gap = min(gap, 0.7)
    return Weight(
        named(by_values, e, "person_name", gap), by_values, reason or "header", SHAPE if by_values else ""
    )


TYPE = ColumnType(
    name="person_name",
    lettered=True,
    summary="The name of a person, whole or in part, in any script.",
    canonical="NFKC, without spaces, upper case, one kind of middle dot.",
    fits=_names,
    identifying=True,
    beside=True,
    rivals=("category", "organisation"),
    weigh_by=_weigh,
)
