"""Truth against result, for every figure of the demo's truth.json."""

import json
from typing import Any

from tests.endtoend.conftest import Job

THRESHOLD = 10


def findings(job: Job) -> dict[str, dict[str, Any]]:
    document = json.loads((job.case / "publication" / "findings.json").read_text("utf-8"))
    return {finding["id"]: finding for finding in document["findings"]}


def test_the_run_succeeds(whole: Job) -> None:
    assert whole.done.returncode == 0, whole.done.stderr


def test_every_figure_of_the_truth_is_answered(whole: Job, truth_table: list[str]) -> None:
    found = findings(whole)
    wrong = []
    truth_table.append(
        f"{'figure':<48}{'unit':<9}{'truth':>10}{'result':>10}{'low':>10}{'high':>10}  verdict"
    )
    for figure in whole.truth["figures"]:
        for cell in figure["cells"]:
            verdict, row = judged(figure, cell, found[figure["id"]])
            truth_table.append(row + verdict)
            if verdict.startswith("WRONG"):
                wrong.append((figure["id"], verdict))
    assert len(truth_table) > 30
    assert wrong == []


def judged(figure: dict[str, Any], cell: dict[str, Any], finding: dict[str, Any]) -> tuple[str, str]:
    """What became of one true cell, and its row of the table."""
    unit = figure["question"]["count"]
    label = f"{figure['id']} {' '.join(cell['keys'].values())}".strip()
    shown = [c for c in finding["cells"] if c["keys"] == cell["keys"] and c["status"] == "published"]
    result = shown[0] if shown else {"value": None, "low": None, "high": None}
    row = f"{label[:47]:<48}{unit:<9}{cell['value']:>10,}" + "".join(
        f"{'n/s' if result[name] is None else format(result[name], ','):>10}"
        for name in ("value", "low", "high")
    )
    small = min(cell["value"], cell["people"]) < THRESHOLD
    if not shown:
        return ("  withheld, as it must be" if small else "  withheld, to protect others"), row
    if small and unit == "records":
        return "WRONG: a small cell is shown", row
    if unit == "records":
        return ("  exact" if result["value"] == cell["value"] else "WRONG: not exact"), row
    inside = result["low"] <= cell["value"] <= result["high"]
    return ("  within" if inside else "WRONG: outside its own bounds"), row


def test_most_of_what_may_be_shown_is_shown(whole: Job) -> None:
    found = findings(whole)
    cells = [
        (figure["id"], cell)
        for figure in whole.truth["figures"]
        for cell in figure["cells"]
        if min(cell["value"], cell["people"]) >= THRESHOLD
    ]
    shown = [
        1
        for name, cell in cells
        if any(c["keys"] == cell["keys"] and c["status"] == "published" for c in found[name]["cells"])
    ]
    assert len(shown) / len(cells) > 0.95


def test_every_table_is_loaded_whole_with_its_rejects(whole: Job) -> None:
    with_rejects = {
        table["table"]: (table["records"], table["rejects"])
        for item in intake(whole)["items"]
        for table in item["tables"]
    }
    expected = {table["table"]: (table["records"], table["rejects"]) for table in whole.truth["tables"]}
    assert {name: with_rejects.get(name) for name in expected} == expected


def intake(job: Job) -> dict[str, Any]:
    case = job.open()
    try:
        kept = case.vault.stage("intake")
        assert kept is not None
        return dict(kept[1])
    finally:
        case.close()


def test_pictures_are_counted_and_never_opened(whole: Job) -> None:
    pictures = [item for item in intake(whole)["items"] if item["format"] in {"jpeg", "png"}]
    assert len(pictures) == whole.truth["pictures"]
    assert {item["status"] for item in pictures} == {"counted"}


def test_damaged_files_are_named_and_the_rest_goes_on(whole: Job) -> None:
    bad = [
        item
        for item in intake(whole)["items"]
        if item["status"] in {"unreadable", "partly-loaded", "refused"}
    ]
    assert bad
    assert all(item["reason"] for item in bad)


def test_people_of_the_whole_case_lie_within_the_count(whole: Job) -> None:
    case = whole.open()
    try:
        kept = case.vault.stage("count")
    finally:
        case.close()
    assert kept is not None
    people = {row["table"]: row for row in kept[1]["people"]}
    assert people["*"]["low"] <= whole.truth["people"] <= people["*"]["high"]
    assert abs(people["*"]["estimate"] / whole.truth["people"] - 1) < 0.02
    assert all(row["level"] is None for row in people.values())
