"""Weekly releases through the whole product: files, questions, edits of the review, findings.

Week by week other questions are asked, those among them that were proposed in the place of refused ones;
tables come in later that share people with the first; somebody corrects the review, and moves the cut-off.
Everything that was ever printed is then attacked together.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sousveil import stages
from sousveil.case import Case
from sousveil.errors import RefusedError
from sousveil.policy import Policy
from sousveil.progress import Silent
from tests.attack import product
from tests.attack.bad import Question
from tests.attack.instances import Instance
from tests.attack.linear import Breach
from tests.attack.reading import claims
from tests.attack.several import Dump, Several
from tests.attack.wide import WideWorld

K = 10
TABLES = {
    "entries": ("country", "port", "kind", "entered"),
    "stays": ("hotel", "arrived"),
    "calls": ("reason",),
}
LABELS = {"country": ("CHN", "KAZ", "KGZ", "RUS", "DEU"), "port": ("p0", "p1", "p2", "p3"),
          "kind": ("k0", "k1", "k2"), "hotel": ("h0", "h1", "h2"), "reason": ("r0", "r1")}  # fmt: skip
REFS = {"entries": ("country", "region(country)", "port", "kind", "month(entered)", "year(entered)"),
        "stays": ("hotel", "month(arrived)"), "calls": ("reason",)}  # fmt: skip
WIDEST = {"entries": ("country", "port", "kind", "month(entered)"), "stays": ("hotel", "month(arrived)"),
          "calls": ("reason",)}  # fmt: skip


class Live:
    """A case that is kept at work."""

    def __init__(self, folder: Path, k: int = K) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.case = Case.make(folder / "case", folder / "key.txt", policy=Policy(threshold=k))

    def take(self, name: str, text: str) -> None:
        """One more file."""
        place = self.folder / f"dump-{name}"
        place.mkdir()
        (place / f"{name}.csv").write_text(text, "utf-8")
        stages.take_in(self.case, place, Silent())

    def ask(self, questions: str) -> list[dict[str, Any]]:
        """Findings; where nothing at all may be released, what the error says of each question."""
        (self.case.folder / "questions.toml").write_text(questions, "utf-8")
        try:
            found: list[dict[str, Any]] = stages.perform(self.case, "findings", Silent())["findings"]
        except RefusedError as error:
            helped = error.suggestions or {}
            return [
                {"id": name, "refused": {"code": code, "suggestions": helped.get(name, [])}}
                for name, code in error.where["questions"].items()
            ]
        return found

    def edit(self, file: str, before: str, after: str) -> None:
        """Change a person's file."""
        path = self.case.folder / file
        text = path.read_text("utf-8")
        assert re.search(before, text), f"{before} is not in {file}"
        path.write_text(re.sub(before, after, text, count=1), "utf-8")


@dataclass
class Year:
    """What was asked and printed, week by week, and the data behind it."""

    number: int
    worlds: dict[str, WideWorld]
    questions: list[tuple[str, Question]] = field(default_factory=list)
    weeks: list[list[dict[str, Any]]] = field(default_factory=list)

    def printed(self, table: str) -> list[list[dict[str, Any]]]:
        """The findings about one table, by week."""
        return [[one for one in week if _table(one) == table] for week in self.weeks]


def _table(finding: Mapping[str, Any]) -> str:
    return str(finding.get("provenance", {}).get("question", {}).get("table", ""))


def year(number: int, weeks: int, folder: Path) -> Year:
    """So many weeks of one case."""
    chance = np.random.default_rng([52, number])
    worlds = _worlds(chance)
    live, made = Live(folder / str(number)), Year(number, worlds)
    proposed: list[tuple[str, Question]] = []
    try:
        for week in range(weeks):
            _happens(live, chance, week, weeks, worlds)
            asked = [*proposed, *_questions(chance, _tables_of(week, weeks))]
            text = "".join(written(n, table, one) for n, (table, one) in enumerate(asked))
            found = live.ask(text)
            made.questions += asked
            made.weeks.append(found)
            proposed = _suggested(found)
    finally:
        live.case.close()
    return made


def _tables_of(week: int, weeks: int) -> list[str]:
    """Tables come in at the beginning, after a third and after two thirds of the time."""
    return list(TABLES)[: 1 + 3 * week // max(weeks, 3)]


def _happens(live: Live, chance: Any, week: int, weeks: int, worlds: Mapping[str, WideWorld]) -> None:
    """What befalls the case before the week's questions."""
    there = _tables_of(week, weeks)
    if week == 0 or there != _tables_of(week - 1, weeks):
        live.take(there[-1], as_csv(worlds[there[-1]]))
        stages.perform(live.case, "survey", Silent())
    elif chance.random() < 0.3:
        edits = (
            ("review.toml", r'kind = "[a-z]+"', 'kind = "other"'),
            ("review.toml", r'port = "\w+"', 'port = "organisation"'),
            ("review.toml", r"sensitive = \w+", 'sensitive = ["kind"]'),
            ("case.toml", r"cut_off_days = \d+", f"cut_off_days = {chance.choice([60, 75, 100])}"),
        )
        live.edit(*edits[int(chance.integers(len(edits)))])


def _worlds(chance: Any) -> dict[str, WideWorld]:
    """The tables: some hundred records each, people with several, some people in two tables."""
    made = {}
    for name, columns in TABLES.items():
        size = int(chance.integers(150, 400))
        drawn = [_column(chance, column, size) for column in columns]
        start = {"entries": 0, "stays": int(chance.choice([0, 120, 390])), "calls": 60}[name]
        people = [start + int(one) for one in chance.integers(0, int(size * 0.8), size)]
        made[name] = WideWorld(columns, list(zip(*drawn, strict=True)), people, name)
    return made


def _column(chance: Any, column: str, size: int) -> list[str]:
    if column in ("entered", "arrived"):
        # The last five months are beyond any cut-off; both tables end on one day.
        days = [int(one) for one in chance.integers(0, 200, size)]
        days[:20] = range(199, 179, -1)
        return [(dt.date(2017, 11, 1) + dt.timedelta(one)).isoformat() for one in days]
    labels = LABELS[column]
    weights = np.sort(chance.dirichlet(np.full(len(labels), 0.8)))[::-1]
    return [str(one) for one in chance.choice(np.array(labels), size, p=weights)]


def as_csv(world: WideWorld) -> str:
    """The file that holds a table, each person with an identity number of their own."""
    lines = [",".join(("resident_id", *world.columns))]
    lines += [
        ",".join((product.identity(person), *row))
        for person, row in zip(world.people, world.rows, strict=True)
    ]
    return "\n".join(lines) + "\n"


def _questions(chance: Any, tables: Sequence[str]) -> list[tuple[str, Question]]:
    made: list[tuple[str, Question]] = []
    if chance.random() < 0.4:
        made.append(("*", ((), "", "people")))
    for _ in range(int(chance.integers(2, 6))):
        table = str(chance.choice(np.array(tables)))
        by = tuple(
            str(one) for one in chance.permutation(list(REFS[table]))[: int(chance.choice([0, 1, 1, 2]))]
        )
        tests = [column for column in TABLES[table] if column in LABELS]
        parts = [
            _test(chance, str(one)) for one in chance.permutation(tests)[: int(chance.choice([0, 1, 2]))]
        ]
        made.append((table, (by, " AND ".join(parts), str(chance.choice(["records", "people"])))))
    return made


def _test(chance: Any, column: str) -> str:
    one, other = (str(label) for label in chance.permutation(list(LABELS[column]))[:2])
    forms = (
        f"{column} = '{one}'", f"{column} <> '{one}'", f"{column} IN ('{one}', '{other}')",
        f"NOT ({column} = '{one}')", f"{column} IS NOT NULL",
    )  # fmt: skip
    return str(chance.choice(np.array(forms)))


def written(number: int, table: str, question: Question) -> str:
    """A question in the language of questions.toml."""
    by, where, unit = question
    listed = "by = [" + ", ".join(f'"""{one}"""' for one in by) + "]\n" if by else ""
    return product.ask(f"q{number}", table, where, count=unit) + listed


def _suggested(findings: Sequence[Mapping[str, Any]]) -> list[tuple[str, Question]]:
    """What was proposed in the place of refused questions."""
    found = [one for finding in findings for one in finding.get("refused", {}).get("suggestions", ())]
    return [(one["table"], (tuple(one["by"]), one["where"], one["count"])) for one in found]


def instances(made: Year) -> list[Instance]:
    """Each table with all that was ever printed of it, for the attacks on hidden cells and on groups."""
    found = []
    for name, world in made.worlds.items():
        printed = made.printed(name)
        until = {one["provenance"]["cut_off"] for week in printed for one in week if not one.get("refused")}
        for day in until:
            of_day = [[one for one in week if one["provenance"]["cut_off"] == day] for week in printed]
            asked = [question for table, question in made.questions if table == name]
            found.append(
                Instance(made.number, K, _up_to(world, day), {}, [asked], of_day, widest=WIDEST[name])
            )
    return found


def _up_to(world: WideWorld, day: str | None) -> WideWorld:
    """The records that findings are about."""
    date = next((n for n, column in enumerate(world.columns) if column in ("entered", "arrived")), None)
    if day is None or date is None:
        return world
    kept = [n for n, row in enumerate(world.rows) if row[date] <= day]
    return WideWorld(
        world.columns, [world.rows[n] for n in kept], [world.people[n] for n in kept], world.name
    )


def moved(made: Year) -> list[Breach]:
    """Numbers of a table that have two values of which one tells of fewer than k people."""
    found = []
    for name in made.worlds:
        seen: dict[Any, set[int]] = {}
        for claim in claims(list(itertools.chain(*made.printed(name)))):
            seen.setdefault((claim.unit, claim.group), set()).add(claim.value)
        found += [
            Breach("moved", f"{unit} in {group} of {name}", min(values), max(values))
            for (unit, group), values in seen.items()
            if 0 < max(values) - min(values) < K
        ]
    return found


def between_tables(made: Year) -> Several:
    """The people of all tables and of the whole case, for the attack on groups by several tables."""
    cut = {
        _table(one): one["provenance"]["cut_off"]
        for week in made.weeks
        for one in week
        if one.get("provenance") and not one.get("refused")
    }
    worlds = {}
    for name, world in made.worlds.items():
        rest = _up_to(world, cut.get(name))
        worlds[name] = WideWorld(("a",), [("a",) for _ in rest.rows], rest.people, name)
    printed = [
        (_table(one), one)
        for week in made.weeks
        for one in week
        if one.get("provenance") and one["unit"] == "people" and not one["where"] and not one["by"]
    ]
    return Several(made.number, K, Dump(worlds), [], printed)


def outcomes(made: Year) -> Counter[str]:
    """How many questions were answered, and how many refused by which code."""
    return Counter(one.get("refused", {}).get("code", "published") for week in made.weeks for one in week)
