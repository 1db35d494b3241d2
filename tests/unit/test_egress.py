"""The egress check stops what identifies somebody, names no value, and lets everything else through.

Names, numbers and addresses are made up: the region of the identity numbers (99) does not exist, nor do the
telephone prefixes.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.case import Case
from sousveil.errors import EgressBlocked
from sousveil.progress import Silent
from sousveil.publish import egress, identifying, proof, stage, tokens
from tests.support import make_case
from tests.support_publication import finding, rich, verified

ID = "990102199001011234"
PHONE = "12401234567"
TYPES = {
    "XM": "person_name",
    "full_name": "person_name",
    "SFZH": "cn_resident_id",
    "LXDH": "phone",
    "email": "email",
    "HPHM": "cn_plate",
    "passport_no": "passport",
    "address": "address",
    "JD": "longitude",
    "notes": "text",
    "CSRQ": "birth_date",
}
VALUES = {
    "XM": ["甄假名", "艾力·买买提江", "贾名"],
    "full_name": ["Nemo Q. Nobody", "MADE-UP, Mary", "Solo"],
    "SFZH": [ID, "990102800101123", "９９０１０２１９８５０２０２１２３ｘ"],
    "LXDH": [PHONE, "+86 120-0000-1234", "12345"],
    "email": ["nemo.nobody@example.org", None, None],
    "HPHM": ["疆A·12345", None, None],
    "passport_no": ["E12345678", None, "ab1234567"],
    "address": ["某某市东湖区幸福路12号3单元401室", "东湖区", None],
    "JD": ["87.6123456", "87.1", None],
    "notes": [f"来电者{PHONE[:-1]}8称丢失", "再次来电反映噪音扰民", None],
    "CSRQ": ["1990-01-01", "2019-03-31", None],
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    made = make_case(tmp_path_factory.mktemp("egress"), {"lists": VALUES})
    table = made.tables[0]
    made.vault.acknowledge("verify", "made", verified())
    made.vault.engine.run(
        "INSERT INTO raw.rejects VALUES (1, 1, 9, 'ragged', ?)", ["坏,990102197707077777".encode("gb18030")]
    )
    patch = pytest.MonkeyPatch()
    # No gate made these findings, so that there is no certificate; it has tests of its own.
    patch.setattr(proof, "proof_of", lambda _: None)
    patch.setattr(
        identifying,
        "sources",
        lambda _: [
            identifying.Source(table, column, frozenset({TYPES[column.name]}))
            for column in table.columns
            if TYPES[column.name] not in identifying.DATES
        ],
    )
    yield made
    patch.undo()
    made.close()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("SFZH", ID),
        ("SFZH", "99 01 02 1990 01011234"),
        ("SFZH", "990102-19900101-1234"),
        ("SFZH", "９９０１０２１９９００１０１１２３４"),
        ("SFZH", "No. 990102198502021 23X"),
        ("SFZH", "身份证990102198502021 23x号"),
        ("SFZH", f'{{"x": "{ID}"}}'),
        ("SFZH", f"https://example.org/?id={ID}&x=1"),
        ("SFZH", f"id{ID}end"),
        ("SFZH", "990102198001011234"),
        ("LXDH", PHONE),
        ("LXDH", "+86 124 0123 4567"),
        ("LXDH", "124-0123-4567"),
        ("LXDH", "12000001234"),
        ("email", "write to Nemo.Nobody@Example.org"),
        ("HPHM", "车牌疆A12345在"),
        ("passport_no", "e12345678"),
        ("passport_no", "AB 1234567"),
        ("XM", "甄假名"),
        ("XM", "关于甄假名的记录"),
        ("XM", "名单:贾名"),
        ("XM", "\\u7504\\u5047\\u540d"),
        ("XM", "&#x7504;&#x5047;&#x540d;"),
        ("XM", "%E7%94%84%E5%81%87%E5%90%8D"),
        ("XM", "艾力买买提江"),
        ("XM", "艾力 · 买买提江"),
        ("full_name", "Mr nemo q nobody was there"),
        ("full_name", "NEMO Q. NOBODY"),
        ("full_name", "made up mary"),
        ("address", "住某某市东湖区幸福路12号3单元401室"),
        ("JD", "at 87.6123456"),
        ("notes", "12401234568"),
        ("notes", "再次来电反映噪音扰民"),
        ("rejects", "990102197707077777"),
    ],
)
def test_the_walk_finds_a_value_however_it_is_written(case: Case, column: str, text: str) -> None:
    name = column if column == "rejects" else f"lists.{column}"
    assert egress.walk(case, text).get(name) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345 people, 1990-01-01 to 2019-03-31",
        "Solo",
        "甄 假",
        "高贾名声",
        "东湖区",
        "5f70bf18a086007016e948b04aed12401234567f7b6cddfaf10ace3c6ef01234",
        "1240, 1234567 and 1240|1234567 in other places; 124012345 67x",
        "<!DOCTYPE html><svg><path d='M12401234567 0'/></svg>",
    ],
)
def test_the_walk_lets_words_figures_and_dates_pass(case: Case, text: str) -> None:
    assert egress.walk(case, text) == {}


def test_every_value_is_found_wherever_it_stands(case: Case) -> None:
    for source in identifying.sources(case):
        for value in VALUES[source.column.name]:
            form = tokens.whole(value or "")
            if value and identifying.identifies(source.types, value, form) and len(value) < 12:
                for text in (value, f"said {value} there", f'"{value}"', f"a|{value}|b"):
                    assert f"lists.{source.column.name}" in egress.walk(case, text), source.column.name


def test_the_rich_publication_passes(case: Case) -> None:
    case.vault.acknowledge("findings", "made", rich())
    stage.run(case, Silent())
    assert egress.walk(case, case.publication) == {}


@pytest.mark.parametrize("place", ["title", "where", "id", "label", "refused", "provenance"])
@pytest.mark.parametrize("value", [ID, PHONE])
def test_an_identifier_anywhere_in_a_finding_stops_the_publication(
    case: Case, place: str, value: str
) -> None:
    document = {"findings": [finding("one", "One", by=["x"], cells=[(["a"], 20), (["b"], 40)])]}
    made = document["findings"][0]
    if place == "label":
        made["cells"][0]["keys"]["x"] = value
    elif place == "refused":
        made["refused"] = {"code": "EDITION", "message": value, "next": ""}
    elif place == "provenance":
        made["provenance"]["columns"] = [value]
    else:
        made[place] = f"about {value}"
    case.vault.acknowledge("findings", "made", document)
    with pytest.raises(EgressBlocked) as caught:
        stage.run(case, Silent())
    said = json.dumps(caught.value.as_json(), ensure_ascii=False)
    assert value not in said
    assert caught.value.where["values"] == 1
    assert caught.value.where["columns"] in ("lists.SFZH", "lists.LXDH")


def test_a_name_in_a_title_stops_the_publication(case: Case) -> None:
    case.vault.acknowledge(
        "findings", "made", {"findings": [finding("one", "Nemo Q Nobody", cells=[([], 20)])]}
    )
    with pytest.raises(EgressBlocked) as caught:
        stage.run(case, Silent())
    assert "obody" not in json.dumps(caught.value.as_json())


def test_a_label_that_happens_to_be_a_name_passes(case: Case) -> None:
    labels = ["甄假名", "东区", "西区", "南区", "北区"]
    made = finding(
        "one", "One", by=["place"], cells=[([label], 20 + place) for place, label in enumerate(labels)]
    )
    case.vault.acknowledge("findings", "made", {"findings": [made]})
    stage.run(case, Silent())


def test_a_column_whose_labels_are_names_stops_the_publication(case: Case) -> None:
    labels = ["甄假名", "贾名", "西区", "南区", "北区"]
    made = finding("one", "One", by=["officer"], cells=[([label], 20) for label in labels])
    case.vault.acknowledge("findings", "made", {"findings": [made]})
    with pytest.raises(EgressBlocked) as caught:
        stage.run(case, Silent())
    assert caught.value.where["columns"] == "lists.XM"


def test_a_name_in_a_refused_filter_stops_the_publication(case: Case) -> None:
    made = finding("one", "One", where="kind = '贾名'", cells=[])
    made["refused"] = {"code": "SMALL", "message": "too few people", "next": ""}
    case.vault.acknowledge("findings", "made", {"findings": [made]})
    with pytest.raises(EgressBlocked):
        stage.run(case, Silent())


def test_a_released_count_that_is_a_telephone_number_by_chance_passes(case: Case) -> None:
    case.vault.acknowledge(
        "findings", "made", {"findings": [finding("one", "One", cells=[([], int(PHONE))])]}
    )
    stage.run(case, Silent())


def test_exempt_forms_pass_a_bare_check(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("贾名")
    with pytest.raises(EgressBlocked):
        egress.check(case, tmp_path, frozenset())
    egress.check(case, tmp_path, frozenset({"贾名"}))


def test_a_file_name_is_checked_too(case: Case, tmp_path: Path) -> None:
    (tmp_path / f"{PHONE}.csv").write_text("")
    with pytest.raises(EgressBlocked):
        egress.check(case, tmp_path, frozenset())


@given(st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=40))
def test_both_sides_bring_a_text_into_the_same_form(untrusted: str) -> None:
    import pyarrow as pa

    ascii_or_han = "".join(c for c in untrusted if c.isascii() or "\u3400" <= c <= "\u9fff")
    (normal,) = identifying.normalised(pa.chunked_array([[ascii_or_han]])).to_pylist()
    assert normal == tokens.whole(ascii_or_han)


@given(st.text(max_size=200))
def test_any_text_has_forms(untrusted: str) -> None:
    for form in tokens.forms(untrusted):
        assert 2 <= len(form) <= tokens.LONGEST or form.isdecimal()
