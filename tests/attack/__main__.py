"""`make attack`: all attacks at full size, one table, an exit code."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tests.attack import suite
from tests.attack.rows import Row, table, verdict
from tests.attack.sizes import FULL, QUICK, Sizes

PARTS: tuple[Callable[[Sizes], list[Row]], ...] = (
    suite.rows_of_bad_releases,
    suite.rows_of_sets,
    suite.rows_of_wide_sets,
    suite.rows_between_tables,
    suite.rows_of_codes,
    suite.rows_of_twins,
    suite.rows_over_time,
    suite.rows_of_the_product,
    suite.rows_of_limits,
    suite.rows_of_the_demo,
    suite.rows_of_noise,
    suite.rows_of_bounded_noise,
    suite.rows_of_years,
)


def main(sizes: Sizes = FULL) -> int:
    """Run every part, print the table and the CPU time; 0 all held, 1 a breach, 2 the suite is void."""
    rows = []
    for part in PARTS:
        start = time.process_time()
        rows += part(sizes)
        print(f"{part.__name__}: {time.process_time() - start:.0f} CPU-seconds", file=sys.stderr)
    print(table(rows))
    code = verdict(rows)
    print(("All attacks failed.", "BROKEN: see above.", "VOID: a release known to be bad withstood.")[code])
    return code


if __name__ == "__main__":
    sys.exit(main(QUICK if "--quick" in sys.argv else FULL))
