"""Tables that refer to people by a key alone, through the front door: SQL with foreign keys, CSV with ids."""

import csv
import json
import random
from pathlib import Path

import pytest

from sousveil import stages
from sousveil.case import Case
from sousveil.count.cells import NOT_PEOPLE
from sousveil.progress import Silent
from tests.support_people import resident

PEOPLE, VISITS, GONE = 300, 900, 7


def somebody(rng: random.Random, place: int) -> tuple[str, str, str]:
    born = f"{rng.randint(1950, 1999)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    name = rng.choice("张刘陈杨赵黄吴孙马罗郑谢韩冯") + "".join(rng.choices("伟丽华军强杰涛东兰凤龙国", k=2))
    return resident(born.replace("-", ""), 1 + place), name, born


def world(key) -> tuple[dict[str, list[tuple]], set[int]]:
    """A register of people, their visits by its key, and payments by the visits' key; who has visits."""
    rng = random.Random(11)
    people = [(key(place), *somebody(rng, place)) for place in range(PEOPLE)]
    # The people of the last keys are not in the register.
    visitors = [rng.randrange(PEOPLE + GONE) for _ in range(VISITS)]
    visits = [
        (f"V{40_000 + 7 * n}", key(who), rng.choice(["甲", "乙", "丙"])) for n, who in enumerate(visitors)
    ]
    payments = [(rng.choice(visits)[0], str(rng.randint(10, 99) / 4)) for _ in range(500)]
    tables = {
        "people": [("id", "sfzh", "xm", "csrq"), *people],
        "visits": [("visit", "person_id", "ward"), *visits],
        "payments": [("visit", "sum"), *payments],
    }
    return tables, set(visitors)


def as_csv(folder: Path, tables: dict[str, list[tuple]]) -> None:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)


def as_sql(folder: Path, tables: dict[str, list[tuple]]) -> None:
    text = []
    for name, (columns, *rows) in tables.items():
        made = ", ".join(f"`{column}` varchar(40)" for column in columns)
        if name == "visits":
            made += ", CONSTRAINT `f` FOREIGN KEY (`person_id`) REFERENCES `people` (`id`)"
        values = ",\n".join("(" + ",".join(f"'{value}'" for value in row) + ")" for row in rows)
        text.append(f"CREATE TABLE `{name}` ({made});\nINSERT INTO `{name}` VALUES\n{values};\n")
    (folder / "dump.sql").write_text("".join(text), "utf-8")


def counter(place: int) -> str:
    return str(place + 1)


def lettered(place: int) -> str:
    return f"K{place * 7919 % 100_003:06}"


def renamed(tables: dict[str, list[tuple]], old: str, new: str) -> dict[str, list[tuple]]:
    return {
        name: [tuple(new if column == old else column for column in rows[0]), *rows[1:]]
        for name, rows in tables.items()
    }


def counted(tmp_path: Path, tables: dict[str, list[tuple]], writer=as_csv) -> tuple[Case, dict[str, dict]]:
    dump = tmp_path / "dump"
    dump.mkdir()
    writer(dump, tables)
    case = Case.make(tmp_path / "case", tmp_path / "key")
    stages.take_in(case, dump, Silent())
    found = stages.perform(case, "count", Silent())["people"]
    return case, {row["table"]: row for row in found}


@pytest.mark.parametrize(
    ("writer", "key", "column"),
    [
        pytest.param(as_csv, counter, "person_id", id="csv, numbered"),
        pytest.param(as_csv, lettered, "holder", id="csv, a key of another name"),
        pytest.param(as_sql, counter, "person_id", id="sql with a foreign key"),
    ],
)
def test_people_are_counted_through_a_key_of_another_table(tmp_path, writer, key, column):
    tables, visitors = world(key)
    case, rows = counted(tmp_path, renamed(tables, "person_id", column), writer)
    known, gone = (
        len([one for one in visitors if one < PEOPLE]),
        len([one for one in visitors if one >= PEOPLE]),
    )
    visits = rows["visits"]
    assert (visits["unit"], visits["told_apart"], visits["estimate"]) == ("people", known, known + gone)
    assert visits["low"] == known and visits["high"] == known + gone
    assert visits["leads_by"] == column and visits["leads_to"] == "people"
    assert f"{gone} different keys" in visits["method"]
    said = json.dumps(rows, ensure_ascii=False)
    assert not [row[1] for row in tables["people"][1:] if row[1] in said]
    assert rows["*"]["estimate"] == rows["people"]["estimate"] == PEOPLE
    assert rows["payments"]["unit"] == "people" and rows["payments"]["leads_to"] == "visits"
    engine = case.vault.engine
    tids = {case.name_of(table): table for table in case.tables}
    same = engine.value(
        f"SELECT count(*) FROM {tids['visits'].people} v JOIN {tids['visits'].raw} r USING (_row) "
        f"JOIN {tids['people'].raw} p ON p.c1 = r.c2 JOIN {tids['people'].people} q ON q._row = p._row "
        "WHERE v.person = q.person"
    )
    assert same == engine.value(f"SELECT count(person) FROM {tids['visits'].people}")
    assert engine.value(f"SELECT count(*) FROM {tids['visits'].people}") == VISITS


def test_findings_count_the_people_that_a_key_leads_to(tmp_path):
    tables, _ = world(counter)
    case, _ = counted(tmp_path, tables)
    (case.folder / "questions.toml").write_text(
        '[[question]]\nid = "visitors"\ntitle = "Visitors"\ncount = "people"\n'
        'table = "visits"\nby = ["ward"]\n',
        "utf-8",
    )
    (finding,) = stages.perform(case, "findings", Silent())["findings"]
    wards = {who: set() for who in "甲乙丙"}
    known = {counter(place) for place in range(PEOPLE)}
    for _, key, ward in tables["visits"][1:]:
        if key in known:
            wards[ward].add(key)
    cells = {cell["keys"].get("ward"): cell for cell in finding["cells"]}
    for ward, who in wards.items():
        assert cells[ward]["status"] == "published" and cells[ward]["value"] == len(who)


def test_cars_stay_cars_though_somebody_is_named_by_a_key_behind_them(tmp_path):
    rng = random.Random(5)
    tables, _ = world(counter)
    cars = [(f"宁W{10_000 + 7 * n}", *somebody(rng, 400 + n)) for n in range(200)]
    tables["cars"] = [("cphm", "sfzh", "owner", "csrq"), *cars]
    plates = [row[0] for row in tables["cars"][1:]]
    tables["passages"] = [
        ("cphm", "person_id"),
        *((rng.choice(plates), str(rng.randint(1, PEOPLE))) for _ in range(600)),
    ]
    case, rows = counted(tmp_path, tables)
    assert rows["passages"]["unit"] == "vehicles"
    of = next(table for table in case.tables if table.name == "passages")
    assert case.vault.engine.value(f"SELECT min(person) FROM {of.people}") >= NOT_PEOPLE


def test_a_key_that_stands_on_records_of_two_people_leads_to_nobody_known(tmp_path):
    tables, _ = world(lettered)
    doubled = tables["people"][5][0]
    tables["people"].append((doubled, *somebody(random.Random(99), 998)))
    case, _ = counted(tmp_path, tables)
    visits = next(table for table in case.tables if table.name == "visits")
    found = case.vault.engine.rows(
        f"SELECT person FROM {visits.raw} JOIN {visits.people} USING (_row) WHERE c2 = ?", [doubled]
    )
    assert found and {person for (person,) in found} == {None}
