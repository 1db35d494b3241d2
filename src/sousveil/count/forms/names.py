"""The comparison forms of distinct names, made for whole arrays at once.

plain     as `normalise.names` leaves them, in simplified characters, without spaces, dots and marks
bag       its Latin letters in alphabetical order: the same for 王伟, WANG WEI and WEI WANG. H, doubled
          letters and the difference of Y and I, and of KS and X, are left out, in which transcriptions
          differ; surnames that are read in several ways have several
bones     the consonants by class, in alphabetical order, read in two ways (`skeleton.py`)
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.count.forms.han import also_read, double_surnames, is_han, pinyin, surnames
from sousveil.count.forms.initials import Initials
from sousveil.count.forms.scripts import roman
from sousveil.count.forms.skeleton import LEAST, Letters, skeletons
from sousveil.count.forms.uyghur import spelled, transcribed

Points = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

WIDTH = 48
"""Characters of a name that are compared."""
_SYLLABLE = 6
_CHINESE = 4
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_AT_A_TIME = 100_000
_LENGTHS = (4, 8, 16)
"""Names are taken in groups of like length: most are short, and a group is as wide as its longest."""
_NOT_COMPARED = np.array([ord(c) for c in " '’ʼ`´\"·•∙⋅‧・･．.●〇˙゜,，、-‐‑–—_/\\()（）[]"], np.uint32)


@dataclass(frozen=True)
class Forms:
    """The forms of distinct names; every array has one place a plain form, by its code."""

    plain: pa.StringArray
    bag: pa.StringArray
    bag_codes: Codes
    """Equal where the letters are; -1 where a name has none."""
    also: tuple[Codes, ...]
    """The same for a second and a third reading of the surname, and with doubled letters left in, which may
    only meet where two words do (`WANG GANG`, `GANG WANG`); -1 where there are none."""
    bones: tuple[Codes, Codes]
    """-1 where there are too few."""
    han: Flags
    """With Chinese characters."""
    chinese: Flags
    """Two to four Chinese characters and nothing else: family and given name, not a transcription."""
    length: Codes
    first: Codes
    """The first and the last character, as code points."""
    last: Codes
    initials: Initials
    hash: npt.NDArray[np.uint64]
    """Made of the plain form alone: an order that does not depend on the order of the records."""


def forms_of(texts: pa.StringArray) -> tuple[Codes, Forms]:
    """The code of each text's plain form (-1 where nothing is left of it), and the forms by that code."""
    plain = _in_blocks(texts, lambda part: (_utf8(_plain(_points(part))),))[0]
    encoded = plain.dictionary_encode()
    forms = _forms(encoded.dictionary)
    codes = encoded.indices.to_numpy().astype(np.int32)
    forms = dataclasses.replace(forms, initials=Initials.of(texts, codes, encoded.dictionary))
    return np.where(forms.length[codes] > 0, codes, -1).astype(np.int32) if len(texts) else codes, forms


def _forms(plain: pa.StringArray) -> Forms:
    *bags, first, second, han, edges, mixed = _in_blocks(plain, _block)
    bag, *also = _codes(pa.concat_arrays(bags), 1).reshape(len(bags), len(plain))
    both = _codes(pa.concat_arrays([first, second]), LEAST)
    bones = (both[: len(plain)], both[len(plain) :])
    length = edges[:, 0]
    chinese = (han == length) & (length >= 2) & (length <= _CHINESE) & ~transcribed(plain)
    return Forms(
        plain, bags[0], bag, tuple(also), bones, han > 0, chinese, length, edges[:, 1], edges[:, 2],
        Initials.none(len(plain)), mixed,
    )  # fmt: skip


def _in_blocks(texts: pa.StringArray, made: Callable[[pa.StringArray], tuple[Any, ...]]) -> list[Any]:
    """What `made` gives for names of like length, put back into the order of `texts`."""
    length = pc.utf8_length(texts).to_numpy()
    parts, places = [], []
    for least, most in itertools.pairwise((-1, *_LENGTHS, np.inf)):
        here = np.flatnonzero((length > least) & (length <= most))
        for start in range(0, len(here), _AT_A_TIME):
            places.append(here[start : start + _AT_A_TIME])
            parts.append(made(texts.take(pa.array(places[-1]))))
    if not parts:
        parts, places = [made(texts)], [np.zeros(0, np.int64)]
    back = np.argsort(np.concatenate(places))
    return [_together([part[at] for part in parts], back) for at in range(len(parts[0]))]


def _together(parts: list[Any], back: npt.NDArray[np.int64]) -> Any:
    if isinstance(parts[0], pa.Array):
        return pa.concat_arrays(parts).take(pa.array(back))
    return np.concatenate(parts)[back]


def _block(plain: pa.StringArray) -> tuple[Any, ...]:
    points = _points(plain)
    letters = _latin(_points(spelled(plain, _CHINESE + 1)))
    light = _light(letters)
    one, other = skeletons(letters)
    length = (points > 0).sum(axis=1)
    last = points[np.arange(len(points)), np.maximum(length - 1, 0)]
    state = np.zeros(len(points), np.uint64)
    for place in range(points.shape[1]):
        state += np.where(points[:, place] > 0, (state + points[:, place]) * _PRIME, np.uint64(0))
    return (
        _bag(light),
        _doubled(letters, light),
        *(_also(points, readings) for readings in also_read()),
        _joined(np.sort(one, axis=1)),
        _joined(np.sort(other, axis=1)),
        is_han(points).sum(axis=1),
        np.column_stack([length, points[:, 0], last]).astype(np.int32),
        state,
    )


def _bag(light: Letters) -> pa.StringArray:
    return _joined(np.sort(light, axis=1))


def _doubled(letters: Letters, light: Letters) -> pa.StringArray:
    """The bags of names with doubled letters, these left in; empty for all others."""
    whole = _light(letters, doubled=True)
    here = np.flatnonzero((whole > 0).sum(axis=1) != (light > 0).sum(axis=1))
    found = np.full(len(letters), "", object)
    if len(here):
        found[here] = _bag(whole[here]).to_pylist()
    return pa.array(found, pa.string())


def _also(points: Points, readings: dict[int, str]) -> pa.StringArray:
    """The bags of names whose surname may be read so too; empty for all others."""
    length = (points > 0).sum(axis=1)
    here = np.flatnonzero(np.isin(points[:, 0], list(readings)) & (length >= 2) & (length <= _CHINESE))
    found = np.full(len(points), "", object)
    if len(here):
        found[here] = _bag(_light(_latin(points[here], readings))).to_pylist()
    return pa.array(found, pa.string())


def _points(texts: pa.StringArray) -> Points:
    """Code points, one name a row, zeros behind."""
    width = max(1, min(WIDTH, int(pc.max(pc.utf8_length(texts)).as_py() or 1)))
    rows = np.array(texts.to_pylist(), dtype=f"U{width}")
    return rows.view(np.uint32).reshape(len(texts), width) if len(texts) else np.zeros((0, 1), np.uint32)


def _plain(points: Points) -> Points:
    simple = points.copy()
    lower = (simple >= ord("a")) & (simple <= ord("z"))
    simple[lower] -= 32
    simple[np.isin(simple, _NOT_COMPARED)] = 0
    return _left(simple)


def _left(rows: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Rows with the zeros between moved behind."""
    full = rows > 0
    if (full[:, 1:] <= full[:, :-1]).all():
        return rows
    out = np.zeros_like(rows)
    place = np.cumsum(full, axis=1) - 1
    at = np.nonzero(full)
    out[at[0], place[at]] = rows[at]
    return out


def _latin(points: Points, readings: dict[int, str] | None = None) -> Letters:
    """The names in capital Latin letters; their surnames by these readings, or else by the usual ones."""
    seen, place = np.unique(points, return_inverse=True)
    han = is_han(seen)
    written = np.zeros(len(seen), f"S{_SYLLABLE}")
    if han.any():
        written[han] = pinyin(seen[han])
    for at in np.flatnonzero(~han & (seen > 0)):
        written[at] = roman(chr(seen[at]))[:_SYLLABLE]
    syllables = written[place.reshape(points.shape)]
    _read_surnames(points, syllables, surnames() if readings is None else readings)
    letters = syllables.view(np.uint8).reshape(len(points), points.shape[1] * _SYLLABLE)
    return _tight(letters)


def _read_surnames(points: Points, syllables: npt.NDArray[np.bytes_], readings: dict[int, str]) -> None:
    """Give the first character its reading as a surname, in names of two to four characters."""
    length = (points > 0).sum(axis=1)
    chinese = (length >= 2) & (length <= 4) & is_han(points[:, 0])
    first = points[:, 0]
    for point, reading in readings.items():
        here = chinese & (first == point)
        if here.any():
            syllables[here, 0] = reading
    for one, other, *both in double_surnames():
        here = chinese & (first == one)
        if here.any():
            here &= points[:, 1] == other
            syllables[here, 0], syllables[here, 1] = both


def _tight(letters: Letters) -> Letters:
    """Rows with the zeros between moved behind, no wider than need be."""
    full = letters > 0
    length = full.sum(axis=1)
    out = np.zeros((len(letters), max(int(length.max(initial=1)), 1)), np.uint8)
    at = np.nonzero(full)
    start = np.cumsum(length) - length
    out[at[0], np.arange(len(at[0])) - np.repeat(start, length)] = letters[at]
    return out


def _light(letters: Letters, *, doubled: bool = False) -> Letters:
    """Letters without those in which transcriptions of one name differ."""
    out = np.where(letters == ord("Y"), np.uint8(ord("I")), letters)
    out = _tight(np.where(out == ord("H"), np.uint8(0), out))
    if not doubled:
        out[:, 1:][out[:, 1:] == out[:, :-1]] = 0
    # No syllable of pinyin ends in K: KS is the X of another transcription.
    before, after = out[:, :-1], out[:, 1:]
    x = (before == ord("K")) & (after == ord("S"))
    before[x], after[x] = ord("X"), 0
    return out


def _joined(rows: Letters) -> pa.StringArray:
    """Rows of letters as texts; zeros are left out."""
    full = rows > 0
    offsets = np.zeros(len(rows) + 1, np.int32)
    np.cumsum(full.sum(axis=1), out=offsets[1:])
    return pa.StringArray.from_buffers(len(rows), pa.py_buffer(offsets), pa.py_buffer(rows[full].tobytes()))


def _utf8(points: Points) -> pa.StringArray:
    return pa.array(np.ascontiguousarray(points).view(f"U{points.shape[1]}").ravel(), pa.string())


def _codes(texts: pa.StringArray, least: int) -> Codes:
    """Codes by text; -1 for a text of fewer than so many bytes."""
    encoded = texts.dictionary_encode()
    codes = encoded.indices.to_numpy().astype(np.int32)
    offsets = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, texts.offset * 4)
    return np.where(np.diff(offsets) >= least, codes, -1).astype(np.int32)
