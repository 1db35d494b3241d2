"""People counted where nobody has a number: by what else the records say, and how far that agrees."""

import json
import random

import numpy as np
import pyarrow as pa
import pytest

from sousveil.count.compared import compared
from sousveil.count.linkage.facts import ALIKE, DIFFERENT, NEAR, SAME, UNKNOWN, Facts, levels
from sousveil.count.linkage.forest import Links
from sousveil.count.linkage.unsupervised import unsupervised
from sousveil.count.records import NO_DAY, NONE, Coded, Records
from sousveil.progress import Silent
from sousveil.stages import perform
from tests.support import make_case
from tests.support_leak import GIVEN as FIRST
from tests.support_leak import HOTELS, SURNAMES, Leak, written
from tests.support_leak import counted as leak_counted

EVERY = np.ones(3, np.bool_)
GIVEN = [
    "ANNA",
    "BORIS",
    "CLARA",
    "DMITRI",
    "ELENA",
    "FARUK",
    "GRETA",
    "HASAN",
    "IRINA",
    "JONAS",
    "KEMAL",
    "LARISA",
    "MARTA",
    "NIKOLAI",
    "OLGA",
    "PAVEL",
]
FAMILY = [
    "ABEND",
    "BERGER",
    "CHOW",
    "DEMIR",
    "EBERT",
    "FISCHER",
    "GRUNWALD",
    "HOFFNER",
    "IVANOVA",
    "JANSEN",
    "KOVAC",
    "LINDNER",
    "MORETTI",
]
STREETS = [
    "Mill",
    "Harbour",
    "Station",
    "Garden",
    "Castle",
    "Chapel",
    "Orchard",
    "Meadow",
    "Bridge",
    "Market",
    "Quarry",
    "Windmill",
]


def links(*pairs):
    one, other, likely = zip(*pairs, strict=True)
    return Links(np.array(one), np.array(other), np.array(likely))


def test_a_doubtful_link_counts_by_its_doubt():
    assert links((0, 1, 0.5)).people(EVERY) == pytest.approx(2.5)


def test_records_that_are_all_linked_are_joined_once_each_and_by_the_likeliest_link():
    assert links((0, 1, 0.999), (1, 2, 0.999), (0, 2, 0.1)).people(EVERY) == pytest.approx(1, abs=0.01)
    assert links((0, 1, 0.3), (0, 1, 0.9)).people(EVERY) == pytest.approx(2.1)


def test_only_the_records_asked_for_are_counted():
    assert links((0, 1, 0.999), (1, 2, 0.999)).people(np.array([True, False, True])) == 2


def test_likelier_links_make_fewer_people():
    found = links((0, 1, 0.5), (1, 2, 0.5))
    assert found.people(EVERY, 3.0) < found.people(EVERY) < found.people(EVERY, -3.0)


def coded(texts):
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    return Coded(encoded.indices.fill_null(NONE).to_numpy().astype(np.int32), encoded.dictionary)


def facts_of(given, family, **texts):
    size = len(given)
    nothing = Coded(np.full(size, NONE, np.int32), pa.array([], pa.string()))
    whole = [f"{one or ''}{other or ''}" or None for one, other in zip(given, family, strict=True)]
    said = {"part 1": coded(given), "part 2": coded(family)}
    said |= {f"{kind} 1": coded(values) for kind, values in texts.items()}
    days, sexes = np.full(size, NO_DAY, np.int32), np.full(size, NONE, np.int32)
    rest = np.zeros(size, np.uint64)
    records = Records(
        (), np.arange(size), {}, (coded(whole),), days, nothing, nothing, {}, sexes, rest, said
    )  # fmt: skip
    records, forms = compared(records)
    names = tuple(name.codes for name in records.names)
    return Facts(names, forms, days, days, nothing, sexes, nothing.codes, {}, {}, records.texts)


def agreement(one, other):
    facts = facts_of([one[0], other[0]], [one[1], other[1]])
    found = levels(facts, np.array([0]), np.array([1]))[:, 0]
    return int(found[0]), *(int(found[place]) for place in facts.parts)


def test_the_parts_of_a_name_are_compared_one_by_one():
    assert agreement(("CLARA", "FISCHER"), ("CLARA", "MORETTI")) == (UNKNOWN, SAME, DIFFERENT)
    assert agreement(("CLARA", "FISCHER"), ("CLARA", "FISHER")) == (UNKNOWN, SAME, ALIKE)
    assert agreement(("CLARA", "FISCHER"), ("C", "FISCHER")) == (UNKNOWN, NEAR, SAME)


def test_a_part_that_is_missing_says_nothing_about_the_other():
    assert agreement((None, "FISCHER"), ("CLARA", "FISCHER")) == (UNKNOWN, UNKNOWN, SAME)


def test_given_and_family_name_may_have_changed_places():
    assert agreement(("CLARA", "FISCHER"), ("FISCHER", "CLARA")) == (UNKNOWN, ALIKE, ALIKE)


def test_names_in_two_scripts_are_compared_whole():
    whole, *parts = agreement(("OLGA", "IVANOVA"), ("ОЛЬГА", "ИВАНОВА"))
    assert whole >= NEAR and parts == [UNKNOWN, UNKNOWN]


def test_what_agrees_by_chance_is_measured_and_proves_little():
    lot = random.Random(4)
    people = [(lot.choice(GIVEN), lot.choice(FAMILY), str(lot.randrange(10**6))) for _ in range(400)]
    rows = [(*one, lot.choice("1234")) for one in people for _ in range(2)]
    given, family, card, house = zip(*rows, strict=True)
    facts = facts_of(given, family, number=card, serial=house)
    every = np.arange(len(rows))
    shuffled = np.argsort(every.astype(np.uint64) * np.uint64(11400714819323198485))
    found = unsupervised(facts, shuffled)
    for field, least, most in (("number 1", 7, 20), ("serial 1", -2, 2)):
        place = facts.fields.index(field)
        level = np.zeros((len(facts.fields), 1), np.uint8)
        before = found.bits(facts, every[:1], level)
        level[place] = SAME
        assert least < float((found.bits(facts, every[:1], level) - before)[0]) < most


def club(people, lot):
    """A club's list without numbers: everybody once, and half of them once more with a mistake."""
    lines = []
    for number in range(people):
        born = f"{lot.randrange(1940, 2005)}-{lot.randrange(1, 13):02}-{lot.randrange(1, 29):02}"
        street = f"{lot.randrange(1, 99)} {lot.choice(STREETS)} Street"
        card = f"K{7_000_000 + 9_973 * number % 999_983}"
        lines.append((lot.choice(GIVEN), lot.choice(FAMILY), born, street, card))
        if number % 2:
            place = lot.randrange(5)
            text = lines[-1][place]
            at = lot.randrange(len(text) - 1)
            mistaken = None if lot.random() < 0.5 else text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            lines.append((*lines[-1][:place], mistaken, *lines[-1][place + 1 :]))
    lot.shuffle(lines)
    return dict(zip(COLUMNS, zip(*lines, strict=True), strict=True))


COLUMNS = {
    "given_name": "person_name",
    "surname": "person_name",
    "birth_date": "birth_date",
    "street": "address",
    "card": "serial",
}


def test_people_without_any_number_are_counted_by_addresses_cards_and_parts_of_names(tmp_path):
    case = make_case(tmp_path, {"members": club(600, random.Random(3))})
    types = "\n".join(f'{column} = "{kind}"' for column, kind in COLUMNS.items())
    person = json.dumps([*COLUMNS])
    review = f"[tables.members]\nperson = {person}\n[tables.members.columns]\n{types}\n"
    (case.folder / "review.toml").write_text(review, "utf-8")
    found = perform(case, "count", Silent())
    row = next(row for row in found["people"] if row["table"] == "members")
    case.close()
    assert row["estimate"] == pytest.approx(600, rel=0.01)
    assert row["likely_low"] <= 600 <= row["likely_high"]
    assert row["likely_high"] - row["likely_low"] < 30


@pytest.mark.parametrize("born", ["1900-01-01", None], ids=["one birth date for all", "no birth date"])
def test_names_alone_do_not_say_how_many_people_there_are(tmp_path, born):
    lot = random.Random(3)
    people = [lot.choice(SURNAMES) + "".join(lot.choices(FIRST, k=2)) for _ in range(120)]
    rows = []
    for day in range(400):
        name = lot.choice(people)
        if lot.random() < 0.15:
            name = name[:2] + lot.choice(FIRST)
        rows.append((name, born, HOTELS[day % 4], f"2018-{1 + day // 28 % 12:02}-{1 + day % 28:02}"))
    roles = {"XM": "person_name", "CSRQ": "birth_date", "LD": "category", "RZ": "date"}
    dump = written(tmp_path / "dump", Leak({"t": rows}, {"t": roles}))
    row = leak_counted(tmp_path / "case", dump, {"t": roles})["t"]
    assert row["estimate"] == len({row[0] for row in rows})
    assert (row["likely_low"], row["likely_high"]) == (row["low"], row["high"]) == (1, len(set(rows)))
    assert "can't be told" in row["method"]
