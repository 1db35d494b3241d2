"""A case about nobody in which the matcher is wrong in known ways, and a reviewer who knows the truth."""

import json
from dataclasses import dataclass
from pathlib import Path

from sousveil.case import Case
from sousveil.count.review.prepare import prepared
from sousveil.count.review.session import Session
from sousveil.count.review.sitting import opened
from sousveil.progress import Silent
from sousveil.stages import perform
from tests.support import make_case
from tests.support_people import mistyped, phone, resident

PEOPLE = 72
TYPES = {"ID": "cn_resident_id", "XM": "person_name", "CSRQ": "birth_date", "DH": "phone"}


@dataclass
class World:
    """A counted case and who each record is really about, by table number and row."""

    case: Case
    truth: dict[tuple[int, int], int]

    def sitting(self, scope=0, reviewer="A", width=0.03, most=500, second=False) -> Session:
        return opened(self.case, prepared(self.case, scope, Silent()), reviewer, width, most, second)

    def right(self, sitting: Session, question) -> str:
        """What somebody who knows the truth answers."""
        kept = sitting.kept
        me, other = kept.records[question.place], kept.cards[question.card]
        return "y" if self.truth[me.tid, me.row] == self.truth[other.tid, other.row] else "n"

    def judge(self, sitting: Session, answer=None, at_most=10_000) -> int:
        """Answer every question; how many there were. The answers reach the vault together, at the end."""
        store, sitting.store = sitting.store, _Later()
        asked = 0
        while asked < at_most and (question := sitting.question()) is not None:
            sitting.answer(question, (answer or self.right)(sitting, question))
            asked += 1
        given, sitting.store = sitting.store.given, store
        with self.case.vault.transaction():
            for one in given:
                store.put_answer(sitting.kept.plan, one)
        return asked

    def fresh(self) -> None:
        """Forget every review."""
        self.case.vault.engine.run("DROP SCHEMA IF EXISTS review CASCADE")


class _Later:
    """Takes answers in the place of the store."""

    def __init__(self):
        self.given = []

    def add(self, plan, answer):
        self.given.append(answer)


def name_of(person: int) -> str:
    return f"王{chr(0x4E00 + 40 * person)}{chr(0x5E00 + 7 * person)}"


def number_of(person: int) -> str:
    return resident(f"19{60 + person % 40}0{1 + person % 9}1{person % 9}", 2 * person + 1)


def world(tmp_path: Path, people: int = PEOPLE) -> World:
    """Two registers of everybody with numbers, and visits: most without one, some misspelt or mistyped."""
    register = [(number_of(p), name_of(p), _born(p), phone(p)) for p in range(people)]
    visits = []
    for person in range(people):
        number, name, born, call = register[person]
        wrong = name[:2] + "误"
        said = [
            (number, name, born, call),
            (None, wrong, born, None),
            (None, name[1:] + name[:1], born, None),
            (mistyped(number), wrong, None, None),
            (None, wrong, None, call),
            (None, name, None, None),
        ][person % 6]
        visits.append(said)
    homes = [(number, name, None, call) for number, name, _, call in register]
    tables = {"register": _columns(register), "visits": _columns(visits), "homes": _columns(homes)}
    case = make_case(tmp_path, tables)
    sections = [
        f"[tables.{name}]\nperson = {json.dumps(['ID', 'XM'])}\n[tables.{name}.columns]" for name in tables
    ]
    types = "\n".join(f'{column} = "{kind}"' for column, kind in TYPES.items())
    (case.folder / "review.toml").write_text("\n".join(f"{s}\n{types}" for s in sections) + "\n", "utf-8")
    perform(case, "count", Silent())
    truth = {(tid, row + 1): row for tid in (1, 2, 3) for row in range(people)}
    return World(case, truth)


def _born(person: int) -> str:
    number = number_of(person)
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def _columns(rows):
    return {column: [row[place] for row in rows] for place, column in enumerate(TYPES)}
