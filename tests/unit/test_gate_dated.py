"""Nobody is after the cut-off, which is printed: no group is safe because it might be there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sousveil.findings import questions as toml
from sousveil.findings import stage
from sousveil.gate.certificate.kinds import columns_of
from sousveil.gate.certificate.printed import Printed
from sousveil.progress import Silent
from tests.support_findings import add_table, empty_case

JANUARY = dt.date(2017, 1, 1)
# Kind and day of January, and how many: of `a` four lie before the fifth.
COUNTS = {("a", 2): 4, ("b", 3): 30, ("a", 8): 20, ("b", 9): 24, ("a", 20): 60, ("b", 25): 70}
UP_TO_THE_END = "came BETWEEN DATE '2017-01-16' AND DATE '2017-01-31'"
OPEN = "came >= DATE '2017-01-16'"


def asked(where: str, number: int) -> str:
    return f"""[[question]]
id = "q{number}"
count = "records"
table = "visits"
where = "{where}"
by = ["kind"]
"""


@pytest.mark.parametrize("rest", [UP_TO_THE_END, OPEN])
def test_parts_up_to_the_cut_off_leave_no_few_over(
    rest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = [("ab"[n % 2], dt.date(2017, 2, 10) + dt.timedelta(n)) for n in range(60)]
    early = [
        (kind, JANUARY + dt.timedelta(day - 1)) for (kind, day), many in COUNTS.items() for _ in range(many)
    ]
    kinds, days = zip(*early, *later, strict=True)
    case = empty_case(tmp_path)
    columns = {"kind": ("category", kinds), "came": ("date", days)}
    scope = add_table(case, "visits", columns, list(range(len(days))), "came", "event")
    for module in (stage, toml):
        monkeypatch.setattr(module, "scopes_of", lambda _: {"visits": scope})
    wheres = ["", "came BETWEEN DATE '2017-01-05' AND DATE '2017-01-15'", rest]
    (case.folder / "questions.toml").write_text("".join(map(asked, wheres, range(3))), "utf-8")
    findings = stage.run(case, Silent())["findings"]
    assert findings[0]["provenance"]["cut_off"] == "2017-01-31"
    shown = [{cell["keys"]["kind"]: cell["value"] for cell in one["cells"]}.get("a") for one in findings]
    assert any(shown)
    assert None in shown, "84 - 20 - 60 would be the four"
    case.close()


@pytest.mark.parametrize("dated", ["came", ""])
def test_a_certificate_puts_no_record_after_the_cut_off(dated: str) -> None:
    where = "\"came\" >= DATE '2017-01-16'"
    tables = [Printed("visits", 1, "records", where, (), 60, {(): 60}, dated, "2017-01-31")]
    tables += [Printed("visits", 1, "records", "", (), 84, {(): 84}, dated, "2017-01-31")]
    (column,) = columns_of(tables).values()
    days = [values[0] for values in column.values]
    later = [day for day in days if day is None or str(day) > "2017-01-31"]
    assert bool(later) == (not dated)
    assert not dated or any(str(day) < "2017-01-16" for day in days)
