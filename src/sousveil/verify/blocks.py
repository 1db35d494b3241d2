"""Blocks of rows that differ from the rest: rows inserted into a table, or a part of it made another way.

The table is cut into up to 400 windows of rows in their order. For each column a window has some thirty
plain features: missing values, lengths, what a hash makes of whole values, beginnings and ends, values that
don't hold, values that stand elsewhere in the table as well, disorder in time. A feature is compared with
its running median, so that slow change counts for nothing; windows that leave it together, in two columns
or more, are a block. Where many do, the table is a mixture, and nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.vault import Column
from sousveil.verify.evidence import Evidence, Facts, Reading, cannot_tell
from sousveil.verify.sample import Sample
from sousveil.verify.windows import figures, raw_windows

FACTS = {
    "blocks": Facts(
        "Assumes that a table was written in one way from its first row to its last; rows taken over from "
        "another system, a change of software or a special event make blocks innocently.",
        "Knowing how the rows of the block came into the table.",
    )
}
_LEAST = 2_000
_WINDOWS, _SMALLEST = 400, 50
_FAR, _VERY_FAR = 6.0, 12.0
"""Deviations from which on a feature of a window is off, and by itself enough."""
_STEADY, _ALONE = 1.8, 3.0
"""Deviations within which four of five windows stay, and by which neighbours may hang together."""
_ODD = 4.0
_AROUND = 50
"""Windows before and after one by which its usual level is told."""
_MOST_OFF = 0.2
"""The share of windows that may be off in a table that still has a usual way."""
_LOOKED_AT = 100_000
"""Rows of a table that are looked at: every so many-th of a larger one."""
_BLOCKS = 3
_COLUMNS = 3
"""Columns in which a block is clear, in a table of six and more; in a narrow one half of them."""

Matrix = npt.NDArray[np.float64]
Records = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Run = tuple[int, int, tuple[str, ...]]
"""First and last window, and the columns that are off."""


class Feature(NamedTuple):
    """One figure of each window: the share of its rows for which something of the clean table is true."""

    column: str
    """The column as shown that it belongs to."""
    value: str
    """SQL of the truth of each row, as 0 or 1."""


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a table: `blocks`, over all of its records."""
    n = sample.table.records
    names = tuple(sample.names.values())
    expected = "0 if all rows were written in one way"
    if n < _LEAST:
        return
    size = max(_SMALLEST, -(-n // _WINDOWS))
    features = _features(sample)
    owners = [sample.names[column] for column in sample.types for _ in range(figures(sample.types[column]))]
    owners += [feature.column for feature in features]
    if sample.event in sample.kept and sample.event:
        owners.append(sample.names[sample.event])
    firsts, lasts, values, spread = _windows(sample, features, size)
    off = _off(values, spread)
    blocks = _runs(off, owners)
    share = float(off.any(axis=1).mean())
    if share > _MOST_OFF or len(blocks) > _BLOCKS:
        why = f"Windows of {size:,} rows differ from those around them all over the table: it is a mixture."
        yield cannot_tell("blocks", sample.shown, names, n, expected, why, "a mixture of many parts")
        return
    spans = tuple((int(firsts[first]), int(lasts[last])) for first, last, _ in blocks)
    columns = tuple(dict.fromkeys(name for *_, found in blocks for name in found)) or names
    observed = round(sum(last - first + 1 for first, last in spans) / n, 4)
    many = min(_COLUMNS, max(2, len(names) // 2))
    # The beginning of a table is often of another time than the rest.
    clear = any(first > 0 and len(found) >= many for first, _, found in blocks)
    reading: Reading = "inconsistent" if clear else "inconclusive" if blocks else "consistent"
    words = "a block of rows differs a little from the rest" if blocks else "no block of rows differs"
    words = "a block of rows differs from the rest" if clear else words
    where = "; ".join(f"rows {first:,} to {last:,}" for first, last in spans)
    why = f"Of {n:,} rows, in windows of {size:,}, {where or 'none'} differ in two columns or more."
    yield Evidence("blocks", sample.shown, columns, n, observed, expected, reading, words, why, spans)


def _features(sample: Sample) -> list[Feature]:
    """The truths of each row that its clean columns give."""
    kept = [column for column in sample.types if column in sample.kept]
    return [Feature(sample.names[column], f"({column.sql} IS NULL)::INT") for column in kept] + _joint(sample)


def _joint(sample: Sample) -> list[Feature]:
    """What the columns of a row say of each other."""
    found = []
    event = sample.event
    if event in sample.kept and event and sample.types[event] == "datetime" and not _in_order(sample, event):
        for low, high in ((0, 6), (6, 12), (12, 18)):
            hour = f"hour({event.sql}) >= {low} AND hour({event.sql}) < {high}"
            found.append(Feature(sample.names[event], f"({hour})::INT"))
    for number in sample.of_type("cn_resident_id")[:1]:
        for born in sample.of_type("birth_date")[:1]:
            agree = f"strftime({born.sql}, '%Y%m%d') = substring({number.sql}, 7, 8)"
            found.append(Feature(sample.names[born], f"({agree})::INT"))
        for sex in sample.of_type("sex")[:1]:
            agree = f"({sex.sql} = 'M') = (substring({number.sql}, 17, 1) IN ('1','3','5','7','9'))"
            found.append(Feature(sample.names[sex], f"({agree})::INT"))
    return found


def _in_order(sample: Sample, event: Column) -> bool:
    """Whether the records stand in the order of time: each hour then has windows of its own."""
    values = sample.clean(event)
    moments = values.drop_null().cast(pa.int64()).to_numpy() if values is not None else np.zeros(0)
    return bool((np.diff(moments) < 0).mean() < 0.2) if len(moments) > 1 else True


def _windows(sample: Sample, features: list[Feature], size: int) -> tuple[Records, Records, Matrix, Matrix]:
    """First and last record of each window, its features, and by how much chance makes them stray."""
    every = max(1, sample.table.records // _LOOKED_AT)
    raw = raw_windows(sample, size, every)
    clean = _grouped(sample, features, size, every)
    order = _disorder(sample, size, every)
    means = np.column_stack([raw.shares, clean, *order])
    counts = raw.counts.astype(float)
    whole = counts * every >= size / 2
    firsts, lasts = raw.firsts[whole], raw.lasts[whole]
    # What no row of a window can tell is no evidence there.
    means = np.nan_to_num(means)
    # A share strays by chance as its rows do: in none by less than a few odd rows would make it.
    usual = np.median(means * (1 - means), axis=0)
    spread = np.sqrt(np.maximum(usual, _ODD / counts[:, None]) / counts[:, None])
    return firsts, lasts, means[whole], spread[whole]


def _grouped(sample: Sample, features: list[Feature], size: int, every: int) -> Matrix:
    """The features of each window, in the order of the windows."""
    listed = "".join(f", avg({feature.value}) AS f{place}" for place, feature in enumerate(features))
    table = sample.engine.table(
        f"SELECT (_row - 1) // {size} AS place{listed} FROM {sample.table.clean} "  # noqa: S608
        f"WHERE _row % {every} = 0 GROUP BY place ORDER BY place"
    )
    columns = [table.column(name).to_numpy().astype(float) for name in table.column_names[1:]]
    return np.column_stack(columns) if columns else np.zeros((len(table), 0))


def _disorder(sample: Sample, size: int, every: int) -> list[Matrix]:
    """For the column that dates the records: the share of each window that are before the one above them."""
    event = sample.event
    if event is None or event not in sample.kept:
        return []
    table = sample.engine.table(
        f"SELECT _row, {event.sql} AS v FROM {sample.table.clean} "  # noqa: S608  # internal names
        f"WHERE _row % {every} = 0 ORDER BY _row"
    )
    window = (table.column("_row").to_numpy() - 1) // size
    when = table.column("v").combine_chunks()
    kind = pa.int64() if pa.types.is_timestamp(when.type) else pa.int32()
    moments = when.cast(kind).fill_null(0).to_numpy().astype(np.int64)
    before = np.concatenate([[False], moments[1:] < moments[:-1]])
    _, place = np.unique(window, return_inverse=True)
    return [np.bincount(place, before) / np.bincount(place)]


def _off(values: Matrix, spread: Matrix) -> Matrix:
    """How far each feature of each window lies off its usual level, in deviations; 0 within `_FAR`.

    A feature tells something only if its rows are alike but for a block: not where windows stray more than
    chance has it or hang together from one to the next, as dates in order and the weather do.
    """
    signed = (values - _running_median(values)) / spread
    far = np.abs(signed)
    steady = np.quantile(far, 1 - _MOST_OFF, axis=0) <= _STEADY
    calm = np.clip(signed, -3, 3) * (far < _FAR)
    together = (calm[1:] * calm[:-1]).sum(axis=0) / np.maximum((calm**2).sum(axis=0), 1e-9)
    steady &= np.abs(together) * len(values) ** 0.5 <= _ALONE
    steady &= ((values > 0) & (values < 1)).any(axis=0)
    return np.where((far >= _FAR) & steady[None, :], far, 0.0)


def _running_median(values: Matrix) -> Matrix:
    """The median of the windows around each; at the ends that of the first or the last so many."""
    from scipy.ndimage import median_filter

    span = 2 * _AROUND + 1
    if len(values) <= span:
        return np.broadcast_to(np.median(values, axis=0), values.shape)
    usual = np.column_stack([median_filter(column, span) for column in values.T])
    usual[:_AROUND], usual[-_AROUND:] = usual[_AROUND], usual[-_AROUND - 1]
    return usual


def _runs(off: Matrix, owners: list[str]) -> list[Run]:
    """Runs of windows that are off in two columns: first, last, columns."""
    owner = np.array(owners)
    columns = list(dict.fromkeys(owners))
    by_column = np.column_stack([off[:, owner == column].max(axis=1) for column in columns])
    together = ((by_column > 0).sum(axis=1) >= 2) & (by_column.max(axis=1) >= _FAR)
    found: list[Run] = []
    for place in np.flatnonzero(together):
        named = tuple(name for name, far in zip(columns, by_column[place], strict=True) if far)
        if found and place - found[-1][1] <= 2:
            first, _, names = found[-1]
            found[-1] = (first, int(place), tuple(dict.fromkeys(names + named)))
        else:
            found.append((int(place), int(place), named))
    return [_stretched(run, by_column) for run in found]


def _stretched(run: Run, by_column: Matrix) -> Run:
    """A run with the windows before and after it that are off in one of its columns."""
    first, last, names = run
    off: Flags = np.asarray((by_column > 0).any(axis=1))
    while first > 0 and off[first - 1]:
        first -= 1
    while last + 1 < len(off) and off[last + 1]:
        last += 1
    return first, last, names
