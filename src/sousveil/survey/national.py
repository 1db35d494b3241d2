"""What national identity numbers are made of: digits with weights, birth dates inside, and a common rule.

A kernel takes rows of digits (`Numbers`, one row a text) and says which hold; `of_digits` makes a check of it
that takes Arrow texts, like those of `sousveil.survey.checks`. The sources are named in each type's file.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.normalise.identifiers import matching
from sousveil.survey.checks import Bytes, Check, Numbers, Truths, digits, each, luhn_digits, real_dates
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight

Kernel = Callable[[Numbers], Truths]

DAY = "(?:0[1-9]|[12][0-9]|3[01])"
MONTH = "(?:0[1-9]|1[0-2])"
_ALL = 0.97
"""The share of values that must be possible numbers, where nothing but their shape speaks."""
_GUESS = 0.4
"""Confidence in a check that several kinds of numbers have, where no header names the number."""


def of_digits(width: int, kernel: Kernel) -> Check:
    """A check of texts of `width` digits."""

    def rows_hold(rows: Bytes) -> Truths:
        found, numeric = digits(rows)
        truths: Truths = numeric & kernel(np.where(numeric[:, None], found, 0))
        return truths

    return lambda values: each(values, width, rows_hold)


def whole(found: Numbers, start: int, stop: int) -> Numbers:
    """The number that the digits from `start` to before `stop` make."""
    powers = 10 ** np.arange(stop - start - 1, -1, -1, dtype=np.int64)
    number: Numbers = found[:, start:stop] @ powers
    return number


def total(found: Numbers, *weights: int) -> Numbers:
    """The sum of the first digits, each times its weight."""
    summed: Numbers = found[:, : len(weights)] @ np.array(weights, np.int64)
    return summed


def passes_luhn(found: Numbers) -> Truths:
    """Luhn's check (ISO/IEC 7812-1) over all the digits."""
    return luhn_digits(found)


def mod_11_10(found: Numbers) -> Truths:
    """ISO 7064 MOD 11,10 over all the digits."""
    check = np.full(len(found), 5, np.int64)
    for place in range(found.shape[1] - 1):
        check = (np.where(check == 0, 10, check) * 2 % 11 + found[:, place]) % 10
    truths: Truths = (np.where(check == 0, 10, check) * 2 % 11 + found[:, -1]) % 10 == 1
    return truths


def born(years: Numbers, months: Numbers, days: Numbers) -> Truths:
    """Which dates with years of two digits exist in the last century or in this one."""
    return real_dates(years + 1900, months, days) | real_dates(years + 2000, months, days)


def letters(rows: Bytes, values: dict[str, int]) -> Numbers:
    """The value of each byte by a table of characters, -1 for others."""
    table = np.full(256, -1, np.int64)
    for sign, value in values.items():
        table[ord(sign)] = value
    found: Numbers = table[rows]
    return found


def one_of(values: Numbers, allowed: npt.ArrayLike) -> Truths:
    """Which numbers are among those allowed."""
    return np.isin(values, np.asarray(allowed))


def national(
    name: str,
    summary: str,
    pattern: str,
    widths: tuple[int, ...],
    headers: str,
    check: Check | None = None,
    chance: float | None = None,
    proved: float = 0.97,
    alone: float = 0.0,
    sure: str | None = None,
    shared: bool = False,
    plain: Callable[[pa.StringArray], pa.StringArray] | None = None,
    rivals: tuple[str, ...] = (),
) -> ColumnType:
    """A national identity number.

    `pattern` is an RE2 pattern of compact texts, `widths` their lengths in characters; `check` takes compact
    texts (after `plain`, where given); `sure` is a pattern of tidied texts, separators included, that says it
    without a header. `shared`: numbers of other kinds have the same check (books, orders, other countries),
    so that it takes a header of its own.
    """

    def valid(values: pa.StringArray) -> Truths:
        return check(plain(values) if plain else values) if check else matching(values, pattern)

    def weigh(e: Evidence) -> Weight:
        common = found.weigh_shape(e)
        if chance is None and e.meanings.get(name, 0.0) < 0.5 and e.share(found.valid(e)) < _ALL:
            # Without a check, what no such number may have (group 00, month 13) is all there is to go by.
            return NOTHING
        if not shared or common is NOTHING or e.meanings.get(name, 0.0) >= 0.5:
            return common
        return _doubtful(common)

    fails = "a check fails" if chance is not None else "the shape is wrong"
    found = ColumnType(
        name=name,
        summary=summary,
        canonical=f"Without separators, upper case; null where {fails}.",
        fits=lambda e: e.compact_like(pattern),
        sure=(lambda e: e.like(sure)) if sure else None,
        holds=lambda e: valid(e.compact),
        check=valid,
        plain=plain,
        chance=chance,
        proved=proved,
        alone=alone,
        widths=widths,
        headers=headers,
        identifying=True,
        strong=True,
        national=True,
        gaps=True,
        rivals=rivals,
        weigh_by=weigh,
    )
    return found


def _doubtful(weight: Weight) -> Weight:
    return weight._replace(
        confidence=min(weight.confidence, _GUESS),
        by_values=min(weight.by_values, _GUESS),
        reason="check digits hold, but numbers of other kinds have the same check",
    )
