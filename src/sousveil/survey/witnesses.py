"""What the columns of a table say of each other, row by row of the sample."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise import dates
from sousveil.normalise.identifiers import resident_birth_date, resident_id
from sousveil.normalise.tidy import whole
from sousveil.survey.coordinates import from_a_receiver
from sousveil.survey.evidence import Evidence
from sousveil.survey.judge import Verdict, judge, weigh
from sousveil.survey.moments import AGREES
from sousveil.vault import Column

_MEASURES = frozenset(("number", "longitude", "latitude"))
_DATES = frozenset(("date", "birth_date", "datetime"))


def verdicts(evidence: dict[Column, Evidence], sampled: pa.Table) -> dict[Column, Verdict]:
    """The verdict on each column of a table: each by itself first, then again with what stands beside it."""
    weights = {column: weigh(e) for column, e in evidence.items()}
    first = {column: judge(e, weights[column]) for column, e in evidence.items()}
    call(evidence, first, sampled)
    return {column: judge(e, weigh(e, weights[column])) for column, e in evidence.items()}


def call(evidence: dict[Column, Evidence], verdicts: dict[Column, Verdict], sampled: pa.Table) -> None:
    """Tell each column's evidence what stands beside it, from the first round of verdicts."""
    born = _births(verdicts, sampled)
    degrees = _degrees(evidence, verdicts)
    for column, e in evidence.items():
        beside: dict[str, float] = {}
        for other, verdict in verdicts.items():
            if other is not column:
                beside[verdict.type] = max(beside.get(verdict.type, 0.0), verdict.confidence)
        if born is not None and verdicts[column].type in _DATES and len(born) == sampled.num_rows:
            beside[AGREES] = _agreement(born, whole(sampled.column(column.sql)), e)
        e.witnesses = beside | degrees.get(column, {})


def _degrees(
    evidence: dict[Column, Evidence], verdicts: dict[Column, Verdict]
) -> dict[Column, dict[str, float]]:
    """Two columns of numbers side by side that can be degrees east and north speak for each other."""
    columns, found = list(evidence), {}
    for left, right in pairwise(columns):
        if not {verdicts[left].type, verdicts[right].type} <= _MEASURES:
            continue
        for east, north in ((left, right), (right, left)):
            if from_a_receiver(evidence[east], "longitude") and from_a_receiver(evidence[north], "latitude"):
                found[east], found[north] = {"latitude": 0.6}, {"longitude": 0.6}
    return found


def _births(verdicts: dict[Column, Verdict], sampled: pa.Table) -> npt.NDArray[np.int64] | None:
    """Day numbers of the birth dates inside the first column of resident numbers; the lowest where none."""
    for column, verdict in verdicts.items():
        if verdict.type == "cn_resident_id" and verdict.confidence >= 0.7:
            days = resident_birth_date(resident_id(whole(sampled.column(column.sql)))).cast(pa.int32())
            return np.asarray(pc.fill_null(days, -(2**31)).to_numpy(zero_copy_only=False), dtype=np.int64)
    return None


def _agreement(born: npt.NDArray[np.int64], values: pa.StringArray, e: Evidence) -> float:
    """The share of rows with both in which the column states the day that the ID states."""
    moments = dates.read(values, e.reading or e.reading_found)
    both = moments.real & (born > -(2**31))
    if both.sum() < 5:
        return 0.0
    return float((moments.micros[both] // 86_400_000_000 == born[both]).mean())
