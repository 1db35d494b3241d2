"""Atoms that nobody is in but could be: where a group has too many possible atoms to take them all.

A world may use any of the possible atoms. Those that occur are not enough: an empty cell could never be k-1,
and the few of a small cell would have nowhere to go. So each small cell of the tables that are asked for is
crossed with what is most frequent beside each of its labels. More atoms make more worlds and never a wrong
one, as long as a record could be in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from sousveil.gate.atoms.clusters import Group
from sousveil.gate.protection.system import Flags, Ints
from sousveil.gate.sheet import Labels

COMMON = 4
"""How many of the most frequent completions beside each label of a cell are taken."""
MOST_CELLS = 60_000
"""Combinations of labels of one table; of more, only those that occur are completed."""


def likely(
    recodes: Sequence[str],
    observed: Mapping[Labels, tuple[int, int]],
    asked: Iterable[Group],
    possible: Mapping[str, Collection[Labels]],
    k: int,
) -> list[Labels]:
    """Atoms (keys in the order of `recodes`) beside those observed, by the small cells of asked tables.

    `possible` are, for each column, what can go together in it, in the order of the recodes.
    """
    if not observed:
        return []
    labels, codes = _coded(recodes, possible, list(observed))
    people = np.array([number for _, number in observed.values()], dtype=np.int64)
    shape = np.array([len(one) for one in labels], dtype=np.int64)
    found = [
        _completed(codes, people, shape, [recodes.index(one) for one in recodes if one in group], k)
        for group in sorted(asked, key=sorted)
        if group < set(recodes)
    ]
    if not found:
        return []
    made = np.unique(np.concatenate(found), axis=0)
    made = made[_possible(made, labels, possible)]
    keys = [tuple(labels[place][code] for place, code in enumerate(row)) for row in made.tolist()]
    return [key for key in keys if key not in observed]


def _coded(
    recodes: Sequence[str], possible: Mapping[str, Collection[Labels]], keys: Sequence[Labels]
) -> tuple[list[list[str]], Ints]:
    """For each recode its labels, and every key as their places."""
    parts = [part for found in possible.values() for part in zip(*found, strict=True)]
    labels = [sorted({*part, *(key[n] for key in keys)}) for n, part in enumerate(parts)]
    places = [{label: place for place, label in enumerate(one)} for one in labels]
    codes = [[place[label] for place, label in zip(places, key, strict=True)] for key in keys]
    return labels, np.array(codes, dtype=np.int64).reshape(len(keys), len(recodes))


def _completed(codes: Ints, people: Ints, shape: Ints, inside: Sequence[int], k: int) -> Ints:
    """The small cells by some of the recodes, each with the completions common beside one of its labels."""
    outside = [place for place in range(len(shape)) if place not in inside]
    cell, rest = (_joined(codes[:, some], shape[some]) for some in (inside, outside))
    room = int(np.prod(shape[inside]))
    if room > MOST_CELLS:
        seen, back = np.unique(cell, return_inverse=True)
        small = seen[np.bincount(back, people) < k]
    else:
        small = np.flatnonzero(np.bincount(cell, people, room) < k)
    cells = _apart(small, shape[inside])
    made = []
    for place, column in enumerate(inside):
        beside, completion = _common(codes[:, column], rest, people)
        first = np.searchsorted(beside, cells[:, place])
        for step in range(COMMON):
            at = np.minimum(first + step, len(beside) - 1)
            fits = beside[at] == cells[:, place]
            row = np.empty((int(fits.sum()), len(shape)), dtype=np.int64)
            row[:, inside] = cells[fits]
            row[:, outside] = _apart(completion[at[fits]], shape[outside])
            made.append(row)
    return np.concatenate(made)


def _common(label: Ints, rest: Ints, people: Ints) -> tuple[Ints, Ints]:
    """For each label, ascending, its most frequent completions, at most `COMMON`."""
    wide = int(rest.max()) + 1
    pairs, back = np.unique(label * wide + rest, return_inverse=True)
    number = np.bincount(back, people)
    order = np.lexsort((pairs, -number, pairs // wide))
    owner = pairs[order] // wide
    begins = np.searchsorted(owner, owner)
    kept = np.arange(len(owner)) - begins < COMMON
    return owner[kept], pairs[order][kept] % wide


def _joined(codes: Ints, shape: Ints) -> Ints:
    """Rows of codes as one number each."""
    number = np.zeros(len(codes), dtype=np.int64)
    for place, size in enumerate(shape.tolist()):
        number = number * size + codes[:, place]
    return number


def _apart(numbers: Ints, shape: Ints) -> Ints:
    """The rows of codes that numbers stand for."""
    return np.stack(np.unravel_index(numbers, tuple(shape.tolist())), axis=1).astype(np.int64)


def _possible(
    made: Ints,
    labels: Sequence[Sequence[str]],
    possible: Mapping[str, Collection[Labels]],
) -> Flags:
    """Which rows hold, in each column, what can go together there."""
    good = np.ones(len(made), dtype=np.bool_)
    first = 0
    for found in possible.values():
        places = range(first, first + len(next(iter(found))))
        first += len(places)
        together = {
            tuple(labels[place].index(label) for place, label in zip(places, one, strict=True))
            for one in found
        }
        part, back = np.unique(made[:, list(places)], axis=0, return_inverse=True)
        good &= np.array([tuple(row) in together for row in part.tolist()], dtype=np.bool_)[back.reshape(-1)]
    return good
