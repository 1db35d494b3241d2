"""What `sousveil count` prints for a person: whole figures in 80 columns, each assumption once."""

import pytest
from rich.cells import cell_len

from sousveil.cli import layout, show
from sousveil.count.estimate import Estimate
from sousveil.count.rows import people_row, records_row, unit_row

LONG = "常住人口登记信息表二〇一八年度汇总"


def estimate(people: int = 1_234_567, ghosts: int = 24_000, papers: int = 0, twice: int = 0) -> Estimate:
    more = people // 10
    return Estimate(
        records=2 * people, keyed=people - more, vouched=people, keyless=3 * more, more=float(more),
        likely_more=(more * 0.9, more * 1.2), ghosts=ghosts, papers=papers, certain=people - 2 * more,
        told_apart=people - more, twice=float(twice), likely_twice=(twice / 2, twice * 2.0 or papers),
    )  # fmt: skip


NOBODY = Estimate(0, 0, 0, 0, 0.0, (0.0, 0.0), 0, 0, 0, 0)


def reviewed(row: dict) -> dict:
    before = {name: row[name] for name in ("estimate", "low", "high", "likely_low", "likely_high", "method")}
    kept = {name: value for name, value in row.items() if not name.startswith("likely")}
    return kept | {
        "estimate": 1_200_000, "low": 1_150_000, "high": 1_250_000, "level": 0.95, "unreviewed": before,
        "method": "People judged a random sample of 120 records.", "assumption": "Assumes few slips.",
    }  # fmt: skip


@pytest.fixture
def printed(capsys, monkeypatch):
    monkeypatch.setattr(layout, "WIDTH_IN_A_PIPE", 80)

    def called(rows: list[dict]) -> str:
        show.result({"people": rows}, "count", as_json=False)
        return capsys.readouterr().out

    return called


def test_seven_digits_and_long_chinese_names_fit_into_80_columns(printed):
    rows = [people_row(name, estimate()) for name in ("t1", LONG)] + [
        unit_row(LONG, "names", "姓名", 5, 9, 2)
    ]
    said = printed([*rows, reviewed(people_row("*", estimate()))])
    assert max(map(cell_len, said.splitlines())) <= 80
    for figure in ("1,234,567", "1,222,221–1,259,258", "987,655–1,481,479", "1,150,000–1,250,000", "50%"):
        assert figure in said
    assert "…" not in said
    starts = {
        cell_len(line[: line.index("1,234,567")]) for line in said.splitlines() if "1,234,567  " in line
    }
    assert len(starts) == 1, "the figures stand in one column, whatever the names are written in"


def test_what_holds_for_every_table_is_said_once(printed):
    said = " ".join(printed([people_row(name, estimate()) for name in ("a", "b", "c", "*")]).split())
    assert said.count("a valid number is one person's") == 1
    assert "no level but where people have reviewed" in said
    assert "by likelihood alone" not in said


def test_what_holds_for_some_tables_names_them(printed):
    rows = [people_row("a", estimate()), people_row("b", estimate(90, ghosts=3)), people_row("*", estimate())]
    assert "b: Too few records carry a number" in " ".join(printed(rows).split())


def test_a_reviewed_row_shows_its_interval_its_level_and_what_the_count_was_without_it(printed):
    said = " ".join(printed([people_row("a", estimate()), reviewed(people_row("*", estimate()))]).split())
    assert "the whole case 1,200,000 1,150,000–1,250,000 95%" in said
    assert "People judged a random sample of 120 records. Without the review: 1,234,567, likely" in said
    assert "a 1,234,567 1,222,221–1,259,258 none" in said


def test_a_case_that_tells_nobody_apart_says_so_and_gives_no_number_of_people(printed):
    rows = [records_row("points", 70, 72), unit_row("calls", "telephones, by number", "主叫", 12, 90, 3)]
    said = " ".join(printed([*rows, people_row("*", NOBODY, "Without them.")]).split())
    assert "nothing can be said of how many people" in said and "the whole case 0" not in said
    assert "points 70 records" in said
    assert "calls 12 telephones, by number 主叫 12–15 3 of 90" in said


def test_a_finding_on_everybody_says_its_ranges_in_a_line(capsys):
    from tests.support_publication import rich

    show.result({"findings": rich()["findings"][:2]}, "findings", as_json=False)
    said = capsys.readouterr().out
    assert "reviewed, 95%: 345,936–363,497; likely 347,691–361,741; bracket 338,118–402,377" in said
    assert "\n  likely 24,887–25,139; bracket 24,871–25,402" in said


def test_a_table_in_which_nobody_has_a_number_says_so():
    row = people_row("names", Estimate(90, 0, 0, 80, 60.0, (40.0, 70.0), 0, 0, 0, 30))
    assert row["basis"].startswith("None of 90 records carries a valid number or travel document;")
    assert "assumes nothing: it runs from one person to every record" in row["assumption"]
    assert (row["low"], row["estimate"], row["high"]) == (1, 60, 80)


def test_people_who_may_be_counted_twice_are_named_as_such(printed):
    said = " ".join(printed([people_row("a", estimate()), people_row("b", estimate(papers=70))]).split())
    assert "b: 70 people known by travel documents alone may be among" in said
    assert "a: 0 people" not in said


def test_people_who_are_taken_off_since_two_keys_name_them_are_said(printed):
    said = " ".join(printed([people_row("a", estimate(papers=70, twice=40))]).split())
    assert "a: 40 people are taken off who are counted by two travel documents" in said
    assert "70 people" not in said
