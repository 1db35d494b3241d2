"""Addresses and places."""

import numpy as np

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named
from sousveil.survey.types.organisation import ENDINGS

_HAN = (
    r".*(?:省|市|区|县|州|盟|旗|镇|乡|街道|社区|村).*(?:路|街|号|村|组|巷|弄|胡同|栋|幢|单元|室|楼|小区|大道|社|队|院|苑|园|庄|屯).*|"
    r".*(?:路|街|巷|大道|胡同|小区|花园|村).{0,12}(?:[0-9一二三四五六七八九十]+(?:号|栋|幢|单元|室|组|楼|弄)).*"
)
_LATIN = (
    r".*\b(?:street|st|road|rd|avenue|ave|lane|ln|blvd|boulevard|drive|apt|building|district|province|village|floor|room|"
    r"sokak|sok|cad|caddesi|mah|mahallesi|no)\b.*|"
    r"(?:.*[^\pL])?(?:ул|улица|пр|просп|проспект|пер|переулок|дом|кв|мкр|вул|бул|пл|көш|көшесі|махалла)(?:[^\pL].*)?|"
    r".*\pL{2}(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee)\b.*|"
    r"(?:.*[^\pL])?(?:rue|chemin|impasse|calle|avenida|carrera|rua|travessa|via|viale|piazza|ul\.|ulica)[^\pL].*"
)
"""RE2 knows word borders between ASCII only, hence `[^\\pL]`."""

_NUMBERED = r"(?:№ ?)?[0-9]{1,5}[a-z]?[, ].*\pL{2}.*|\pL.*[ ,][0-9]{1,6}[a-z]?(?:[ ,/].*)?"
"""A street and a number, in either order."""
_SENTENCE = r".*(?:[.!?][\"')]?|[.!?] \p{Lu}\pL+ .*)"


def _weigh(e: Evidence) -> Weight:
    strength = e.meanings.get("address", 0.0)
    if e.share(e.like(r".*\pL.*")) < 0.6:
        return NOTHING
    # Patterns that take long to make; what they can come to is told by the cheap ones.
    han, digits = e.like(_HAN), e.like(".*[0-9].*")
    if strength < 0.5 and e.share(han | digits) < 0.5:
        return NOTHING
    placed = han | (e.like(_LATIN) & digits)
    share = e.share(placed & ~e.like(ENDINGS))
    numbered = e.share(e.like(_NUMBERED) & ~e.like(_SENTENCE))
    if share < 0.5 and strength < 0.5 and numbered < 0.7:
        return NOTHING
    if share < 0.5 and e.share(e.like(r".*(?:[\x{3400}-\x{9fff}]|\pL{2}).*")) < 0.6:
        return NOTHING
    alone = min(0.85, 0.9 * share) if share >= 0.5 else 0.0
    various = e.distinct >= 0.5 * e.present
    if not alone and numbered >= 0.8 and various and 12 <= float(np.mean(e.lengths)) <= 120:
        alone = 0.55 * numbered
    # A score of short names of places over and over are a category, unless they say in which house.
    housed = e.share(placed & digits) >= 0.5
    few = e.distinct <= 200 and e.present >= 10 * e.distinct and float(np.mean(e.lengths)) < 25 and not housed
    few = few or e.distinct <= 5
    gap = 0.3 if few else 0.5 if strength <= 0.6 and share < 0.2 else 0.85
    return Weight(
        named(0.3 if few else alone, e, "address", gap), alone, "holds streets, houses or districts"
    )


TYPE = ColumnType(
    name="address",
    lettered=True,
    summary="An address or a place as text.",
    canonical="Not kept in the clean table.",
    fits=lambda e: e.like(r".*\pL.*"),
    identifying=True,
    rivals=("organisation", "text"),
    weigh_by=_weigh,
)
