"""The export, its own verifier, and what `ledger verify` and it notice alike."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from sousveil.case import Case
from sousveil.custody import membership, verifier, verify
from sousveil.custody.export import export
from sousveil.custody.identity import Identity, make_key_file
from sousveil.custody.originals import unsealed
from sousveil.errors import ExportTarget, IntegrityError
from sousveil.progress import Silent
from sousveil.stages import take_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with two members (one removed since), three originals, one of them replaced; and its export."""
    folder = tmp_path_factory.mktemp("made")
    case = Case.make(folder / "case", folder / "key.txt")
    dump = folder / "dump"
    dump.mkdir()
    (dump / "a.csv").write_text("id,kind\n1,x\n2,y\n3,z\n")
    (dump / "b.bin").write_bytes(bytes(range(256)) * 300)
    take_in(case, dump, Silent())
    (dump / "a.csv").write_text("id,kind\n1,x\n2,y\n3,z\n4,z\n")
    take_in(case, dump, Silent())
    for name in ("second", "third"):
        identity = make_key_file(folder / f"{name}.txt", ())
        assert identity
        membership.add(case, name, identity.recipient)
    Case.open(case.folder, folder / "second.txt").ledger.append("survey", {})
    membership.remove(case, "second", Silent())
    export(case, folder / "bag", Silent())
    case.close()
    return folder


@pytest.fixture
def bag(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "bag"


def test_the_export_is_a_valid_bag(bag: Path) -> None:
    found = bagit.Bag(str(bag))
    found.validate()
    assert found.algorithms == ["sha256"]
    assert found.info["Payload-Oxum"]
    assert len(list((bag / "data/custody/originals").iterdir())) == 3


def test_the_export_holds_no_vault_and_nothing_readable(bag: Path, made: Path) -> None:
    held = [path for path in bag.rglob("*") if path.is_file()]
    assert not any("vault" in path.name for path in held)
    text = b"".join(path.read_bytes() for path in held)
    assert b"id,kind" not in text
    assert str(made).encode() not in text


def test_the_verifier_needs_nothing_but_python(bag: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", bag / "data/verify.py", bag], capture_output=True, text=True, check=True
    )
    assert "Everything holds" in done.stdout
    assert json.loads((bag / "data/custody/ledger.jsonl").read_text().splitlines()[-1])["hash"] in done.stdout


def test_the_verifier_can_be_read_in_one_sitting() -> None:
    assert len(Path(verifier.__file__).read_text().splitlines()) <= 200


def test_a_member_opens_an_original_of_the_export(bag: Path, made: Path, tmp_path: Path) -> None:
    case = Case.open(made / "case", made / "key.txt")
    (tmp_path / "opened").mkdir()
    for sealed in (bag / "data/custody/originals").iterdir():
        unsealed(sealed, tmp_path / "opened" / sealed.stem, case.originals_keys())
    verifier.main([str(bag), str(tmp_path / "opened")])
    with (tmp_path / "opened" / sealed.stem).open("ab") as file:
        file.write(b"x")
    with pytest.raises(SystemExit, match="is an original"):
        verifier.main([str(bag), str(tmp_path / "opened")])


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(custody: Path) -> None:
        text = (custody / name).read_text("utf-8")
        assert old in text
        (custody / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def original(custody: Path) -> Path:
    return sorted((custody / "originals").iterdir())[1]


def flip(custody: Path) -> None:
    data = bytearray(original(custody).read_bytes())
    data[-1] ^= 1
    original(custody).write_bytes(data)


def truncate(custody: Path) -> None:
    lines = (custody / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    (custody / "ledger.jsonl").write_bytes(b"".join(lines[:-1]))


def forge(custody: Path) -> None:
    """Whoever has no key hashes the chain anew and signs it with a key of their own."""
    from sousveil.custody.chain import sealed_line
    from sousveil.custody.checkpoint import Checkpoint

    forger = Identity(x25519.Identity.generate())
    previous, lines = "0" * 64, []
    for line in (custody / "ledger.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line) | {"previous": previous}
        entry = {name: value for name, value in entry.items() if name not in ("hash", "signature")}
        if len(lines) == 3:
            entry["detail"] = {"forged": True}
        lines.append(sealed_line(entry, forger))
        previous = json.loads(lines[-1])["hash"]
    (custody / "ledger.jsonl").write_bytes(b"".join(lines))
    case = json.loads(lines[0])["detail"]["case"]
    note = Checkpoint(case, len(lines), previous).signed("founder", forger)
    (custody / "checkpoint").write_text(note, "utf-8")


TAMPERING: dict[str, Callable[[Path], None]] = {
    "a line changed": edit("ledger.jsonl", '"did": "survey"', '"did": "survex"'),
    "a signature changed": edit("ledger.jsonl", '"signature": "', '"signature": "00'),
    "a line removed from the end": truncate,
    "the ledger forged": forge,
    "the ledger emptied": lambda custody: (custody / "ledger.jsonl").write_text("") and None,
    "the checkpoint changed": edit("checkpoint", "founder ", "founder A"),
    "the manifest changed": edit("manifest.json", '"a.csv"', '"x.csv"'),
    "the sealed names changed": lambda custody: (custody / "names.age").write_bytes(b"x") and None,
    "an original changed": flip,
    "an original missing": lambda custody: original(custody).unlink(),
    "an original too many": lambda custody: (
        shutil.copy(original(custody), custody / f"originals/{'0' * 64}.age") and None
    ),
}


@pytest.mark.parametrize("tampering", TAMPERING)
def test_tampering_is_noticed_by_both_verifiers(bag: Path, tampering: str) -> None:
    case = bag.parent / "case"
    verifier.main([str(case)])
    TAMPERING[tampering](case / "custody")
    with pytest.raises(SystemExit, match="DOES NOT HOLD"):
        verifier.main([str(case)])
    found = Case.open(case, bag.parent / "key.txt")
    with pytest.raises(IntegrityError):
        verify.everything(found.custody, found.ledger)


def test_tampering_with_the_bag_is_noticed(bag: Path) -> None:
    for path in sorted(path for path in bag.rglob("*") if path.is_file() and "tagmanifest" not in path.name):
        if path.name == "bagit.txt":
            continue
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        with pytest.raises(SystemExit, match="DOES NOT HOLD"):
            verifier.main([str(bag)])
        path.write_bytes(before)
    (bag / "data" / "more.txt").write_text("more")
    with pytest.raises(SystemExit, match="DOES NOT HOLD"):
        verifier.main([str(bag)])


@given(st.binary(max_size=100), st.integers(0, 63), st.integers(1, 255))
def test_both_read_signatures_alike(message: bytes, place: int, change: int) -> None:
    identity = Identity(x25519.Identity.generate())
    key, signature = bytes.fromhex(identity.verifying_key), bytearray(identity.sign(message))
    assert verifier.is_signed(key, bytes(signature), message)
    signature[place] ^= change
    assert not verifier.is_signed(key, bytes(signature), message)


def test_the_standards_own_signature() -> None:
    """RFC 8032, 7.1, test 3."""
    key = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    signature = (
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert verifier.is_signed(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex("af82"))
    assert not verifier.is_signed(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex("af83"))


def test_an_export_takes_no_place_that_is_not_free(made: Path, tmp_path: Path) -> None:
    case = Case.open(made / "case", made / "key.txt")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("a")
    lines = case.ledger.verify()
    for place in (tmp_path / "full", case.folder / "bag", case.folder.parent, tmp_path / "no" / "where"):
        with pytest.raises(ExportTarget):
            export(case, place, Silent())
    assert case.ledger.verify() == lines


def test_a_damaged_case_is_not_exported(bag: Path, tmp_path: Path) -> None:
    flip(bag.parent / "case" / "custody")
    with pytest.raises(IntegrityError):
        export(Case.open(bag.parent / "case", bag.parent / "key.txt"), tmp_path / "new", Silent())
    assert not (tmp_path / "new").exists()


def test_an_export_that_is_cut_off_leaves_nothing(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case.open(bag.parent / "case", bag.parent / "key.txt")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sousveil.custody.export.shutil.copyfile", full)
        with pytest.raises(OSError, match="No space"):
            export(case, tmp_path / "new", Silent())
    assert not [path for path in tmp_path.iterdir() if "new" in path.name]
    export(case, tmp_path / "new", Silent())
    verifier.main([str(tmp_path / "new")])
