"""Check digits: the share of numbers that pass, against the share that passes by luck.

A residue of 11 passes one number in eleven by luck; a column of forged resident numbers was measured at
9.055 %. Each distinct number is counted once: a person with a thousand records is one trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pyarrow as pa

from sousveil.normalise.identifiers import compact, kept, matching
from sousveil.survey import checks
from sousveil.survey.checks import Truths
from sousveil.verify.evidence import Count, Evidence, agreement, pooled
from sousveil.verify.sample import Sample, distinct

Check = Callable[[pa.StringArray], Truths]

CHECKS: dict[str, tuple[str, Check]] = {
    "cn_resident_id": ("[0-9]{17}[0-9X]", checks.resident_id),
    "cn_uscc": ("[0-9A-HJ-NPQRTUWXY]{18}", checks.uscc),
    "bank_card": ("[0-9]{16,19}", lambda values: checks.luhn(values, (16, 17, 18, 19))),
    "imei": ("[0-9]{15}", lambda values: checks.luhn(values, (15,))),
    "tr_tckn": ("[1-9][0-9]{10}", checks.tckn),
    "ru_inn": ("[0-9]{10}|[0-9]{12}", checks.inn),
    "kz_iin": ("[0-9]{12}", checks.iin),
    "mrz": ("[A-Z0-9<]{36,90}", checks.mrz),
}
"""Type -> the shape of its canonical form, and its check. Resident numbers of 15 digits have none."""

_WHY = (
    "Assumes that every number of the right shape was meant to be one; whoever generates numbers can compute "
    "check digits too, so passing proves no person, while failing shows numbers that were made up or altered."
)


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a type: `check-digits-<type>`; its columns apart where they read differently."""
    from sousveil.survey.types import BY_NAME

    for kind, (shape, check) in CHECKS.items():
        counts = []
        for column in sample.of_type(kind):
            texts = compact(distinct(sample.raw(column)))
            shaped = distinct(kept(texts, matching(texts, shape)))
            counts.append(Count((sample.names[column],), int(check(shaped).sum()), len(shaped)))
        chance = BY_NAME[kind].chance or 0.0
        yield from pooled(
            counts, partial(_evidence, f"check-digits-{kind.replace('_', '-')}", sample.shown, chance)
        )


def _evidence(name: str, table: str, chance: float, count: Count) -> Evidence:
    what = "distinct numbers with their own check digits"
    return agreement(name, table, count.columns, count.hits, count.tries, chance, what, _WHY)
