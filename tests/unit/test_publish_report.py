"""The pages say what the gate released, in words that a reader understands, and nothing else."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.publish import charts, labels
from sousveil.publish.evidence import told, words_for
from sousveil.publish.proof import Proof
from sousveil.publish.report import pages
from sousveil.publish.stage import build
from sousveil.publish.story import tell
from sousveil.verify import TESTS
from tests.support_publication import THRESHOLD, finding, refused, rich, verified


class Text(HTMLParser):
    """The text of a page, style left out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.tags or self.tags[-1][0] != "style":
            self.parts.append(data)


def page(document: dict, name: str = "index.html") -> str:
    return pages(tell(document, verified(), THRESHOLD, "exact"))[name].decode("utf-8")


def text(html: str) -> str:
    parsed = Text()
    parsed.feed(html)
    return " ".join(" ".join(parsed.parts).split())


def one(*args: object, **kwargs: object) -> dict:
    return {"findings": [finding(*args, **kwargs)]}  # type: ignore[arg-type]


def test_the_headline_says_how_many_people_in_three_digits() -> None:
    assert "A leaked database records about 355,000 people" in text(page(rich())).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ((351204, 351204, 351204), "more than 351,000"),
        ((351000, 351000, 351000), "351,000"),
        ((97, 97, 97), "97"),
    ],
)
def test_the_headline_claims_no_more_than_it_knows(value: tuple[int, int, int], said: str) -> None:
    document = one("a", "All", table="*", cells=[([], value)])
    assert f"A leaked database records {said} people" in text(page(document)).replace("\xa0", " ")


def test_without_a_finding_on_the_whole_case_the_headline_claims_no_number() -> None:
    document = one("a", "Lists", cells=[([], 25013)])
    assert "What a leaked database records" in text(page(document))


def test_every_released_number_stands_in_the_page() -> None:
    shown = text(page(rich()))
    for one_finding in rich()["findings"]:
        for cell in one_finding["cells"]:
            if cell["status"] == "published":
                assert labels.number(cell["value"]) in shown


def test_a_withheld_cell_is_n_s_and_its_bar_looks_like_any_other() -> None:
    document = one("a", "By place", by=["place"], cells=[(["East"], 40), (["West"], None), (["South"], None)])
    rows = re.findall(r'<tr class="withheld">.*?</tr>', page(document), re.DOTALL)
    assert len(rows) == 2
    assert rows[0].replace("West", "South") == rows[1]
    assert 'title="not shown">n/s' in rows[0]


@pytest.mark.parametrize(
    ("hidden", "said"), [(1, "1 group in this report is not shown."), (2, "2 groups in this report are not")]
)
def test_the_page_says_how_many_groups_are_not_shown(hidden: int, said: str) -> None:
    cells = [(["East"], 40), *(([f"{n}"], None) for n in range(hidden))]
    assert said in text(page(one("a", "By place", by=["place"], cells=cells)))


def test_exact_shares_and_reasons_of_verify_stay_inside() -> None:
    shown = page(rich())
    for secret in ("0.99731", "99.731", "24713", "4711", "0.5117", "51.17"):
        assert secret not in shown
    assert "nearly all pass" in shown


def test_a_band_with_a_number_is_not_printed() -> None:
    rows = verified()
    rows["tests"][0]["band"] = "99.7 % pass"
    assert "99.7" not in pages(tell(rich(), rows, THRESHOLD, "exact"))["index.html"].decode()


def test_a_refused_finding_stands_with_its_reason_and_without_a_number() -> None:
    document = {
        "findings": [refused("a", "By hotel", "DIFF", "it would give a small group away", "ask less")]
    }
    shown = text(page(document))
    assert "By hotel DIFF It would give a small group away. What would pass. Ask less." in shown


def test_untrusted_text_is_escaped_and_loses_its_control_characters() -> None:
    evil = "<script>alert(1)</script>\u202eevil\x07 & \u2066x"
    document = one("<b>id</b>", evil, by=[evil], cells=[([evil], 40), (["b"], 30)], where=evil)
    html = page(document)
    assert "<script" not in html
    assert "<b>" not in html
    assert not re.search("[\u202e\u2066\x07]", html)


def test_a_label_can_not_leave_the_template() -> None:
    document = one("a", "{{ 7 * 7 }}", by=["{% raw %}"], cells=[(["{{ story }}"], 40), (["b"], 20)])
    assert "{{ 7 * 7 }}" in page(document)
    assert "{{ story }}" in page(document)


def test_chinese_labels_carry_their_language() -> None:
    assert '<bdi><span lang="zh">东湖区</span></bdi>' in page(rich())
    assert labels.plain("Records in 110接处警, by 岗位").parts == (
        ("Records in 110", ""),
        ("接处警", "zh"),
        (", by ", ""),
        ("岗位", "zh"),
    )


@given(st.text())
def test_the_stretches_of_a_label_are_its_text(untrusted: str) -> None:
    shown = labels.plain(untrusted)
    assert "".join(text for text, _ in shown.parts) == shown.text


def test_many_findings_are_folded_by_their_tables_in_the_contents() -> None:
    document = {
        "findings": [
            finding(f"a{place}", "T", table=f"t{place % 3}", by=["x"], cells=[(["a"], 20), (["b"], 30)])
            for place in range(18)
        ]
    }
    groups = tell(document, {}, THRESHOLD, "exact").groups
    assert [(name.text if name else "", len(found)) for name, found in groups] == [
        ("t0", 6),
        ("t1", 6),
        ("t2", 6),
    ]


def test_countries_stand_with_their_names_and_codes() -> None:
    assert 'Kazakhstan</bdi> <span class="code">KAZ</span>' in page(rich())


def test_a_column_of_which_one_label_is_no_country_shows_none_as_a_country() -> None:
    assert [label.text for label in labels.labels("x", ["CAN", "ZZZ"])] == ["CAN", "ZZZ"]


def test_a_page_asks_for_nothing_and_runs_nothing() -> None:
    for html in (page(rich()), page(rich(), "methods.html")):
        parsed = Text()
        parsed.feed(html)
        assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & {
            tag for tag, _ in parsed.tags
        }
        for tag, attributes in parsed.tags:
            assert "style" not in attributes
            assert not any(name.startswith("on") for name in attributes)
            for name in ("src", "href"):
                assert not re.match("[a-z]+:|//", attributes.get(name) or "") or tag == "link"
        assert [a["href"] for tag, a in parsed.tags if tag == "link"] == ["data:,"]


def test_ids_of_a_page_are_unique_and_every_inner_link_leads_somewhere() -> None:
    parsed = Text()
    parsed.feed(page(rich()))
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {
        (a.get("href") or "")[1:] for tag, a in parsed.tags if tag == "a" and (a["href"] or "")[0] == "#"
    }
    assert links <= set(ids)
    named = {part for _, a in parsed.tags for part in (a.get("aria-labelledby") or "").split()}
    assert named <= set(ids)


def test_ids_of_questions_can_not_clash_with_those_of_the_page() -> None:
    document = {
        "findings": [
            finding(name, "Title", by=["x"], cells=[(["a"], 20), (["b"], 30)])
            for name in ("main", "points", "limits", "check", "totals", "a", "a-title")
        ]
    }
    parsed = Text()
    parsed.feed(page(document))
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_line_breaks_where_a_month_is_withheld_or_missing() -> None:
    points = [charts.Point(f"2018-{month:02}", 10 + month) for month in (1, 2, 3, 5, 6, 8, 9)]
    points[4] = charts.Point("2018-06", None)
    line = charts.line(points)
    assert line is not None
    assert len(line.paths) == 2
    assert len(line.dots) == 1
    assert line.gaps == 3


def test_too_few_points_make_no_line() -> None:
    assert charts.line([charts.Point(str(2010 + year), 20) for year in range(5)]) is None


@given(st.integers(1, 10**9))
def test_an_axis_ends_at_or_above_its_highest_value(value: int) -> None:
    top = charts.nice_top(value)
    assert value <= top <= max(2.5 * value, 2)
    assert top % 2 == 0


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_share_in_words_has_no_digit(part: int, whole: int) -> None:
    assert not re.search(r"\d", labels.share(part, whole))


@given(st.lists(st.text(max_size=80), max_size=12))
def test_slugs_are_safe_and_unique(ids: list[str]) -> None:
    made = labels.slugs(ids)
    assert len(set(made)) == len(ids)
    assert all(re.fullmatch("[a-z0-9][a-z0-9-]*", slug) and len(slug) < 80 for slug in made)


@given(st.text())
def test_no_control_character_passes_a_label(untrusted: str) -> None:
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", labels.plain(untrusted).text
    )


def test_a_crosswise_table_shows_a_combination_that_was_never_given_as_withheld() -> None:
    document = one(
        "a", "Crossed", by=["x", "y"], cells=[(["a", "c"], 20), (["a", "d"], 30), (["b", "c"], 40)]
    )
    story = tell(document, {}, THRESHOLD, "exact")
    assert [[figure.shown for figure in row.figures] for row in story.findings[0].rows] == [
        [True, True],
        [True, False],
    ]


def test_only_tables_counted_whole_are_added_up_and_each_once() -> None:
    document = {
        "findings": [
            finding("a", "A", unit="records", table="one", cells=[([], 100)]),
            finding("b", "B", unit="records", table="one", cells=[([], 100)]),
            finding("c", "C", unit="records", table="two", cells=[([], 50)], where="x = 'y'"),
            finding("d", "D", unit="records", table="three", cells=[([], 30)]),
        ]
    }
    assert tell(document, {}, THRESHOLD, "exact").records_in_all == "130"


def test_an_empty_document_still_makes_both_pages() -> None:
    files = build({"findings": []}, {"tests": []}, THRESHOLD, "exact")
    assert "What these figures are not" in files["index.html"].decode()


@pytest.mark.parametrize("regime", ["exact", "noise"])
def test_methods_say_whether_noise_was_added(regime: str) -> None:
    html = pages(tell(rich(), verified(), THRESHOLD, regime))["methods.html"].decode()
    assert ("no noise was added" in html) == (regime == "exact")


def test_what_is_hidden_under_labels_that_are_not_shown_does_not_change_what_the_others_are() -> None:
    assert [label.text for label in labels.labels("x", ["KAZ", labels.OTHER])] == ["Kazakhstan", "all others"]
    months = [([f"2018-{month:02}"], 20 + month) for month in range(1, 9)]
    document = one("a", "A", by=["month(day)"], cells=[*months, ([labels.OTHER], None)])
    line = tell(document, {}, THRESHOLD, "exact").findings[0].line
    assert line is not None
    assert line.last == "August 2018"


def test_rows_of_one_test_and_one_reading_stand_together() -> None:
    row = {
        "id": "check-digits-cn-resident-id",
        "columns": ["SFZH"],
        "reading": "consistent",
        "band": "nearly all",
    }
    rows = [
        row | {"table": "one"},
        row | {"table": "two"},
        row | {"table": "three", "reading": "inconclusive"},
    ]
    found = told(rows)
    assert [[place.table.text for place in one.places] for one in found] == [["one", "two"], ["three"]]
    assert found[0].test == "Check digits of Chinese identity numbers"


def test_every_test_of_verify_has_words() -> None:
    assert [test for test in TESTS if not words_for(test)[1]] == []


def test_a_quoted_column_stands_without_its_quotes() -> None:
    document = one("a", "A", by=['"企业性质"'], cells=[(["国有"], 20), (["外资"], 30)])
    assert "&#34;企业性质" not in page(document).split('class="provenance"')[0]
    assert labels.heading('"企业性质"').text == "企业性质"


def test_what_is_counted_in_the_stead_of_people_is_called_by_its_name() -> None:
    told_by = {"of": "SIM cards"}
    document = {
        "findings": [
            finding("a", "All", table="t", cells=[([], (20, 11, 39))]) | told_by,
            finding("b", "By kind", table="t", by=["kind"], cells=[(["x"], 30), (["y"], 40)]) | told_by,
        ]
    }
    shown = text(page(document)).replace("\xa0", " ")
    assert "20 SIM cards All" in shown
    assert "Distinct SIM cards recorded in t" in shown
    assert " SIM cards x 30" in shown
    files = build(document, {}, THRESHOLD, "exact")
    assert b"The number of distinct SIM cards recorded;" in files["datapackage.json"]


@pytest.mark.parametrize(
    ("left", "size", "file"), [(0, 10, "worlds.json"), (3, 2_000_000, "worlds.json.bz2")]
)
def test_readers_are_told_of_what_the_certificate_leaves_unproven(left: int, size: int, file: str) -> None:
    made = Proof(json.dumps({"unproven": [{"for a reason": left}] if left else [{}], "more": "x" * size}))
    html = pages(tell(rich(), verified(), THRESHOLD, "exact", made))
    for name in ("index.html", "methods.html"):
        text = html[name].decode()
        assert f'href="certificate/{file}"' in text
        assert ("not proven" in text.lower()) == bool(left)
        assert ("3 of the groups that are not shown" in text) == bool(left)
