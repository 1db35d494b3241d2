"""What gives a generator away: its lists, the evenness of what it draws, names that fit nobody."""

import datetime as dt
import random

import numpy as np
import pyarrow as pa
import pytest

from sousveil.progress import Silent
from sousveil.stages import perform
from sousveil.verify import generators
from sousveil.verify.calibration import standing, table, upper
from sousveil.verify.evidence import Evidence
from sousveil.verify.land import on_land
from sousveil.verify.words import fingerprint, folded, words
from tests.support import make_case

SIZE = 1_500


def verified(tmp_path, columns, types, event=""):
    """Rows by test of one table about people."""
    case = make_case(tmp_path, {"t": columns})
    kinds = "\n".join(f'{name} = "{kind}"' for name, kind in types.items())
    person = [name for name, kind in types.items() if kind == "person_name"]
    (case.folder / "review.toml").write_text(
        f"[tables.t]\nperson = {person}\nevent_date = '{event}'\n[tables.t.columns]\n{kinds}\n", "utf-8"
    )
    return {row["id"]: row for row in perform(case, "verify", Silent())["tests"]}


def rare(rng, many):
    """A word of a long-tailed law, made of syllables so that no list holds it."""
    place = int(many * rng.random() ** 4)
    syllables = ("xa", "qo", "vru", "zhe", "pli", "wom", "kse", "dju")
    return "".join(syllables[place // 8**at % 8] for at in range(4))


def births(rng):
    return dt.date(1940, 1, 1) + dt.timedelta(int(rng.triangular(0, 25_000, 18_000)))


def people(*, fashion, seed=4):
    """Names, sexes and birth dates; with `fashion` the names go with the other two, else with neither."""
    rng = random.Random(seed)
    rows = []
    for _ in range(SIZE):
        born, sex = births(rng), rng.choice("MF")
        key = f"{born.year // 10}{sex}" if fashion else f"{rng.randrange(194, 202)}{rng.choice('MF')}"
        given = "abcdefghij"[int(key[:-1]) % 10] + key[-1].lower() + "ou"[rng.randrange(2)] * 2
        rows.append((f"{given} {rare(rng, 3_000)}", sex, born.isoformat()))
    return {name: [row[at] for row in rows] for at, name in enumerate(("name", "sex", "born"))}


PEOPLE = {"name": "person_name", "sex": "sex", "born": "birth_date"}


@pytest.mark.parametrize(("fashion", "reading"), [(True, "consistent"), (False, "inconsistent")])
def test_names_go_with_years_and_sexes_or_were_drawn(tmp_path, fashion, reading):
    found = verified(tmp_path, people(fashion=fashion), PEOPLE)
    assert found["names-cohort"]["reading"] == reading
    assert found["names-sex"]["reading"] == reading


def test_names_recombined_from_another_table_say_nothing_of_the_years(tmp_path):
    table = people(fashion=True) | {"name": people(fashion=True, seed=5)["name"]}
    found = verified(tmp_path, table, PEOPLE)
    assert found["names-cohort"]["reading"] == found["names-sex"]["reading"] == "inconsistent"


def test_words_drawn_evenly_from_a_list_are_told_from_names(tmp_path):
    rng = random.Random(6)
    even = [f"{rare(rng, 9**9)} {'abcdefghijklmnopqrst'[rng.randrange(20)] * 3}" for _ in range(SIZE)]
    types = {"name": "person_name"}
    assert verified(tmp_path / "a", {"name": even}, types)["name-variety"]["reading"] == "inconsistent"
    uneven = [f"{rare(rng, 2_000)} {rare(rng, 400)}" for _ in range(SIZE)]
    assert verified(tmp_path / "b", {"name": uneven}, types)["name-variety"]["reading"] == "consistent"


def test_births_drawn_between_two_dates_are_even_and_those_of_a_population_are_not(tmp_path):
    rng = random.Random(7)
    drawn = [(dt.date(1910, 1, 1) + dt.timedelta(rng.randrange(40_000))).isoformat() for _ in range(SIZE)]
    types = {"born": "birth_date"}
    assert verified(tmp_path / "a", {"born": drawn}, types)["birth-years"]["reading"] == "inconsistent"
    grown = [births(rng).isoformat() for _ in range(SIZE)]
    assert verified(tmp_path / "b", {"born": grown}, types)["birth-years"]["reading"] != "inconsistent"


@pytest.fixture
def a_pool(monkeypatch):
    """A generator that knows eighty names."""
    known = [f"nam{place:02}" for place in range(80)]
    prints = np.unique(np.array([fingerprint(word) for word in known], np.uint32))
    pool = generators.Pool("Makeup", "xx_YY", prints)
    monkeypatch.setattr(generators, "pools", lambda kind: (pool,) if kind == "names" else ())
    return known


@pytest.mark.parametrize(
    ("strangers", "reading"), [(0, "inconsistent"), (5, "inconclusive"), (40, "consistent")]
)
def test_a_table_whose_names_all_are_of_a_generators_list_is_named_after_it(
    tmp_path, a_pool, strangers, reading
):
    rng = random.Random(8)
    rows = [f"{rng.choice(a_pool)} {rng.choice(a_pool)}" for _ in range(1_000)]
    for place in range(len(rows) * strangers // 100):
        rows[place * 2] = f"{rare(rng, 9**9)} stranger{place}"
    row = verified(tmp_path, {"name": rows}, {"name": "person_name"})["known-generators"]
    assert row["reading"] == reading
    assert ("Makeup" in row["band"]) == (reading == "inconsistent")


def test_the_lists_of_faker_and_mimesis_are_there_in_many_languages():
    known = {(pool.generator, pool.locale) for pool in generators.pools("names")}
    assert {("Faker", "zh_CN"), ("Faker", "ru_RU"), ("mimesis", "tr"), ("mimesis", "en")} <= known
    assert len(known) > 100
    russian = next(p for p in generators.pools("names") if (p.generator, p.locale) == ("Faker", "ru_RU"))
    assert fingerprint(folded("Иванов")) in russian.prints


def test_han_names_are_taken_apart_after_the_surname():
    found = words(pa.array(["王小明", "王 芳", None, "John  A. Smith"], pa.string()))
    assert found.row.tolist() == [0, 0, 0, 1, 1, 3, 3, 3]
    assert found.place.tolist() == [0, 1, 2, 0, 1, 0, 1, 2]


def moments(size, days, rng):
    start = dt.datetime(2017, 1, 1, 12)
    return [(start + dt.timedelta(int(days(rng)), rng.randrange(9_000))).isoformat(" ") for _ in range(size)]


def test_days_as_uneven_as_drawn_lots_are_told_from_weeks_of_work(tmp_path):
    rng = random.Random(9)
    names = [rare(rng, 500) for _ in range(14_000)]
    types = {"name": "person_name", "at": "datetime"}
    drawn = {"name": names, "at": moments(14_000, lambda r: r.randrange(400), rng)}
    found = verified(tmp_path / "a", drawn, types, "at")
    assert found["day-to-day"]["reading"] == "inconsistent"
    assert found["holidays"]["reading"] == "inconclusive"

    def working(r):
        day = r.randrange(400)
        # Fewer on Sundays (1 January 2017 was one), none to speak of at the Lunar New Year (28 January).
        return day if (day % 7 and not 27 <= day < 31) or r.random() < 0.2 else working(r)

    worked = {"name": names, "at": moments(14_000, working, rng)}
    found = verified(tmp_path / "b", worked, types, "at")
    assert found["day-to-day"]["reading"] == "consistent"
    assert found["holidays"]["reading"] == "consistent"


def test_points_at_sea_and_spread_evenly_are_no_places_of_people(tmp_path):
    rng = random.Random(10)
    types = {"name": "person_name", "lon": "longitude", "lat": "latitude"}
    sea = [(rng.uniform(-40, -30), rng.uniform(35, 45)) for _ in range(SIZE)]
    names = [rare(rng, 500) for _ in range(SIZE)]

    def points(given):
        return {"name": names, "lon": [f"{x:.5f}" for x, _ in given], "lat": [f"{y:.5f}" for _, y in given]}

    found = verified(tmp_path / "a", points(sea), types)
    assert found["coordinates-on-land"]["reading"] == found["coordinates-spread"]["reading"] == "inconsistent"
    town = [(116.4 + rng.gauss(0, 0.05), 39.9 + rng.gauss(0, 0.05)) for _ in range(SIZE)]
    found = verified(tmp_path / "b", points(town), types)
    assert found["coordinates-on-land"]["reading"] == found["coordinates-spread"]["reading"] == "consistent"


def test_the_mask_knows_land_from_sea():
    land = [(116.4, 39.9), (37.6, 55.75), (29, 41), (151.2, -33.87), (-157.86, 21.3), (0, -89)]
    sea = [(-30, 40), (-150, 10), (80, -20), (125, 28)]
    for points, expected in ((land, True), (sea, False)):
        east, north = (np.array(values, float) for values in zip(*points, strict=True))
        assert (on_land(east, north) == expected).all()


def test_a_rate_is_never_said_to_be_better_than_the_number_of_tables_allows():
    assert upper(0, 10) > 0.25
    assert upper(0, 1_000) < 0.01
    assert upper(5, 5) == 1.0
    row = Evidence("x", "t", (), 1, None, "", "inconsistent", "", "")
    told = standing("no such test", row)
    assert told["calibration"]["false_alarm_rate"] is None
    assert set(told["likelihood"].values()) == {None}
    assert set(table()) >= {"corpus", "tests"}
