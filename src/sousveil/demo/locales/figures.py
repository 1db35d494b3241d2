"""The headline figures of a locale's demo, in the words of its tables."""

from __future__ import annotations

import datetime as dt

from sousveil.demo.locales.model import Locale
from sousveil.demo.question import AgeBand, Column, Condition, Figure, Month

WHOLE_CASE = "*"


def figures(locale: Locale) -> tuple[Figure, ...]:
    """Every headline figure, in the order of a report."""
    heads, files = locale.headers, locale.files

    def column(table: str, key: str) -> Column:
        return Column(heads[table][key])

    at = column("crossings", "at")
    tracked = (Condition(at, ">=", dt.date(2017, 1, 1)), Condition(at, "<", dt.date(2019, 1, 1)))
    nation, watched = column("crossings", "nation"), files["watched"].table
    crossings, calls, register = (files[name].table for name in ("crossings", "calls", "register"))
    why, at_call = column("watched", "kind"), Month(heads["calls"]["at"])
    age, port = AgeBand(heads["watched"]["born"]), column("crossings", "port")
    district, kind = column("register", "district"), column("calls", "kind")

    def people(
        id: str, title: str, table: str, where: tuple[Condition, ...] = (), by: Column | None = None
    ) -> Figure:
        return Figure(id, title, "people", table, where, (by,) if by else ())

    def records(id: str, title: str, table: str, by: Column | None = None) -> Figure:
        return Figure(id, title, "records", table, (), (by,) if by else ())

    return (
        people("people-in-all", "People in the leaked files", WHOLE_CASE),
        people("people-on-lists", "People under watch", watched),
        people("people-by-list", "People under watch, by reason", watched, by=why),
        people("people-by-age", "People under watch, by age", watched, by=age),
        people("guests", "Foreign guests who came in 2017 and 2018", crossings, tracked),
        people("guests-by-nationality", "Foreign guests, by nationality", crossings, tracked, nation),
        records("arrivals-by-port", "Arrivals, by place of entry", crossings, port),
        records("calls", "Calls to the police", calls),
        records("calls-by-month", "Calls to the police, by month", calls, at_call),
        records("calls-by-kind", "Calls to the police, by kind", calls, kind),
        people("registered", "People on the register of homes", register),
        people("registered-by-district", "People on the register, by district", register, by=district),
    )
