"""The files beside the pages, and how a publication is put in its place."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.errors import StageMissing
from sousveil.progress import Silent
from sousveil.publish import downloads, egress, place, stage
from sousveil.publish.readers import UNSAID
from tests.support import make_case
from tests.support_publication import THRESHOLD, cell, finding, rich, verified

FILES = stage.build(rich(), verified(), THRESHOLD, "exact")


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = make_case(tmp_path, {"lists": {"XM": ["一二三"]}})
    monkeypatch.setattr("sousveil.publish.identifying.sources", lambda case: [])
    # No gate made these findings, so that there is no certificate; it has tests of its own.
    monkeypatch.setattr("sousveil.publish.proof.proof_of", lambda case: None)
    made.vault.acknowledge("findings", "made", rich())
    made.vault.acknowledge("verify", "made", verified())
    yield made
    made.close()


def test_findings_json_is_exactly_what_was_released_but_for_reasons() -> None:
    document = rich()
    for one in document["findings"]:
        one |= {"refused": UNSAID} if "refused" in one else {}
    assert json.loads(FILES["findings.json"]) == document


def test_the_same_release_gives_the_same_bytes() -> None:
    assert stage.build(rich(), verified(), THRESHOLD, "exact") == FILES


def test_no_clock_stands_in_a_publication() -> None:
    import datetime as dt

    year = str(dt.datetime.now(dt.UTC).year)
    assert [name for name, data in FILES.items() if re.search(rf"\b{year}\b", data.decode())] == []


def test_a_withheld_cell_has_an_empty_value_in_the_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(FILES["data/visitors-by-nationality.csv"].decode())))
    assert rows[0] == {
        "nationality": "KAZ",
        "value": "1204",
        "low": "1190",
        "high": "1251",
        "status": "published",
    }
    assert rows[-1] == {"nationality": "LAO", "value": "", "low": "", "high": "", "status": "withheld"}


def test_a_value_in_a_withheld_cell_is_never_written() -> None:
    leaky = finding("a", "A", by=["x"], cells=[(["a"], 20), (["b"], 40)])
    leaky["cells"][1] = cell({"x": "b"}, 7777) | {"status": "withheld"}
    assert b"7777" not in downloads.csv_of(leaky)
    files = stage.build({"findings": [leaky]}, {}, THRESHOLD, "exact")
    assert b"7777" not in files["index.html"]


@given(st.text(max_size=20))
def test_no_cell_of_a_csv_begins_a_formula(untrusted: str) -> None:
    made = finding("a", "A", by=["x"], cells=[([untrusted], 20)])
    row = next(iter(csv.reader(io.StringIO(downloads.csv_of(made).decode().split("\r\n", 1)[1], newline=""))))
    assert row[0].strip()[:1] not in tuple("=+-@＝＋－＠") or row[0].strip() == ""


@pytest.mark.parametrize("untrusted", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1+1"])
def test_a_formula_is_made_inert(untrusted: str) -> None:
    assert downloads.inert(untrusted).startswith("'")


def test_columns_of_a_csv_that_are_called_like_a_figure_are_told_apart() -> None:
    made = finding("a", "A", by=["value", "status"], cells=[(["x", "y"], 20)])
    assert downloads.csv_of(made).decode().splitlines()[0] == "value_,status_,value,low,high,status"


def test_the_data_package_describes_every_csv() -> None:
    package = json.loads(FILES["datapackage.json"])
    assert {resource["path"] for resource in package["resources"]} == {
        name for name in FILES if name.endswith(".csv")
    }
    for resource in package["resources"]:
        data = FILES[resource["path"]]
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        header = next(csv.reader(io.StringIO(data.decode())))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert re.fullmatch("[a-z0-9-._/]+", resource["name"])


def test_the_crate_names_every_file_but_itself_and_the_checksums() -> None:
    crate = json.loads(FILES["ro-crate-metadata.json"])["@graph"]
    entities = {entity["@id"]: entity for entity in crate}
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    parts = {part["@id"] for part in entities["./"]["hasPart"]}
    assert parts == FILES.keys() - {"ro-crate-metadata.json", "SHA256SUMS"}
    assert parts <= entities.keys()


def test_sha256sum_agrees(case, tmp_path: Path) -> None:
    stage.run(case, Silent())
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=case.publication,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    listed = {line.split("  ")[1] for line in (case.publication / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(case.publication).as_posix() for path in case.publication.rglob("*.*")}
    assert listed == there


def test_file_names_come_from_slugs_only() -> None:
    evil = finding("../../etc/passwd\n", "A", cells=[([], 20)])
    files = stage.build({"findings": [evil, evil]}, {}, THRESHOLD, "exact")
    assert {name for name in files if name.endswith(".csv")} == {
        "data/etc-passwd.csv",
        "data/etc-passwd-2.csv",
    }


def test_a_second_run_replaces_the_first_whole(case) -> None:
    stage.run(case, Silent())
    (case.publication / "data" / "left-over.csv").write_text("old")
    case.vault.acknowledge("findings", "made", {"findings": []})
    result = stage.run(case, Silent())
    assert result["findings"] == 0
    assert sorted(path.name for path in case.publication.rglob("*.csv")) == []
    assert not list(case.vault.folder.glob("publication*"))


def test_a_blocked_publication_leaves_the_old_one(case, monkeypatch: pytest.MonkeyPatch) -> None:
    from sousveil.errors import EgressBlocked

    stage.run(case, Silent())
    before = (case.publication / "SHA256SUMS").read_bytes()
    case.vault.acknowledge("findings", "made", {"findings": []})

    def block(*_: object) -> None:
        raise EgressBlocked

    monkeypatch.setattr(egress, "check_publication", block)
    with pytest.raises(EgressBlocked):
        stage.run(case, Silent())
    assert (case.publication / "SHA256SUMS").read_bytes() == before
    assert not list(case.vault.folder.glob("publication*"))


def test_a_failure_at_any_rename_or_sync_leaves_one_whole_publication(
    case, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.run(case, Silent())
    old = (case.publication / "SHA256SUMS").read_bytes()
    case.vault.acknowledge("findings", "made", {"findings": rich()["findings"][:3]})
    new = stage.build({"findings": rich()["findings"][:3]}, verified(), THRESHOLD, "exact")["SHA256SUMS"]
    seen = set()
    real = os.fsync
    for failing in range(1, 14):
        calls = iter(range(1, 1000))

        def fsync(handle: int, calls=calls, failing=failing) -> None:
            if next(calls) == failing:
                raise OSError(5, "made to fail")
            real(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        with suppress(OSError):
            stage.run(case, Silent())
        now = (case.publication / "SHA256SUMS").read_bytes()
        assert now in (old, new)
        seen.add(now)
        listed = now.decode().splitlines()
        assert all((case.publication / line.split("  ")[1]).exists() for line in listed)
    assert seen == {old, new}


def test_folders_are_exchanged_where_there_is_no_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_exchange", lambda one, other: False)
    made, old = tmp_path / "made", tmp_path / "place"
    place.write_files(made, {"a": b"new"})
    place.write_files(old, {"a": b"old", "b": b"old"})
    place.put_in_place(made, old)
    assert [path.name for path in tmp_path.iterdir()] == ["place"]
    assert (old / "a").read_bytes() == b"new"


def test_a_publication_can_be_read_by_others_and_the_vault_can_not(case) -> None:
    stage.run(case, Silent())
    assert (case.publication / "index.html").stat().st_mode & 0o777 == 0o644
    assert case.publication.stat().st_mode & 0o777 == 0o755


def test_publishing_before_there_are_findings_says_so(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"a": {"b": ["c"]}})
    with pytest.raises(StageMissing):
        stage.run(case, Silent())
    case.close()
