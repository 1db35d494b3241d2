"""A case on disk, its policy, names as they may be shown, review.toml."""

import shutil
import stat
from pathlib import Path

import pytest

from sousveil import review
from sousveil.case import Case
from sousveil.errors import BadCase, BadReview, NotACase, VaultDamaged
from sousveil.files import write_whole
from sousveil.review import Review, TableReview
from sousveil.vault import Column, Table
from sousveil.veil import is_identifying, printable, shown_path

TYPES = frozenset({"person_name", "date", "category"})


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.make(tmp_path / "case", tmp_path / "key.txt")


def test_a_new_case_is_for_its_owner_only(case: Case) -> None:
    assert stat.S_IMODE(case.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((case.folder / "vault").stat().st_mode) == 0o700


def test_a_case_opens_again_with_its_policy(case: Case, tmp_path: Path) -> None:
    again = Case.open(case.folder, tmp_path / "key.txt")
    assert (again.id, again.made_on, again.policy) == (case.id, case.made_on, case.policy)
    assert again.policy.threshold == 10


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("threshold = 10", "threshold = 1"),
        ("threshold = 10", 'threshold = "ten"'),
        ("regime", "unknown"),
        ("id = ", ""),
    ],
)
def test_a_broken_case_file_is_told(case: Case, old: str, new: str) -> None:
    file = case.folder / "case.toml"
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(BadCase):
        Case.open(case.folder)


def test_no_case(tmp_path: Path) -> None:
    with pytest.raises(NotACase):
        Case.open(tmp_path)


def test_names_that_hold_identifiers_are_not_shown(case: Case) -> None:
    column = Column(4, "990102199001011234")
    table = Table(3, "旅客 990102199001011234", 1, 0, 0, (column,))
    assert case.name_of(table) == "table-3"
    assert case.column_name(column) == "column-4"
    assert case.path_of(7, "a/990102199001011234.jpg") == "a/item-7.jpg"


def test_names_that_proved_to_be_values_are_not_shown(case: Case) -> None:
    case.vault.put_document("veiled", ["阿不都"])
    assert case.path_of(7, "照片/阿不都.jpg") == "照片/item-7.jpg"
    assert case.name_of(Table(1, "阿不都", 1, 0, 0, ())) == "table-1"


@pytest.mark.parametrize(
    "name",
    [
        "990102199001011234",
        "９９０１０２１９９００１０１１２３４",
        "99010219900101123X",
        "12001234567",
        "a@b.cn",
        "沪A12345",
        "E12345678",
    ],
)
def test_what_looks_like_an_identifier(name: str) -> None:
    assert is_identifying(name)


@pytest.mark.parametrize(
    "name", ["export_20190620", "2018-03", "border_entries", "出入境记录", "t1", "IMG_0001", "part-00012"]
)
def test_what_does_not(name: str) -> None:
    assert not is_identifying(name)


def test_control_characters_are_not_shown() -> None:
    assert printable("a\x1b[31mb\u202ec") == "a�[31mb�c"
    assert shown_path("a\n/b\x00.csv", 1) == "a�/b�.csv"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.toml"
    write_whole(target, "old")

    def fail(_: int) -> None:
        raise OSError("disk")

    monkeypatch.setattr("sousveil.files.os.fsync", fail)
    with pytest.raises(OSError, match="disk"):
        write_whole(target, "new")
    assert target.read_text() == "old"


def test_a_review_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = Review(
        {'出入境 [x] "y"': TableReview("event", "a.b", ("XM",), True, {"XM": "person_name", "a.b": "date"})}
    )
    (tmp_path / "review.toml").write_text(review.write(made))
    assert review.read(tmp_path / "review.toml", TYPES) == made


def test_what_a_person_decided_wins() -> None:
    proposed = Review(
        {"t": TableReview("other", None, (), False, {"a": "date", "b": "date"}), "u": TableReview()}
    )
    decided = Review({"t": TableReview("event", "a", (), True, {"b": "category"})})
    held = review.merged(decided, proposed)
    assert held.of("t") == TableReview("event", "a", (), True, {"a": "date", "b": "category"})
    assert set(held.tables) == {"t", "u"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[tables.t]\nkind = 'planet'", {"table": "t"}),
        ("[tables.t.columns]\na = 'nonsense'", {"table": "t", "column": "a", "type": "nonsense"}),
        ("[tables.t]\nperson = ['b']\n[tables.t.columns]\na = 'date'", {"table": "t", "column": "b"}),
        ("tables = 3", {}),
        ("[[[", None),
    ],
)
def test_a_bad_review_says_where(tmp_path: Path, text: str, where: dict[str, str] | None) -> None:
    (tmp_path / "review.toml").write_text(text)
    with pytest.raises(BadReview) as caught:
        review.read(tmp_path / "review.toml", TYPES)
    if where is not None:
        assert caught.value.where == where


def test_a_damaged_vault_is_not_blamed_on_the_key(case: Case, tmp_path: Path) -> None:
    case.vault.acknowledge("intake", "x", {})
    case.close()
    file = case.folder / "vault" / "vault.duckdb"
    data = bytearray(file.read_bytes())
    for place in range(0, len(data), 500):
        data[place] ^= 255
    file.write_bytes(data)
    with pytest.raises(VaultDamaged):
        _ = Case.open(case.folder, tmp_path / "key.txt").vault


def test_a_case_whose_vault_was_moved_away_has_room_for_a_new_one(case: Case) -> None:
    shutil.rmtree(case.folder / "vault")
    with case.held():
        assert case.vault.tables() == ()
