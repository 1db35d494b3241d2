"""`sousveil doctor`: each check finds what it is there for, and says what to do next."""

import json
import re
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from sousveil.case import Case
from sousveil.cli.app import app
from sousveil.custody.members import FOUNDER
from sousveil.doctor.checks import CHECKS, examined
from sousveil.doctor.model import READINGS, Patient
from sousveil.errors import NotACase
from sousveil.intake.client import Parser
from tests.references import DOCS
from tests.support import make_case
from tests.support_people import resident

BY_ID = {check.id: check for check in CHECKS}


def look(check, folder=None, key=None):
    found = BY_ID[check].made(Patient(folder, key))
    assert found["reading"] in READINGS and found["says"]
    assert found["next"] or found["reading"] in ("right", "unknown")
    return found["reading"], found["says"]


@pytest.fixture
def case(tmp_path):
    made = make_case(tmp_path, {"people": {"ID": [resident()], "XM": ["王伟"]}})
    yield made
    made.close()


def test_every_check_is_in_the_docs_and_each_is_listed_once():
    told = re.findall(
        r"`([a-z_]+)`", "".join(re.findall(r"^\|([^|]*)\|", (DOCS / "doctor.md").read_text("utf-8"), re.M))
    )
    assert told == [check.id for check in CHECKS]
    assert len(BY_ID) == len(CHECKS)


def test_on_this_machine_and_a_new_case_nothing_is_wrong(tmp_path):
    case = Case.make(tmp_path / "new", tmp_path / "key")
    found = examined(Patient(case.folder, case.keyring.key_file))
    assert [one["id"] for one in found["checks"]] == [check.id for check in CHECKS]
    wrong = [one["id"] for one in found["checks"] if one["reading"] == "wrong"]
    assert [name for name in wrong if name not in ("memory", "disk")] == []


def test_without_a_case_only_the_machine_is_looked_at(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert {one["about"] for one in examined(Patient(None))["checks"]} == {"machine"}
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_missing_or_of_another_version_is_wrong(monkeypatch):
    real = metadata.version
    monkeypatch.setattr(
        metadata, "requires", lambda _: ["duckdb==1.5.5", "numpy>=2", "opendp>=1; extra == 'noise'"]
    )
    assert look("packages")[0] == "right"
    monkeypatch.setattr(metadata, "version", lambda name: "0.9.9" if name == "duckdb" else real(name))
    assert look("packages") == ("wrong", "duckdb 0.9.9 instead of 1.5.5")
    monkeypatch.setattr(metadata, "requires", lambda _: ["no-such-package>=1"])
    assert look("packages") == ("wrong", "no-such-package missing")


def test_a_store_that_holds_text_in_clear_is_wrong(monkeypatch):
    assert look("encryption")[0] == "right"
    from sousveil.vault import Vault

    put = Vault.put_document

    def leaking(vault, name, document):
        put(vault, name, document)
        (vault.folder / "leak").write_text(str(document), "utf-8")

    monkeypatch.setattr(Vault, "put_document", leaking)
    assert look("encryption")[0] == "wrong"


def test_a_wall_that_does_not_stand_is_a_warning(monkeypatch):
    monkeypatch.setattr(Parser, "walls", lambda _: ("reading", "writing", "programs", "limits"))
    assert look("jail") == ("warning", "the parsers can't be walled off from: network")


@pytest.mark.parametrize(("free", "reading"), [(2**34, "right"), (2**32, "warning"), (2**28, "wrong")])
def test_little_space_is_a_warning_and_hardly_any_is_wrong(monkeypatch, free, reading):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("sousveil.doctor.machine.shutil.disk_usage", lambda _: usage(2**40, 0, free))
    assert look("disk")[0] == reading


@pytest.mark.parametrize(
    ("said", "reading"),
    [("MemAvailable: 8388608 kB", "right"), ("MemAvailable: 2500000 kB", "warning"),
     ("MemAvailable: 500000 kB", "wrong"), ("nothing", "unknown")],
)  # fmt: skip
def test_memory_is_what_the_kernel_says_is_free(monkeypatch, said, reading):
    monkeypatch.setattr(Path, "read_text", lambda *_: f"MemTotal: 9 kB\n{said}\n")
    assert look("memory")[0] == reading


def test_the_key_must_be_there_its_owners_alone_and_a_members(case, tmp_path):
    key = case.keyring.key_file
    assert look("key", case.folder, key) == (
        "right", f"the key file is its owner's alone and opens the case as {FOUNDER}"
    )  # fmt: skip
    assert look("key", case.folder, tmp_path / "none")[0] == "wrong"
    other = Case.make(tmp_path / "other", tmp_path / "other-key")
    assert look("key", case.folder, other.keyring.key_file) == (
        "wrong", "the key file is sound, but no member's of this case"
    )  # fmt: skip
    key.chmod(0o644)
    assert "others on this machine" in look("key", case.folder, key)[1]


def test_a_case_with_one_key_and_one_that_others_can_look_into_are_warned_of(case):
    key = case.keyring.key_file
    assert look("members", case.folder, key)[0] == "warning"
    assert look("rights", case.folder, key)[0] == "right"
    case.folder.chmod(0o755)
    assert look("rights", case.folder, key)[0] == "warning"


def test_a_ledger_that_was_tampered_with_is_wrong(case):
    ledger = case.custody / "ledger.jsonl"
    ledger.write_text(ledger.read_text("utf-8").replace("founder", "forger", 1), "utf-8")
    assert look("custody", case.folder, case.keyring.key_file)[0] == "wrong"


def test_a_vault_that_does_not_open_is_wrong_and_one_that_is_held_a_warning(case):
    case.close()
    key, store = case.keyring.key_file, case.folder / "vault" / "vault.duckdb"
    assert look("vault", case.folder, key)[0] == "right"
    with case.held("sousveil run"):
        assert look("vault", case.folder, key) == ("warning", "another command is at work on the case")
    store.write_bytes(b"no database" * 1_000)
    assert look("vault", case.folder, key)[0] == "wrong"


def test_a_new_case_into_which_nothing_came_is_left_as_it_is(tmp_path):
    case = Case.make(tmp_path / "new", tmp_path / "key")
    assert look("vault", case.folder, case.keyring.key_file) == ("right", "nothing was taken in yet")
    assert not (case.folder / "vault" / "vault.duckdb").exists()


def test_a_cut_off_from_which_one_can_count_back_is_warned_of(case):
    key = case.keyring.key_file
    case.vault.put_document("cut_off", "2019-03-31")
    case.close()
    reading, said = look("cut_off", case.folder, key)
    assert reading == "warning" and "28 to 31 days" in said
    settings = case.folder / "case.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("spread_days = 0", "spread_days = 60"), encoding="utf-8"
    )
    assert look("cut_off", case.folder, key)[0] == "right"


def test_the_command_prints_json_and_ends_in_1_where_anything_is_wrong(case, monkeypatch):
    case.close()
    arguments = ["doctor", "--case", str(case.folder), "--key", str(case.keyring.key_file)]
    case.keyring.key_file.chmod(0o644)
    done = CliRunner().invoke(app, [*arguments, "--json"])
    document = json.loads(done.stdout)
    assert done.exit_code == 1 and document["wrong"] >= 1
    said = CliRunner().invoke(app, arguments).stdout
    assert "wrong" in said and "next: " in said
    assert resident() not in said + done.stdout and "王伟" not in said + done.stdout


def test_a_folder_that_is_no_case_is_refused(tmp_path):
    with pytest.raises(NotACase):
        examined(Patient(tmp_path))
