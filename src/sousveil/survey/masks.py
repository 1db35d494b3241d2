"""The forms of a column's values, masked, so that a person can judge a type without seeing a value.

Letters and digits become dots, signs between them stay: `••••••-••-••••`. Where a type says that a beginning
names a region or an issuer and not a person, it stands in clear: `9901••••••••••••••`. A form is shown only
where at least `FEWEST` different values share it, beginning included: none tells anything of one value.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.survey.evidence import Evidence
from sousveil.survey.types import IDENTIFYING, NATIONAL

FEWEST = 20
"""Different values that must share a form; twice the threshold of a case, where that is more."""
MOST = 3
"""Forms shown of a column."""
_OTHERS = (
    "cn_resident_id passport phone cn_plate cn_uscc bank_card imei imsi mac ip email date datetime "
    "birth_date serial flight longitude latitude number"
)
SHOWN = NATIONAL | frozenset(_OTHERS.split())
"""Types whose values have forms; names, texts and places have none that would say anything."""
CLEAR = {
    "cn_resident_id": 4,
    "imsi": 5,
    "cn_plate": 1,
    "passport": 1,
    "bank_card": 4,
    "imei": 2,
    "cn_uscc": 2,
}
"""Characters at the beginning that stand for a region, a network, an issuer: never for a person."""
_LONGEST = 40
_SIGN = r"[^ \-./:@+()]"


@dataclass(frozen=True)
class Form:
    """How some of a column's values look."""

    mask: str
    share: float
    """Of the different values looked at."""


def forms_of(e: Evidence, type_name: str, fewest: int = FEWEST) -> tuple[Form, ...]:
    """The most frequent forms of a column's values, none of which fewer than `fewest` values share."""
    if type_name not in SHOWN or e.distinct < fewest:
        return ()
    texts = e.tidied.filter(pa.array(e.there))
    texts = texts.filter(pc.less_equal(pc.utf8_length(texts), _LONGEST))
    dotted = pc.replace_substring_regex(texts, _SIGN, "•")
    clear = CLEAR.get(type_name, 0) if type_name in IDENTIFYING else 0
    found = _counted(_with_beginning(texts, dotted, clear) if clear else dotted, fewest)
    if not found or (clear and found[0][1] < 0.2 * e.distinct):
        # Beginnings are too various to say anything.
        found = _counted(dotted, fewest)
    return tuple(Form(mask, round(count / e.distinct, 2)) for mask, count in found[:MOST])


def _with_beginning(texts: pa.StringArray, dotted: pa.StringArray, clear: int) -> pa.StringArray:
    """Masks that begin with the first characters of the value, where these are letters or digits alone."""
    beginning = pc.utf8_slice_codeunits(texts, 0, clear)
    plain = pc.match_substring_regex(beginning, rf"^[0-9A-Z\x{{4e00}}-\x{{9fff}}]{{{clear}}}$")
    rest = pc.utf8_slice_codeunits(dotted, clear)
    joined = pc.binary_join_element_wise(beginning, rest, "")
    return pc.if_else(plain, joined, dotted)


def _counted(masks: pa.StringArray, fewest: int) -> list[tuple[str, int]]:
    counts = [(one["values"], one["counts"]) for one in pc.value_counts(masks).to_pylist()]
    return sorted((one for one in counts if one[1] >= fewest), key=lambda one: (-one[1], one[0]))
