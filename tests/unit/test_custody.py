"""Keys and ledger."""

import json
import stat
from pathlib import Path

import pytest

from sousveil.custody.keys import Keyring, default_key_file
from sousveil.custody.ledger import Ledger
from sousveil.errors import IntegrityError, KeyExposed, KeyMissing, WrongKey


def test_a_key_file_is_made_at_first_use_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "config" / "key.txt"
    ring = Keyring.make(tmp_path / "keys", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(ring.vault_key()) == 64
    assert ring.vault_key() == Keyring(tmp_path / "keys", file).vault_key()


def test_the_case_holds_no_readable_key(tmp_path: Path) -> None:
    ring = Keyring.make(tmp_path / "keys", tmp_path / "key.txt")
    held = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert bytes.fromhex(ring.vault_key()) not in held
    assert b"AGE-SECRET-KEY" not in held


def test_two_cases_have_different_vault_keys(tmp_path: Path) -> None:
    file = tmp_path / "key.txt"
    assert Keyring.make(tmp_path / "a", file).vault_key() != Keyring.make(tmp_path / "b", file).vault_key()


def test_another_members_key_does_not_open(tmp_path: Path) -> None:
    Keyring.make(tmp_path / "keys", tmp_path / "key.txt")
    Keyring.make(tmp_path / "other", tmp_path / "other.txt")
    with pytest.raises(WrongKey):
        Keyring(tmp_path / "keys", tmp_path / "other.txt").vault_key()


def test_a_missing_key_says_where_it_was_looked_for(tmp_path: Path) -> None:
    Keyring.make(tmp_path / "keys", tmp_path / "key.txt")
    with pytest.raises(KeyMissing, match=r"gone\.txt"):
        Keyring(tmp_path / "keys", tmp_path / "gone.txt").vault_key()


@pytest.mark.parametrize("content", ["", "not a key", "AGE-SECRET-KEY-1NONSENSE", "密钥"])
def test_a_file_that_is_no_key(tmp_path: Path, content: str) -> None:
    Keyring.make(tmp_path / "keys", tmp_path / "key.txt")
    (tmp_path / "no.txt").write_text(content)
    (tmp_path / "no.txt").chmod(0o600)
    with pytest.raises(WrongKey):
        Keyring(tmp_path / "keys", tmp_path / "no.txt").vault_key()


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Keyring.make(tmp_path / "keys", tmp_path / "key.txt")
    (tmp_path / "key.txt").chmod(0o644)
    with pytest.raises(KeyExposed):
        Keyring(tmp_path / "keys", tmp_path / "key.txt").vault_key()


def test_where_the_key_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOUSVEIL_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_key_file() == tmp_path / "sousveil" / "key.txt"
    monkeypatch.setenv("SOUSVEIL_KEY", "/elsewhere")
    assert default_key_file() == Path("/elsewhere")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.jsonl")
    for number in range(5):
        made.append("stage", {"number": number})
    return made


def test_a_sound_ledger(ledger: Ledger) -> None:
    assert ledger.verify() == 5


@pytest.mark.parametrize("line", [1, 3, 5])
def test_a_changed_line_is_named(ledger: Ledger, line: int) -> None:
    lines = ledger.path.read_text().splitlines()
    lines[line - 1] = lines[line - 1].replace('"did": "stage"', '"did": "other"')
    ledger.path.write_text("\n".join(lines) + "\n")
    with pytest.raises(IntegrityError) as caught:
        ledger.verify()
    assert caught.value.where == {"line": line}


def test_a_removed_line_is_noticed(ledger: Ledger) -> None:
    lines = ledger.path.read_text().splitlines()
    ledger.path.write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    with pytest.raises(IntegrityError):
        ledger.verify()


@pytest.mark.parametrize("broken", ["{", "[]", "{}", "null", json.dumps({"hash": 1})])
def test_a_broken_line_is_named(ledger: Ledger, broken: str) -> None:
    with ledger.path.open("a") as file:
        file.write(broken + "\n")
    with pytest.raises(IntegrityError) as caught:
        ledger.verify()
    assert caught.value.where == {"line": 6}


def test_a_line_that_was_cut_off_is_written_anew(ledger: Ledger) -> None:
    """A full disk tears a line in two; nobody was told that it stands."""
    whole = ledger.path.read_bytes()
    for cut in (1, 20, 100):
        ledger.path.write_bytes(whole + whole.splitlines()[-1][:cut])
        assert ledger.verify() == 5
        ledger.append("stage", {})
        assert ledger.verify() == 6
    ledger.path.write_bytes(whole.removesuffix(b"\n"))
    ledger.append("stage", {})
    assert ledger.verify() == 6


def test_a_ledger_that_is_no_text_or_gone_is_told(ledger: Ledger) -> None:
    with ledger.path.open("ab") as file:
        file.write(b"\xff\n")
    for what in (ledger.verify, lambda: ledger.append("stage", {})):
        with pytest.raises(IntegrityError):
            what()
    ledger.path.unlink()
    with pytest.raises(IntegrityError):
        ledger.verify()


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"\xff"])
def test_a_case_that_lost_its_members_says_so(tmp_path: Path, content: bytes | None) -> None:
    ring = Keyring.make(tmp_path / "keys", tmp_path / "key.txt")
    file = ring.folder / "members.txt"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KeyMissing):
        ring.members()
