"""The clean tables: every row in its order, typed as the review says, made again where it changed."""

import datetime as dt
from pathlib import Path

import pyarrow as pa

from sousveil.normalise import stage
from sousveil.normalise.forms import FORMS
from sousveil.progress import Silent
from sousveil.stages import perform
from tests.columns import column
from tests.support import make_case

ROWS = 300


def test_every_row_is_there_in_its_order_and_typed(tmp_path: Path) -> None:
    numbers = column("cn_resident_id", ROWS)
    numbers[3] = "9901"
    case = make_case(
        tmp_path,
        {
            "t": {
                "XM": ["王 伟", "李 娜", "张 敏"] * (ROWS // 3),
                "SFZH": numbers,
                "XB": ["男", "女"] * (ROWS // 2),
                "GJ": ["中国", "USA", "Казахстан"] * (ROWS // 3),
                "RJSJ": ["2018-03-05 14:05:00", "20180305 140501", "2018-02-30 00:00:00"] * (ROWS // 3),
                "LB": ["甲 ", "甲", "无"] * (ROWS // 3),
                "NL": [str(n % 90) for n in range(ROWS)],
                "BZ": ["这里是很长很长的一段备注，说明了许多的事情。" + str(n) for n in range(ROWS)],
            }
        },
    )
    result = perform(case, "normalise", Silent())
    rows = case.vault.engine.table("SELECT * FROM clean.t1")
    assert rows.column("_row").to_pylist() == list(range(1, ROWS + 1))
    assert rows.slice(0, 3).to_pylist() == [
        {
            "_row": 1 + n,
            "c1": name,
            "c2": numbers[n],
            "c3": sex,
            "c4": country,
            "c5": at,
            "c6": label,
            "c7": float(n),
        }
        for n, (name, sex, country, at, label) in enumerate(
            (
                ("王伟", "M", "CHN", dt.datetime(2018, 3, 5, 14, 5), "甲"),
                ("李娜", "F", "USA", dt.datetime(2018, 3, 5, 14, 5, 1), "甲"),
                ("张敏", "M", "KAZ", None, "无"),
            )
        )
    ]
    assert rows.column("c2").null_count == 1
    assert "c8" not in rows.column_names
    entry = result["tables"][0]["columns"][1]
    assert entry == {"column": "SFZH", "type": "cn_resident_id", "nulls": 1}


def test_the_review_decides_the_clean_type(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": {"a": ["20180305", "20180306"] * 100, "b": ["1", "2"] * 100}})
    perform(case, "normalise", Silent())
    path = case.folder / "review.toml"
    path.write_text(path.read_text("utf-8").replace('b = "category"', 'b = "sex"'), "utf-8")
    perform(case, "normalise", Silent())
    assert case.vault.engine.rows("SELECT DISTINCT a.c1, a.c2 FROM clean.t1 a ORDER BY 1") == [
        (dt.date(2018, 3, 5), "M"),
        (dt.date(2018, 3, 6), "F"),
    ]


def test_epochs_and_serials_are_read_where_the_header_speaks_of_time(tmp_path: Path) -> None:
    case = make_case(
        tmp_path,
        {
            "t": {
                "timestamp": [str(1_520_258_700 + n * 60) for n in range(0, 3 * ROWS, 3)],
                "入境日期": [str(43_164 + n * 7 % 500) for n in range(ROWS)],
            }
        },
    )
    perform(case, "normalise", Silent())
    first = case.vault.engine.rows("SELECT c1, c2 FROM clean.t1 LIMIT 1")
    assert first == [(dt.datetime(2018, 3, 5, 14, 5), dt.date(2018, 3, 5))]


def test_empty_tables_and_gaps_in_the_rows_are_kept(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"empty": {"a": []}, "gaps": {"a": [str(n) for n in range(10)]}})
    case.vault.engine.run("DELETE FROM raw.t2 WHERE _row = 4")
    perform(case, "normalise", Silent())
    assert case.vault.engine.value("SELECT count(*) FROM clean.t1") == 0
    assert case.vault.engine.rows("SELECT _row FROM clean.t2") == [(n,) for n in range(1, 11) if n != 4]


def test_rows_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": {"LB": ["甲", "乙"] * 50}})
    case.vault.engine.run("CREATE TABLE raw.t9 AS SELECT * FROM raw.t1 ORDER BY _row DESC")
    case.vault.engine.run("DROP TABLE raw.t1")
    case.vault.engine.run("ALTER TABLE raw.t9 RENAME TO t1")
    perform(case, "normalise", Silent())
    assert case.vault.engine.rows("SELECT _row FROM clean.t1") == [(n,) for n in range(1, 101)]


def test_a_table_made_half_is_made_anew(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": {"LB": ["甲", "乙"] * 50}})
    perform(case, "survey", Silent())
    case.vault.engine.run("CREATE TABLE clean.t1 AS SELECT 1 AS _row")
    stage.run(case, Silent())
    assert case.vault.engine.value("SELECT count(*) FROM clean.t1") == 100


def test_a_column_that_repeats_itself_is_made_like_any_other() -> None:
    few: list[str | None] = [
        "是",
        "无",
        None,
        "",
        "n",
        "1,5",
        "2018-03-05 14:05",
        "Казахстан",
        "男",
        "－１２",
    ]
    many = [*few, *(f"{n} 号" for n in range(stage._HEAD))]
    for name, form in FORMS.items():
        often, rarely = pa.array(few * 9, pa.string()), pa.array(many, pa.string())
        assert stage._canonical(form, often).to_pylist() == form.make(often).to_pylist(), name
        assert stage._canonical(form, rarely).to_pylist() == form.make(rarely).to_pylist(), name
        assert stage._canonical(form, often).type == form.arrow, name
