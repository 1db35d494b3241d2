"""Members: who opens the case, what a change of keys does, and that it can be killed anywhere."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from sousveil import files
from sousveil.case import Case
from sousveil.custody import membership, verify
from sousveil.custody.identity import Identity, make_key_file
from sousveil.custody.originals import sealed_at, unsealed
from sousveil.errors import BadMember, IntegrityError, KeyMissing, SousveilError, WrongKey
from sousveil.progress import Silent
from sousveil.stages import take_in


def key_of(tmp_path: Path, name: str) -> str:
    """Make a person's key file; their age public key."""
    made = make_key_file(tmp_path / f"{name}.txt", ())
    assert made is not None
    return made.recipient


def as_(case: Case, tmp_path: Path, name: str) -> Case:
    """The case as another member opens it."""
    return Case.open(case.folder, tmp_path / f"{name}.txt")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with two sealed originals, and something in the vault; its founder's key; the dump."""
    folder = tmp_path_factory.mktemp("template")
    made = Case.make(folder / "case", folder / "founder.txt")
    dump = folder / "dump"
    dump.mkdir()
    (dump / "a.csv").write_text("id,kind\n" + "".join(f"{n},x\n" for n in range(50)))
    (dump / "b.bin").write_bytes(bytes(range(256)) * 300)
    take_in(made, dump, Silent())
    made.close()
    return folder


@pytest.fixture
def case(template: Path, tmp_path: Path) -> Case:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Case.open(tmp_path / "case", tmp_path / "founder.txt")


def opens(case: Case) -> int:
    """The case's records and every original, opened with a key; how many originals there were."""
    assert case.vault.engine.value("SELECT count(*) FROM raw.t1") == 50
    case.close()
    found = sorted((case.custody / "originals").glob("*.age"))
    for sealed in found:
        unsealed(sealed, case.folder / "vault" / "out", case.originals_keys())
    return len(found)


def sound(case: Case) -> str:
    return str(verify.everything(case.custody, case.ledger)["manifest"]["state"])


def test_an_added_member_opens_everything_without_anything_sealed_anew(case: Case, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (case.custody / "originals").iterdir()}
    membership.add(case, "second", key_of(tmp_path, "second"))
    assert opens(as_(case, tmp_path, "second")) == 2
    assert {path: path.read_bytes() for path in (case.custody / "originals").iterdir()} == before
    assert sound(case) == "current"


def test_a_member_is_added_by_a_file_with_the_public_key(case: Case, tmp_path: Path) -> None:
    recipient = key_of(tmp_path, "second")
    (tmp_path / "public").write_text(f"# Second\n{recipient}\n")
    assert membership.add(case, "second", str(tmp_path / "public")).recipient == recipient


def test_a_new_member_signs_in_with_the_first_command(case: Case, tmp_path: Path) -> None:
    membership.add(case, "second", key_of(tmp_path, "second"))
    second = as_(case, tmp_path, "second")
    second.ledger.append("survey", {})
    last = case.ledger.entries()[-2:]
    assert [(line["who"], line["did"]) for line in last] == [
        ("second", "signing key named"),
        ("second", "survey"),
    ]
    assert case.ledger.standing.members["second"].verifying_key == second.keyring.identity.verifying_key


def test_nobody_else_can_name_a_members_signing_key(case: Case, tmp_path: Path) -> None:
    membership.add(case, "second", key_of(tmp_path, "second"))
    ledger = case.ledger
    ledger.verify()
    with pytest.raises(IntegrityError):
        ledger._write("second", "signing key named", {"answer": "00" * 32, "signing_key": "11" * 32})


@pytest.mark.parametrize(
    ("name", "recipient"),
    [
        ("founder", None),
        ("a b", None),
        ("", None),
        ("x\x1b[31m", None),
        ("990102199001011234", None),
        ("third", "age1nonsense"),
        ("third", "no/such/file"),
        ("third", "own"),
    ],
)
def test_a_member_that_can_not_be_is_refused(
    case: Case, tmp_path: Path, name: str, recipient: str | None
) -> None:
    own = case.keyring.identity.recipient
    given = own if recipient == "own" else recipient or key_of(tmp_path, "third")
    lines = case.ledger.verify()
    with pytest.raises(BadMember):
        membership.add(case, name, given)
    assert case.ledger.verify() == lines


def test_adding_again_mends_an_adding_that_was_cut_off(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipient = key_of(tmp_path, "second")
    with monkeypatch.context() as patch:
        patch.setattr(type(case.keyring), "wrap", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            membership.add(case, "second", recipient)
    with pytest.raises(WrongKey):
        opens(as_(case, tmp_path, "second"))
    lines = case.ledger.verify()
    membership.add(case, "second", recipient)
    assert case.ledger.verify() == lines
    assert opens(as_(case, tmp_path, "second")) == 2


def test_a_removed_member_opens_nothing_any_more(case: Case, tmp_path: Path) -> None:
    membership.add(case, "second", key_of(tmp_path, "second"))
    second = as_(case, tmp_path, "second")
    old_vault, old_originals = second.keyring.vault_keys(second.ledger.standing), second.originals_keys()
    done = membership.remove(case, "second", Silent())
    assert done == {"originals": 2, "sealed_anew": 2, "vault_rewritten": True}
    assert opens(Case.open(case.folder, tmp_path / "founder.txt")) == 2
    assert sound(case) == "current"
    with pytest.raises(WrongKey):
        opens(as_(case, tmp_path, "second"))
    # Nor with the keys that they may have copied.
    assert not set(old_vault) & set(case.keyring.vault_keys(case.ledger.standing))
    for sealed in (case.custody / "originals").glob("*.age"):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(sealed.read_bytes(), old_originals)
    with pytest.raises(SousveilError):
        as_(case, tmp_path, "second").ledger.append("survey", {})


def test_nobody_removes_themselves_or_a_stranger(case: Case) -> None:
    for name in ("founder", "nobody"):
        with pytest.raises(BadMember):
            membership.remove(case, name, Silent())
    assert opens(case) == 2


KILLS = (2, 4, 7, 10)
"""Files before whose taking their place the process is killed: the wrapped keys and the ledger's line, the
vault, an original, the manifest. There are 14 in all; each was tried."""
NEVER = 1000


class Killed(BaseException):
    """The process ends here."""


def counted_writes(monkeypatch: pytest.MonkeyPatch, kill_at: int) -> Callable[[], int]:
    """Let the process be killed right before its n-th file takes its place (0: never)."""
    done = 0
    as_it_was = Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done == kill_at:
            raise Killed
        return as_it_was(self, target)

    monkeypatch.setattr(files.Path, "replace", replace)
    return lambda: done


def test_a_change_of_keys_that_is_killed_anywhere_leaves_a_case_that_opens(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    membership.add(case, "second", key_of(tmp_path, "second"))
    for kill_at in (*KILLS, NEVER):
        folder = tmp_path / f"killed-{kill_at}"
        shutil.copytree(case.folder, folder)
        found = Case.open(folder, tmp_path / "founder.txt")
        with monkeypatch.context() as patch:
            counted_writes(patch, kill_at)
            try:
                membership.remove(found, "second", Silent())
            except Killed:
                pass
            else:
                assert kill_at == NEVER
            finally:
                found.close()
        after = Case.open(folder, tmp_path / "founder.txt")
        assert opens(after) == 2
        sound(after)
        if "second" not in after.ledger.standing.members and not after.ledger.standing.key_change_open:
            continue
        membership.remove(after, "second", Silent())
        assert opens(after) == 2
        assert sound(after) == "current"
        with pytest.raises(SousveilError):
            opens(as_(after, tmp_path, "second"))
        assert list((folder / "vault").glob("*next*")) == []


def test_a_damaged_original_stops_the_change_and_is_not_replaced(case: Case, tmp_path: Path) -> None:
    membership.add(case, "second", key_of(tmp_path, "second"))
    sealed = sorted((case.custody / "originals").glob("*.age"))[-1]
    data = bytearray(sealed.read_bytes())
    data[-1] ^= 1
    sealed.write_bytes(data)
    with pytest.raises(IntegrityError) as caught:
        membership.remove(case, "second", Silent())
    assert caught.value.where == {"original": sealed.name}
    assert sealed.read_bytes() == bytes(data)


def test_a_lost_key_with_a_recovery_key(case: Case, tmp_path: Path) -> None:
    """The recovery key opens the case, brings a new member in, and takes the lost key out."""
    membership.recovery_key(case, tmp_path / "safe.txt")
    (tmp_path / "founder.txt").unlink()
    with pytest.raises(KeyMissing):
        opens(Case.open(case.folder, tmp_path / "founder.txt"))
    rescued = as_(case, tmp_path, "safe")
    assert opens(rescued) == 2
    membership.add(rescued, "again", key_of(tmp_path, "again"))
    membership.remove(as_(case, tmp_path, "again"), "founder", Silent())
    assert opens(as_(case, tmp_path, "again")) == 2
    assert opens(as_(case, tmp_path, "safe")) == 2
    assert {m["name"]: m["kind"] for m in membership.listing(case)["members"]} == {
        "recovery": "recovery",
        "again": "member",
    }


def test_a_lost_key_without_one_is_told_honestly(case: Case, tmp_path: Path) -> None:
    (tmp_path / "founder.txt").unlink()
    with pytest.raises(KeyMissing):
        opens(Case.open(case.folder, tmp_path / "founder.txt"))
    key_of(tmp_path, "founder")
    with pytest.raises(WrongKey):
        opens(Case.open(case.folder, tmp_path / "founder.txt"))


def test_a_recovery_key_is_kept_nowhere_in_the_case(case: Case, tmp_path: Path) -> None:
    membership.recovery_key(case, tmp_path / "safe.txt")
    secret = str(Identity.read(tmp_path / "safe.txt").age)
    held = b"".join(path.read_bytes() for path in case.folder.rglob("*") if path.is_file())
    assert secret.encode() not in held
    assert (tmp_path / "safe.txt").stat().st_mode & 0o077 == 0


def test_a_recovery_key_takes_no_place_that_is_not_free(case: Case, tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("something else")
    for place in (tmp_path / "there.txt", case.folder / "custody" / "recovery.txt"):
        with pytest.raises(BadMember):
            membership.recovery_key(case, place)
    assert (tmp_path / "there.txt").read_text() == "something else"
    assert list(case.ledger.standing.members) == ["founder"]


def test_a_member_written_into_the_ledger_by_hand_gets_nothing(case: Case, tmp_path: Path) -> None:
    stranger = str(x25519.Identity.generate().to_public())
    lines = case.ledger.path.read_text().splitlines()
    entry = json.loads(lines[0]) | {"did": "member added"}
    entry["detail"] = {"name": "x", "kind": "member", "recipient": stranger, "challenge": "", "proof": ""}
    case.ledger.path.write_text("\n".join([*lines, json.dumps(entry, sort_keys=True)]) + "\n")
    with pytest.raises(IntegrityError):
        membership.add(case, "second", key_of(tmp_path, "second"))


def test_originals_sealed_while_keys_change_go_to_the_new_key(case: Case, tmp_path: Path) -> None:
    membership.add(case, "second", key_of(tmp_path, "second"))
    before = str(case.sealed_to())
    membership.remove(case, "second", Silent())
    assert str(case.sealed_to()) == case.ledger.standing.originals[-1] != before
    (tmp_path / "dump" / "c.csv").write_text("id,kind\n1,x\n2,y\n3,z\n")
    take_in(case, tmp_path / "dump", Silent())
    sha256 = next(i["sha256"] for i in json.loads((case.custody / "manifest.json").read_text())["items"][2:])
    assert sealed_at(case.custody / "originals", sha256).exists()
    assert sound(case) == "current"
