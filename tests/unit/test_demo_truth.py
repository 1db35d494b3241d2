"""What truth.json says of the demo is what its files say, read by the shortest means there are."""

import csv
import datetime as dt
import gzip
import io
import json
import re
import sqlite3
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from sousveil.demo import figures, moments, write
from sousveil.demo.draft import Facts, Labels
from sousveil.demo.dump import make_world
from sousveil.demo.question import AgeBand, Column, Condition, Figure, Month
from sousveil.demo.tables import border, companies, lists, traffic

RECORDS = 4_000
NATIONS = {word: nation[0] for nation in border.NATIONS for word in nation[:3]}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write(folder, RECORDS, 7)
    return folder


@pytest.fixture(scope="module")
def truth(demo: Path) -> dict[str, Any]:
    return dict(json.loads((demo / "truth.json").read_text("utf-8")))


def envelopes(path: Path) -> tuple[list[dict[str, Any]], int]:
    good, broken = [], 0
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        try:
            good.append(json.loads(line)["_source"])
        except json.JSONDecodeError:
            broken += 1
    return good, broken


def delimited(text: str, delimiter: str = ",") -> tuple[list[dict[str, str]], int]:
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    good = [dict(zip(head, row, strict=True)) for row in rows if len(row) == len(head)]
    return good, len(rows) - len(good)


def dumped(text: str) -> Iterator[tuple[str, int]]:
    """Tables of the mysqldump and how many rows each has."""
    value = r"(?:'(?:[^'\\]|\\.)*'|NULL|[-0-9.]+)"
    for body in re.finditer(r"INSERT INTO `(\w+)` VALUES (.*?\));\n", text, flags=re.DOTALL):
        yield body[1], len(re.findall(rf"\({value}(?:,{value})*\)", body[2]))


@pytest.fixture(scope="module")
def read(demo: Path) -> dict[str, tuple[list[dict[str, Any]], int]]:
    """Every table by name: its records as far as they are needed, and its broken lines."""
    dump = demo / "dump"
    tables: dict[str, tuple[list[dict[str, Any]], int]] = {
        path.name.split(".")[0]: envelopes(path) for path in (dump / "es").iterdir()
    }
    tables["110接处警"] = delimited((dump / "110/110接处警.csv").read_bytes().decode("gb18030"))
    tables["暂住人口"] = delimited((dump / "暂住/暂住人口.tsv").read_bytes().decode("utf-16"), "\t")
    with zipfile.ZipFile(dump / "备份/2019.zip", metadata_encoding="gbk") as archive:
        tables["网吧上网"] = delimited(archive.read("网吧上网.csv").decode("utf-8-sig"))
    rows: Counter[str] = Counter()
    for table, count in dumped((dump / "mysql/lcga.sql").read_text("utf-8")):
        rows[table] += count
    tables |= {table: ([{}] * count, 0) for table, count in rows.items()}
    book = CalamineWorkbook.from_path(str(dump / "台账/单位台账.xlsx"))
    for name in book.sheet_names:
        head, *cells = book.get_sheet_by_name(name).to_python()
        tables[name] = [dict(zip(map(str, head), row, strict=True)) for row in cells], 0
    connection = sqlite3.connect(dump / "app/vehicles.db")
    connection.row_factory = sqlite3.Row
    for name in ("vehicle", "visitor_stays"):
        tables[name] = [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')], 0
    connection.close()
    return tables


def test_records_and_broken_lines_are_counted_right(truth: dict[str, Any], read: dict[str, Any]) -> None:
    said = {table["table"]: (table["records"], table["rejects"]) for table in truth["tables"]}
    assert {name: (len(rows), broken) for name, (rows, broken) in read.items()} == said
    assert truth["records"] == sum(records for records, _ in said.values()) >= RECORDS
    assert truth["rejects"] == sum(rejects for _, rejects in said.values())


def cells(truth: dict[str, Any], name: str) -> dict[str, int]:
    figure = next(figure for figure in truth["figures"] if figure["id"] == name)
    return {"".join(cell["keys"].values()): cell["value"] for cell in figure["cells"]}


def day(written: str | None) -> str:
    """The day of a moment in any of the demo's ways of writing; "9", after all others, for none."""
    digits = re.findall(r"[0-9]+", written or "")
    if not digits:
        return "9"
    if len(digits[0]) > 4:
        return f"{digits[0][:4]}-{digits[0][4:6]}-{digits[0][6:8]}"
    return f"{digits[0]}-{int(digits[1]):02}-{int(digits[2]):02}"


def test_figures_of_records_are_what_the_files_say(truth: dict[str, Any], read: dict[str, Any]) -> None:
    calls = [row for row in read["110接处警"][0] if day(row["报警时间"]) <= truth["cut_off"]]
    assert cells(truth, "calls") == {"": len(calls)}
    assert cells(truth, "calls-by-category") == Counter(row["警情类别"] for row in calls)
    assert cells(truth, "calls-by-month") == Counter(day(row["报警时间"])[:7] for row in calls)
    passages = [row for row in read["jcz_txjl"][0] if day(row.get("TGSJ")) <= truth["cut_off"]]
    assert len(passages) < len(read["jcz_txjl"][0])
    assert cells(truth, "passages-by-checkpoint") == Counter(row["JCZMC"] for row in passages)
    owners = Counter(row["企业性质"] for row in read["危化企业"][0])
    assert cells(truth, "companies-by-ownership") == owners


def test_figures_of_visitors_are_what_the_files_say(truth: dict[str, Any], read: dict[str, Any]) -> None:
    """By passport, or by name where it is missing; a visitor's name is never anybody else's here."""
    passport = {row["XM"].upper(): row["ZJHM"] for row in read["border_entries"][0] if row.get("ZJHM")}
    tracked: dict[str, set[str]] = {}
    flagged = set()
    for row in read["border_entries"][0]:
        nation = NATIONS.get(row.get("GJ"), "")
        if nation in {"", "CHN"} or not "2017" <= day(row["RJSJ"]) < "2019":
            continue
        who = row.get("ZJHM") or passport.get(row["XM"].upper(), row["XM"])
        tracked.setdefault(nation, set()).add(who)
        is_told = (row["YJBS"], row["KA"], nation) == ("预警", "澜川国际机场", "NZL")
        if is_told and day(row["RJSJ"]) >= "2018":
            flagged.add(who)
    assert cells(truth, "foreign-visitors-by-nationality") == {n: len(who) for n, who in tracked.items()}
    assert cells(truth, "foreign-visitors") == {"": sum(map(len, tracked.values()))}
    assert cells(truth, "flagged-at-the-airport") == {"": len(flagged)}


def test_people_of_a_table_are_at_least_its_valid_numbers(
    truth: dict[str, Any], read: dict[str, Any]
) -> None:
    people = {table["table"]: table["people"] for table in truth["tables"]}
    for table, column in (("从业人员", "身份证号"), ("耳目", "身份证号"), ("visitor_stays", "passport_no")):
        numbers = {row[column] for row in read[table][0] if row[column]}
        assert 0.97 * people[table] <= len(numbers) <= 1.02 * people[table]


def test_the_headlines_are_those_of_the_report() -> None:
    world = make_world(1, 200_000)
    facts = {
        made.facts.table: made.facts
        for made in (
            border.draft(world),
            lists.draft(world),
            companies.companies(world),
            companies.informants(world),
            traffic.gps(world),
        )
    }
    said = {
        figure.id: [cell["value"] for cell in figure.cells(facts[figure.table])]
        for figure in figures.FIGURES
        if figure.table in facts
    }
    assert said["people-on-lists"] == [25_000]
    assert said["people-in-seven-categories"] == [10_000]
    assert len(said["people-by-list"]) == 7 + 2
    assert said["foreign-visitors"] == [5_000]
    assert said["flagged-at-the-airport"] == [161]
    assert said["companies"] == [976]
    assert 200 <= said["foreign-owned-companies"][0] <= 976 / 4
    assert said["informants"][0] > 2_000
    assert said["minors-on-lists"][0] > 100
    assert any(0 < value < 10 for value in said["foreign-visitors-by-nationality"])


def test_the_cut_off_is_the_end_of_a_month_sixty_days_before_the_last_record() -> None:
    latest = moments.LAST - dt.timedelta(days=60)
    assert (latest.replace(day=1) - dt.timedelta(days=1)) == moments.CUT_OFF


def test_every_question_is_one_of_truth_and_of_the_file(demo: Path, truth: dict[str, Any]) -> None:
    asked = tomllib.loads((demo / "questions.toml").read_text("utf-8"))["question"]
    for question, figure in zip(asked, truth["figures"], strict=True):
        assert (question["id"], question["title"]) == (figure["id"], figure["title"])
        expected = {name: value for name, value in figure["question"].items() if value}
        assert {name: question.get(name) for name in expected} == expected
        assert all(set(cell["keys"]) == set(figure["question"]["by"]) for cell in figure["cells"])


def day_number(text: str) -> int:
    return moments.day(dt.date.fromisoformat(text))


def small_facts() -> Facts:
    days = [day_number("2018-01-31"), day_number("2018-02-01"), day_number("2019-05-01"), moments.MISSING]
    return Facts(
        "t",
        "i",
        np.array([0, 0, 1, 2]),
        np.array(days),
        "seen",
        {"kind": Labels(np.array([0, 1, 0, 0]), ["a", ""])},
        {"born": np.array([day_number("2001-03-31"), day_number("2001-04-01"), 0, 0])},
    )


def answer(figure: Figure) -> dict[str, int]:
    return {"".join(cell["keys"].values()): cell["value"] for cell in figure.cells(small_facts())}


def test_truth_stops_at_the_cut_off_and_leaves_out_what_has_no_date() -> None:
    assert answer(Figure("f", "F", "records", "t")) == {"": 2}
    assert answer(Figure("f", "F", "people", "t")) == {"": 1}
    assert answer(Figure("f", "F", "records", "t", by=(Month("seen"),))) == {"2018-01": 1, "2018-02": 1}


def test_what_is_not_stated_fits_no_comparison() -> None:
    for operator, literal in (("=", "a"), ("<>", "b")):
        assert answer(Figure("f", "F", "records", "t", (Condition(Column("kind"), operator, literal),))) == {
            "": 1
        }


def test_somebody_is_eighteen_on_the_birthday() -> None:
    figure = Figure("f", "F", "records", "t", by=(AgeBand("born"),))
    assert answer(figure) == {"0-17": 1, "18-29": 1}
