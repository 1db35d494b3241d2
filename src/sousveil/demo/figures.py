"""The headline figures, as in the published report of such a leak, and some more."""

from __future__ import annotations

import datetime as dt

from sousveil.demo import city
from sousveil.demo.question import AgeBand, Column, Condition, Figure, Month

WHOLE_CASE = "*"

_TRACKED = (
    Condition(Column("GJ"), "<>", "CHN"),
    Condition(Column("RJSJ"), ">=", dt.date(2017, 1, 1)),
    Condition(Column("RJSJ"), "<", dt.date(2019, 1, 1)),
)
_FLAGGED = (
    Condition(Column("GJ"), "=", city.FLAGGED_NATION),
    Condition(Column("YJBS"), "=", "预警"),
    Condition(Column("KA"), "=", city.AIRPORT),
    Condition(Column("RJSJ"), ">=", dt.date(2018, 1, 1)),
    Condition(Column("RJSJ"), "<", dt.date(2019, 1, 1)),
)
_STAYED = (
    Condition(Column("check_in"), ">=", dt.date(2017, 1, 1)),
    Condition(Column("check_in"), "<", dt.date(2019, 1, 1)),
)
_SEVEN = (Condition(Column("lb"), "IN", city.LISTS),)
_MINORS = (Condition(AgeBand("csrq"), "=", "0-17"),)
_OWNERSHIP = Column("企业性质")
_OWNED = (Condition(_OWNERSHIP, "IN", city.FOREIGN_OWNED),)


def _people(
    table: str, id: str, title: str, where: tuple[Condition, ...] = (), by: Column | None = None
) -> Figure:
    return Figure(id, title, "people", table, where, (by,) if by else ())


def _records(
    table: str, id: str, title: str, where: tuple[Condition, ...] = (), by: Column | None = None
) -> Figure:
    return Figure(id, title, "records", table, where, (by,) if by else ())


_CASE = (_people(WHOLE_CASE, "people-in-all", "People in the leaked files"),)
_LISTED = (
    _people("t_zdry", "people-on-lists", "People on the bureau's lists"),
    _people("t_zdry", "people-in-seven-categories", "People in the seven key categories", _SEVEN),
    _people("t_zdry", "people-by-list", "People on lists, by category", by=Column("lb")),
    _people("t_zdry", "people-on-lists-by-sex", "People on lists, by sex", by=Column("xb")),
    _people("t_zdry", "people-on-lists-by-age", "People on lists, by age", by=AgeBand("csrq")),
    _people("t_zdry", "minors-on-lists", "Children on the lists", _MINORS),
    _people("t_zdry", "people-on-lists-by-ethnic-group", "People on lists, by ethnic group", by=Column("mz")),
)
_BORDER = (
    _people("border_entries", "foreign-visitors", "Foreign visitors tracked over 2017 and 2018", _TRACKED),
    _people(
        "border_entries",
        "foreign-visitors-by-nationality",
        "Foreign visitors tracked over 2017 and 2018, by nationality",
        _TRACKED,
        Column("GJ"),
    ),
    _people(
        "border_entries", "flagged-at-the-airport", "New Zealanders flagged at the airport in 2018", _FLAGGED
    ),
    _records("border_entries", "entries-by-month", "Entries at the border, by month", by=Month("RJSJ")),
    _people(
        "visitor_stays",
        "hotel-guests-by-nationality",
        "Foreign hotel guests in 2017 and 2018, by nationality",
        _STAYED,
        Column("nationality"),
    ),
)
_COMPANIES = (
    _records("危化企业", "companies", "Companies whose staff handle dangerous materials"),
    _records("危化企业", "foreign-owned-companies", "Foreign-owned companies among them", _OWNED),
    _records(
        "危化企业",
        "companies-by-ownership",
        "Companies with dangerous materials, by ownership",
        by=_OWNERSHIP,
    ),
    _people("从业人员", "staff", "Staff on record for handling dangerous materials"),
    _people("从业人员", "staff-by-post", "Staff with dangerous materials, by post", by=Column("岗位")),
)
_INFORMANTS = (
    _people("耳目", "informants", "People who inform the police"),
    _people("耳目", "informants-by-district", "Informants, by district", by=Column("所属区县")),
    _people("耳目", "informants-by-sex", "Informants, by sex", by=Column("性别")),
)
_WATCHED = (
    _people("t_clgps", "vehicles-with-gps", "Vehicles followed by GPS"),
    _records("t_clgps", "gps-points-by-month", "GPS points of vehicles, by month", by=Month("gpssj")),
    _records("110接处警", "calls", "Calls to the police"),
    _records("110接处警", "calls-by-month", "Calls to the police, by month", by=Month("报警时间")),
    _records("110接处警", "calls-by-category", "Calls to the police, by kind", by=Column("警情类别")),
    _records(
        "jcz_txjl",
        "passages-by-checkpoint",
        "Passages through checkpoints, by checkpoint",
        by=Column("JCZMC"),
    ),
)

FIGURES = (*_CASE, *_LISTED, *_BORDER, *_COMPANIES, *_INFORMANTS, *_WATCHED)
"""Every headline figure, in the order of a report."""
