"""Keys and key files."""

import shutil
import stat
import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from sousveil.case import Case
from sousveil.custody.identity import Identity, _secret_bytes, default_key_file, holds
from sousveil.custody.keys import Keyring, vault_mark
from sousveil.custody.originals import seal, sealed_at, unsealed
from sousveil.errors import IntegrityError, KeyExposed, KeyMissing, NotAMember, WrongKey


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.make(tmp_path / "case", tmp_path / "key.txt")


def seen_with(case: Case, key_file: Path) -> Case:
    return Case.open(case.folder, key_file)


def test_a_key_file_is_made_at_first_use_for_its_owner_only(case: Case, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "key.txt").stat().st_mode) == 0o600
    keys = case.keyring.vault_keys(case.ledger.standing)
    assert len(keys) == 1
    assert len(keys[0]) == 64
    assert keys == seen_with(case, tmp_path / "key.txt").keyring.vault_keys(case.ledger.standing)


def test_the_case_holds_no_readable_key(case: Case) -> None:
    held = b"".join(path.read_bytes() for path in case.folder.rglob("*") if path.is_file())
    key = case.keyring.vault_keys(case.ledger.standing)[0]
    assert bytes.fromhex(key) not in held
    assert key.encode() not in held
    assert b"AGE-SECRET-KEY" not in held


def test_two_cases_have_different_keys(tmp_path: Path) -> None:
    one, other = (Case.make(tmp_path / name, tmp_path / "key.txt") for name in ("a", "b"))
    assert one.ledger.standing.vault != other.ledger.standing.vault
    assert one.ledger.standing.originals != other.ledger.standing.originals


def test_another_members_key_does_not_open(case: Case, tmp_path: Path) -> None:
    Case.make(tmp_path / "other", tmp_path / "other.txt")
    stranger = seen_with(case, tmp_path / "other.txt")
    with pytest.raises(WrongKey):
        _ = stranger.vault
    with pytest.raises(NotAMember):
        stranger.ledger.append("survey", {})
    assert case.ledger.verify() == 1


def test_a_missing_key_says_where_it_was_looked_for(case: Case, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=r"gone\.txt"):
        _ = seen_with(case, tmp_path / "gone.txt").vault


@pytest.mark.parametrize("content", ["", "not a key", "AGE-SECRET-KEY-1NONSENSE", "密钥"])
def test_a_file_that_is_no_key(case: Case, tmp_path: Path, content: str) -> None:
    (tmp_path / "no.txt").write_text(content)
    (tmp_path / "no.txt").chmod(0o600)
    with pytest.raises(WrongKey):
        _ = seen_with(case, tmp_path / "no.txt").vault


def test_a_key_that_others_can_read_is_refused(case: Case, tmp_path: Path) -> None:
    (tmp_path / "key.txt").chmod(0o644)
    with pytest.raises(KeyExposed):
        _ = seen_with(case, tmp_path / "key.txt").vault


def test_where_the_key_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOUSVEIL_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_key_file() == tmp_path / "sousveil" / "key.txt"
    monkeypatch.setenv("SOUSVEIL_KEY", "/elsewhere")
    assert default_key_file() == Path("/elsewhere")


@pytest.mark.parametrize("name", ["vault.age", "originals.age"])
def test_a_lost_wrapped_key_is_named(case: Case, name: str) -> None:
    (case.keyring.folder / name).unlink()
    with pytest.raises(KeyMissing, match=name):
        _ = case.vault if name == "vault.age" else case.originals_keys()


def test_keys_that_a_stranger_put_into_the_case_are_not_used(case: Case) -> None:
    """Whoever can write there can encrypt keys of their own to the members: age does not say who did."""
    stranger = x25519.Identity.generate()
    to = case.keyring.identity.recipient
    Keyring(case.keyring.folder, case.keyring.key_file).wrap(["ab" * 32], [stranger], [to])
    with pytest.raises(IntegrityError, match="vault"):
        _ = case.vault
    with pytest.raises(IntegrityError, match="originals"):
        case.originals_keys()


@given(st.binary(max_size=200), st.binary(min_size=1, max_size=200))
def test_a_signature_holds_for_its_message_and_no_other(message: bytes, more: bytes) -> None:
    identity = Identity(x25519.Identity.generate())
    signature = identity.sign(message)
    assert holds(identity.verifying_key, signature, message)
    assert not holds(identity.verifying_key, signature, message + more)
    assert not holds(Identity(x25519.Identity.generate()).verifying_key, signature, message)


def test_the_signing_key_comes_from_the_bytes_that_age_means(tmp_path: Path) -> None:
    """BIP 173's digits, checked against age's own: the public key is X25519 of the same bytes."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    identity = x25519.Identity.generate()
    public = X25519PrivateKey.from_private_bytes(_secret_bytes(identity)).public_key().public_bytes_raw()
    digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    number = 0
    for digit in str(identity.to_public()).rpartition("1")[2][:-6]:
        number = number << 5 | digits.index(digit)
    assert (number >> 4).to_bytes(32, "big") == public


@pytest.fixture
def sealed(case: Case, tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"evidence " * 50_000)
    sha256, size = seal(tmp_path / "file", case.custody / "originals", case.sealed_to())
    assert size == 450_000
    return sealed_at(case.custody / "originals", sha256)


def test_an_original_comes_back_as_it_was(case: Case, sealed: Path, tmp_path: Path) -> None:
    unsealed(sealed, tmp_path / "back", case.originals_keys())
    assert (tmp_path / "back").read_bytes() == (tmp_path / "file").read_bytes()


@pytest.mark.parametrize("damage", ["tail", "cut", "head", "other"])
def test_nothing_of_a_damaged_original_is_used(case: Case, sealed: Path, tmp_path: Path, damage: str) -> None:
    """Most of the plaintext streams out of age before it sees the damage."""
    data = bytearray(sealed.read_bytes())
    if damage == "tail":
        data[-3] ^= 1
    elif damage == "cut":
        del data[-100_000:]
    elif damage == "head":
        data[30] ^= 1
    else:
        data = bytearray(pyrage.encrypt(b"another file", [case.sealed_to()]))
    sealed.write_bytes(data)
    with pytest.raises(IntegrityError):
        unsealed(sealed, tmp_path / "back", case.originals_keys())
    assert not (tmp_path / "back").exists()
    assert list(tmp_path.glob("*.part")) == []


def test_a_full_disk_is_told_as_one(case: Case, tmp_path: Path, sealed: Path) -> None:
    """age's library hides why a stream failed."""
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / ".part").symlink_to("/dev/full")
    (tmp_path / "big").write_bytes(b"x" * 1_000_000)
    with pytest.raises(OSError, match="No space"):
        seal(tmp_path / "big", folder, case.sealed_to())
    assert list(folder.iterdir()) == []


def test_sealing_again_leaves_the_evidence_alone(case: Case, sealed: Path, tmp_path: Path) -> None:
    before = sealed.read_bytes()
    seal(tmp_path / "file", sealed.parent, case.sealed_to())
    assert sealed.read_bytes() == before


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the package age (apt.txt)")
def test_a_member_opens_an_original_with_plain_age(case: Case, sealed: Path, tmp_path: Path) -> None:
    """The two steps of docs/custody.md."""
    key, wrapped = case.keyring.key_file, case.keyring.folder / "originals.age"
    opened = tmp_path / "originals.txt"
    subprocess.run(["age", "-d", "-i", key, "-o", opened, wrapped], check=True)
    subprocess.run(["age", "-d", "-i", opened, "-o", tmp_path / "back", sealed], check=True)
    assert (tmp_path / "back").read_bytes() == (tmp_path / "file").read_bytes()


def test_a_vault_key_is_named_by_its_hash(case: Case) -> None:
    key = case.keyring.vault_keys(case.ledger.standing)[0]
    assert case.ledger.standing.vault == [vault_mark(key)]
