"""Every column type of the contract, in one list; one file each."""

from sousveil.survey.model import ColumnType
from sousveil.survey.types import (
    address,
    bank_card,
    birth_date,
    boolean,
    category,
    cn_plate,
    cn_resident_id,
    cn_uscc,
    date,
    datetime,
    email,
    flight,
    image_path,
    imei,
    imsi,
    ip,
    kz_iin,
    latitude,
    longitude,
    mac,
    money,
    mrz,
    nationality,
    number,
    organisation,
    passport,
    person_name,
    phone,
    ru_inn,
    serial,
    sex,
    text,
    tr_tckn,
    unknown,
    url,
)

TYPES: tuple[ColumnType, ...] = (
    person_name.TYPE,
    sex.TYPE,
    birth_date.TYPE,
    date.TYPE,
    datetime.TYPE,
    nationality.TYPE,
    cn_resident_id.TYPE,
    passport.TYPE,
    mrz.TYPE,
    phone.TYPE,
    email.TYPE,
    cn_plate.TYPE,
    cn_uscc.TYPE,
    bank_card.TYPE,
    imei.TYPE,
    imsi.TYPE,
    mac.TYPE,
    ip.TYPE,
    url.TYPE,
    longitude.TYPE,
    latitude.TYPE,
    address.TYPE,
    organisation.TYPE,
    flight.TYPE,
    category.TYPE,
    serial.TYPE,
    number.TYPE,
    money.TYPE,
    boolean.TYPE,
    text.TYPE,
    image_path.TYPE,
    tr_tckn.TYPE,
    ru_inn.TYPE,
    kz_iin.TYPE,
    unknown.TYPE,
)
"""Every type; where two are equally likely, the earlier one wins."""

BY_NAME = {found.name: found for found in TYPES}
NAMES = frozenset(BY_NAME)
IDENTIFYING = frozenset(found.name for found in TYPES if found.identifying)
"""What questions refuse and the egress check compares."""
STRONG = frozenset(found.name for found in TYPES if found.strong)
"""Whose valid values say by themselves who a person is."""
ASKABLE = frozenset(found.name for found in TYPES if found.askable)
"""What `where` and `by` may use."""
