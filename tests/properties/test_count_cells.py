"""The people of a cell, whatever the records: nobody doubtful helps a cell over the threshold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.count.cells import HIGH, LOW, NOBODY, PEOPLE, VALUE
from sousveil.count.records import NONE
from sousveil.count.rules import assign
from tests.strategies import recorded_people
from tests.support import make_case
from tests.support_people import Told, records_of

CELLS = 3
assigned = st.lists(
    st.tuples(st.integers(0, CELLS - 1), st.one_of(st.none(), st.integers(1, 9)), st.booleans()), max_size=40
)
"""The cell of each row, its person, and whether it is sure; nobody is never sure."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return make_case(tmp_path_factory.mktemp("cells"), {"t": {"a": ["1"]}}).vault.engine


def cells(engine, rows) -> dict[int, dict[str, int]]:
    """The aggregates of each cell, as findings ask for them."""
    cell, person, sure = zip(*rows, strict=True) if rows else ((), (), ())
    lent = pa.table(
        {
            "cell": pa.array(cell, pa.int64()),
            "person": pa.array(person, pa.int64()),
            "sure": pa.array(sure, pa.bool_()),
        }
    )
    with engine.lend(lent=lent):
        found = engine.rows(
            f"SELECT cell, {PEOPLE}, {VALUE}, {LOW}, {NOBODY}, {HIGH} FROM lent GROUP BY cell"
        )
    return {
        row[0]: dict(zip(("people", "value", "low", "nobody", "high"), row[1:], strict=True)) for row in found
    }


@given(assigned)
def test_the_bounds_of_a_cell_enclose_its_people_and_nobody_is_one_of_them(engine, rows):
    rows = [(cell, person, sure and person is not None) for cell, person, sure in rows]
    for cell, found in cells(engine, rows).items():
        here = [row for row in rows if row[0] == cell]
        known = {person for _, person, _ in here if person is not None}
        assert found["people"] == len(known)
        assert found["low"] <= found["value"] <= found["people"] <= found["high"]
        assert found["high"] == len(known) + sum(person is None for _, person, _ in here)
        nobody = [row for row in rows if row[1] is not None]
        assert cells(engine, nobody).get(cell, {"people": 0})["people"] == found["people"]


@given(assigned, st.integers(1, 9), st.integers(1, 9))
def test_people_taken_for_one_never_raise_a_cell(engine, rows, one, other):
    merged = [(cell, one if person == other else person, sure) for cell, person, sure in rows]
    before, after = cells(engine, rows), cells(engine, merged)
    for cell, found in after.items():
        assert found["people"] <= before[cell]["people"]
        assert found["low"] <= before[cell]["low"]


@given(recorded_people(), st.randoms(use_true_random=False))
def test_a_cell_counts_no_more_people_than_it_is_about(leak, random):
    told, whose = leak
    person = assign(records_of(told)).person
    label = np.array([random.randrange(CELLS) for _ in told], np.int64)
    for cell in range(CELLS):
        here = np.flatnonzero(label == cell)
        known = np.unique(person[here][person[here] != NONE])
        assert len(known) <= len({whose[place] for place in here})


@given(recorded_people(), st.integers(1, 20))
def test_records_that_say_next_to_nothing_are_nobody(leak, more):
    told, _ = leak
    before = assign(records_of(told)).person
    after = assign(records_of([*told, *[Told(name=f"赵{chr(0x5E00 + n)}") for n in range(more)]])).person
    assert (after[len(told) :] == NONE).all()
    assert len(np.unique(after[after != NONE])) <= len(np.unique(before[before != NONE]))
