"""What is meant by the people of a cell: the aggregates over `people.tN` that findings and the gate use.

Each row of `people.tN` says whom a record belongs to: `person` (null for nobody known) and `sure` (a valid
strong identifier of the record says so). Over any group of records, joined on `_row`:

    people  distinct persons known; the gate's threshold looks at this
    value   the best estimate, which is the same number
    low     those of them whom a valid strong identifier names in this very group: certainly different people
    high    `people`, and each record of nobody known is one more person

So `low <= value <= high` always. A cluster without a key has a person here only where it is unlikely to be
somebody known or another cluster (`linkage.rest`). The value is a lower bound only up to the mistakes of the
linkage; docs/count.md says how far those go.

Numbers from `NOT_PEOPLE` on stand for what is counted where a table cannot tell people apart: vehicles,
telephones, devices, bare names. They are never among the people of the whole case.
"""

from __future__ import annotations

NOT_PEOPLE = 1 << 40
"""The first number that stands for something else than a person."""

PEOPLE = "count(DISTINCT person)"
"""Distinct persons known: what the threshold looks at."""

VALUE = PEOPLE
"""The best estimate."""

LOW = "count(DISTINCT person) FILTER (WHERE sure)"
"""Persons whom a valid strong identifier names."""

NOBODY = "count(*) FILTER (WHERE person IS NULL)"
"""Records of nobody known."""

HIGH = f"({PEOPLE} + {NOBODY})"
"""Persons known, and each record of nobody known is one more."""

IS_PERSON = f"(person IS NOT NULL AND person < {NOT_PEOPLE})"
"""A condition on a row of `people.tN`: it belongs to a person, not to a vehicle or a device."""
