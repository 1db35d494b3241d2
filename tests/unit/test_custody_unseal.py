"""Unsealing: nobody chooses the records, nobody approves alone, and the total is the total."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil import stages
from sousveil.case import Case
from sousveil.custody import membership, unseal
from sousveil.custody.identity import make_key_file
from sousveil.errors import BadUnseal, NotAMember, UnsealNotApproved, UnsealRefused
from sousveil.policy import Policy
from sousveil.progress import Silent
from tests.support import make_case
from tests.support_people import phone, resident

REASON = "Check that the categories mean what the report says."
ROWS = 400
GIVEN = ["伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "涛", "超", "霞", "平"]


def table(rows: int) -> dict[str, list[str | None]]:
    lot = random.Random(1)
    born = [f"{1950 + n % 50}{1 + n % 12:02d}{1 + n % 28:02d}" for n in range(rows)]
    return {
        "SFZH": [resident(born[n], 1 + n) for n in range(rows)],
        "XM": [lot.choice("王李张刘陈杨") + "".join(lot.choices(GIVEN, k=2)) for _ in range(rows)],
        "LXDH": [phone(n * 7919) for n in range(rows)],
        "kind": [
            ("transit", "work", "study", "rare")[min(n % 100, 3) if n < 4 else n % 3] for n in range(rows)
        ],
        "at": [f"2017-0{1 + n % 9}-{1 + n % 28:02d} 10:{n % 60:02d}:{n % 59:02d}" for n in range(rows)],
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with findings and three members' keys; the third is a recovery key."""
    folder = tmp_path_factory.mktemp("template")
    case = make_case(folder, {"visits": table(ROWS), "few": table(8)})
    (case.folder / "questions.toml").write_text(
        '[[question]]\nid = "kinds"\ntitle = "Kinds"\ncount = "records"\ntable = "visits"\nby = ["kind"]\n'
        '[[question]]\nid = "all"\ntitle = "All"\ncount = "people"\ntable = "visits"\n'
        '[[question]]\nid = "case"\ntitle = "Case"\ncount = "people"\ntable = "*"\n'
    )
    stages.perform(case, "findings", Silent())
    second = make_key_file(folder / "second", ())
    assert second
    membership.add(case, "second", second.recipient)
    membership.recovery_key(case, folder / "recovery")
    case.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def case(folder: Path) -> Any:
    found = Case.open(folder / "case", folder / "key")
    yield found
    found.close()


def as_(case: Case, name: str) -> Case:
    """The case as another member opens it; the first one's vault is closed for it."""
    case.close()
    return Case.open(case.folder, case.folder.parent / name)


def ask(case: Case, **asked: Any) -> str:
    given = {"table": None, "finding": None, "cell": None, "records": 3, "reason": REASON} | asked
    return str(unseal.request(case, **given)["request"])


def approved(case: Case, **asked: Any) -> str:
    name = ask(case, **asked)
    second = as_(case, "second")
    unseal.approve(second, name)
    second.close()
    return name


def ledger_text(case: Case) -> str:
    return case.ledger.path.read_text("utf-8")


def test_nothing_is_shown_before_another_member_approves(case: Case) -> None:
    name = ask(case, table="visits")
    with pytest.raises(UnsealNotApproved) as caught:
        unseal.show(case, name)
    assert caught.value.exit_code == 7
    with pytest.raises(UnsealNotApproved):
        unseal.approve(case, name)
    second = as_(case, "second")
    unseal.approve(second, name)
    second.close()
    shown = unseal.show(case, name)
    assert (shown["by"], shown["approved_by"], len(shown["rows"])) == ("founder", "second", 3)


def test_the_same_request_shows_the_same_records(case: Case) -> None:
    name = approved(case, table="visits", records=10, clear=("SFZH",))
    first = unseal.show(case, name)["rows"]
    second = as_(case, "second")
    assert unseal.show(second, name)["rows"] == first
    second.close()
    other = approved(case, table="visits", records=10, clear=("SFZH",))
    assert unseal.show(case, other)["rows"] != first


def test_identifying_columns_and_moments_are_masked_unless_named(case: Case) -> None:
    shown = unseal.show(case, approved(case, table="visits"))
    assert set(shown["masked"]) == {"SFZH", "XM", "LXDH", "at"}
    columns = table(ROWS)
    for row in shown["rows"]:
        assert row["kind"] in {"transit", "work", "study", "rare"}
        for column in ("SFZH", "XM", "LXDH", "at"):
            assert row[column] not in columns[column]
    clear = unseal.show(case, approved(case, table="visits", clear=("XM",)))
    assert all(row["XM"] in columns["XM"] and row["SFZH"] not in columns["SFZH"] for row in clear["rows"])


def test_a_published_cell_is_sampled_from_its_own_records(case: Case) -> None:
    kept = case.vault.stage("findings")
    assert kept
    kinds = next(one for one in kept[1]["findings"] if one["id"] == "kinds")
    published = [cell["keys"]["kind"] for cell in kinds["cells"] if cell["status"] == "published"]
    assert len(published) >= 1
    for number, kind in enumerate(published, 1):
        name = approved(case, finding="kinds", cell=number)
        assert {row["kind"] for row in unseal.show(case, name)["rows"]} == {kind}
    assert len(unseal.show(case, approved(case, finding="all", cell=1))["rows"]) == 3


def test_what_is_not_published_can_not_be_sampled(case: Case) -> None:
    kept = case.vault.stage("findings")
    assert kept
    kinds = next(one for one in kept[1]["findings"] if one["id"] == "kinds")
    published = sum(cell["status"] == "published" for cell in kinds["cells"])
    assert any(row == "rare" for row in table(ROWS)["kind"])
    for number in (0, published + 1, published + 2):
        with pytest.raises(UnsealRefused):
            ask(case, finding="kinds", cell=number)
    with pytest.raises(UnsealRefused):
        ask(case, finding="case", cell=1)
    with pytest.raises(BadUnseal):
        ask(case, finding="none", cell=1)


def test_a_small_table_can_not_be_sampled(case: Case) -> None:
    for records in (1, 5):
        with pytest.raises(UnsealRefused) as caught:
            ask(case, table="few", records=records)
        assert "8" not in caught.value.message


def test_the_policys_numbers_hold_for_each_request_and_in_total(case: Case) -> None:
    with pytest.raises(UnsealRefused):
        ask(case, table="visits", records=11)
    for _ in range(4):
        ask(case, table="visits", records=10)
    ask(case, table="visits", records=9)
    with pytest.raises(UnsealRefused):
        ask(case, table="visits", records=2)
    ask(case, table="visits", records=1)
    assert unseal.listing(case)["left"] == 0


def test_the_policy_can_be_narrowed_but_not_widened(case: Case) -> None:
    file = case.folder / "case.toml"
    text = file.read_text().replace("unseal_alone = false", "unseal_alone = true")
    file.write_text(text.replace("unseal_per_request = 10", "unseal_per_request = 400"))
    case.close()
    wider = as_(case, "key")
    with pytest.raises(UnsealRefused):
        ask(wider, table="visits", records=11)
    name = ask(wider, table="visits", records=1)
    with pytest.raises(UnsealNotApproved):
        unseal.approve(wider, name)
    file.write_text(text.replace("unseal_per_request = 10", "unseal_per_request = 2"))
    narrower = as_(wider, "key")
    with pytest.raises(UnsealRefused):
        ask(narrower, table="visits", records=3)
    narrower.close()


def test_a_recovery_key_approves_nothing(case: Case) -> None:
    name = ask(case, table="visits")
    safe = as_(case, "recovery")
    with pytest.raises(UnsealNotApproved, match="recovery"):
        unseal.approve(safe, name)
    safe.close()


def test_a_member_added_for_the_purpose_approves_nothing(case: Case, folder: Path) -> None:
    name = ask(case, table="visits")
    third = make_key_file(folder / "third", ())
    assert third
    membership.add(case, "third", third.recipient)
    later = as_(case, "third")
    with pytest.raises(UnsealNotApproved, match="before the request"):
        unseal.approve(later, name)
    later.close()


def test_an_approval_written_by_the_one_who_asked_does_not_count(case: Case) -> None:
    name = ask(case, table="visits")
    request = case.ledger.entries()[-1]
    case.ledger.append("unseal approved", {"request": name, "of": request["hash"], "nonce": "00"})
    with pytest.raises(UnsealNotApproved):
        unseal.show(case, name)


def test_a_stranger_neither_asks_nor_approves(case: Case, folder: Path) -> None:
    name = ask(case, table="visits")
    make_key_file(folder / "stranger", ())
    stranger = as_(case, "stranger")
    with pytest.raises((NotAMember, UnsealNotApproved)):
        unseal.approve(stranger, name)


def test_one_alone_only_where_the_case_was_made_so(tmp_path: Path) -> None:
    made = Case.make(tmp_path / "case", tmp_path / "key", policy=Policy(unseal_alone=True))
    assert unseal.policy_of(made).unseal_alone
    assert "ONE PERSON ALONE" in (made.folder / "case.toml").read_text()
    assert json.loads(ledger_text(made).splitlines()[0])["detail"]["policy"]["unseal_alone"] is True


@pytest.mark.parametrize(
    "reason", ["", "short", "x" * 501, "to look at 990102199001011234 more closely", "a\nb" * 9]
)
def test_a_reason_that_is_none_is_refused(case: Case, reason: str) -> None:
    with pytest.raises(BadUnseal):
        ask(case, table="visits", reason=reason)


def test_a_reason_that_names_somebody_of_the_dump_is_refused(case: Case) -> None:
    name = str(table(ROWS)["XM"][7])
    with pytest.raises(BadUnseal) as caught:
        ask(case, table="visits", reason=f"to see what became of {name} afterwards")
    assert name not in str(caught.value.as_json())
    assert name not in ledger_text(case)


def test_the_ledger_says_what_was_done_and_holds_no_value(case: Case) -> None:
    name = approved(case, table="visits", records=10, clear=("XM", "SFZH"))
    shown = unseal.show(case, name)["rows"]
    entries = case.ledger.entries()
    done = [(entry["did"], entry["who"]) for entry in entries if entry["did"].startswith("unseal")]
    assert done == [
        ("unseal requested", "founder"),
        ("unseal approved", "second"),
        ("unseal shown", "founder"),
    ]
    text = ledger_text(case)
    for row in shown:
        assert row["XM"] not in text
        assert row["SFZH"] not in text


def test_a_request_is_void_once_its_records_have_changed(case: Case) -> None:
    name = approved(case, table="visits")
    case.vault.acknowledge("intake", "another dump", {"items": [], "records": 0, "rejects": 0})
    with pytest.raises(BadUnseal):
        unseal.show(case, name)


def test_there_is_no_table_column_or_request_of_that_name(case: Case) -> None:
    with pytest.raises(BadUnseal):
        ask(case, table="nothing")
    with pytest.raises(BadUnseal):
        ask(case, table="visits", clear=("nothing",))
    for what in (unseal.approve, unseal.show):
        with pytest.raises(BadUnseal):
            what(case, "u1")


@given(st.binary(min_size=32, max_size=32), st.integers(1, 500), st.integers(1, 60))
def test_a_lot_is_of_different_places_and_the_same_each_time(seed: bytes, size: int, number: int) -> None:
    places = unseal.drawn(seed, size, number)
    assert places == unseal.drawn(seed, size, number)
    assert len(places) == len(set(places)) == min(number, size)
    assert all(0 <= place < size for place in places)


def test_a_lot_is_fair() -> None:
    """Every place is drawn about as often: 20,000 lots of 2 out of 10, five standard deviations allowed."""
    drawn = [0] * 10
    for number in range(20_000):
        for place in unseal.drawn(number.to_bytes(32, "big"), 10, 2):
            drawn[place] += 1
    assert all(abs(count - 4_000) < 5 * 57 for count in drawn)
