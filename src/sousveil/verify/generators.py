"""Fingerprints of generators: a table whose names or jobs all are among those that Faker or mimesis know.

Real people have rare names: in public tables between 40 and 95 % of the words are in the fullest list. A
table in which nearly all are, among dozens of different ones, was made by that generator, or from its list.
`generators.bin` is made by benchmarks/generator_pools.py from Faker and mimesis (both MIT); it holds 20
bits of a checksum of each word, not the words.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.normalise.tidy import known, tidy
from sousveil.vault import Column
from sousveil.verify.evidence import Evidence, Facts, Reading, cannot_tell, gathered
from sousveil.verify.sample import Sample, distinct
from sousveil.verify.words import BITS, fingerprint, folded

FACTS = {
    "known-generators": Facts(
        "Assumes that real people or trades are more various than any generator's list; a short list of "
        "common names, or names put in place of the real ones before a dump was passed on, look the same.",
        "Word from the source that names were replaced.",
    )
}
_ALL = 0.985
"""The share of different values from which on a list has them all; slips and double names are the rest."""
_LEAST_VALUES, _LEAST_WORDS = 60, 40
_MOST = 2_000
"""Different values looked at."""
_JOBS = frozenset(("category", "text", "unknown", "organisation"))

Prints = npt.NDArray[np.uint32]


class Pool(NamedTuple):
    """The words of one generator in one language."""

    generator: str
    locale: str
    prints: Prints


@cache
def pools(kind: str) -> tuple[Pool, ...]:
    """The pools of `names` or of `jobs`."""
    data = files("sousveil.verify").joinpath("generators.bin").read_bytes()
    size = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + size])
    planes = np.frombuffer(zlib.decompress(data[4 + size :]), np.uint8).reshape(4, -1)
    gaps = np.ascontiguousarray(planes.T).view("<u4").ravel()
    found, start = [], 0
    for generator, locale, this, count in head["pools"]:
        if this == kind:
            found.append(Pool(generator, locale, np.cumsum(gaps[start : start + count], dtype=np.uint32)))
        start += count
    return tuple(found)


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a reading: columns of names, and those of jobs of which a generator's list has all."""
    names = [_names(sample, column) for column in sample.of_type("person_name")]
    jobs = [_jobs(sample, column) for column in sample.of_type(*_JOBS)]
    yield from gathered([*names, *(found for found in jobs if found is not None)])


def _names(sample: Sample, column: Column) -> Evidence:
    texts = [folded(text) for text in _some(sample, column)]
    parts = [_parts(text) for text in texts if text]
    words = {word for ways in parts for way in ways for word in way}
    names = (sample.names[column],)
    if len(parts) < _LEAST_VALUES or len(words) < _LEAST_WORDS:
        why = f"{len(parts):,} different names of {len(words):,} words."
        return cannot_tell("known-generators", sample.shown, names, len(parts), _EXPECTED, why)
    shares = _held(pools("names"), parts)
    return _judged(sample, names, len(parts), shares, pools("names"), "names")


def _jobs(sample: Sample, column: Column) -> Evidence | None:
    texts = [text for text in _some(sample, column) if 3 <= len(text) <= 80]
    if len(texts) < _LEAST_WORDS:
        return None
    prints = np.array([fingerprint(text) for text in texts], np.uint32)
    shares = [float(np.isin(prints, pool.prints).mean()) for pool in pools("jobs")]
    found = _judged(sample, (sample.names[column],), len(texts), shares, pools("jobs"), "jobs")
    return found if found.reading == "inconsistent" else None


_EXPECTED = "well below 1 if genuine, 1 for a generator's list"


def _some(sample: Sample, column: Column) -> list[str]:
    """Distinct values, spread over the sample."""
    values = distinct(known(tidy(distinct(sample.raw(column)))))
    step = max(1, len(values) // _MOST)
    return [str(value) for value in values.take(pa.array(np.arange(0, len(values), step))).to_pylist()]


def _parts(name: str) -> list[list[str]]:
    """The ways to take a name apart: at spaces; a short one without any, also after one to three signs."""
    words = name.split(" ")
    if len(words) == 1 and 2 <= len(name) <= 7 and not name.isascii():
        return [words, *([name[:at], name[at:]] for at in range(1, min(4, len(name))))]
    plain = [part for word in words for part in word.split("-") if part]
    return [words, plain] if plain != words else [words]


def _held(among: tuple[Pool, ...], parts: list[list[list[str]]]) -> list[float]:
    """For each pool, the share of names of which every word is in it, taken apart in one way or another."""
    ways = [way for name in parts for way in name]
    prints = np.array([fingerprint(word) for way in ways for word in way], np.uint32)
    begins = np.cumsum([0, *(len(way) for way in ways[:-1])])
    names = np.cumsum([0, *(len(name) for name in parts[:-1])])
    shares = []
    inside = np.zeros(1 << BITS, np.bool_)
    for pool in among:
        inside[pool.prints] = True
        whole = np.logical_and.reduceat(inside[prints], begins)
        shares.append(float(np.logical_or.reduceat(whole, names).mean()))
        inside[pool.prints] = False
    return shares


def _judged(
    sample: Sample, names: tuple[str, ...], n: int, shares: list[float], among: tuple[Pool, ...], what: str
) -> Evidence:
    # Lists grow by taking over others: of those that have all, the shortest says most.
    best = max(shares)
    nearly = [place for place, share in enumerate(shares) if share >= best - 0.005]
    shortest = min(len(among[place].prints) for place in nearly)
    alike = [place for place in nearly if len(among[place].prints) <= 1.05 * shortest]
    place = min(alike, key=lambda near: len(among[near].locale))
    pool, share = among[place], shares[place]
    # A long list has some fingerprints by chance: what it would have of any other words is no evidence.
    chance = len(pool.prints) / (1 << BITS)
    reading: Reading = "inconsistent" if share >= _ALL else "consistent" if share <= 0.9 else "inconclusive"
    label = f"{pool.generator}, {pool.locale.replace('_', '-')}"
    said = {"consistent": "more various than a generator", "inconclusive": "hardly more various than one"}
    words = said.get(reading, f"as made by the generator {label}")
    why = (
        f"{share:.1%} of {n:,} different {what} are in the list of {label}, {chance:.1%} would be by chance."
    )
    figure = round(share, 4)
    return Evidence("known-generators", sample.shown, names, n, figure, _EXPECTED, reading, words, why)
