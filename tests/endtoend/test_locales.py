"""The whole run on the demos in other languages: types, counts and figures come out as they are true."""

import json
from pathlib import Path
from typing import Any

import pytest

from sousveil.demo.locales import LOCALES
from tests.endtoend.conftest import Job, command
from tests.endtoend.test_truth import findings, judged

RECORDS = 3_000
IDENTITY = {"ru": "ru_inn", "tr": "tr_tckn", "en": "gb_nhs"}
TYPES = {
    "name": "person_name",
    "sex": "sex",
    "born": "birth_date",
    "nation": "nationality",
    "passport": "passport",
    "phone": "phone",
    "lon": "longitude",
    "lat": "latitude",
    "kind": "category",
    "district": "category",
    "email": "email",
}
"""What the columns are, by key, whatever they are called."""


@pytest.fixture(scope="module", params=list(LOCALES))
def local(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Job]:
    folder = tmp_path_factory.mktemp(request.param)
    key = folder / "key.txt"
    options = ("--locale", request.param, "--records", str(RECORDS), "--quiet")
    written = command("demo", folder / "demo", *options, key=key)
    assert written.returncode == 0, written.stderr
    asked = ("--questions", folder / "demo" / "questions.toml")
    return request.param, Job(
        folder, command("run", folder / "demo/dump", "--case", folder / "case", *asked, key=key)
    )


def test_the_run_succeeds_and_every_figure_is_true(local: tuple[str, Job]) -> None:
    _, job = local
    assert job.done.returncode == 0, job.done.stderr
    found = findings(job)
    verdicts = [
        judged(figure, cell, found[figure["id"]])[0]
        for figure in job.truth["figures"]
        for cell in figure["cells"]
    ]
    assert not [verdict for verdict in verdicts if verdict.startswith("WRONG")]
    assert sum(not verdict.startswith("  withheld") for verdict in verdicts) > 30


def stage(job: Job, name: str) -> dict[str, Any]:
    case = job.open()
    try:
        kept = case.vault.stage(name)
        assert kept is not None
        return dict(kept[1])
    finally:
        case.close()


def test_tables_are_whole_and_their_columns_are_known(local: tuple[str, Job]) -> None:
    code, job = local
    locale = LOCALES[code]
    intake = {
        t["table"]: (t["records"], t["rejects"]) for i in stage(job, "intake")["items"] for t in i["tables"]
    }
    assert intake == {t["table"]: (t["records"], t["rejects"]) for t in job.truth["tables"]}
    survey = {
        table["table"]: {column["column"]: column["type"] for column in table["columns"]}
        for table in stage(job, "survey")["tables"]
    }
    for name, heads in locale.headers.items():
        types = survey[locale.files[name].table]
        expected = TYPES | {"id": IDENTITY[code]}
        known = {head: expected[key] for key, head in heads.items() if key in expected}
        assert {head: types[head] for head in known} == known, name


def test_people_are_counted_and_identity_numbers_verified(local: tuple[str, Job]) -> None:
    code, job = local
    people = {row["table"]: row for row in stage(job, "count")["people"]}
    assert people["*"]["low"] <= job.truth["people"] <= people["*"]["high"]
    tests = stage(job, "verify")["tests"]
    checks = [row for row in tests if row["id"] == f"check-digits-{IDENTITY[code].replace('_', '-')}"]
    assert checks and {row["reading"] for row in checks} == {"consistent"}
    document = json.dumps(tests, ensure_ascii=False)
    assert Path(job.folder).name not in document
