"""What the families of verify reckon with: the same figures as by the plain way, which costs more."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sousveil.progress import Silent
from sousveil.stages import perform
from sousveil.verify.figures import beta_quantile, beyond_chi_square, rank_correlation
from sousveil.verify.sample import Sample
from sousveil.verify.windows import raw_windows
from tests.support import make_case


def test_figures_are_those_of_scipy() -> None:
    draw = np.random.default_rng(1)
    one = draw.integers(0, 40, 500)
    other = one + draw.normal(0, 30, 500).round()
    assert rank_correlation(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
    assert beyond_chi_square(140.0, 99) == pytest.approx(stats.chi2.sf(140.0, 99))
    assert beta_quantile(0.975, 3, 70) == pytest.approx(stats.beta.ppf(0.975, 3, 70))


def test_the_bits_of_windows_are_counted_as_the_engine_counts_them(tmp_path: Path) -> None:
    size, rows = 70, 700
    draw = np.random.default_rng(2)
    some = [None if n % 7 == 0 or n < size else f"{'漢x'[n % 2]}{n % 50}" for n in range(rows)]
    days = [f"2018-03-{draw.integers(1, 29):02d}" for _ in range(rows)]
    case = make_case(tmp_path, {"t": {"note": some, "day": days}})
    perform(case, "normalise", Silent())
    [sample] = Sample.of(case)
    assert [sample.types[column] for column in sample.table.columns] == ["category", "date"]
    found = raw_windows(sample, size, 2)
    of_note = [
        f"avg((({number} & {bit}) > 0)::INT)"
        for number in ("hash(right(c1, 1))", "length(c1)", "hash(c1)", "hash(left(c1, 4))")
        for bit in (1, 2, 4)
    ]
    of_day = [
        f"avg((({number} & {bit}) > 0)::INT)"
        for number in ("hash(right(c2, 1))", "length(c2)")
        for bit in (1, 2, 4)
    ]
    wanted = ["avg((c1 IS NULL)::INT)", *of_note, "avg((c2 IS NULL)::INT)", *of_day]
    plain = sample.engine.rows(
        f"SELECT min(_row), max(_row), count(*), {', '.join(wanted)} FROM raw.t1 "
        f"WHERE _row % 2 = 0 GROUP BY (_row - 1) // {size} ORDER BY 1"
    )
    assert [found.firsts.tolist(), found.lasts.tolist(), found.counts.tolist()] == [
        list(column) for column in zip(*plain, strict=True)
    ][:3]
    shares = np.array([row[3:] for row in plain], float)
    assert np.isnan(shares).any()
    np.testing.assert_array_equal(found.shares, shares)
