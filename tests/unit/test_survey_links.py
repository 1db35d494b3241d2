"""Foreign keys from the values; masked evidence in review.toml that shows how values look and never one."""

import random
import re
from pathlib import Path

from sousveil.progress import Silent
from sousveil.survey import stage
from sousveil.survey.current import current, foreign_keys_of
from sousveil.survey.masks import FEWEST
from tests.columns import column, counter, digits, han_name, resident_id, uscc
from tests.support import make_case

ROWS = 3000


def keys(tmp_path: Path, tables: dict[str, dict[str, list]]) -> list[tuple]:
    case = make_case(tmp_path, tables)
    found = stage.run(case, Silent())["foreign_keys"]
    assert len(foreign_keys_of(case)) == len(found)
    return [tuple(key.values()) for key in found]


def test_a_column_of_another_tables_keys_is_found_with_its_share(tmp_path: Path) -> None:
    rng = random.Random(1)
    people = list({resident_id(rng) for _ in range(ROWS)})
    strangers = [resident_id(rng) for _ in range(500)]
    events = rng.choices(people, k=4000) + strangers
    found = keys(
        tmp_path,
        {"persons": {"SFZH": people, "XM": [han_name(rng) for _ in people]}, "events": {"ZJHM": events}},
    )
    assert [key[:4] for key in found] == [("events", "ZJHM", "persons", "SFZH")]
    assert abs(found[0][4] - (1 - 500 / len(set(events)))) < 0.03


def test_a_key_of_a_large_table_is_found_from_a_small_one_and_not_the_other_way(tmp_path: Path) -> None:
    rng = random.Random(2)
    codes = list({uscc(rng) for _ in range(8000)})
    found = keys(tmp_path, {"company": {"XYDM": codes}, "staff": {"dwdm": rng.choices(codes[:40], k=900)}})
    assert found == [("staff", "dwdm", "company", "XYDM", 1.0)]


def test_small_numbers_within_a_counter_refer_to_it_only_if_the_header_says_so(tmp_path: Path) -> None:
    rng = random.Random(3)
    some = [str(rng.randrange(1, 900)) for _ in range(ROWS)]
    found = keys(
        tmp_path,
        {"persons": {"id": counter(ROWS)}, "calls": {"id": counter(ROWS), "person_id": some, "NL": some}},
    )
    assert found == [("calls", "person_id", "persons", "id", 1.0)]


def test_the_counters_of_two_tables_are_no_keys_of_each_other(tmp_path: Path) -> None:
    tables = {"a": {"序号": counter(300), "XM": ["x"] * 300}, "b": {"序号": counter(90), "XM": ["x"] * 90}}
    assert keys(tmp_path, tables) == []


def test_numbers_of_unrelated_tables_are_no_keys(tmp_path: Path) -> None:
    rng = random.Random(4)
    tables = {
        name: {
            "SFZH": [resident_id(rng) for _ in range(500)],
            "LXDH": [f"1380{digits(rng, 7)}" for _ in range(500)],
        }
        for name in ("a", "b")
    }
    assert keys(tmp_path, tables) == []


def test_review_shows_forms_and_figures_and_no_value(tmp_path: Path) -> None:
    rng = random.Random(5)
    values = {
        "SFZH": column("cn_resident_id", 400),
        "XM": [han_name(rng) for _ in range(400)],
        "LXDH": [f"138-{digits(rng, 4)}-{digits(rng, 4)}" for _ in range(400)],
        "BZ": [f"联系{resident_id(rng)}，他说东河路有人打架，已派员处理。" for _ in range(400)],
    }
    case = make_case(tmp_path, {"t": values})
    stage.run(case, Silent())
    text = (case.folder / "review.toml").read_text("utf-8")
    assert re.search(r'SFZH = "cn_resident_id" # proved: .*9901•{14} \(100%\).*400 different', text)
    assert re.search(r'LXDH = "phone" # shape only: .*•••-••••-•••• \(100%\)', text)
    assert re.search(r'BZ = "text" # .*inside stand cn_resident_id', text)
    for cells in values.values():
        assert not [cell for cell in cells if cell in text]
    assert not re.search(r"[0-9]{5}", text)


def test_a_form_that_few_values_share_is_not_shown(tmp_path: Path) -> None:
    rng = random.Random(6)
    few = [f"9902{number[4:]}" for number in (resident_id(rng) for _ in range(FEWEST - 1))]
    case = make_case(tmp_path, {"t": {"SFZH": column("cn_resident_id", 200) + few}, "s": {"SFZH": few}})
    stage.run(case, Silent())
    text = (case.folder / "review.toml").read_text("utf-8")
    assert "9901••" in text
    assert "9902" not in text
    assert text.count("•" * 14) == 1


def test_the_review_with_its_comments_is_what_holds(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": {"SFZH": column("cn_resident_id", 100), "LB": ["甲", "乙"] * 50}})
    stage.run(case, Silent())
    path = case.folder / "review.toml"
    path.write_text(path.read_text("utf-8").replace('"category"', '"boolean"'), "utf-8")
    stage.run(case, Silent())
    assert current(case).of("t").types == {"SFZH": "cn_resident_id", "LB": "boolean"}
    assert '"boolean" # ' in path.read_text("utf-8")
