"""The regions and serials inside Chinese resident numbers, against population and against drawn lots.

A register of one city holds one province above all, a national one holds the large provinces most. A
generator that picks from a list of districts does neither: provinces come up by their number of districts.
Populations are of the census of 2020 (National Bureau of Statistics of China, communiqué no. 3), in hundred
thousands; Chongqing counts with Sichuan and Hainan with Guangdong, whose codes their older people have.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sousveil.normalise.identifiers import compact, kept, matching, resident_id_long
from sousveil.survey.checks import byte_rows, resident_id
from sousveil.verify.evidence import Evidence, Facts, Reading, cannot_tell
from sousveil.verify.figures import beyond_chi_square, rank_correlation
from sousveil.verify.sample import Sample, distinct

FACTS = {
    "area-codes": Facts(
        "Assumes that people of a whole country come from its provinces by their population, or mostly from "
        "a few of them; a list drawn evenly from all provinces on purpose does neither.",
        "Knowing which regions the register covers.",
    ),
    "serial-digits": Facts(
        "Assumes nothing of genuine numbers but that offices give out low serials first, which evens out "
        "where very many offices come together: evenness alone is never held against a table.",
        "Genuine numbers of the same regions to compare with.",
    ),
}
_POPULATION = {
    11: 219, 12: 139, 13: 746, 14: 349, 15: 240, 21: 426, 22: 241, 23: 319, 31: 249, 32: 847, 33: 646,
    34: 610, 35: 415, 36: 452, 37: 1015, 41: 994, 42: 578, 43: 664, 44: 1361, 45: 501, 51: 1157, 52: 386,
    53: 472, 54: 36, 61: 395, 62: 250, 63: 59, 64: 72, 65: 259,
}  # fmt: skip
_MERGED = {50: 51, 46: 44}
_NUMBERS = 1_000

Digits = npt.NDArray[np.int64]


def rows(sample: Sample) -> Iterator[Evidence]:
    """Two rows for a column of resident numbers: `area-codes` and `serial-digits`."""
    columns = sample.of_type("cn_resident_id")
    if not columns:
        return
    texts = distinct(resident_id_long(compact(distinct(sample.raw(columns[0])))))
    texts = kept(texts, matching(texts, "[0-9]{17}[0-9X]") & resident_id(texts)).drop_null()
    digits = byte_rows(texts, 18)[0][:, :17].astype(np.int64) - ord("0")
    names = (sample.names[columns[0]],)
    yield _areas(sample, names, digits)
    yield _serials(sample, names, digits)


def _areas(sample: Sample, names: tuple[str, ...], digits: Digits) -> Evidence:
    name, expected = "area-codes", "near 1 for a whole country; few provinces for a part of it"
    province = digits[:, 0] * 10 + digits[:, 1]
    for part, whole in _MERGED.items():
        province[province == part] = whole
    known = province[np.isin(province, list(_POPULATION))]
    n = len(known)
    counts = np.array([int((known == code).sum()) for code in _POPULATION])
    if n < _NUMBERS or n < 0.5 * len(province):
        why = f"{n:,} of {len(province):,} different valid numbers are of a known province."
        return cannot_tell(name, sample.shown, names, n, expected, why)
    people = np.array(list(_POPULATION.values()), float)
    rank = rank_correlation(counts, people)
    largest = float(counts.max() / n)
    reading: Reading = "inconclusive"
    words = "neither by population nor from one part"
    if largest >= 0.5:
        reading, words = "consistent", "mostly of one province"
    elif rank >= 0.9:
        reading, words = "consistent", "by population"
    elif largest <= 0.12 and rank < 0.8 and (counts > 0).sum() >= 25:
        reading, words = "inconsistent", "spread over all provinces, but not by population"
    why = f"The rank correlation of provinces with their population is {rank:.2f}, of {n:,} numbers."
    return Evidence(name, sample.shown, names, n, round(rank, 3), expected, reading, words, why)


def _serials(sample: Sample, names: tuple[str, ...], digits: Digits) -> Evidence:
    name, expected = "serial-digits", "uneven for one office, even for lots drawn"
    n = len(digits)
    if n < _NUMBERS:
        return cannot_tell(name, sample.shown, names, n, expected, f"Only {n:,} different valid numbers.")
    counts = np.bincount(digits[:, 14] * 10 + digits[:, 15], minlength=100)
    luck = beyond_chi_square(float(((counts - n / 100) ** 2 / (n / 100)).sum()), 99)
    reading: Reading = "consistent" if luck < 1e-6 else "inconclusive"
    words = "uneven, as offices give them out" if luck < 1e-6 else "as even as lots drawn"
    why = f"A spread as uneven as that of these {n:,} serials comes up by chance with p = {luck:.2g}."
    return Evidence(name, sample.shown, names, n, round(luck, 4), expected, reading, words, why)
