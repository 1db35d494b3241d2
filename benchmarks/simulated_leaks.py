"""Small leaks about nobody, with parameters at random, and what a careless matcher made of each.

They serve `benchmarks.count_review`: what is under test is the review, so the matcher is a plain one, and
made worse at random (people joined that should not be, and torn apart).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sousveil.count.records import NO_DAY, NONE, Coded, Records
from sousveil.count.subjects import Subject
from sousveil.vault import Table

FAMILY = [chr(0x738B + 3 * n) for n in range(90)]
GIVEN = [chr(0x4E07 + 11 * n) for n in range(240)]
TABLES = 3

Rng = np.random.Generator


@dataclass(frozen=True)
class Parameters:
    """What a leak is like."""

    people: int
    records_each: float
    id_lost: float
    """Records whose number is missing for no reason."""
    never: float
    """People who never have a number: for a reason, where it is not 0."""
    id_wrong: float
    name_wrong: float
    born_wrong: float
    born_lost: float
    phone_lost: float
    phones_each: int
    twins: float
    torn: float
    """Records that the matcher tears from their person."""
    joined: float
    """People whom the matcher takes for another of the same name or birth date."""
    tables_without: int
    """Tables that have no column for the number."""
    families: float
    """People who share a telephone with their household."""

    @classmethod
    def random(cls, rng: np.random.Generator) -> Parameters:
        """Parameters at random; in 40 % of leaks numbers are missing for a reason."""
        reason = rng.random() < 0.4
        return cls(
            people=int(rng.integers(1_500, 6_000)),
            records_each=float(rng.uniform(1.3, 6)),
            id_lost=float(rng.uniform(0, 0.3)),
            never=float(rng.uniform(0.05, 0.3)) if reason else 0.0,
            id_wrong=float(rng.uniform(0, 0.04)),
            name_wrong=float(rng.uniform(0, 0.08)),
            born_wrong=float(rng.uniform(0, 0.05)),
            born_lost=float(rng.uniform(0, 0.15)),
            phone_lost=float(rng.uniform(0.1, 0.6)),
            phones_each=int(rng.integers(1, 4)),
            twins=float(rng.uniform(0, 0.03)),
            torn=float(rng.uniform(0, 0.03)),
            joined=float(rng.uniform(0, 0.03)),
            tables_without=int(reason and rng.random() < 0.5),
            families=float(rng.uniform(0, 0.5)),
        )


@dataclass(frozen=True)
class Leak:
    """A leak, the truth, and the matcher's people."""

    parameters: Parameters
    records: Records
    truth: np.ndarray
    """Who each record is about."""
    table: np.ndarray
    person: np.ndarray
    """Who the matcher says it is about; `NONE` for nobody known."""
    sure: np.ndarray


def leak(seed: int) -> Leak:
    """The leak of a seed."""
    rng = np.random.default_rng(seed)
    like = Parameters.random(rng)
    family, given, born, phones, never = _people(rng, like)
    truth = np.repeat(np.arange(like.people), 1 + rng.poisson(like.records_each - 1, like.people))
    size = len(truth)
    table = np.sort(rng.integers(0, TABLES, size))
    truth = rng.permutation(truth)
    name = [f"{family[p]}{given[p]}" for p in truth]
    # Who never has a number is also written down with less care.
    careless = 1 + 2 * never[truth]
    name = _misspelt(rng, name, rng.random(size) < like.name_wrong * careless)
    day = _mistaken(rng, born[truth], rng.random(size) < like.born_wrong * careless)
    day = np.where(rng.random(size) < like.born_lost, NO_DAY, day).astype(np.int32)
    phone = phones[truth, rng.integers(0, like.phones_each, size)]
    phone = np.where(rng.random(size) < like.phone_lost, NONE, phone).astype(np.int32)
    lost = never[truth] | (rng.random(size) < like.id_lost) | (table < like.tables_without)
    wrong = ~lost & (rng.random(size) < like.id_wrong)
    number = np.where(lost | wrong, NONE, truth).astype(np.int32)
    records = _records(rng, table, name, day, phone, number, np.where(wrong, truth, NONE), born)
    person, sure = _matched(rng, records, like)
    return Leak(like, records, truth, table, person, sure)


def _people(rng: Rng, like: Parameters) -> tuple[Any, ...]:
    size = like.people
    household = rng.integers(0, max(size // 3, 1), size)
    of_house = _drawn(rng, len(FAMILY), 5, size)
    family = np.array(FAMILY)[of_house[household]]
    first, second = (_drawn(rng, len(GIVEN), 15, size) for _ in range(2))
    short = rng.random(size) < 0.3
    given = [GIVEN[a] if s else GIVEN[a] + GIVEN[b] for a, b, s in zip(first, second, short, strict=True)]
    born = rng.integers(-15_000, 17_000, size)
    twins = np.flatnonzero(rng.random(size) < like.twins)
    twins = twins[twins + 1 < size]
    born[twins + 1], family[twins + 1], household[twins + 1] = born[twins], family[twins], household[twins]
    phones = rng.permutation(size * like.phones_each).reshape(size, -1)
    phones[rng.random(size) < like.families, 0] = size * like.phones_each
    shared = phones[:, 0] == size * like.phones_each
    phones[shared, 0] += household[shared]
    return family, given, born, phones, rng.random(size) < like.never


def _drawn(rng: Rng, kinds: int, evenness: int, size: int) -> Any:
    """Numbers below `kinds`, the n-th in proportion to 1 / (n + evenness), as names are."""
    weight = 1 / (np.arange(kinds) + evenness)
    return rng.choice(kinds, size, p=weight / weight.sum())


def _misspelt(rng: Rng, names: list[str], where: Any) -> list[str]:
    for place in np.flatnonzero(where):
        name, kind = names[place], rng.integers(0, 4)
        if kind == 0:
            names[place] = name[1:] + name[:1]
        elif kind == 1 and len(name) > 2:
            names[place] = name[:-1]
        else:
            at = int(rng.integers(0 if rng.random() < 0.2 else 1, len(name)))
            names[place] = name[:at] + GIVEN[int(rng.integers(0, len(GIVEN)))] + name[at + 1 :]
    return names


def _mistaken(rng: Rng, born: Any, where: Any) -> Any:
    """Birth dates with a wrong day, month or year; now and then a wholly other one."""
    shift = rng.choice([1, -1, 9, 10, 30, 31, 365, -366, 3_653, 1_234], len(born))
    return np.where(where, born + shift, born)


def _records(
    rng: Rng, table: Any, name: list[str], born: Any, phone: Any, number: Any, mistyped: Any, true_born: Any
) -> Records:
    size = len(name)
    texts = [f"990{n % 1000:03d}{int(b) + 20_000:08d}{n % 10_000:04d}" for n, b in enumerate(true_born)]
    failed = []
    for p in mistyped:
        if p < 0:
            failed.append(None)
            continue
        at = int(rng.integers(3, 18))
        failed.append(
            texts[p][:at] + str((int(texts[p][at]) + int(rng.integers(1, 10))) % 10) + texts[p][at + 1 :]
        )
    subjects = []
    for t in range(TABLES):
        where = np.flatnonzero(table == t)
        part = slice(int(where[0]), int(where[-1]) + 1)
        made = Table(t + 1, f"t{t + 1}", 1, len(where), 0, ())
        subjects.append((Subject(made, {"cn_resident_id": "c1"}, {}, (("c2",),)), part))
    return Records(
        tuple(subjects),
        np.arange(1, size + 1),
        {"cn_resident_id": Coded(number, pa.array(texts))},
        (_coded(name),),
        born.astype(np.int32),
        Coded(phone, pa.array([str(p) for p in range(int(phone.max()) + 1)])),
        Coded(np.full(size, NONE, np.int32), pa.array([], pa.string())),
        {"cn_resident_id": _coded(failed)},
        np.full(size, NONE, np.int32),
        np.zeros(size, np.uint64),
    )


def _coded(texts: list[Any]) -> Coded:
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    return Coded(encoded.indices.fill_null(NONE).to_numpy().astype(np.int32), encoded.dictionary)


def _matched(rng: Rng, records: Records, like: Parameters) -> tuple[Any, Any]:
    """By number; then by name with birth date or telephone; then made worse."""
    number, name = records.numbers["cn_resident_id"].codes, records.name
    person = number.astype(np.int64)
    following = int(number.max()) + 1
    for other, missing in ((records.born, NO_DAY), (records.phone.codes, NONE)):
        key = np.where((other != missing), (name.astype(np.int64) << 32) + other, -1)
        following = _by_key(person, key, following)
    sure = number >= 0
    torn = rng.random(len(person)) < like.torn
    person[torn] = following + np.arange(int(torn.sum()))
    sure &= ~torn
    labels = np.unique(person[person >= 0])
    for label in rng.choice(labels, int(like.joined * len(labels)), replace=False):
        place = int(rng.choice(np.flatnonzero(person == label)))
        alike = np.flatnonzero((name == name[place]) | (records.born == records.born[place]))
        other = int(rng.choice(alike))
        if person[other] >= 0:
            person[person == label] = person[other]
    return person, sure & (person >= 0)


def _by_key(person: Any, key: Any, following: int) -> int:
    """Give each record of nobody the person of its key, if there is one; a new one where there is none."""
    known = (person >= 0) & (key >= 0)
    pairs = np.unique(np.column_stack([key[known], person[known]]), axis=0)
    keys, first, count = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    open_ = np.flatnonzero((person < 0) & (key >= 0))
    at = np.minimum(np.searchsorted(keys, key[open_]), max(len(keys) - 1, 0))
    hit = keys[at] == key[open_] if len(keys) else np.zeros(len(open_), bool)
    single = hit & (count[at] == 1)
    person[open_[single]] = pairs[first[at[single]], 1]
    new = open_[~hit]
    fresh, place = np.unique(key[new], return_inverse=True)
    person[new] = following + place
    return following + len(fresh)
