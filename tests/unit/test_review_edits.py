"""What a person may do to review.toml: every edit is followed or answered, none ignored in silence."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sousveil import review
from sousveil.case import Case
from sousveil.errors import BadReview
from sousveil.progress import Silent
from sousveil.review import Review, TableReview
from sousveil.survey import stage
from sousveil.survey.current import current
from tests.columns import column, han_name, moment
from tests.support import make_case

TYPES = frozenset({"person_name", "date", "category"})
ROWS = 60


class Told(Silent):
    """Progress that remembers its warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    rng = random.Random(1)
    columns = {
        "XM": [han_name(rng) for _ in range(ROWS)],
        "SFZH": column("cn_resident_id", ROWS, 1),
        "RJSJ": [moment(rng, "%Y-%m-%d %H:%M:%S") for _ in range(ROWS)],
        "LB": [rng.choice(("甲类", "乙类")) for _ in range(ROWS)],
    }
    made = make_case(tmp_path, {"t": columns})
    stage.run(made, Silent())
    return made


@pytest.mark.parametrize(
    "text",
    [
        "[tables.t]\ncolumns = 3",
        "[tables.t.columns]\na = ['date']",
        "[tables.t.columns]\na = {b = 1}",
        "[tables.t]\nperson = 3",
        "[tables.t]\nperson = 'a'\n[tables.t.columns]\na = 'date'",
        "[tables.t]\nperson = [{a = 1}]",
        "[tables.t]\nevent_date = ['a']\n[tables.t.columns]\na = 'date'",
        "[tables.t]\nkind = ['event']",
        "[tables.t]\nsensitive = 'false'",
        "[tables.t]\nsensitiv = true",
        "[table.t]\nkind = 'event'",
        "a = " + "[" * 3000,
    ],
)
def test_what_can_not_be_meant_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "review.toml").write_text(text)
    with pytest.raises(BadReview):
        review.read(tmp_path / "review.toml", TYPES)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.write_bytes(b"# \xff\xfe")])
def test_what_is_no_text_is_told(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "review.toml")
    with pytest.raises(BadReview):
        review.read(tmp_path / "review.toml", TYPES)


def test_a_byte_order_mark_of_an_editor_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "review.toml").write_text("[tables.t.columns]\na = 'date'", "utf-8-sig")
    assert review.read(tmp_path / "review.toml", TYPES).of("t").types == {"a": "date"}


def test_a_setting_that_is_left_out_is_as_proposed(tmp_path: Path) -> None:
    proposed = Review(
        {"t": TableReview("event", "on", ("who",), False, {"on": "date", "who": "person_name"})}
    )
    (tmp_path / "review.toml").write_text("[tables.t.columns]\nwho = 'category'")
    held = review.merged(review.read(tmp_path / "review.toml", TYPES), proposed).of("t")
    assert (held.kind, held.event_date, held.person) == ("event", "on", ("who",))
    (tmp_path / "review.toml").write_text("[tables.t]\nevent_date = ''")
    assert review.merged(review.read(tmp_path / "review.toml", TYPES), proposed).of("t").event_date is None


def test_what_is_missing_is_added_and_the_rest_left_as_it_is(case: Case) -> None:
    file = case.folder / "review.toml"
    mine = '# checked by two of us\n[tables.t.columns]  # to do\nLB = "text"   # not a category\n'
    file.write_text(mine, "utf-8")
    stage.run(case, Silent())
    text = file.read_text("utf-8")
    assert "# checked by two of us" in text
    assert 'LB = "text"   # not a category' in text
    assert current(case).of("t").types["LB"] == "text"
    assert current(case).of("t").event_date == "RJSJ"
    assert set(review.read(file, TYPES | {"cn_resident_id", "datetime", "text"}).of("t").types) == {
        "XM",
        "SFZH",
        "RJSJ",
        "LB",
    }
    stage.run(case, Silent())
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize(
    "text",
    [
        "tables.t.columns.LB = 'text'",
        "[tables]\nt = {columns = {LB = 'text'}}",
        "[tables.t]\n",
        "tables = {}",
    ],
)
def test_a_review_in_another_hand_is_completed_too(case: Case, text: str) -> None:
    (case.folder / "review.toml").write_text(text, "utf-8")
    stage.run(case, Silent())
    written = review.read(case.folder / "review.toml", TYPES | {"cn_resident_id", "datetime", "text"})
    assert written.of("t").types == current(case).of("t").types


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        ('[tables.u]\nkind = "event"\n', "table u"),
        ('[tables.t.columns]\nLP = "text"\n', "column LP"),
        ('[tables.t]\nevent_date = "LB"\n[tables.t.columns]\nLB = "category"\n', "event_date"),
        ('[tables."990102199001011234"]\n', "of this name"),
    ],
)
def test_what_has_no_effect_is_said(case: Case, edit: str, word: str) -> None:
    (case.folder / "review.toml").write_text(edit, "utf-8")
    told = Told()
    stage.run(case, told)
    assert word in "\n".join(told.warnings)
    assert "990102199001011234" not in "\n".join(told.warnings)


def test_names_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    long = "n" * 300
    names = [long + "a", long + "b", "\ue000x", "\ue001x", "column-1"]
    case = make_case(tmp_path, {name: {other: ["1", "2"] for other in names} for name in names})
    tables = [case.name_of(table) for table in case.tables]
    columns = [case.column_name(one) for one in case.tables[0].columns]
    assert len(set(tables)) == len(set(columns)) == len(names)
    assert columns == [f"column-{one.cid}" for one in case.tables[0].columns]
