"""What the report says, derived from the findings that the gate has released, and from nothing else.

`tell` turns the contract's `findings` document and verify's rows into the parts that the templates print: the
main points, the totals, each finding with its rows and bars, what was not released, the evidence in words.
A template adds the words; the order of the questions is kept, since whoever asked put the first things first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sousveil.publish import charts, people
from sousveil.publish.evidence import Evidence, told
from sousveil.publish.labels import (
    OTHER,
    SEXES,
    Label,
    day,
    function,
    labels,
    number,
    plain,
    share,
    slugs,
    some,
)
from sousveil.publish.proof import Proof
from sousveil.publish.tables import Finding, as_printed, finding_of, is_earlier, published, table_of

MOST_FACTS = 6
MOST_POINTS = 8
MOST_IN_SIGHT = 16
"""Findings in the table of contents; more are folded by their tables."""
RESIDUAL = ("其他", "其它", "另外", "other", "unknown", "未知", "不详")
"""Beginnings of labels of what is left over: that it is the largest is no news."""


@dataclass(frozen=True)
class Point:
    """A main point: the largest figure of a finding, and its share of the whole in words."""

    finding: Finding
    keys: tuple[Label, ...]
    value: str
    share: str


@dataclass(frozen=True)
class Refused:
    """A finding that the gate did not release."""

    slug: str
    title: Label
    code: str
    message: str
    next: str


@dataclass(frozen=True)
class Story:
    """Everything that the pages print."""

    headline: str
    headline_word: str
    """`about` where the number is uncertain, `more than` where it is cut down, else nothing."""
    facts: tuple[Finding, ...]
    records_in_all: str
    tables_in_all: str
    points: tuple[Point, ...]
    people: tuple[people.Counted, ...]
    totals: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    refused: tuple[Refused, ...]
    evidence: tuple[Evidence, ...]
    cut_off: str
    threshold: str
    regime: str
    withheld: str
    uncertain: bool
    earlier: bool
    """Whether some figures are of an earlier release."""
    worlds: str
    """Where the certificate's made-up databases lie; empty where no certificate goes along."""
    unproven: str
    """How many hidden groups the certificate leaves open; empty for none."""

    @property
    def groups(self) -> tuple[tuple[Label | None, tuple[Finding, ...]], ...]:
        """The findings for the table of contents: as they come, or by their tables where they are many."""
        tables = dict.fromkeys(finding.table for finding in self.findings)
        if len(self.findings) <= MOST_IN_SIGHT or len(tables) < 2:
            return ((None, self.findings),)
        return tuple(
            (Label(table), tuple(finding for finding in self.findings if finding.table == table))
            for table in tables
        )

    @property
    def reviewed(self) -> bool:
        """Whether people have reviewed any of the counts."""
        return any(counted.reviewed for counted in self.people)

    @property
    def bars(self) -> Iterator[charts.Bar]:
        """Every bar that is drawn."""
        for finding in self.findings:
            for row in (*finding.rows, *finding.rest):
                yield from (figure.bar for figure in row.figures if figure.bar)

    @property
    def lines(self) -> Iterator[charts.Line]:
        """Every line that is drawn."""
        yield from (finding.line for finding in self.findings if finding.line)


def tell(
    document: Mapping[str, Any],
    verified: Mapping[str, Any],
    threshold: int,
    regime: str,
    certificate: Proof | None = None,
) -> Story:
    """The story of a findings document (contract shape) and of verify's rows.

    `certificate` is the one that goes along; None where there is none.
    """
    released = list(as_printed(document["findings"]))
    names = slugs([finding["id"] for finding in released])
    printed = {
        name: finding_of(name, finding)
        for name, finding in zip(names, released, strict=True)
        if not finding.get("refused")
    }
    raw = dict(zip(names, released, strict=True))
    totals = tuple(finding for finding in printed.values() if not raw[finding.slug]["by"])
    whole = next((raw[one.slug] for one in totals if _is_whole_case(raw[one.slug])), None)
    in_all = {table_of(raw[one.slug]): raw[one.slug] for one in totals if _is_table_of_records(raw[one.slug])}
    headline, word = _headline(whole) if whole else ("", "")
    shown = [one for one in totals if one.rows and one.rows[0].figures[0].shown]
    shown.sort(key=lambda one: raw[one.slug] is not whole)
    return Story(
        headline=headline,
        headline_word=word,
        facts=tuple(shown[:MOST_FACTS]),
        records_in_all=number(sum(one["cells"][0]["value"] for one in in_all.values()))
        if len(in_all) > 1
        else "",
        tables_in_all=number(len(in_all)),
        points=tuple(_points(printed, raw)),
        people=people.counted((name, raw[name]) for name in printed),
        totals=totals,
        findings=tuple(finding for finding in printed.values() if raw[finding.slug]["by"]),
        refused=tuple(_refused(name, one) for name, one in raw.items() if one.get("refused")),
        evidence=told(verified.get("tests", ())),
        cut_off=_cut_off(released),
        threshold=number(threshold),
        regime=regime,
        withheld=number(sum(finding.withheld for finding in printed.values())),
        uncertain=any(finding.uncertain for finding in printed.values()),
        earlier=any(finding.release for finding in printed.values()),
        worlds=certificate.worlds if certificate else "",
        unproven=number(certificate.unproven) if certificate and certificate.unproven else "",
    )


def _headline(finding: Mapping[str, Any]) -> tuple[str, str]:
    """The number of people in all for the headline, and the word that keeps it true."""
    cell = finding["cells"][0]
    value = int((finding.get("count") or {"estimate": cell["value"]})["estimate"])
    if cell["low"] != cell["high"]:
        step = 10 ** max(0, len(str(value)) - 3)
        return number((value + step // 2) // step * step), "about"
    number_cut, cut = some(value)
    return number_cut, "more than" if cut else ""


def _points(printed: Mapping[str, Finding], raw: Mapping[str, Mapping[str, Any]]) -> Iterator[Point]:
    """The largest figure of each finding, one finding a table before a second of the same table."""
    worth = [name for name in printed if raw[name]["by"] and sum(map(published, raw[name]["cells"])) > 1]
    worth.sort(key=lambda name: _is_everywhere(raw[name]))
    seen: dict[str, int] = {}
    turn = {}
    for name in worth:
        table = table_of(raw[name])
        turn[name] = seen[table] = seen.get(table, 0) + 1
    chosen = set(sorted(worth, key=lambda name: turn[name])[:MOST_POINTS])
    for name in (name for name in printed if name in chosen):
        yield _point(printed[name], raw[name])


def _point(finding: Finding, raw: Mapping[str, Any]) -> Point:
    place, top = max(
        ((place, cell) for place, cell in enumerate(raw["cells"]) if published(cell)),
        key=lambda pair: (not _is_residual(pair[1]), pair[1]["value"]),
    )
    keys = tuple(
        labels(name, [str(cell["keys"].get(name, "")) for cell in raw["cells"]])[place] for name in raw["by"]
    )
    total = raw.get("total")
    part = share(top["value"], total["value"]) if total and published(total) else ""
    return Point(finding, keys, number(top["value"]), part)


def _is_everywhere(finding: Mapping[str, Any]) -> bool:
    """Whether a finding is by sex or age alone, which nearly every table has: seldom a main point."""
    return all(
        function(name) in ("age_band", "of_age")
        or {str(cell["keys"].get(name, "")) for cell in finding["cells"]} <= {*SEXES, "", OTHER}
        for name in finding["by"]
    )


def _is_residual(cell: Mapping[str, Any]) -> bool:
    words = [str(label).strip().lower() for label in cell["keys"].values()]
    return any(word in ("", "无", "-") or word.startswith(RESIDUAL) for word in words)


def _refused(slug: str, finding: Mapping[str, Any]) -> Refused:
    refused = finding["refused"]
    return Refused(
        slug,
        plain(finding["title"]),
        plain(refused["code"]).text,
        _sentence(plain(refused["message"]).text),
        _sentence(plain(refused.get("next") or "").text),
    )


def _sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return text and text[0].upper() + text[1:].rstrip(".") + "."


def _cut_off(released: Sequence[Mapping[str, Any]]) -> str:
    dates = [str((finding.get("provenance") or {}).get("cut_off") or "") for finding in released]
    return day(max(dates)) if any(dates) else ""


def _is_whole_case(finding: Mapping[str, Any]) -> bool:
    return bool(
        finding["unit"] == "people"
        and table_of(finding) == "*"
        and finding["cells"]
        and published(finding["cells"][0])
    )


def _is_table_of_records(finding: Mapping[str, Any]) -> bool:
    return bool(
        finding["unit"] == "records"
        and not is_earlier(finding)
        and not finding.get("where")
        and table_of(finding) not in ("", "*")
        and finding["cells"]
        and published(finding["cells"][0])
    )
