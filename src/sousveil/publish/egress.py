"""The egress check: the last look at a publication, before anybody else can see it.

Every form of every text of every file (`tokens`) is compared with the identifiers, contacts and whole names
of the vault (`identifying`). What stops a publication is named by count, column and file, never by value.

Three things are let through, since they would be false alarms: the words of our own pages, the names of
tables and columns (veiled where they identify somebody), and names that are labels of cells which have passed
the gate, unless so many labels of one column are names that the column must be a column of names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.errors import EgressBlocked
from sousveil.findings import ranges
from sousveil.publish import downloads, evidence, people, proof, tokens
from sousveil.publish.identifying import Hit, hits
from sousveil.publish.labels import LOCALE, WORDS
from sousveil.publish.report import TEMPLATES
from sousveil.publish.tables import as_printed, published

_MARKUP = re.compile(r"\{[{%#].*?[}%#]\}|<[^<>]*>", re.DOTALL)
_LITERAL = re.compile("'((?:[^']|'')*)'")
NAMED_SHARE = 0.3
"""A column with at least two labels, and this share of them, that are people's names is a column of names."""


def check_publication(
    case: Case, folder: Path, document: Mapping[str, Any], certificate: proof.Proof | None = None
) -> None:
    """Check the files in `folder`, made from a findings document. Raises `EgressBlocked`."""
    findings = [*as_printed(document["findings"]), *(proof.as_findings(certificate) if certificate else ())]
    exempt = own_words() | names_of(case) | _figures(findings)
    exempt |= proof.counts(certificate) if certificate else frozenset()
    _refuse(case, _judged(findings, _found(case, folder, exempt)))


def check(case: Case, folder: Path, exempt: frozenset[str]) -> None:
    """Check every file under `folder`; `exempt` are forms that may stand there. Raises `EgressBlocked`."""
    _refuse(case, _found(case, folder, exempt))


def walk(case: Case, what: Path | str, exempt: frozenset[str] = frozenset()) -> dict[str, int]:
    """How many identifying values of each column stand in a text, a file or a folder (for tests of leaks).

    Keys are `table.column`, or `rejects` for records that could not be read; columns without a hit are left
    out. What a publication may hold is let through, and the forms in `exempt`.
    """
    kept = case.vault.stage("findings")
    findings = list(as_printed(kept[1]["findings"])) if kept else []
    exempt = own_words() | names_of(case) | _figures(findings) | exempt
    if isinstance(what, str):
        found = [("", hit) for hit in hits(case, _forms_of(tokens.texts_in(what)) - exempt)]
    else:
        found = _found(case, what, exempt)
    return dict(Counter(_column(case, hit) for hit in {hit for _, hit in _judged(findings, found)}))


@cache
def own_words() -> frozenset[str]:
    """The forms of our own words: the templates, the fixed texts of the downloads, the names of countries."""
    return frozenset(set().union(*(tokens.forms(text) for text in _own_texts())))


@cache
def own_units() -> frozenset[str]:
    """Every single word of our own."""
    return frozenset(set().union(*(tokens.units(text) for text in _own_texts())))


def _own_texts() -> list[str]:
    templates = [path.read_text("utf-8") for path in sorted(TEMPLATES.iterdir()) if path.is_file()]
    countries = [str(name) for name in LOCALE.territories.values()]
    anchors = "c d f l p q r t"  # before a finding's name in the page's own identifiers
    return [
        anchors,
        *(_MARKUP.sub("\n", text) for text in templates),
        *downloads.WORDS,
        *proof.WORDS,
        *evidence.WORDS,
        *ranges.WORDS,
        *WORDS,
        *countries,
    ]


def names_of(case: Case) -> frozenset[str]:
    """The forms of the names of tables and columns, as they are shown."""
    names = [case.name_of(table) for table in case.tables]
    names += [case.column_name(column) for table in case.tables for column in table.columns]
    return frozenset(_forms_of(names))


def _found(case: Case, folder: Path, exempt: frozenset[str]) -> list[tuple[str, Hit]]:
    """Every hit with the file that it stands in; a file's own name counts as its text."""
    forms = {
        file.relative_to(folder.parent).as_posix(): _forms_of(
            [file.relative_to(folder.parent).as_posix(), *tokens.texts_of(file)]
        )
        - exempt
        for file in tokens.files_of(folder)
    }
    every = hits(case, set().union(*forms.values()))
    return [
        (file, hit) for file, standing in forms.items() for hit in every if hit.untrusted_form in standing
    ]


def _judged(findings: Iterable[Mapping[str, Any]], found: list[tuple[str, Hit]]) -> list[tuple[str, Hit]]:
    """The hits without labels that happen to be names."""
    names = {hit.untrusted_form for _, hit in found if hit.is_name}
    harmless = _harmless_labels(findings, names) if names else set()
    return [(file, hit) for file, hit in found if not (hit.is_name and hit.untrusted_form in harmless)]


def _forms_of(texts: Iterable[str]) -> set[str]:
    return set().union(*(tokens.forms(text, own_units()) for text in texts))


def _figures(findings: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Released numbers: a count may be somebody's telephone number by chance."""
    cells = [cell for finding in findings for cell in finding["cells"] if published(cell)]
    cells += [
        finding["total"] for finding in findings if finding.get("total") and published(finding["total"])
    ]
    told = {str(cell[name]) for cell in cells for name in ("value", "low", "high")}
    return frozenset(told.union(*(map(str, people.figures(finding)) for finding in findings)))


def _harmless_labels(findings: Iterable[Mapping[str, Any]], untrusted_names: set[str]) -> set[str]:
    """The forms of all labels and of what released filters compare with, but for columns of names."""
    columns: dict[str, set[str]] = {}
    for finding in findings:
        for cell in filter(published, finding["cells"]):
            for name in finding["by"]:
                columns.setdefault(name, set()).add(str(cell["keys"].get(name, "")))
        if any(published(cell) for cell in finding["cells"]):
            columns[f"where of {finding['id']}"] = set(_LITERAL.findall(finding.get("where") or ""))
    harmless: set[str] = set()
    for labels in columns.values():
        named = [label for label in labels if tokens.whole(label) in untrusted_names]
        if len(named) < 2 or len(named) < NAMED_SHARE * len(labels):
            harmless |= _forms_of(labels)
    return harmless


def _refuse(case: Case, found: list[tuple[str, Hit]]) -> None:
    if not found:
        return
    values = {hit.untrusted_form for _, hit in found}
    raise EgressBlocked(
        f"something about to be published holds identifying values of the dump: {len(values)}",
        where={
            "values": len(values),
            "columns": ", ".join(sorted({_column(case, hit) for _, hit in found})),
            "files": len({file for file, _ in found}),
        },
    )


def _column(case: Case, hit: Hit) -> str:
    if hit.source is None:
        return "rejects"
    return f"{case.name_of(hit.source.table)}.{case.column_name(hit.source.column)}"
