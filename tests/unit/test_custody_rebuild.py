"""A vault that is damaged or missing: told, and made anew from the sealed originals as it was."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sousveil import stages
from sousveil.case import Case
from sousveil.custody import verify
from sousveil.custody.rebuild import SET_ASIDE
from sousveil.errors import IntegrityError, VaultDamaged
from sousveil.progress import Silent

SECRET = "990102199001011234"


def rows(count: int, word: str) -> str:
    return "id,kind\n" + "".join(f"{number},{word}\n" for number in range(count))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case from two dumps: folders, an archive, a name that is a value, a link, a file changed since."""
    folder = tmp_path_factory.mktemp("template")
    case = Case.make(folder / "case", folder / "key.txt")
    one, two = folder / "one", folder / "two"
    (one / "z" / "deep").mkdir(parents=True)
    (one / "z" / "deep" / "same.csv").write_text(rows(20, "x"))
    (one / "same.csv").write_text(rows(30, "y"))
    (one / f"{SECRET}.csv").write_text(rows(25, "w"))
    (one / "link.csv").symlink_to("same.csv")
    (one / "b.bin").write_bytes(bytes(range(256)) * 30)
    shutil.make_archive(str(folder / "more"), "zip", one / "z")
    shutil.move(folder / "more.zip", one / "more.zip")
    stages.take_in(case, one, Silent())
    (one / "same.csv").write_text(rows(31, "y"))
    stages.take_in(case, one, Silent())
    two.mkdir()
    (two / "a.csv").write_text(rows(10, "v"))
    stages.take_in(case, two, Silent())
    case.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True, symlinks=True)
    return tmp_path


def case_in(folder: Path) -> Case:
    return Case.open(folder / "case", folder / "key.txt")


def content(case: Case) -> dict[str, Any]:
    """All that intake left: items, tables under their own names, every row; and the manifest.

    Numbers are left out: a file that changed between two intakes leaves gaps in them, which a rebuild closes.
    """
    case.forget()
    engine = case.vault.engine
    found: dict[str, Any] = {table.name: engine.rows(f"SELECT * FROM {table.raw}") for table in case.tables}
    found["items"] = engine.rows("SELECT * EXCLUDE (item, parent) FROM meta.items ORDER BY item")
    manifest = json.loads((case.custody / "manifest.json").read_text("utf-8"))
    for item in manifest["items"]:
        del item["item"]
        item["path"] = item["path"].replace("item-1", "item").replace("item-2", "item")
    del manifest["names"]
    found["manifest"] = manifest
    return found


def test_a_missing_vault_is_told_and_rebuilt_as_it_was(folder: Path) -> None:
    case = case_in(folder)
    before = content(case)
    case.close()
    originals = {path: path.read_bytes() for path in (case.custody / "originals").iterdir()}
    shutil.rmtree(case.folder / "vault")
    with pytest.raises(VaultDamaged, match="missing"):
        _ = case_in(folder).vault
    case = case_in(folder)
    stages.rebuild(case, Silent())
    after = content(case)
    named = {name for name in before if SECRET in name}
    assert named
    assert after == before
    assert {path: path.read_bytes() for path in (case.custody / "originals").iterdir()} == originals
    assert verify.everything(case.custody, case.ledger)["manifest"]["state"] == "current"
    assert not (case.custody / "rebuild.age").exists()


def test_a_damaged_vault_is_rebuilt_and_kept_aside(folder: Path) -> None:
    file = folder / "case" / "vault" / "vault.duckdb"
    data = bytearray(file.read_bytes())
    for place in range(0, len(data), 500):
        data[place] ^= 255
    file.write_bytes(data)
    with pytest.raises(VaultDamaged) as caught:
        _ = case_in(folder).vault
    assert "rebuild" in caught.value.next_step
    case = case_in(folder)
    assert stages.rebuild(case, Silent())["records"] == 20 + 20 + 31 + 25 + 10
    assert (folder / "case" / "vault" / SET_ASIDE).read_bytes() == bytes(data)


def test_a_run_with_a_dump_first_rebuilds_what_was_there(folder: Path) -> None:
    case = case_in(folder)
    before = content(case)
    case.close()
    shutil.rmtree(case.folder / "vault")
    case = case_in(folder)
    case.may_start_anew = True
    stages.take_in(case, folder / "two", Silent())
    assert content(case) == before


class Killed(BaseException):
    """The process ends here."""


def test_a_rebuild_that_is_killed_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_in(folder)
    before = content(case)
    case.close()
    shutil.rmtree(case.folder / "vault")
    from sousveil.custody import rebuild
    from sousveil.custody.originals import unsealed

    for kill_at in (1, 4):
        done = 0

        def dying(*arguments: Any, at: int = kill_at) -> None:
            nonlocal done
            done += 1
            if done == at:
                raise Killed
            unsealed(*arguments)

        found = case_in(folder)
        with monkeypatch.context() as patch:
            patch.setattr(rebuild, "unsealed", dying)
            with pytest.raises(Killed):
                stages.rebuild(found, Silent())
        found.close()
        verify.everything(found.custody, case_in(folder).ledger)
    case = case_in(folder)
    stages.rebuild(case, Silent())
    assert content(case) == before


def test_nothing_lies_open_after_a_rebuild(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = folder / "case" / "vault" / "unsealed" / "original"
    case = case_in(folder)
    stages.rebuild(case, Silent())
    case.close()
    assert not left.exists()
    left.parent.mkdir(exist_ok=True)
    left.write_text("what a killed rebuild left")
    case = case_in(folder)
    _ = case.vault
    assert not left.exists()


def test_an_original_that_is_lost_is_named_and_the_rest_is_rebuilt(folder: Path) -> None:
    case = case_in(folder)
    items = json.loads((case.custody / "manifest.json").read_text("utf-8"))["items"]
    gone = next(item for item in items if item["path"] == "z/deep/same.csv")
    (case.folder / gone["original"]).unlink()
    with pytest.raises(IntegrityError) as caught:
        stages.rebuild(case, Silent())
    assert caught.value.where == {"originals": 1}
    shown = {item["path"]: item for item in stages.perform(case, "intake", Silent())["items"]}
    assert shown["z/deep/same.csv"]["status"] == "unreadable"
    assert shown["same.csv"]["status"] == "loaded"


def test_originals_of_a_killed_intake_are_no_tampering(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They lie there before the manifest names them; what was there before is still checked."""
    from sousveil.intake import stage

    case = case_in(folder)
    (folder / "two" / "b.csv").write_text(rows(5, "u"))
    (folder / "two" / "c.csv").write_text(rows(6, "u"))
    with monkeypatch.context() as patch:
        patch.setattr(stage, "write_manifest", lambda _: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            stages.take_in(case, folder / "two", Silent())
    case.close()
    case = case_in(folder)
    assert verify.everything(case.custody, case.ledger)["manifest"]["state"] == "unfinished"
    (folder / "two" / "c.csv").unlink()
    stages.take_in(case, folder / "two", Silent())
    assert verify.everything(case.custody, case.ledger)["manifest"]["state"] == "current"
    sealed = next((case.custody / "originals").iterdir())
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(IntegrityError):
        verify.everything(case.custody, case.ledger)


def test_a_table_read_again_keeps_its_name(folder: Path) -> None:
    from sousveil.intake.given import Given

    case = case_in(folder)
    stages.read_again(case, "a.csv", Given.named(header=True), Silent())
    case.forget()
    assert "a" in {table.name for table in case.tables}
