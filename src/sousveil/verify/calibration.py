"""How often each test gave each reading on tables whose origin is known: the likelihoods of the evidence.

`calibration.json` is written by benchmarks/verify_calibration.py, which names the tables. A rate is never
said to be better than the number of tables allows: what is stated is the upper end of its 95 % interval
(Clopper and Pearson, Biometrika 1934).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from sousveil.verify.evidence import Evidence
from sousveil.verify.figures import beta_quantile

ORIGINS = ("genuine", "generated", "altered", "recombined")
READINGS = ("consistent", "inconsistent", "inconclusive")
_FEW = 5
_LIKELY = ((0.5, "often"), (0.1, "now and then"), (0.0, "seldom"))


@cache
def table() -> dict[str, Any]:
    """The content of calibration.json."""
    return dict(json.loads(files("sousveil.verify").joinpath("calibration.json").read_bytes()))


def standing(test: str, evidence: Evidence) -> dict[str, Any]:
    """What the calibration says of a row: `likelihood` of its reading by origin, `calibration` of its test.

    A likelihood is {"share", "tables", "words"}: in how many tables of that origin the test read the same. It
    is None where the test could be made on fewer than five of them.
    """
    known = table()["tests"].get(test, {})
    likelihood = {origin: _likelihood(known.get(origin, {}), evidence.reading) for origin in ORIGINS}
    genuine = known.get("genuine", {})
    tried = sum(genuine.values())
    wrong = int(genuine.get("inconsistent", 0))
    enough = tried >= _FEW
    return {
        "likelihood": likelihood,
        "calibration": {
            "on": table()["corpus"] if enough else "no public tables of this kind are known to us",
            "tables": tried,
            "false_alarms": wrong,
            "false_alarm_rate": round(upper(wrong, tried), 4) if enough else None,
        },
    }


def _likelihood(counts: dict[str, int], reading: str) -> dict[str, Any] | None:
    tables = sum(counts.values())
    if tables < _FEW:
        return None
    share = counts.get(reading, 0) / tables
    words = next(words for least, words in _LIKELY if share >= least)
    return {"share": round(share, 3), "tables": tables, "words": words if share else "never seen"}


def upper(hits: int, tries: int) -> float:
    """The upper end of the 95 % interval of a rate, by Clopper and Pearson."""
    return 1.0 if hits >= tries else beta_quantile(0.975, hits + 1, tries - hits)
