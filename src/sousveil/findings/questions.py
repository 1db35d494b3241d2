"""questions.toml: read, checked against the case, and written.

Everything is checked before anything is counted: a question that can't be read stops the whole file, named by
its id and its line. Only a question that disclosure control refuses (it names an identifying column) lets the
others go on.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from sousveil.case import Case
from sousveil.errors import BadQuestion, RefusedError, SousveilError, UnsafeWhere
from sousveil.files import write_whole
from sousveil.findings import where as language
from sousveil.findings.ids import is_id, key
from sousveil.findings.model import Question
from sousveil.findings.scope import Scope, named, scopes_of, unknown
from sousveil.findings.syntax import Node, Ref, references, text
from sousveil.veil import printable

WHOLE_CASE = "*"
"""The table that stands for the whole case."""
SETTINGS = ("id", "title", "count", "table", "where", "by")
MAX_BY = 3
"""Columns in `by`: more make cells so small that nothing could be released."""

_HEAD = re.compile(r"\s*\[\[\s*[\"']?question[\"']?\s*\]\]")


@dataclass(frozen=True)
class Asked:
    """A question that was read and checked."""

    question: Question
    scope: Scope | None
    """None for the whole case."""
    where: Node | None
    by: tuple[Ref, ...]

    @property
    def refs(self) -> tuple[Ref, ...]:
        """Every reference of `where` and `by`."""
        return (*references(self.where), *self.by)

    @property
    def columns(self) -> frozenset[str]:
        """The clean columns that it reads (`c7`), without the one that dates a record."""
        if self.scope is None:
            return frozenset()
        return frozenset(self.scope.column(ref.column).sql for ref in self.refs)

    @property
    def names(self) -> tuple[str, ...]:
        """The shown names of all columns that it reads, the one that dates a record included."""
        event = self.scope.event_date if self.scope else None
        return tuple(dict.fromkeys([ref.column for ref in self.refs] + ([event.name] if event else [])))

    def until(self, cut_off: dt.date | None) -> dt.date | None:
        """The case's cut-off where it applies; None for a table without the date of an event."""
        return cut_off if self.scope is None or self.scope.event_date else None

    def dated(self, cut_off: dt.date | None) -> str:
        """The shown name of the column by which records after the cut-off are left out; empty without."""
        event = self.scope.event_date if self.scope else None
        return event.name if event and cut_off else ""

    def population(self, cut_off: dt.date | None) -> str:
        """The canonical text of whom it is about: equal texts mean the same records."""
        parts = [f"table {self.question.table}"]
        if self.where:
            parts.append(f"where {text(self.where)}")
        until = self.until(cut_off)
        if until:
            parts.append(f"until {until.isoformat()}")
        return "; ".join(parts)


def read(path: Path) -> tuple[list[Question], dict[str, int]]:
    """The questions of a file, and by id the line at which each starts, as far as that can be told.

    Their settings are checked, but not yet against the case. Raises `BadQuestion`.
    """
    document, written = _document(path)
    sections = document.get("question", [])
    strange = [name for name in document if name not in ("question", "known")]
    if strange or not isinstance(sections, list):
        raise BadQuestion(
            "questions.toml may hold nothing but sections [[question]] and [[known]]",
            where=_setting(strange[:1]),
        )
    lines = [n for n, line in enumerate(written.splitlines(), start=1) if _HEAD.match(line)]
    places = [{"line": line} for line in lines] if len(lines) == len(sections) else [{} for _ in sections]
    questions = [_question(section, place) for section, place in zip(sections, places, strict=True)]
    _unique(questions, places)
    return questions, {q.id: place["line"] for q, place in zip(questions, places, strict=True) if place}


def read_known(path: Path) -> list[Question]:
    """What readers know from elsewhere, by the sections [[known]] of a file; the title is the source.

    Raises `BadQuestion`.
    """
    sections = _document(path)[0].get("known", [])
    if not isinstance(sections, list):
        raise BadQuestion("[[known]] must be a section with two brackets")
    found = [_known(section) for section in sections]
    _unique(found, [{}] * len(found))
    return found


def _known(section: Any) -> Question:
    if not isinstance(section, dict) or not str(section.get("source", "")).strip() or "by" in section:
        raise BadQuestion("a [[known]] has a `source`, and no `by`: a cell is a `where` of its own")
    named = {name: value for name, value in section.items() if name != "source"}
    return _question({**named, "title": section["source"]}, {})


def _document(path: Path) -> tuple[dict[str, Any], str]:
    try:
        written = path.read_text("utf-8-sig")
        return tomllib.loads(written), written
    except FileNotFoundError:
        raise BadQuestion("the file with the questions does not exist", where={"file": str(path)}) from None
    except (OSError, UnicodeDecodeError):
        raise BadQuestion("the file with the questions can't be read", where={"file": str(path)}) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line ([0-9]+)", str(error))
        line = {"line": int(found[1])} if found else {}
        raise BadQuestion("the file with the questions can't be read as TOML", where=line) from None


def _setting(untrusted_names: Sequence[str]) -> dict[str, Any]:
    return {"setting": printable(untrusted_names[0])} if untrusted_names else {}


def _question(section: Any, place: dict[str, int]) -> Question:
    if not isinstance(section, dict):
        raise BadQuestion("a [[question]] must be a section", where=place)
    where: dict[str, Any] = dict(place)
    if isinstance(section.get("id"), str) and is_id(section["id"]):
        where = {"question": section["id"]} | where
    for name in section:
        if name not in SETTINGS:
            raise BadQuestion(
                unknown("a question has no such setting", name, SETTINGS), where=where | _setting([name])
            )
    for name in ("id", "count", "table"):
        if name not in section:
            raise BadQuestion(f"the question has no `{name}`", where=where)
    for name in ("id", "title", "count", "table", "where"):
        if not isinstance(section.get(name, ""), str):
            raise BadQuestion(f"`{name}` must be a text", where=where)
    question = Question(
        section["id"],
        printable(section.get("title", "").strip()) or section["id"],
        section["count"],
        section["table"],
        section.get("where", "").strip(),
        _by(section.get("by", []), where),
    )
    _plausible(question, where)
    return question


def _by(by: Any, where: dict[str, Any]) -> tuple[str, ...]:
    entries = [by] if isinstance(by, str) else by
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise BadQuestion("`by` must be a list of texts", where=where)
    if len(entries) > MAX_BY:
        raise BadQuestion(f"`by` takes at most {MAX_BY} columns", where=where)
    return tuple(entry.strip() for entry in entries)


def _plausible(question: Question, where: dict[str, Any]) -> None:
    """What can be said of a question without looking at the case. Raises `BadQuestion`."""
    if not is_id(question.id):
        raise BadQuestion(
            "an id is made of at most 100 letters and digits, - and _, and holds no identity number",
            where=where,
        )
    if question.count not in ("people", "records"):
        raise BadQuestion('`count` must be "people" or "records"', where=where)
    if question.table == WHOLE_CASE and (question.where or question.by or question.count != "people"):
        raise BadQuestion(
            'the whole case (table = "*") takes count = "people", no `where` and no `by`', where=where
        )


def _unique(questions: Sequence[Question], places: Sequence[dict[str, int]]) -> None:
    seen: set[str] = set()
    for question, place in zip(questions, places, strict=True):
        if key(question.id) in seen:
            raise BadQuestion("two questions have the same id", where={"question": question.id, **place})
        seen.add(key(question.id))


def adopt(case: Case, path: Path) -> None:
    """Make a person's file the case's questions.toml; another one that stood there is kept beside it.

    The file is checked first, against the tables too where the case has been surveyed. Raises `BadQuestion`.
    """
    questions, lines = read(path)
    if not questions:
        raise BadQuestion("the file holds no [[question]]", where={"file": str(path)})
    if case.vault.stage("normalise"):
        check(scopes_of(case), questions, lines)
    kept = case.folder / "questions.toml"
    content = path.read_bytes()
    before = kept.read_bytes() if kept.exists() else content
    if before != content:
        write_whole(case.folder / "questions.before.toml", before)
    write_whole(kept, content)


def check(
    scopes: Mapping[str, Scope], questions: Iterable[Question], lines: Mapping[str, int] | None = None
) -> tuple[list[Asked], dict[str, RefusedError]]:
    """Check questions against the case's tables: those that may be counted, and by id those that are refused.

    Raises `BadQuestion` (`UnknownTable`, `UnknownColumn`, `UnsafeWhere`) with the question's id and line.
    """
    known = lines or {}
    asked: list[Asked] = []
    refused: dict[str, RefusedError] = {}
    for question in questions:
        try:
            asked.append(checked(scopes, question))
        except SousveilError as error:
            line = {"line": known[question.id]} if question.id in known else {}
            error.where = {"question": question.id, **line, **error.where}
            if not isinstance(error, RefusedError):
                raise
            refused[question.id] = error
    return asked, refused


def checked(scopes: Mapping[str, Scope], question: Question, *, combined: bool = False) -> Asked:
    """One question against the case's tables. Raises as `check`, and `Identifying`.

    With `combined` it is no person's question but the gate's, which holds two of them against each other: the
    ages of one may be of another day than those of the other.
    """
    if question.table == WHOLE_CASE:
        return Asked(question, None, None, ())
    scope = named(scopes, question.table)
    part = "where"
    try:
        node = language.where(question.where, scope)
        part = "by"
        by = tuple(language.by(entry, scope) for entry in question.by)
        if not combined:
            language.one_day((*references(node), *by))
        if len({ref.text for ref in by}) < len(by):
            raise UnsafeWhere("the same column stands twice in `by`")
    except SousveilError as error:
        error.where = {"in": part, **error.where}
        raise
    return Asked(replace(question, by=_shown(by, question)), scope, node, by)


def _shown(refs: Sequence[Ref], question: Question) -> tuple[str, ...]:
    """`by` as a finding has it: a column by its name, without quotes; a function as it was asked."""
    return tuple(asked if ref.function else ref.column for ref, asked in zip(refs, question.by, strict=True))


def write(questions: Iterable[Question]) -> str:
    """The text of questions.toml."""
    document = tomlkit.document()
    for line in (
        "The questions that the survey suggests. Change them, strike some out, add your own: this file is",
        "never overwritten. docs/questions.md says what may stand here.",
    ):
        document.add(tomlkit.comment(line))
    sections = tomlkit.aot()
    for question in questions:
        section = tomlkit.table()
        for name in ("id", "title", "count", "table"):
            section[name] = getattr(question, name)
        if question.where:
            section["where"] = question.where
        if question.by:
            section["by"] = list(question.by)
        sections.append(section)
    document["question"] = sections
    return tomlkit.dumps(document)
