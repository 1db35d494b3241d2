"""Small invented leaks on disk, with and without identity numbers, in whatever format and order is wanted."""

import csv
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sousveil import stages
from sousveil.case import Case
from sousveil.progress import Silent
from tests.support_people import mistyped, phone, resident

TRADITIONAL = dict(
    zip(
        "张刘陈杨赵黄吴孙马罗郑谢韩冯邓许苏卢蒋叶伟丽华军强杰涛东兰凤龙国庆宝云荣",
        "張劉陳楊趙黃吳孫馬羅鄭謝韓馮鄧許蘇盧蔣葉偉麗華軍強傑濤東蘭鳳龍國慶寶雲榮",
        strict=True,
    )
)
SURNAMES = "张刘陈杨赵黄吴孙马罗郑谢韩冯邓许苏卢蒋叶王李高林何"
GIVEN = "伟丽华军强杰涛东兰凤龙国庆宝云荣明红文玉金春秀英志海"
HOTELS = ("城东旅社", "站前宾馆", "河滨招待所", "北门客栈")
ROLES = {
    "register": {"ID": "cn_resident_id", "XM": "person_name", "CSRQ": "birth_date", "DH": "phone"},
    "stays": {
        "ID": "cn_resident_id",
        "XM": "person_name",
        "CSRQ": "birth_date",
        "DH": "phone",
        "LD": "category",
        "RZ": "date",
    },
}
"""By table and column, the type that review.toml gives it."""

Row = tuple[str | None, ...]


@dataclass
class Leak:
    """Tables as they would lie in a dump; `roles` is what review.toml says of their columns."""

    rows: dict[str, list[Row]]
    roles: dict[str, dict[str, str]] = field(default_factory=lambda: {k: dict(v) for k, v in ROLES.items()})

    def changed(self, change: Callable[[str], str]) -> "Leak":
        """With every value changed."""
        rows = {
            table: [tuple(value and change(value) for value in row) for row in found]
            for table, found in self.rows.items()
        }
        return Leak(rows, self.roles)

    def renamed(self, names: Mapping[str, str]) -> "Leak":
        """With other column names."""
        return Leak(self.rows, {t: {names[c]: kind for c, kind in r.items()} for t, r in self.roles.items()})

    def worn(self, lot: random.Random, share: float) -> "Leak":
        """With so large a share of the values lost, and five times as large a one of those in column `ID`."""

        def left(column: str, value: str | None) -> str | None:
            return None if lot.random() < share * (5 if column == "ID" else 1) else value

        rows = {
            # Each row once: what two files share is a question of its own.
            table: list(dict.fromkeys(tuple(map(left, self.roles[table], row)) for row in found))
            for table, found in self.rows.items()
        }
        return Leak(rows, self.roles)

    def reordered(self, order: random.Random) -> "Leak":
        """With the rows of each table in another order."""
        return Leak({t: order.sample(rows, len(rows)) for t, rows in self.rows.items()}, self.roles)


def leak(people: int = 240, *, numbers: bool = True, seed: int = 7) -> Leak:
    """A register of most people, and stays of some: numbers missing or mistyped, names misspelt."""
    rng = random.Random(seed)
    everybody = [_somebody(rng, place) for place in range(people)]
    register = [one for one in everybody if rng.random() < 0.9]
    stays: list[Row] = [
        (*_said(rng, rng.choice(everybody)), rng.choice(HOTELS), f"2018-{month:02}-{day:02}")
        for day in range(1, 29)
        for month in rng.sample(range(1, 13), 12)
    ]
    rows: dict[str, list[Row]] = {"register": [_lost(rng, one, 0.1) for one in register], "stays": stays}
    if numbers:
        return Leak(rows)
    roles = {table: {c: kind for c, kind in r.items() if c != "ID"} for table, r in ROLES.items()}
    return Leak({table: [row[1:] for row in found] for table, found in rows.items()}, roles)


def _somebody(rng: random.Random, place: int) -> Row:
    born = f"{rng.randint(1950, 1999)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))
    return resident(born.replace("-", ""), 1 + place % 998), name, born, phone(place)


def _said(rng: random.Random, one: Row) -> Row:
    """What a stay says of somebody, slips included."""
    number, name, born, call = (str(value) for value in one)
    if rng.random() < 0.06:
        number = mistyped(number, rng.randint(7, 15))
    if rng.random() < 0.05:
        name = name[:1] + rng.choice(GIVEN) + name[2:]
    return _lost(rng, (number, name, born, call if rng.random() < 0.6 else None), 0.25)


def _lost(rng: random.Random, one: Row, share: float) -> Row:
    return (None, *one[1:]) if rng.random() < share else one


def as_csv(folder: Path, table: str, columns: list[str], rows: list[Row]) -> None:
    """`TABLE.csv`."""
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([columns, *([value or "" for value in row] for row in rows)])


def as_json(folder: Path, table: str, columns: list[str], rows: list[Row]) -> None:
    """`TABLE.jsonl`; a value that is missing is left out."""
    lines = [
        {column: value for column, value in zip(columns, row, strict=True) if value is not None}
        for row in rows
    ]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / f"{table}.jsonl").write_text(text, "utf-8")


def as_sql(folder: Path, table: str, columns: list[str], rows: list[Row]) -> None:
    """`TABLE.sql`, as a dump of MySQL has it."""
    made = ", ".join(f"`{column}` varchar(40)" for column in columns)
    values = ",\n".join(
        "(" + ",".join("NULL" if value is None else f"'{value}'" for value in row) + ")" for row in rows
    )
    text = f"CREATE TABLE `{table}` ({made});\nINSERT INTO `{table}` VALUES\n{values};\n"
    (folder / f"{table}.sql").write_text(text, "utf-8")


Writer = Callable[[Path, str, list[str], list[Row]], None]


def written(folder: Path, made: Leak, writer: Writer = as_csv) -> Path:
    """The leak as a dump: a folder with a file for each table."""
    folder.mkdir(parents=True)
    for table, rows in made.rows.items():
        writer(folder, table, list(made.roles[table]), rows)
    return folder


def review_of(roles: Mapping[str, Mapping[str, str]]) -> str:
    """review.toml with these types; names and numbers say who a record is about."""
    lines = []
    for table, columns in roles.items():
        person = [column for column, kind in columns.items() if kind in ("cn_resident_id", "person_name")]
        lines += [f"[tables.{json.dumps(table)}]", f"person = {json.dumps(person)}"]
        lines += [f"[tables.{json.dumps(table)}.columns]"]
        lines += [f'{json.dumps(column)} = "{kind}"' for column, kind in columns.items()]
    return "\n".join(lines) + "\n"


def counted(folder: Path, dump: Path, roles: Mapping[str, Mapping[str, str]]) -> dict[str, dict]:
    """The count of a dump through the front door, with this review: its rows by their table."""
    case = Case.make(folder, folder.parent / f"{folder.name}.key")
    try:
        stages.take_in(case, dump, Silent())
        (case.folder / "review.toml").write_text(review_of(roles), "utf-8")
        return {row["table"]: row for row in stages.perform(case, "count", Silent())["people"]}
    finally:
        case.close()
