"""Canonical forms of values: one form for each thing, null where it does not hold, nothing invented."""

import datetime as dt
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.normalise import countries, dates, identifiers, names, numbers, sexes
from sousveil.normalise.tidy import any_byte, byte_set, known, tidy
from sousveil.survey import checks
from tests.columns import column, old_resident_id

PLAIN = "9901021990010112"


def texts(*values: str | None) -> pa.StringArray:
    return pa.array(values, pa.string())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.text(max_size=12), max_size=6))
def test_tidying_twice_is_tidying_once(values: list[str | None]) -> None:
    once = tidy(texts(*values))
    assert tidy(once).to_pylist() == once.to_pylist()
    assert len(once) == len(values)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.text(max_size=12) | st.text("0123456789-/.: 年月日XA", max_size=20), max_size=6)
)
def test_no_text_breaks_a_canonical_form(values: list[str | None]) -> None:
    from sousveil.normalise.forms import DATES, FORMS, form_of

    given_texts = texts(*values)
    for name in (*FORMS, *DATES):
        form = FORMS.get(name) or form_of(name, given_texts)
        made = form.make(given_texts)
        assert len(made) == len(values), name
        assert made.type == form.arrow, name


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0123456789-/.: 年月日XA王·", max_size=20), min_size=2, max_size=6))
def test_a_form_does_not_depend_on_the_values_beside_it(values: list[str]) -> None:
    from sousveil.normalise.forms import FORMS

    together = texts(*values)
    for name, form in FORMS.items():
        alone = [form.make(texts(value)).to_pylist()[0] for value in values]
        assert form.make(together).to_pylist() == alone, name


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.lists(st.text(max_size=6), max_size=4))
def test_a_byte_is_found_wherever_it_stands(wanted: bytes, values: list[str]) -> None:
    held = any(byte in wanted for value in values for byte in value.encode())
    assert any_byte(texts(*values), byte_set(wanted)) == held
    assert not any_byte(texts("left out", *values).slice(1, 0), byte_set(wanted))


def test_what_stands_for_nothing_is_null() -> None:
    assert known(
        tidy(texts("", " ", "-", "NULL", "null", "\\N", "N/A", "无", "未知", "000000", "\u3000", "\x00"))
    ) == (texts(*[None] * 12))


def test_controls_and_direction_marks_go() -> None:
    assert tidy(texts("a\x00b", "\u202eab\u200b", "a\r\nb", "ＡＢ")).to_pylist() == ["a b", "ab", "a b", "AB"]


def test_a_resident_number_has_one_form() -> None:
    value = next(v for v in column("cn_resident_id", 200) if v.endswith("X"))
    wide = value.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    ways = texts(value, value.lower(), wide, f" {value[:6]}-{value[6:14]} {value[14:]}", value[:-1] + "х")
    assert set(identifiers.resident_id(ways).to_pylist()) == {value}


def test_an_old_resident_number_becomes_a_valid_long_one() -> None:
    rng = random.Random(1)
    old = [old_resident_id(rng) for _ in range(100)]
    new = identifiers.resident_id(texts(*old))
    assert [n[:6] + n[8:17] for n in new.to_pylist()] == old
    assert checks.resident_id(new).all()


def test_a_resident_number_that_fails_is_null() -> None:
    value = column("cn_resident_id", 1)[0]
    wrong = value[:-1] + ("1" if value[-1] != "1" else "2")
    assert identifiers.resident_id(texts(wrong, "990102990230123", "12", None)).null_count == 4


def test_the_birth_date_is_read_from_a_resident_number() -> None:
    values = identifiers.resident_id(texts(*column("cn_resident_id", 200), None))
    born = identifiers.resident_birth_date(values).to_pylist()
    assert born == [
        value and dt.datetime.strptime(value[6:14], "%Y%m%d").date() for value in values.to_pylist()
    ]


def test_telephones() -> None:
    ways = texts(
        "120-1234-5678",
        "+86 120 1234 5678",
        "008612012345678",
        "１２０１２３４５６７８",
        "+999 12 345678",
        "12",
    )
    assert identifiers.phone(ways).to_pylist() == [*["12012345678"] * 4, "99912345678", None]


def test_plates_and_passports_and_addresses_of_devices() -> None:
    assert identifiers.plate(texts("新Z·1234A", "新z1234a", "新Z 1234A", "Z1234A")).to_pylist() == [
        *["新Z1234A"] * 3,
        None,
    ]
    assert identifiers.passport(texts("e 12345678", "E12345678", "无", "ABC")).to_pylist() == [
        *["E12345678"] * 2,
        None,
        None,
    ]
    assert identifiers.mac(texts("aa:bb:cc:00:11:22", "AA-BB-CC-00-11-22", "x")).to_pylist() == [
        *["AABBCC001122"] * 2,
        None,
    ]


def test_names_of_people() -> None:
    ways = texts("阿不都．买买提", "阿不都 • 买买提", "阿不都·买买提", "Ardo Belim", " 王 伟 ", "无")
    assert names.person_names(ways).to_pylist() == [*["阿不都·买买提"] * 3, "ARDOBELIM", "王伟", None]


def test_sexes() -> None:
    assert sexes.sexes(texts("男", "女性", "M", "female", "1", "2", "муж", "9", "?", None)).to_pylist() == [
        *("M", "F", "M", "F", "M", "F", "M"),
        *[None] * 3,
    ]


@pytest.mark.parametrize(
    ("code", "ways"),
    [
        (
            "CHN",
            "中国 CHN CN China 中华人民共和国 Китай Çin جۇڭگو الصين Қытай chinese CHN/中国 中国籍 中国(CHN)",
        ),
        ("TUR", "土耳其 TUR TR 792 Türkiye Turkey Турция турецкое turkish تۈركىيە تركيا"),
        ("KGZ", "吉尔吉斯斯坦 Кыргызстан Киргизия Кыргызская_Республика Kırgızistan"),
        ("IRQ", "伊拉克 Ирак Irak Iraklı"),
        ("KAZ", "哈萨克斯坦 哈萨克 KAZ Kazakhstan Казахстан Kazakistan Қазақстан"),
        ("USA", "美国 USA US U.S.A. United_States 美利坚合众国 США ABD american"),
        ("KOR", "韩国 KOR 大韩民国 South_Korea"),
        ("PRK", "朝鲜 PRK North_Korea"),
        ("COD", "刚果民主共和国 COD"),
        ("HKG", "香港 中国香港 HKG Hong_Kong"),
    ],
)
def test_countries_in_many_languages(code: str, ways: str) -> None:
    found = countries.countries(texts(*(way.replace("_", " ") for way in ways.split())))
    assert set(found.to_pylist()) == {code}


def test_what_is_no_country_is_none() -> None:
    assert countries.countries(texts("汉族", "刚果", "无", "Bali", "中美", "x" * 500)).null_count == 6


WRITTEN = {
    "2018-03-05": (
        "2018-03-05",
        "2018/3/5",
        "2018.03.05",
        "20180305",
        "2018年3月5日",
        "05.03.2018",
        "5-Mar-2018",
    ),
    "2018-03-05 14:05:00": (
        "2018-03-05 14:05:00",
        "2018/3/5 14:05",
        "20180305140500",
        "2018-03-05T14:05:00.000Z",
    ),
    "2018-03-05 14:05:59": (
        "Mon Mar  5 14:05:59 2018",
        "Mon, 05 Mar 2018 14:05:59 +0800",
        "2018-3-5 下午2:05:59",
        "2018/03/05 14:05:59 星期一",
        "05-MAR-18 02.05.59.000000 PM",
        "14:05:59 05.03.2018",
        "20180305T140559Z",
        "5 марта 2018 г., 14:05:59",
        "5 Mart 2018 14:05:59",
        "٢٠١٨/٠٣/٠٥ ١٤:٠٥:٥٩",
    ),
    "2018-03-05 00:00:00": (
        "2018 年 3 月 5 日",
        "2018.3.5.",
        "5. März 2018",
        "5th March 2018",
        "2018-Mar-05",
        "5-Mar-18",
        "20180305.0",
        "05.03.2018 г.",
    ),
    "2018-03-05 02:05:00": ("5.3.2018 2:05", "2018年3月5日 2时5分", "20180305 02:05:00"),
}


@pytest.mark.parametrize("moment", WRITTEN)
def test_moments_in_the_usual_forms(moment: str) -> None:
    found = dates.parse(tidy(texts(*WRITTEN[moment])))
    assert {str(at) for at in found.timestamps().to_pylist()} == {str(dt.datetime.fromisoformat(moment))}


@given(
    st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))
)
@settings(max_examples=200, deadline=None)
def test_every_layout_is_read_back(moment: dt.datetime) -> None:
    forms = (
        "%Y-%m-%d %H:%M:%S",
        "%Y%m%d%H%M%S",
        "%Y/%m/%d %H:%M:%S",
        "%d.%m.%Y %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
    )
    found = dates.parse(texts(*(moment.strftime(form) for form in forms)))
    assert found.timestamps().to_pylist() == [moment] * len(forms)


def test_dates_that_do_not_exist_are_null() -> None:
    values = texts(
        "2018-02-30",
        "20181301",
        "2018-00-10",
        "31.04.2018",
        "2018-03-05 25:00:00",
        "2019-02-29",
        "0000-00-00",
    )
    assert not dates.parse(values).real.any()


def test_the_month_comes_first_where_the_column_says_so() -> None:
    american = dates.reading_of(texts("3/5/2018", "12/25/2017", "7/30/2018"))
    european = dates.reading_of(texts("3/5/2018", "25/12/2017", "30/7/2018"))
    assert (american.month_first, european.month_first) == (True, False)
    assert dates.read(texts("3/5/2018"), american).dates().to_pylist() == [dt.date(2018, 3, 5)]
    assert dates.read(texts("3/5/2018"), european).dates().to_pylist() == [dt.date(2018, 5, 3)]


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (("26.10.65", "03.04.18"), "dmy"),
        (("10/26/65", "04/03/18"), "mdy"),
        (("65-10-26", "18-04-03"), "ymd"),
    ],
)
def test_years_of_two_digits_are_read_in_the_order_of_their_column(
    values: tuple[str, ...], order: str
) -> None:
    reading = dates.reading_of(texts(*values))
    assert (reading.kind, reading.order) == ("short", order)
    found = dates.read(texts(*values), reading).dates().to_pylist()
    assert found == [dt.date(1965, 10, 26), dt.date(2018, 4, 3)]


def test_dates_that_could_be_read_from_either_end_are_not_read() -> None:
    assert dates.reading_of(texts("05-03-18", "12-04-11")).kind != "short"
    assert not dates.parse(texts("26.10.65", "0001-01-01")).real.any()


def test_what_a_spreadsheet_adds_to_a_number_goes() -> None:
    assert identifiers.compact(texts("12012345678.0", "1.0", "2.10.0")).to_pylist() == [
        "12012345678",
        "10",
        "2100",
    ]


def test_of_several_telephones_in_a_cell_the_first_counts() -> None:
    found = identifiers.phone(texts("12012345678/12087654321", "0999-1234567、12012345678", "12/34"))
    assert found.to_pylist() == ["12012345678", "09991234567", None]


def test_numbers_since_a_beginning() -> None:
    assert (
        dates.parse_epoch(texts("1520258700", "1520258700123")).timestamps().to_pylist()
        == [dt.datetime(2018, 3, 5, 14, 5)] * 2
    )
    assert dates.parse_serial(texts("43164", "43164.5")).timestamps().to_pylist() == [
        dt.datetime(2018, 3, 5),
        dt.datetime(2018, 3, 5, 12),
    ]
    assert not dates.parse_epoch(texts("99", "9999999999999")).real.any()


def test_numbers_and_sums() -> None:
    assert numbers.numbers(
        texts("1,234.5", "1 234,5", "12", "-3.5", "1e3", "00000", "x", "1e999", "1.2.3")
    ).to_pylist() == [
        *(1234.5, 1234.5, 12.0, -3.5, 1000.0, 0.0),
        *[None] * 3,
    ]
    assert numbers.money(texts("¥1,200.50", "500元", "3万元", "120", "much")).to_pylist() == [
        *(1200.5, 500.0, 30000.0, 120.0),
        None,
    ]
    assert numbers.degrees(texts("87.5", "W12.5", "0", "181", "x"), 180.0).to_pylist() == [
        87.5,
        -12.5,
        *[None] * 3,
    ]
    assert numbers.booleans(texts("是", "no", "1", "F", "2", None)).to_pylist() == [
        True,
        False,
        True,
        False,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [
        ([*range(50, 100), *range(6)], 1950, 2005),
        (range(15, 39), 2015, 2038),
        (range(31, 86), 1931, 1985),
        ((65, 18), 1965, 2018),
    ],
)
def test_the_century_of_a_year_of_two_digits_is_told_by_the_years_of_its_column(
    years: list[int], first: int, last: int
) -> None:
    values = texts(*(f"26.10.{year:02}" for year in years))
    found = dates.read(values, dates.reading_of(values)).dates().to_pylist()
    assert (found[0].year, found[-1].year) == (first, last)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1439/06/17", "1439/6/30"], [dt.date(2018, 3, 5), None]),
        (["17/06/1439", "1439-06-17 هـ"], [dt.date(2018, 3, 5), dt.date(2018, 3, 5)]),
        (["1397/1/31", "1399-12-30"], [dt.date(2018, 4, 20), dt.date(2021, 3, 20)]),
        (["2561/03/05"], [dt.date(2018, 3, 5)]),
        (["民國107年3月5日", "中華民國98年12月31日"], [dt.date(2018, 3, 5), dt.date(2009, 12, 31)]),
        (["107/03/05", "98/12/31"], [dt.date(2018, 3, 5), dt.date(2009, 12, 31)]),
        (["1070305", "0981231"], [dt.date(2018, 3, 5), dt.date(2009, 12, 31)]),
    ],
)
def test_dates_of_other_calendars(written: list[str], meant: list[dt.date | None]) -> None:
    found = dates.read(texts(*written), dates.reading_of(texts(*written)))
    assert found.dates().to_pylist() == meant


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(1924, 8, 2), dt.date(2077, 11, 16)))
def test_islamic_dates_are_those_of_the_table(day: dt.date) -> None:
    from hijridate import Gregorian

    hijri = Gregorian(day.year, day.month, day.day).to_hijri().isoformat()
    assert dates.read(texts(hijri), dates.Reading()).dates().to_pylist() == [day]


def test_names_in_traditional_and_simplified_characters_have_one_form() -> None:
    found = names.person_names(texts("張學友", "张学友", None, "a b")).to_pylist()
    assert found == ["张学友", "张学友", None, "AB"]


def test_codes_and_english_names_are_never_lost_to_another_language() -> None:
    import pycountry

    for state in pycountry.countries:
        for name in (state.alpha_2, state.alpha_3, state.name):
            assert countries.country(name) == state.alpha_3, name


def test_the_list_of_country_names_is_that_of_the_libraries_we_lock() -> None:
    from benchmarks import country_names

    assert country_names.OUT.read_text("utf-8") == country_names.lines()


def test_countries_in_any_language_and_by_former_names() -> None:
    written = texts("Þýskaland", "ประเทศไทย", "ഇന്ത്യ", "Zaire", "СССР", "中華民國", "nowhere")
    assert countries.countries(written).to_pylist() == ["DEU", "THA", "IND", "COD", "SUN", "TWN", None]
