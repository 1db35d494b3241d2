"""The clean form of each column type: its SQL type and the function that makes it from texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from sousveil.normalise import countries, dates, identifiers, names, numbers, sexes
from sousveil.normalise.tidy import tidy, upper
from sousveil.survey.model import ColumnType
from sousveil.survey.types import TYPES
from sousveil.survey.types.email import PATTERN as EMAIL
from sousveil.survey.types.ip import PATTERN as IP

Make = Callable[[pa.StringArray], pa.Array]


@dataclass(frozen=True)
class Form:
    """How a type's values are kept in the clean table."""

    arrow: pa.DataType
    make: Make


def _upper(values: pa.StringArray) -> pa.StringArray:
    return upper(tidy(values))


def _few(values: pa.StringArray) -> pa.StringArray:
    """Tidied texts, of which there are few different ones: each is tidied once."""
    named = values.dictionary_encode()
    return tidy(named.dictionary).take(named.indices)


def _text(make: Make) -> Form:
    return Form(pa.string(), make)


def _checked(kind: ColumnType) -> Form:
    """The compact texts for which the type's own check holds."""

    def make(values: pa.StringArray) -> pa.StringArray:
        clean = identifiers.compact(values)
        clean = kind.plain(clean) if kind.plain else clean
        return identifiers.kept(clean, kind.check(clean)) if kind.check else clean

    return _text(make)


FORMS: dict[str, Form] = {
    "person_name": _text(names.person_names),
    "sex": _text(sexes.sexes),
    "nationality": _text(countries.countries),
    "cn_resident_id": _text(identifiers.resident_id),
    "passport": _text(identifiers.passport),
    "phone": _text(identifiers.phone),
    "cn_plate": _text(identifiers.plate),
    "mac": _text(identifiers.mac),
    "email": _text(lambda values: identifiers.lowered(values, EMAIL)),
    "ip": _text(lambda values: identifiers.lowered(values, IP)),
    "organisation": _text(_upper),
    "flight": _text(identifiers.compact),
    "category": _text(_few),
    "serial": _text(tidy),
    "unknown": _text(tidy),
    "number": Form(pa.float64(), numbers.numbers),
    "money": Form(pa.float64(), numbers.money),
    "longitude": Form(pa.float64(), lambda values: numbers.degrees(values, 180.0)),
    "latitude": Form(pa.float64(), lambda values: numbers.degrees(values, 90.0)),
    "boolean": Form(pa.bool_(), numbers.booleans),
    **{kind.name: _checked(kind) for kind in TYPES if kind.check},
}
"""Types that are not here, and are no dates, are not kept: `address`, `text`, `url`, `image_path`."""

UNREAD = frozenset(("serial", "unknown", "longitude", "latitude", "ip"))
"""Types that no later stage reads in clean form yet: left out, since writing them takes its time."""

DATES = frozenset(("date", "birth_date", "datetime"))


def form_of(type_name: str, sample: pa.StringArray) -> Form | None:
    """The form of a column, None where it is not kept; `sample` says how its moments are to be read."""
    if type_name not in DATES:
        return None if type_name in UNREAD else FORMS.get(type_name)
    reading = dates.reading_of(sample)
    if type_name == "datetime":
        return Form(pa.timestamp("us"), lambda values: dates.read(values, reading).timestamps())
    return Form(pa.date32(), lambda values: dates.read(values, reading).dates())
