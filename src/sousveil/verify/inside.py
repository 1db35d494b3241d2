"""What a resident number says of its holder, against what the record says: birth date, sex, region.

Generators get the check digit right and the rest wrong: with Faker's Chinese people every check digit holds,
but the sex agrees for 51 % and the birth date for none. The region's part is compared without any list of
regions: whether knowing it helps to tell the address, against a random pairing of the same values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.identifiers import compact, kept, matching, resident_id_long
from sousveil.survey.checks import Truths, byte_rows, resident_id
from sousveil.survey.headers import parts
from sousveil.vault import Column
from sousveil.verify.evidence import FEW, Evidence, Facts, Reading, agreement, cannot_tell
from sousveil.verify.sample import Sample, truths

Numbers = npt.NDArray[np.int64]

FACTS = {
    "resident-id-birth-date": Facts(
        "Assumes that the record was not filled in from the number itself: a computed column agrees whether "
        "or not the people exist; columns generated apart, or recombined from different dumps, disagree.",
        "Knowing how the birth date came into the record.",
    ),
    "resident-id-sex": Facts(
        "Assumes that the sex was recorded apart from the number; where it was computed from it, agreement "
        "proves nothing, while columns generated apart agree as often as chance has it. Where nearly every "
        "record states the other sex, the codes are most likely read the wrong way round.",
        "A person's word in review.toml on what the codes mean.",
    ),
    "resident-id-region": Facts(
        "Assumes that people mostly live or are registered near the place that issued their number; an "
        "address of where they live now may have nothing to do with it, a registered home should.",
        "The registered homes of the people in it.",
    ),
}

_NATIVE = ("户籍", "户口", "籍贯", "出生地", "原籍")
_NATIVE_WORDS = frozenset(("hjdz", "hjd", "jg", "csd", "native", "birthplace", "hukou", "registered"))
_PLACE = "^(?P<place>(?:[^省市区县州盟旗]{1,9}[省市区县州盟旗]){1,2})"
_SEED = 20_190_620


@dataclass(frozen=True)
class _Numbers:
    """The resident numbers of a sample's records: 18 bytes each, and which records have one."""

    column: Column
    rows: npt.NDArray[np.uint8]
    there: Truths
    distinct: int

    def digits(self, start: int, end: int) -> Numbers:
        """Some digits of each number, as one number."""
        found = self.rows[:, start:end].astype(np.int64) - ord("0")
        value: Numbers = found @ 10 ** np.arange(end - start - 1, -1, -1)
        return value


def rows(sample: Sample) -> Iterator[Evidence]:
    """Up to three rows a table: `resident-id-birth-date`, `resident-id-sex`, `resident-id-region`."""
    numbers = _numbers(sample)
    if numbers is None:
        return
    for test in (_birth_date, _sex, _region):
        found = test(sample, numbers)
        if found is not None:
            yield found


def _numbers(sample: Sample) -> _Numbers | None:
    """The first column of resident numbers: the valid ones, or all of the shape where most checks fail."""
    columns = sample.of_type("cn_resident_id")
    if not columns:
        return None
    texts = resident_id_long(compact(sample.raw(columns[0])))
    texts = kept(texts, matching(texts, "[0-9]{17}[0-9X]"))
    valid = resident_id(texts)
    if valid.sum() >= 0.5 * (len(texts) - texts.null_count):
        texts = kept(texts, valid)
    found, there = byte_rows(texts, 18)
    return _Numbers(columns[0], found, there, len(pc.unique(texts.drop_null())))


def _birth_date(sample: Sample, numbers: _Numbers) -> Evidence | None:
    inside = numbers.digits(6, 14)
    best: Evidence | None = None
    for column in (*sample.of_type("birth_date"), *sample.of_type("date")):
        values = sample.clean(column)
        if values is None or not pa.types.is_date32(values.type):
            continue
        stated = values.filter(pa.array(numbers.there))
        known = truths(stated.is_valid())
        written = _written(stated)[known]
        hits = int((written == inside[known]).sum())
        # A plain date is a birth date only where it agrees; whatever else it may be, it need not.
        if sample.types[column] == "date" and (best or hits < max(FEW, 0.5 * len(written))):
            continue
        made = _agreement(sample, numbers, column, "birth-date", inside[known], written)
        best = best or made
    return best


def _written(dates: pa.Date32Array) -> Numbers:
    """Dates as numbers of eight digits."""
    filled = dates.fill_null(0)
    year, month, day = (part(filled).to_numpy().astype(np.int64) for part in (pc.year, pc.month, pc.day))
    written: Numbers = year * 10_000 + month * 100 + day
    return written


def _sex(sample: Sample, numbers: _Numbers) -> Evidence | None:
    odd = numbers.digits(16, 17) % 2
    for column in sample.of_type("sex"):
        values = sample.clean(column)
        if values is None:
            continue
        stated = values.filter(pa.array(numbers.there))
        known = truths(stated.is_valid())
        male = truths(pc.equal(stated, "M"))[known].astype(np.int64)
        return _agreement(sample, numbers, column, "sex", odd[known], male)
    return None


def _agreement(
    sample: Sample, numbers: _Numbers, column: Column, part: str, one: Numbers, other: Numbers
) -> Evidence:
    names = [sample.names[numbers.column], sample.names[column]]
    tries = len(one) if numbers.distinct >= FEW else min(len(one), numbers.distinct)
    hits = int((one == other).sum()) if len(one) == tries else 0
    what = "records with both a number and this column"
    chance = _by_chance(one, other)
    found = agreement(f"resident-id-{part}", sample.shown, names, hits, tries, chance, what)
    if part == "sex" and tries >= FEW and hits <= 0.1 * tries:
        # Nobody gets it wrong so thoroughly by making it up.
        return replace(found, reading="inconclusive", band="nearly all the other way round")
    return found


def _by_chance(one: Numbers, other: Numbers) -> float:
    """How often two columns would agree if each were shuffled: the sum over values of both their shares."""
    values, first = np.unique(one, return_counts=True)
    others, second = np.unique(other, return_counts=True)
    _, here, there = np.intersect1d(values, others, assume_unique=True, return_indices=True)
    pairs = max(len(one) * len(other), 1)
    return float((first[here].astype(float) * second[there]).sum() / pairs)


def _region(sample: Sample, numbers: _Numbers) -> Evidence | None:
    native = [column for column in sample.of_type("address") if _is_native(sample.names[column])]
    # Where something happened, or where a journey goes, is no place that a person comes from.
    others = sample.of_type("address") if sample.review.kind != "event" else []
    for column in (*native, *others):
        chosen = pc.utf8_trim_whitespace(sample.raw(column).filter(pa.array(numbers.there)))
        places = pc.struct_field(pc.extract_regex(chosen, _PLACE), "place").dictionary_encode()
        known = truths(places.is_valid())
        place = places.indices.fill_null(0).to_numpy().astype(np.int64)[known]
        regions = numbers.digits(0, 6)[known]
        return _association(sample, (numbers.column, column), regions, place, is_native=bool(native))
    return None


def _is_native(untrusted_name: str) -> bool:
    return any(word in untrusted_name for word in _NATIVE) or bool(_NATIVE_WORDS & set(parts(untrusted_name)))


def _association(
    sample: Sample, columns: tuple[Column, Column], region: Numbers, place: Numbers, *, is_native: bool
) -> Evidence:
    """How much better the place is told when the number's region is known (Goodman and Kruskal's lambda)."""
    names = tuple(sample.names[column] for column in columns)
    name, expected = "resident-id-region", "clearly above 0 if genuine, 0 by chance"
    n = len(region)
    shuffled = np.random.Generator(np.random.PCG64(_SEED)).permutation(place)
    seen, chance = _told(region, place), _told(region, shuffled)
    if n < 10 * FEW or chance > 0.9:
        why = f"Only {n:,} records, or nearly all of one place."
        return cannot_tell(name, sample.shown, names, n, expected, why, "too few or too alike to tell")
    gain = (seen - chance) / (1 - chance)
    reading: Reading = (
        "consistent" if gain >= 0.3 else "inconsistent" if gain < 0.05 and is_native else "inconclusive"
    )
    words = "the region tells the address" if gain >= 0.3 else "the region says little of the address"
    words = "the region says nothing of the address" if gain < 0.05 else words
    why = (
        f"Knowing the region in the number tells the place in {seen:.1%} of {n:,} records, a random pairing "
        f"in {chance:.1%}."
    )
    return Evidence(name, sample.shown, names, n, round(gain, 4), expected, reading, words, why)


def _told(region: Numbers, place: Numbers) -> float:
    """The share of records whose place is the commonest one of their region."""
    if not len(region):
        return 1.0
    _, group = np.unique(region, return_inverse=True)
    pairs, counts = np.unique(group * (int(place.max()) + 1) + place, return_counts=True)
    best = np.zeros(int(group.max()) + 1, np.int64)
    np.maximum.at(best, pairs // (int(place.max()) + 1), counts)
    return float(best.sum() / len(region))
