"""Rules 1 and 2: which strong identifiers are keys, and which records they tie together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.count.attach import Numbers, pack
from sousveil.count.grouping import distinct
from sousveil.count.names import MANY, different
from sousveil.count.records import NONE, PASSPORT, Coded, Codes, Flags, Records


@dataclass(frozen=True)
class Keys:
    """All strong identifiers of the case, numbered in one row: kind by kind, the strongest first."""

    kinds: tuple[str, ...]
    first: tuple[int, ...]
    """The number of each kind's first key; the last entry is the number of keys."""
    found: dict[str, Codes]
    """Each record's code of a kind, stand-ins taken out."""
    doubtful: Flags
    """Keys under which clearly different names stand, but too few to make it a stand-in."""
    size: int
    """The number of records."""

    @classmethod
    def of(cls, records: Records) -> Keys:
        """The keys of these records, after rule 1."""
        kinds = tuple(records.numbers)
        sizes = [len(records.numbers[kind].texts) for kind in kinds]
        first = (0, *(int(n) for n in np.cumsum(sizes)))
        doubtful = np.zeros(first[-1], np.bool_)
        found, name = {}, records.name
        for kind, start in zip(kinds, first, strict=False):
            coded = records.numbers[kind]
            apart = _names_apart(coded, name, records.names[0].texts)
            doubtful[start : start + len(apart)] = (apart > 1) & (apart < MANY)
            void = np.append(apart >= MANY, False)
            found[kind] = np.where(void[coded.codes], NONE, coded.codes).astype(np.int32)
        return cls(kinds, first, found, doubtful, len(records))

    def codes(self, kind: str) -> Codes:
        """Each record's code of one kind, stand-ins taken out."""
        return self.found.get(kind, np.full(self.size, NONE, np.int32))

    def numbered(self) -> Iterator[tuple[str, Numbers]]:
        """Each kind with each record's key, by its number over all kinds, or `NONE`."""
        for kind, start in zip(self.kinds, self.first, strict=False):
            codes = self.found[kind]
            yield kind, np.where(codes >= 0, codes.astype(np.int64) + start, NONE)

    def of_kind(self) -> npt.NDArray[np.int8]:
        """The place in `kinds` of each key."""
        return np.repeat(np.arange(len(self.kinds), dtype=np.int8), np.diff(self.first))


@dataclass(frozen=True)
class Persons:
    """Whom each record belongs to by its keys alone."""

    person: Numbers
    hard: Flags
    """Which persons have a national number."""
    sure: Flags
    """Which records name their person by a strong identifier that nothing speaks against."""


def components(keys: Keys) -> Persons:
    """Tie records together by their keys, and no two national numbers of a kind into one person."""
    links = _links(keys)
    label = _labels(links, keys.first[-1])
    torn = _contradicted(keys, label)
    shared = np.zeros(keys.first[-1], np.bool_)
    if torn.any():
        shared = _shared(keys, links) & torn[label]
        links = links[~(shared[links[:, 0]] | shared[links[:, 1]])]
        label = _labels(links, keys.first[-1])
        torn = _contradicted(keys, label)
        # What is left are chains over several documents: there, every key stands for itself.
        links = links[~torn[label[links[:, 0]]]]
        label = _labels(links, keys.first[-1])
    person = np.full(keys.size, NONE, np.int64)
    sure = np.zeros(keys.size, np.bool_)
    hard = np.zeros(int(label.max(initial=-1)) + 1, np.bool_)
    for kind, found in reversed(list(keys.numbered())):
        there = np.flatnonzero(found >= 0)
        there = there[~shared[found[there]]]
        person[there] = label[found[there]]
        sure[there] = ~keys.doubtful[found[there]]
        if kind != PASSPORT:
            hard[label[found[there]]] = True
    return Persons(person, hard, sure)


def _links(keys: Keys) -> npt.NDArray[np.int64]:
    """The pairs of keys of different kinds that stand in one record, each pair once."""
    found, pairs = list(keys.numbered()), [np.zeros(0, np.int64)]
    for place, (_, one) in enumerate(found):
        for _, other in found[place + 1 :]:
            both = (one >= 0) & (other >= 0)
            pairs.append(distinct(pack(one[both], other[both])))
    packed = np.concatenate(pairs)
    return np.column_stack([packed >> 32, packed & 0xFFFFFFFF])


def _labels(links: npt.NDArray[np.int64], size: int) -> Numbers:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), shape=(size, size))
    labels: Numbers = connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
    return labels


def _contradicted(keys: Keys, label: Numbers) -> Flags:
    """Which components hold two national numbers of one kind."""
    count = int(label.max(initial=-1)) + 1
    torn = np.zeros(count, np.bool_)
    for kind, start, end in zip(keys.kinds, keys.first, keys.first[1:], strict=False):
        if kind != PASSPORT:
            used = np.zeros(end - start, np.bool_)
            codes = keys.found[kind]
            used[codes[codes >= 0]] = True
            torn |= np.bincount(label[start:end][used], minlength=count) > 1
    return torn


def _shared(keys: Keys, links: npt.NDArray[np.int64]) -> Flags:
    """Which keys stand with two different national numbers of one kind."""
    kind_of = keys.of_kind()
    shared = np.zeros(keys.first[-1], np.bool_)
    both = np.concatenate([links, links[:, ::-1]])
    for place, kind in enumerate(keys.kinds):
        if kind != PASSPORT:
            beside = both[kind_of[both[:, 1]] == place, 0]
            shared |= np.bincount(beside, minlength=len(shared)) > 1
    # A number is believed against the document beside it, never the other way round.
    weakest = np.array([kind == PASSPORT for kind in keys.kinds])
    shared &= weakest[kind_of] | _weaker_number(keys, shared, both)
    return shared


def _weaker_number(keys: Keys, shared: Flags, both: npt.NDArray[np.int64]) -> Flags:
    """Shared national numbers that stand with two numbers of a stronger kind."""
    kind_of = keys.of_kind()
    found = np.zeros(len(shared), np.bool_)
    stronger = kind_of[both[:, 1]] < kind_of[both[:, 0]]
    for place in range(len(keys.kinds)):
        beside = both[stronger & (kind_of[both[:, 1]] == place), 0]
        found |= np.bincount(beside, minlength=len(shared)) > 1
    return found & shared


def _names_apart(numbers: Coded, name: Codes, names: pa.StringArray) -> npt.NDArray[np.int8]:
    """How many clearly different names stand under each number, by its code; at most `MANY`."""
    apart = np.ones(len(numbers.texts), np.int8)
    both = (numbers.codes >= 0) & (name >= 0)
    pairs = distinct(pack(numbers.codes[both], name[both]))
    under = pairs >> 32
    start = np.flatnonzero(np.append(True, under[1:] != under[:-1])) if len(under) else np.zeros(0, np.int64)
    end = np.append(start[1:], len(under))
    several = np.flatnonzero(end - start > 1)
    for place in several:
        texts = (names[int(code)].as_py() for code in pairs[start[place] : end[place]] & 0xFFFFFFFF)
        apart[under[start[place]]] = different(texts)
    return apart
