"""The records as the linkage compares them: names in plain forms, stand-ins taken out, rows told apart."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.count.attach import pack
from sousveil.count.components import Keys
from sousveil.count.copies import copies, originals
from sousveil.count.forms import Forms, forms_of
from sousveil.count.grouping import grouped
from sousveil.count.linkage.blocks import mixed
from sousveil.count.linkage.facts import Facts
from sousveil.count.linkage.link import Given
from sousveil.count.records import NO_DAY, NONE, Coded, Codes, Flags, Records, days_inside
from sousveil.count.subjects import RESIDENT

_SWITCHBOARD = 10
"""A telephone under which more names stand is nobody's own."""
_KEY_WIDTH = 24
_OFTEN = 20
_BARE = 0.9
"""A name that stands so many times as often as the average one, and so seldom with anything else beside it,
is what clerks write for nobody ("anonymous"), in whatever language."""


def compared(records: Records) -> tuple[Records, Forms]:
    """The records with their names in plain forms: traditional and simplified characters are one, for one."""
    # The empty name at the end, whose code is `NONE`, is there also where nobody has a name.
    codes, forms = forms_of(pa.concat_arrays([records.names[0].texts, pa.array([""])]))
    codes = np.where(_stand_ins(records, codes), NONE, codes)
    names = tuple(Coded(codes[name.codes], forms.plain) for name in records.names)
    return dataclasses.replace(records, names=names), forms


def _stand_ins(records: Records, codes: Codes) -> Flags:
    """Which names, by their codes in the records, are stand-ins; `codes` has the plain form of each."""
    found = np.zeros(len(codes), np.bool_)
    name = codes[records.names[0].codes]
    there = name >= 0
    says = records.born != NO_DAY
    for kind in (records.phone, *records.numbers.values(), *records.failed.values(), *records.texts.values()):
        says |= kind.codes >= 0
    every = np.bincount(name[there], minlength=1)
    bare = np.bincount(name[there & ~says], minlength=len(every))
    if bare.sum() > every.sum() / 2:
        # Where names mostly stand alone, one that does is nothing special.
        return found
    often = every > _OFTEN * every.sum() / max(int((every > 0).sum()), 1)
    known = np.flatnonzero((codes >= 0) & (codes < len(every)))
    found[known] = (often & (bare >= _BARE * every))[codes[known]]
    return found


def given(
    records: Records,
    forms: Forms,
    keys: Keys,
    by_key: tuple[npt.NDArray[np.int64], Flags],
    days: tuple[Codes, ...],
    document: npt.NDArray[np.int64],
) -> Given:
    """What the linkage takes: `by_key` is each record's person by keys alone (`NONE`), and whether
    it is sure.

    `document` are the documents that alone name each record's person (`NONE`).
    `days` are the birth dates of each record, stand-ins taken out: the stated one and that inside its number.
    """
    person, sure = by_key
    facts = _facts(records, forms, keys, days)
    table = np.zeros(len(records), np.int64)
    for subject, part in records.tables:
        table[part] = subject.table.tid
    people = int(person.max(initial=NONE)) + 1
    content = _content(facts, person)
    key_hash = _key_hash(records, facts)
    said = _said(records, facts, key_hash)
    twins = copies(records, said)
    row_key = mixed(originals(table, twins), records.rest.view(np.int64), content.view(np.int64))
    return Given(facts, person, sure, table, row_key, key_hash, said, people, document, twins)


def _facts(records: Records, forms: Forms, keys: Keys, days: tuple[Codes, ...]) -> Facts:
    born = days[0].copy()
    failed = records.failed.get(RESIDENT)
    if failed is not None and len(failed.texts):
        # A mistyped number still tells a birth date, most of the time.
        inside = np.where(failed.codes >= 0, days_inside(failed)[failed.codes], NO_DAY)
        born = np.where(born == NO_DAY, inside, born).astype(np.int32)
    return Facts(
        tuple(name.codes for name in records.names),
        forms,
        born,
        days[1] if len(days) > 1 else np.full(len(records), NO_DAY, np.int32),
        _own_phones(records),
        records.sex,
        records.nation.codes,
        records.failed,
        {kind: Coded(keys.codes(kind), coded.texts) for kind, coded in records.numbers.items()},
        records.texts,
    )


def _own_phones(records: Records) -> Coded:
    """Telephones, without those that are a switchboard's."""
    phone, name = records.phone.codes, records.names[0].codes
    both = (phone >= 0) & (name >= 0)
    pairs = pack(phone[both], name[both])
    pairs = pairs[grouped(pairs)[1]]
    names = np.bincount(pairs >> 32, minlength=len(records.phone.texts) + 1)
    return Coded(
        np.where((phone >= 0) & (names[phone] <= _SWITCHBOARD), phone, NONE).astype(np.int32),
        records.phone.texts,
    )


def _content(facts: Facts, person: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Equal for records that say the same; only within this run, since codes follow the order of records."""
    parts: list[npt.NDArray[np.integer]] = [person, facts.born, facts.phone.codes, facts.sex, facts.nation]
    parts += list(facts.names)
    parts += [coded.codes for coded in facts.failed.values()]
    parts += [coded.codes for coded in facts.texts.values()]
    return mixed(*parts)


def _key_hash(records: Records, facts: Facts) -> npt.NDArray[np.uint64]:
    """A hash of each record's keys, names, birth date and texts: no order of records is in it."""
    name = np.append(facts.forms.hash, np.uint64(0))[facts.name]
    parts = [name.view(np.int64), facts.born.astype(np.int64)]
    coded = (*records.numbers.values(), *records.failed.values(), *records.texts.values())
    return mixed(*parts, *map(_hashed, coded))


def _said(records: Records, facts: Facts, key_hash: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A hash of all that the linkage compares, by its texts: no order of records is in it either."""
    names = np.append(facts.forms.hash, np.uint64(0))
    others = [names[codes].view(np.int64) for codes in facts.names[1:]]
    others += [facts.inside.astype(np.int64), facts.sex.astype(np.int64)]
    return mixed(key_hash.view(np.int64), *others, _hashed(facts.phone), _hashed(records.nation))


def _hashed(coded: Coded) -> npt.NDArray[np.int64]:
    """The hash of each record's text; of none, 0."""
    return np.append(_text_hash(coded.texts), np.uint64(0))[coded.codes].view(np.int64)


def _text_hash(texts: pa.StringArray) -> npt.NDArray[np.uint64]:
    if not len(texts):
        return np.zeros(0, np.uint64)
    # Numbers and telephones need no more than a byte a character.
    width = "S" if pc.all(pc.string_is_ascii(texts)).as_py() else "U"
    cells = np.array(texts.to_pylist(), dtype=f"{width}{_KEY_WIDTH}").view(np.uint64).reshape(len(texts), -1)
    return mixed(*(cells[:, place].view(np.int64) for place in range(cells.shape[1])))
