"""A made-up findings document as rich as the demo's, and verify's rows: for tests of what is published."""

from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.findings.ranges import LIKELY, REVIEWED

CUT_OFF = "2019-03-31"
THRESHOLD = 10

Value = int | tuple[int, int, int] | None


def cell(keys: Mapping[str, str], value: Value) -> dict[str, Any]:
    """A contract-shaped cell: a number, a number with its range, or None where it is withheld."""
    if value is None:
        return {"keys": dict(keys), "value": None, "low": None, "high": None, "status": "withheld"}
    number, low, high = (value, value, value) if isinstance(value, int) else value
    return {"keys": dict(keys), "value": number, "low": low, "high": high, "status": "published"}


def finding(
    id: str,
    title: str,
    *,
    unit: str = "people",
    table: str = "visitors",
    by: Sequence[str] = (),
    where: str = "",
    cells: Sequence[tuple[Sequence[str], Value]],
    total: Value = None,
    count: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A contract-shaped finding."""
    made = [cell(dict(zip(by, keys, strict=True)), value) for keys, value in cells]
    document = {
        "id": id,
        "title": title,
        "unit": unit,
        "by": list(by),
        "where": where,
        "cells": made,
        "withheld": sum(one["status"] == "withheld" for one in made),
        "provenance": {
            "question": {"id": id, "count": unit, "table": table, "where": where, "by": list(by)},
            "tables": [table],
            "columns": [name for name in ("nationality", "entered") if name in where or name in "".join(by)],
            "cut_off": CUT_OFF,
            "version": "0.1.0",
            "fingerprint": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        },
    }
    if count is not None:
        document["count"] = dict(count)
    if total is not None:
        document["total"] = {name: part for name, part in cell({}, total).items() if name != "keys"}
    return document


def counted(
    table: str, value: tuple[int, int, int], likely: tuple[int, int], reviewed: Value = None
) -> dict[str, Any]:
    """The member `count` of a finding: estimate with its bracket, likely range, and a review's interval."""
    names = ("estimate", "low", "high")
    made = {"table": table, **dict(zip(names, value, strict=True)), "level": None, "method": LIKELY}
    made |= {"likely_low": likely[0], "likely_high": likely[1]}
    if not isinstance(reviewed, tuple):
        return made
    interval = dict(zip(names, reviewed, strict=True))
    return {"table": table, **interval, "level": 0.95, "method": REVIEWED, "unreviewed": made}


def refused(id: str, title: str, code: str, message: str, next: str) -> dict[str, Any]:
    """A finding that the gate refused."""
    document = finding(id, title, cells=[])
    document["refused"] = {"code": code, "message": message, "next": next}
    return document


def _months() -> list[tuple[Sequence[str], Value]]:
    values: list[Value] = [214, 198, 243, 260, 255, 231, 305, 322, 289, 174, None, 61, 58, None, 66]
    values += [142, 171, 190, 203, 251, 244, 260, 232, 187]
    return [
        (
            [f"{2017 + place // 12}-{place % 12 + 1:02}"],
            value if value is None else (value, value - 9, value + 14),
        )
        for place, value in enumerate(values)
    ]


def _crossed() -> list[tuple[Sequence[str], Value]]:
    rows = {
        "0-17": (212, 141),
        "18-29": (2714, 803),
        "30-44": (4120, 977),
        "45-59": (2433, 610),
        "60+": (451, None),
    }
    return [
        ([band, sex], value)
        for band, values in rows.items()
        for sex, value in zip(("M", "F"), values, strict=True)
    ]


def rich() -> dict[str, Any]:
    """The findings of an invented case, with everything that the report has to cope with."""
    nationalities: list[tuple[str, Value]] = [
        ("KAZ", (1204, 1190, 1251)),
        ("KGZ", (873, 860, 902)),
        ("RUS", (612, 604, 640)),
        ("TUR", (455, 450, 470)),
        ("PAK", (391, 388, 402)),
        ("USA", (288, 285, 296)),
        ("UZB", (244, 240, 255)),
        ("TJK", (231, 228, 240)),
        ("DEU", (120, 119, 124)),
        ("GBR", (98, 97, 101)),
        ("JPN", (77, 76, 79)),
        ("KOR", (61, 60, 64)),
        ("", (44, 40, 52)),
        ("FRA", (31, 31, 33)),
        ("AUS", (22, 22, 22)),
        ("NOR", None),
        ("BOL", None),
        ("LAO", None),
    ]
    categories: list[tuple[str, Value]] = [
        ("涉稳人员", (3120, 3100, 3165)),
        ("涉毒人员", (2406, 2390, 2433)),
        ("刑事犯罪前科人员", (1877, 1870, 1901)),
        ("肇事肇祸精神病人", (1011, 1003, 1020)),
        ("重点上访人员", (804, 800, 815)),
        ("在逃人员", (502, 500, 509)),
        ("涉恐人员", (280, 278, 288)),
        ("其他", (15013, 14950, 15188)),
    ]
    districts = [f"{name}区" for name in ("东湖", "西山", "南坪", "北园", "新城", "老街", "河西", "临港")]
    return {
        "findings": [
            finding(
                "people-in-all",
                "People recorded in the whole case",
                table="*",
                cells=[([], (351204, 338118, 402377))],
                count=counted("*", (351204, 338118, 402377), (347691, 361741), (354716, 345936, 363497)),
            ),
            finding(
                "people-on-lists",
                "People on the bureau's lists",
                table="lists",
                cells=[([], (25013, 24871, 25402))],
                count=counted("lists", (25013, 24871, 25402), (24887, 25139)),
            ),
            finding(
                "foreign-visitors",
                "Foreign visitors tracked in 2017 and 2018",
                where="nationality <> 'CHN' AND entered BETWEEN DATE '2017-01-01' AND DATE '2018-12-31'",
                cells=[([], (5002, 4980, 5110))],
            ),
            finding(
                "flagged",
                "Travellers of one nationality flagged at the airport in 2018",
                table="flags",
                where="nationality = 'USA' AND year(flagged) = '2018'",
                cells=[([], 161)],
            ),
            finding(
                "companies",
                "Companies whose staff handle dangerous materials",
                unit="records",
                table="危化品企业",
                cells=[([], 976)],
            ),
            finding("calls", "Calls to the police", unit="records", table="jj_110", cells=[([], 412377)]),
            finding(
                "checkpoints",
                "Passages through checkpoints",
                unit="records",
                table="checkpoints",
                cells=[([], 688123)],
            ),
            finding(
                "minors",
                "Minors on the bureau's lists",
                table="lists",
                where="age_band(born, on = '2019-03-31') = '0-17'",
                cells=[([], (353, 350, 361))],
            ),
            finding(
                "lists-by-category",
                "People on the bureau's lists, by category",
                table="lists",
                by=["RYLB"],
                cells=[([name], value) for name, value in categories],
                total=(25013, 24871, 25402),
            ),
            finding(
                "visitors-by-nationality",
                "Foreign visitors, by nationality",
                by=["nationality"],
                where="nationality <> 'CHN'",
                cells=[([name], value) for name, value in nationalities],
                total=(5002, 4980, 5110),
            ),
            finding(
                "visitors-by-month",
                "Foreign visitors, by month of entry",
                by=["month(entered)"],
                where="nationality <> 'CHN'",
                cells=_months(),
            ),
            finding(
                "calls-by-month",
                "Calls to the police, by month",
                unit="records",
                table="calls",
                by=["month(called)"],
                # Ends in March, so that the last year begins close to the right edge of the chart.
                cells=[([f"{2016 + n // 12}-{n % 12 + 1:02}"], 3000 + 97 * n % 800) for n in range(39)],
            ),
            finding(
                "lists-by-age-and-sex",
                "People on the bureau's lists, by age and sex",
                table="lists",
                by=["age_band(born, on = '2019-03-31')", "sex"],
                cells=_crossed(),
            ),
            finding(
                "companies-by-owner",
                "Companies that handle dangerous materials, by owner",
                unit="records",
                table="危化品企业",
                by=["企业性质"],
                cells=[(["国有"], 311), (["民营"], 429), (["外资"], 236)],
                total=976,
            ),
            finding(
                "informants-by-district",
                "Informants, by district",
                table="informants",
                by=["辖区"],
                cells=[
                    ([name], value)
                    for name, value in zip(districts, (812, 640, 533, 401, 288, 120, None, None), strict=True)
                ],
                total=(2810, 1, 6900),
                count=counted("informants", (4215, 1, 6900), (3372, 5620)),
            ),
            finding(
                "calls-by-kind",
                "Calls to the police, by kind",
                unit="records",
                table="jj_110",
                by=["kind"],
                cells=[([f"Kind of call, number {place}"], 90000 - place * 2311) for place in range(1, 37)],
                total=412377,
            ),
            refused(
                "visitors-by-hotel",
                "Foreign visitors, by hotel and month",
                "UNPROVEN",
                "no proof was found in time that small groups stay hidden in this table",
                "ask by hotel or by month, not by both",
            ),
            refused(
                "one-airport-day",
                "Travellers flagged at the airport in one month",
                "DIFF",
                "together with the finding “flagged” it would give a small group away",
                "ask for the same period as “flagged”",
            ),
        ]
    }


def verified() -> dict[str, Any]:
    """Verify's rows: shares and counts stand in members that may not be published."""
    return {
        "tests": [
            {
                "id": "check-digits-cn-resident-id",
                "table": "lists",
                "columns": ["SFZH"],
                "observed": "0.99731",
                "expected": "0.0909",
                "reading": "consistent",
                "why": "of 24713 numbers 99.731 % pass",
                "band": "nearly all pass; by chance about one in eleven would",
            },
            {
                "id": "resident-id-sex",
                "table": "visitors",
                "columns": ["SFZH", "XB"],
                "observed": "0.5117",
                "expected": "0.99",
                "reading": "inconsistent",
                "why": "of 4711 rows 51.17 % agree",
                "band": "about what chance gives",
            },
            {
                "id": "resident-id-region",
                "table": "危化品企业",
                "columns": ["身份证号", "籍贯"],
                "observed": "",
                "expected": "",
                "reading": "inconclusive",
                "why": "only 17 rows have both",
                "band": "too few rows have both",
            },
        ]
    }
