"""Identifiers inside texts, and columns of several kinds of identifiers: found, told, refused, compared."""

import random
from pathlib import Path

import pytest

from sousveil.progress import Silent
from sousveil.publish import egress
from sousveil.survey import inside, stage
from sousveil.survey.current import identifying_columns, looked_into
from tests.columns import column, digits, han_name, resident_id, uscc, with_luhn
from tests.support import make_case

FILLER = "报警人称在东河附近与他人发生纠纷，已派员处理，现场平稳，编号"


def survey(tmp_path: Path, columns: dict[str, list]) -> dict[str, dict]:
    found = stage.run(make_case(tmp_path, {"t": columns}), Silent())["tables"][0]
    return {entry["column"]: entry for entry in found["columns"]}


def notes(rng: random.Random, size: int, every: int, hidden) -> list[str]:
    """Notes of which one in `every` holds what `hidden` makes."""
    return [
        f"{FILLER}{place % 900 + 100}，" + (f"联系{hidden(rng)}。" if place % every == 0 else "无异议。")
        for place in range(size)
    ]


HIDDEN = {
    "cn_resident_id": lambda rng: resident_id(rng),
    "phone": lambda rng: f"1{rng.choice('3589')}0 {digits(rng, 4)} {digits(rng, 4)}",
    "email": lambda rng: f"u{digits(rng, 5)}@example.org",
    "cn_plate": lambda rng: f"新X·{digits(rng, 4)}A",
    "bank_card": lambda rng: with_luhn(rng, "999999", 19),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_stands_inside_texts_is_found_in_every_row(tmp_path: Path, kind: str) -> None:
    found = survey(tmp_path, {"BZ": notes(random.Random(kind), 9000, 30, HIDDEN[kind])})["BZ"]
    assert found["type"] == "text"
    shares = {part["type"]: part["share"] for part in found["inside"]}
    assert shares[kind] == pytest.approx(300 / 9000, abs=1e-6)
    assert set(shares) == {kind}


def test_texts_that_stand_often_count_as_often_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(3)
    some = [f"见{resident_id(rng)}", f"{resident_id(rng)}和{resident_id(rng)}", "u1@example.org", "无", None]
    some += [f"电话1{rng.choice('35')}0{digits(rng, 8)}", f"卡{with_luhn(rng, '999999', 19)}"]
    case = make_case(tmp_path, {"t": {"BZ": [rng.choice(some) for _ in range(400)]}})
    [table] = case.tables
    found = []
    for often in (0, 1_000):  # counted first; each row by itself
        monkeypatch.setattr(inside, "_OFTEN", often)
        found.append(inside.inside(case.vault.engine, table, table.columns[0], len(some)))
    assert found[0] == found[1]
    assert {one.type for one in found[0]} == {"cn_resident_id", "email", "phone", "bank_card"}


def test_full_width_numbers_and_numbers_with_gaps_are_found(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    rng = random.Random(2)
    texts = notes(rng, 400, 2, lambda rng: resident_id(rng).translate(wide))
    texts += notes(rng, 400, 2, lambda rng: "{0[0]} {0[1]} {0[2]}".format(_cut(resident_id(rng))))
    found = survey(tmp_path, {"BZ": texts})["BZ"]
    assert found["inside"] == [{"type": "cn_resident_id", "share": 0.5}]


def _cut(number: str) -> tuple[str, str, str]:
    return number[:6], number[6:14], number[14:]


def test_long_numbers_that_pass_by_chance_are_not_told(tmp_path: Path) -> None:
    rng = random.Random(3)
    texts = [
        f"{FILLER}{digits(rng, 11)}，凭证{digits(rng, 18)}，流水{digits(rng, 16)}。" for _ in range(2000)
    ]
    shares = {part["type"]: part["share"] for part in survey(tmp_path, {"BZ": texts})["BZ"]["inside"]}
    assert set(shares) <= {"cn_resident_id"}
    assert sum(shares.values()) < 0.01


def test_a_category_with_telephones_in_it_is_identifying(tmp_path: Path) -> None:
    rng = random.Random(4)
    contacts = [f"{han_name(rng)}(1380{digits(rng, 7)})" for _ in range(20)]
    plain = [f"{kind}科" for kind in ("内勤", "外勤", "后勤", "户籍")]
    case = make_case(tmp_path, {"t": {"LB": rng.choices(contacts + plain, k=3000)}})
    stage.run(case, Silent())
    table = case.tables[0]
    assert identifying_columns(case)[table] == frozenset(table.columns)


def test_the_egress_check_knows_an_identifier_in_a_label_of_few_rows(tmp_path: Path) -> None:
    rng = random.Random(5)
    mail = "u12345@example.org"
    labels = rng.choices(("盗窃", "纠纷", "求助"), k=4000)
    labels[7] = f"求助 {mail}"
    case = make_case(tmp_path, {"t": {"LB": labels}})
    entry = stage.run(case, Silent())["tables"][0]["columns"][0]
    assert (entry["type"], entry["identifying"]) == ("category", False)
    assert looked_into(case)[case.tables[0]] == frozenset(case.tables[0].columns)
    assert egress.walk(case, f"as {mail} said") == {"t.LB": 1}


def test_a_column_of_several_documents_says_which_and_how_many(tmp_path: Path) -> None:
    rng = random.Random(6)
    values = (
        column("cn_resident_id", 600)
        + [f"E{digits(rng, 8)}" for _ in range(300)]
        + [f"1380{digits(rng, 7)}" for _ in range(100)]
    )
    for header in ("证件号码", "c1"):
        entry = survey(tmp_path / header, {header: values})[header]
        assert entry["type"] == "cn_resident_id"
        assert entry["evidence"] == "mixed"
        assert entry["mixed"] == [
            {"type": "cn_resident_id", "share": 0.6},
            {"type": "passport", "share": 0.3},
            {"type": "phone", "share": 0.1},
        ]


def test_a_column_of_one_kind_with_slips_is_not_mixed(tmp_path: Path) -> None:
    values = column("cn_resident_id", 500) + ["见备注"] * 3 + ["12345"] * 2
    entry = survey(tmp_path, {"SFZH": values})["SFZH"]
    assert (entry["evidence"], entry["mixed"]) == ("proved", [])


@pytest.mark.parametrize(
    ("header", "make", "evidence"),
    [
        ("SFZH", lambda rng: resident_id(rng), "proved"),
        ("SFZH", lambda rng: resident_id(rng, valid=False), "check at chance"),
        ("统一社会信用代码", lambda rng: uscc(rng)[:-1] + rng.choice("0123456789ABC"), "check at chance"),
        ("护照号码", lambda rng: f"E{digits(rng, 8)}", "shape only"),
    ],
)
def test_the_evidence_says_what_values_prove(tmp_path: Path, header: str, make, evidence: str) -> None:
    rng = random.Random(7)
    entry = survey(tmp_path, {header: [make(rng) for _ in range(800)]})[header]
    assert entry["evidence"] == evidence
    if evidence == "check at chance":
        assert entry["true_share"] < 0.05
    if evidence == "proved":
        assert entry["true_share"] == 1.0


def test_measures_with_decimals_and_numbers_of_versions_are_no_identifiers(tmp_path: Path) -> None:
    rng = random.Random(8)
    found = survey(
        tmp_path,
        {
            "c1": [f"{rng.gauss(0, 0.03):.16f}" for _ in range(500)],
            "c2": [f"{rng.randrange(9)}:{rng.randrange(99)}:{rng.randrange(3)}" for _ in range(500)],
            "c3": [
                f"{rng.randrange(5)}.{rng.randrange(20)}.{rng.randrange(9)}.{rng.randrange(9)}"
                for _ in range(500)
            ],
            "c4": [f"{rng.uniform(1e5, 1e6):.6f}" for _ in range(500)],
        },
    )
    assert not {entry["type"] for entry in found.values()} & {"phone", "ip", "kz_iin", "in_aadhaar", "jp_in"}
    assert not any(entry["identifying"] for name, entry in found.items() if name != "c2")
