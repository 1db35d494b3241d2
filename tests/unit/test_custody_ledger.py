"""The ledger: chain, signatures, checkpoint, and what they notice."""

import json
from pathlib import Path

import pytest

from sousveil.case import Case
from sousveil.custody.ledger import Ledger
from sousveil.errors import IntegrityError


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Case.make(tmp_path / "case", tmp_path / "key.txt").ledger
    for number in range(4):
        made.append("stage", {"number": number})
    return made


def again(ledger: Ledger) -> Ledger:
    """The ledger as another process finds it."""
    return Case.open(ledger.path.parent.parent, ledger.path.parents[2] / "key.txt").ledger


def lines_of(ledger: Ledger) -> list[str]:
    return ledger.path.read_text().splitlines()


def put(ledger: Ledger, lines: list[str]) -> None:
    ledger.path.write_text("".join(f"{line}\n" for line in lines))


def test_a_sound_ledger(ledger: Ledger) -> None:
    assert ledger.verify() == again(ledger).verify() == 5


@pytest.mark.parametrize("line", [2, 3, 5])
def test_a_changed_line_is_named(ledger: Ledger, line: int) -> None:
    lines = lines_of(ledger)
    lines[line - 1] = lines[line - 1].replace('"did": "stage"', '"did": "other"')
    put(ledger, lines)
    with pytest.raises(IntegrityError) as caught:
        ledger.verify()
    assert caught.value.where == {"line": line}


def rehashed(line: str, previous: str, **changes: object) -> str:
    """A line changed by somebody who knows how hashes are made, but has no key."""
    from sousveil.custody.chain import digest

    entry = json.loads(line) | changes | {"previous": previous}
    content = {name: value for name, value in entry.items() if name not in ("hash", "signature")}
    return json.dumps(content | {"hash": digest(content), "signature": entry["signature"]}, sort_keys=True)


def test_a_chain_that_was_hashed_anew_lacks_signatures(ledger: Ledger) -> None:
    lines = lines_of(ledger)
    for place in range(2, 5):
        lines[place] = rehashed(lines[place], json.loads(lines[place - 1])["hash"], did="other")
    put(ledger, lines)
    with pytest.raises(IntegrityError, match="signature") as caught:
        ledger.verify()
    assert caught.value.where == {"line": 3}


def test_a_line_by_nobody_known_is_named(ledger: Ledger) -> None:
    lines = lines_of(ledger)
    lines[4] = rehashed(lines[4], json.loads(lines[3])["hash"], who="stranger")
    put(ledger, lines)
    with pytest.raises(IntegrityError, match="not by a member"):
        ledger.verify()


def test_a_line_that_names_a_member_twice_is_noticed(ledger: Ledger) -> None:
    """Readers of JSON keep the last and hash that; a person reads the first."""
    lines = lines_of(ledger)
    lines[2] = lines[2].replace('{"at"', '{"did": "nothing", "at"')
    put(ledger, lines)
    with pytest.raises(IntegrityError) as caught:
        ledger.verify()
    assert caught.value.where == {"line": 3}


def test_a_removed_line_is_noticed(ledger: Ledger) -> None:
    lines = lines_of(ledger)
    put(ledger, lines[:1] + lines[2:])
    with pytest.raises(IntegrityError):
        ledger.verify()


@pytest.mark.parametrize("kept", [1, 2, 4])
def test_lines_taken_from_the_end_are_noticed(ledger: Ledger, kept: int) -> None:
    put(ledger, lines_of(ledger)[:kept])
    with pytest.raises(IntegrityError, match="end of the ledger") as caught:
        again(ledger).verify()
    assert caught.value.where == {"line": kept + 1}


def test_an_older_ledger_with_its_checkpoint_is_noticed_by_a_head(ledger: Ledger) -> None:
    files = (ledger.path, ledger.checkpoint)
    older = [file.read_bytes() for file in files]
    ledger.append("stage", {})
    head = ledger.head()
    ledger.contains(head)
    for file, data in zip(files, older, strict=True):
        file.write_bytes(data)
    put_back = again(ledger)
    assert put_back.verify() == 5
    with pytest.raises(IntegrityError):
        put_back.contains(head)


def test_a_head_of_another_history_is_noticed(ledger: Ledger) -> None:
    number, _, digest = ledger.head().partition(":")
    ledger.contains(f"{number}:{digest[:16]}")
    with pytest.raises(IntegrityError):
        ledger.contains(f"{number}:{'0' * 64}")
    for none in ("", "5", f"0:{digest}", f"{number}:{digest[:4]}", f"-1:{digest}"):
        with pytest.raises(IntegrityError):
            ledger.contains(none)


def test_an_older_checkpoint_does_not_fit(ledger: Ledger) -> None:
    older = ledger.checkpoint.read_bytes()
    ledger.append("stage", {})
    ledger.append("stage", {})
    ledger.checkpoint.write_bytes(older)
    with pytest.raises(IntegrityError, match="belong together"):
        again(ledger).verify()


def test_a_run_that_was_killed_before_the_checkpoint_goes_on(ledger: Ledger) -> None:
    older = ledger.checkpoint.read_bytes()
    ledger.append("stage", {})
    ledger.checkpoint.write_bytes(older)
    found = again(ledger)
    assert found.verify() == 6
    found.append("stage", {})
    assert again(ledger).verify() == 7


@pytest.mark.parametrize("change", ["lines", "hash", "name", "signature", "garbage", "missing", "case"])
def test_a_changed_checkpoint_is_noticed(ledger: Ledger, change: str) -> None:
    note = ledger.checkpoint.read_text()
    body, _, signature = note.partition("\n\n")
    parts = body.split("\n")
    if change == "lines":
        note = note.replace("\n5\n", "\n4\n")
    elif change == "hash":
        note = note.replace(parts[2], "A" * 43 + "=")
    elif change == "name":
        note = note.replace("founder", "finder")
    elif change == "signature":
        note = f"{body}\n\n{signature[:30]}AAAA{signature[34:]}"
    elif change == "case":
        note = note.replace("sousveil/", "sousveil/0")
    else:
        note = "\udcff\n" if change == "garbage" else ""
    ledger.checkpoint.write_bytes(note.encode("utf-8", "surrogateescape"))
    if change == "missing":
        ledger.checkpoint.unlink()
    with pytest.raises(IntegrityError, match="checkpoint"):
        again(ledger).verify()


@pytest.mark.parametrize("broken", ["{", "[]", "{}", "null", json.dumps({"hash": 1}), "[" * 3000])
def test_a_broken_line_is_named(ledger: Ledger, broken: str) -> None:
    with ledger.path.open("a") as file:
        file.write(broken + "\n")
    with pytest.raises(IntegrityError) as caught:
        ledger.verify()
    assert caught.value.where == {"line": 6}


def test_nothing_is_appended_to_a_ledger_that_does_not_verify(ledger: Ledger) -> None:
    lines = lines_of(ledger)
    lines[1] = lines[1].replace('"number": 0', '"number": 7')
    put(ledger, lines)
    before = ledger.path.read_bytes()
    for one in (ledger, again(ledger)):
        with pytest.raises(IntegrityError) as caught:
            one.append("stage", {})
        assert caught.value.where == {"line": 2}
    assert ledger.path.read_bytes() == before


def test_a_line_that_was_cut_off_is_written_anew(ledger: Ledger) -> None:
    """A full disk tears a line in two; nobody was told that it stands."""
    whole = ledger.path.read_bytes()
    for cut in (1, 20, 100):
        ledger.path.write_bytes(ledger.path.read_bytes() + whole.splitlines()[-1][:cut])
        found = again(ledger)
        lines = found.verify()
        found.append("stage", {})
        assert again(ledger).verify() == lines + 1
    ledger.path.write_bytes(ledger.path.read_bytes().removesuffix(b"\n"))
    again(ledger).append("stage", {})
    assert again(ledger).verify() == 9


def test_a_ledger_that_is_no_text_or_gone_is_told(ledger: Ledger) -> None:
    with ledger.path.open("ab") as file:
        file.write(b"\xff\n")
    for what in (ledger.verify, lambda: ledger.append("stage", {})):
        with pytest.raises(IntegrityError):
            what()
    ledger.path.unlink()
    with pytest.raises(IntegrityError):
        ledger.verify()


def test_the_ledger_names_no_user_machine_or_path(ledger: Ledger) -> None:
    import getpass
    import socket

    text = ledger.path.read_text()
    assert str(ledger.path.parent) not in text
    for name in (getpass.getuser(), socket.gethostname()):
        assert f'"{name}"' not in text
