"""Records about nobody, for tests of count and verify: identity numbers of region 99, phones from 120."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sousveil.count.records import NO_DAY, NONE, Coded, Records
from sousveil.count.subjects import Subject
from sousveil.survey.checks import resident_id_check
from sousveil.vault import Table


def resident(born: str = "19900203", serial: int = 1, region: str = "990102") -> str:
    """A valid identity number of nobody; an odd serial is a man's."""
    body = f"{region}{born}{serial:03d}"
    rows = np.frombuffer(body.encode(), np.uint8).reshape(1, 17)
    return body + chr(int(resident_id_check(rows)[0]))


def mistyped(number: str, place: int = 9) -> str:
    """The number with one digit changed: its check digit fails."""
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]


def phone(number: int) -> str:
    return f"120{number:08d}"


@dataclass(frozen=True)
class Told:
    """What one record says of its subject."""

    id: str | None = None
    passport: str | None = None
    name: str | None = None
    alias: str | None = None
    born: str | None = None
    phone: str | None = None
    nation: str | None = None
    failed: str | None = None
    sex: str | None = None


def records_of(told: Sequence[Told]) -> Records:
    """Records as `count.records.read` makes them, of one table."""
    names = _coded([one.name for one in told] + [one.alias for one in told])
    size = len(told)
    born = [dt.date.fromisoformat(o.born).toordinal() - 719_163 if o.born else NO_DAY for o in told]
    subject = Subject(Table(1, "t", 1, size, 0, ()), {}, {}, (("c1",),))
    return Records(
        ((subject, slice(0, size)),),
        np.arange(1, size + 1),
        {"cn_resident_id": _coded([o.id for o in told]), "passport": _coded([o.passport for o in told])},
        (Coded(names.codes[:size], names.texts), Coded(names.codes[size:], names.texts)),
        np.array(born, np.int32),
        _coded([o.phone for o in told]),
        _coded([o.nation for o in told]),
        {"cn_resident_id": _coded([o.failed for o in told])},
        np.array([("F", "M").index(o.sex) if o.sex else NONE for o in told], np.int32),
        np.zeros(size, np.uint64),
    )


def _coded(texts: Sequence[str | None]) -> Coded:
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    return Coded(encoded.indices.fill_null(NONE).to_numpy().astype(np.int32), encoded.dictionary)
