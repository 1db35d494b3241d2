"""Which pairs of records are looked at: those that share a key of two facts, or one rare fact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.count.attach import pack
from sousveil.count.grouping import grouped
from sousveil.count.linkage.facts import Facts, Rows
from sousveil.count.records import NO_DAY, NONE, Coded, Codes

Keys = npt.NDArray[np.uint64]
_MOST = 64
"""A key that more known records share is left out: other keys narrow its pairs down."""
_PAIRED, _ALONE = 8, 20
_BLOOM_BITS = 22
_EARLIEST = 1_000_000
"""Days before 1970 in which nobody was born."""


def mixed(*parts: npt.NDArray[np.integer]) -> Keys:
    """Whole numbers of 32 bits mixed into one of 64 (the finalizer of SplitMix64 after each part)."""
    state = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        state += part.astype(np.int64).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return state


def pairs(facts: Facts, wanted: Rows, known: Rows, most: int = _MOST) -> tuple[Rows, Rows]:
    """Pairs (a wanted record, a known record) that share a blocking key, each pair once."""
    found = [np.zeros(0, np.int64)]
    # One kind of key at a time: all of them together would be most of the memory.
    kinds = zip(_keys(facts, wanted, known_side=False), _keys(facts, known, known_side=True), strict=True)
    for (mine_at, mine), (their_at, their) in kinds:
        left, right = joined(mine, their, most)
        found.append(pack(mine_at[left], their_at[right]))
    packed = np.concatenate(found)
    packed = packed[grouped(packed)[1]]
    return packed >> 32, packed & 0xFFFFFFFF


def joined(wanted: Keys, known: Keys, most: int) -> tuple[Rows, Rows]:
    """Places of equal keys; a wanted key that more than `most` known ones equal has none."""
    bits = min(len(wanted).bit_length() + 5, _BLOOM_BITS)
    bloom = np.zeros(1 << bits, np.bool_)
    shift = np.uint64(64 - bits)
    bloom[wanted >> shift] = True
    near = np.flatnonzero(bloom[known >> shift])
    order = near[np.argsort(known[near], kind="stable")]
    ordered = known[order]
    start = np.searchsorted(ordered, wanted, "left")
    count = np.searchsorted(ordered, wanted, "right") - start
    count[count > most] = 0
    left = np.repeat(np.arange(len(wanted)), count)
    inner = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    return left, order[start[left] + inner]


def _keys(facts: Facts, rows: Rows, *, known_side: bool) -> Iterator[tuple[Rows, Keys]]:
    """Each kind of key: the rows that have it, and the keys. The kinds come in one order on both sides."""
    days = [_after(facts.born[rows])] + ([_after(facts.inside[rows])] if known_side else [])
    phone = facts.phone.codes[rows]
    names = [name[rows] for name in facts.names]
    yield from _with_days(facts, rows, names, days)
    for salt, form in enumerate(_name_forms(facts, names), start=20):
        yield _key(rows, salt, *((name, phone) for name in form))
    yield _key(rows, 30, *((day, phone) for day in days))
    yield _key(rows, 31, *((name, np.zeros_like(name)) for name in names))
    for salt, kind in enumerate(facts.failed, start=40):
        yield from _number_keys(facts, rows, kind, salt, known_side=known_side)
    if facts.texts:
        yield from _text_keys(facts, rows, days)


def _text_keys(facts: Facts, rows: Rows, days: list[Codes]) -> Iterator[tuple[Rows, Keys]]:
    """Each text and each birth date alone, and each two of those that say the most."""
    texts = [text.codes[rows] for text in sorted(facts.texts.values(), key=_telling)[-_PAIRED:]]
    alone = [(text.codes[rows], np.zeros(len(rows), np.int32)) for text in facts.texts.values()]
    for salt, key in enumerate(alone[:_ALONE], start=80):
        yield _key(rows, salt, key)
    yield _key(rows, 79, *((day, np.zeros_like(day)) for day in days))
    for salt, (one, other) in enumerate(itertools.combinations(texts, 2), start=100):
        yield _key(rows, salt, (one, other))
    for salt, text in enumerate(texts, start=60):
        yield _key(rows, salt, *((text, day) for day in days))


def _telling(text: Coded) -> int:
    return len(text.texts)


def _with_days(
    facts: Facts, rows: Rows, names: list[Codes], days: list[Codes]
) -> Iterator[tuple[Rows, Keys]]:
    for salt, form in enumerate(_name_forms(facts, names)):
        yield _key(rows, salt, *((name, day) for name in form for day in days))
    years = [_year(day) for day in days]
    yield _key(rows, 10, *((name, year) for name in names for year in years))
    in_year = [_in_year(day) for day in days]
    yield _key(rows, 11, *((name, day) for name in names for day in in_year))
    bones = [form[name] for name in names for form in facts.forms.bones]
    yield _key(rows, 12, *((bone, day) for bone in bones for day in days))


def _name_forms(facts: Facts, names: list[Codes]) -> Iterator[list[Codes]]:
    """The letters in alphabetical order; the first character; the last one, of the family name too."""
    forms = facts.forms
    bags = (forms.bag_codes, *(also for also in forms.also if also.max(initial=NONE) >= 0))
    yield [np.where(name >= 0, bag[name], NONE) for name in names for bag in bags]
    cut = forms.initials
    for edges in ((forms.first, cut.first), (forms.last, cut.last)):
        used = edges if cut.cut else edges[:1]
        yield [np.where(name >= 0, edge[name], NONE) for name in names for edge in used]


def _key(rows: Rows, salt: int, *parts: tuple[Codes, Codes]) -> tuple[Rows, Keys]:
    places, keys = [], []
    for one, other in parts:
        there = np.flatnonzero((one >= 0) & (other >= 0))
        places.append(rows[there])
        keys.append(mixed(pack(one[there], other[there]) ^ (salt << 56)))
    return np.concatenate(places), np.concatenate(keys)


def _after(days: Codes) -> Codes:
    """Days as whole numbers from 0, -1 for none."""
    return np.where(days == NO_DAY, NONE, np.maximum(days.astype(np.int64) + _EARLIEST, 0)).astype(np.int32)


def _dates(days: Codes) -> npt.NDArray[np.datetime64]:
    return (np.maximum(days, 0).astype(np.int64) - _EARLIEST).astype("M8[D]")


def _year(days: Codes) -> Codes:
    years = _dates(days).astype("M8[Y]").astype(np.int64) + 9999
    return np.where(days < 0, NONE, years).astype(np.int32)


def _in_year(days: Codes) -> Codes:
    """Month and day as one number."""
    dates = _dates(days)
    months = dates.astype("M8[M]")
    month = months.astype(np.int64) - 12 * dates.astype("M8[Y]").astype(np.int64)
    return np.where(days < 0, NONE, 32 * month + (dates - months).astype(np.int64)).astype(np.int32)


def _number_keys(
    facts: Facts, rows: Rows, kind: str, salt: int, *, known_side: bool
) -> Iterator[tuple[Rows, Keys]]:
    """Three parts of a number, one of which a single mistake leaves whole."""
    failed = facts.failed[kind]
    sides = [failed] + ([facts.valid[kind]] if known_side and kind in facts.valid else [])
    for part in range(3):
        made = []
        for side in sides:
            there = np.flatnonzero(side.codes[rows] >= 0)
            code = _part_codes(side, part)[side.codes[rows[there]]]
            made.append((rows[there], mixed(np.full(len(there), 8 * salt + part), code)))
        yield np.concatenate([m[0] for m in made]), np.concatenate([m[1] for m in made])


def _part_codes(numbers: Coded, part: int) -> npt.NDArray[np.int64]:
    """A part of each distinct number as a whole number: its front, its back, or both ends."""
    from sousveil.survey.checks import byte_rows

    texts: pa.StringArray = numbers.texts
    width = len(texts[0].as_py()) if len(texts) else 1
    cells, chosen = byte_rows(texts, width)
    edge = (
        [*range(10), *range(14, width)] if width > 14 else [*range(width // 3), *range(2 * width // 3, width)]
    )
    places = (range(width - width // 4), range(width // 2 + 1, width), edge)[part]
    state = np.zeros(len(cells), np.uint64)
    for place in places:
        state = state * np.uint64(1099511628211) + cells[:, place]
    out = np.arange(len(texts), dtype=np.int64) + (1 << 62)
    out[chosen] = (state >> np.uint64(2)).astype(np.int64)
    return out
