"""Dumps as programs write them: names, columns, comments, encodings, and all that is no record."""

import pytest

from sousveil.intake.loaders.sqldump import load
from sousveil.intake.sink import MemorySink, MemoryTable, Unreadable
from sousveil.intake.source import BytesSource


def read(text: str | bytes, encoding: str = "utf-8") -> MemorySink:
    sink = MemorySink()
    load(BytesSource("dump.sql", text if isinstance(text, bytes) else text.encode(encoding)), sink)
    return sink


def only(text: str | bytes, encoding: str = "utf-8") -> MemoryTable:
    (table,) = read(text, encoding).tables
    assert table.rejects == []
    return table


def test_the_other_form_of_insert_gives_a_record() -> None:
    table = only(
        "INSERT INTO `p` SET `id` = 1, xm='张, (三', n=-1.50, at=NULL;\n"
        "INSERT IGNORE INTO p SET id=2, seen = now(), xm = 'it''s' ON DUPLICATE KEY UPDATE id = 3;\n"
        "insert into p (id, xm) values (4, 'x');\n"
    )
    assert table.columns == ["id", "xm", "n", "at", "seen"]
    assert table.records() == [
        ["1", "张, (三", "-1.50", None, None],
        ["2", "it's", None, None, "now()"],
        ["4", "x", None, None, None],
    ]


@pytest.mark.parametrize("rest", ["SET", "SET a", "SET a=1, a=2", "SET a='x' 'y' 3", "SELECT * FROM q"])
def test_an_insert_that_gives_no_record_is_a_reject(rest: str) -> None:
    (table,) = read(f"INSERT INTO p {rest};\nINSERT INTO p VALUES (1);\n").tables
    assert len(table.rejects) == 1
    assert [row[0] for row in table.records()] == ["1"]


MYSQL = r"""/*M!999999\- enable the sandbox mode */
-- MySQL dump 10.13  Distrib 5.7.26, for Linux (x86_64)
--
-- It's a dump
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `people`;
CREATE TABLE `people` (
  `id` int(11) NOT NULL AUTO_INCREMENT COMMENT '编号',
  `xm` varchar(40) DEFAULT 'a,b' COMMENT 'it''s 姓名, (x)',
  `key` decimal(10,2) DEFAULT '0.00',
  `kind` enum('a','b(') CHARACTER SET utf8 COMMENT "种\"类",
  PRIMARY KEY (`id`),
  UNIQUE KEY `u` (`xm`),
  KEY `xm` (`xm`),
  CONSTRAINT `f` FOREIGN KEY (`xm`) REFERENCES `other` (`id`)
) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=utf8 COMMENT='人';
LOCK TABLES `people` WRITE;
/*!40000 ALTER TABLE `people` DISABLE KEYS */;
INSERT INTO `people` VALUES (1,'张\'三\\',1.50,'a'),(2,'a\nb),(3,\'',NULL,'\%\q\Z'),(3,NULL,'NULL',0x616263);
/*!40000 ALTER TABLE `people` ENABLE KEYS */;
UNLOCK TABLES;
/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON people FOR EACH ROW
BEGIN INSERT INTO people VALUES (9,'x',1,'a'); END */;
DELIMITER ;;
CREATE PROCEDURE p() BEGIN INSERT INTO people VALUES (1,2,3,4); END ;;
DELIMITER ;
REPLACE INTO `people` (`key`,`xm`) VALUES (7,'o') ON DUPLICATE KEY UPDATE `xm`='(1';
INSERT IGNORE INTO `people` (`xm`) VALUES ('p');
-- Dump completed on 2019-01-01  0:00:00
"""


def test_mysqldump() -> None:
    table = only(MYSQL)
    assert table.name == "people"
    assert table.columns == ["id", "xm", "key", "kind"]
    assert table.hints == ["编号", "it's 姓名, (x)", None, '种"类']
    assert table.records() == [
        ["1", "张'三\\", "1.50", "a"],
        ["2", "a\nb),(3,'", None, "\\%q\x1a"],
        ["3", None, "NULL", "abc"],
        [None, "o", "7", None],
        [None, "p", None, None],
    ]


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO `t` (`a`, `b`) VALUES\n(1, 'x'),\n(2, 'it''s');\n",
        "INSERT INTO `t` (`a`, `b`) VALUES\r\n\t(1, 'x'),\r\n\t(2, 'it\\'s');\r\n",
        "INSERT INTO `t` VALUES (1, 'x');\nINSERT INTO `t` VALUES (2, 'it\\'s');\n",
        "insert into t(a,b)values(1,'x'),(2,\"it's\");",
        "INSERT INTO `t` (`b`,`a`) VALUES ('x',1);\nINSERT INTO `t` (`b`,`a`) VALUES ('it\\'s',2)",
        "INSERT INTO t VALUES (1,'x') -- it's (\n, /* ' */ (2,'it''s');",
        "INSERT INTO `db`.`t` VALUES (1,'x');\nINSERT INTO t VALUES (2,'it''s');",
        "BEGIN;\nINSERT t VALUE (1,'x'),(2,'it''s');\nCOMMIT;",
    ],
)
def test_ways_to_write_an_insert_for_mysql(insert: str) -> None:
    table = only("# MySQL dump\nCREATE TABLE IF NOT EXISTS `t` (`a` int, `b` text);\n" + insert)
    assert table.records() == [["1", "x"], ["2", "it's"]]
    assert table.columns == ["a", "b"]


POSTGRES = r"""--
-- PostgreSQL database dump
--
\restrict abc'def
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql
    AS $_$ BEGIN INSERT INTO x VALUES ('1); RETURN NEW; END; $_$;
CREATE TABLE public.people (
    id integer NOT NULL,
    "full name" text DEFAULT 'x'::text,
    tags text[],
    CONSTRAINT a CHECK ((id > 0))
);
ALTER TABLE public.people OWNER TO postgres;
COMMENT ON TABLE public.people IS 'it''s people';
COMMENT ON COLUMN public.people."full name" IS '姓''名';
CREATE TABLE secret.people (id integer);
COPY public.people ("full name", id, tags) FROM stdin;
a\tb	1	{x,"y"}
\N	2	\N
c\\N	3	@

\\.	4	x
\.

COPY secret.people (id) FROM stdin;
\.
INSERT INTO public.people VALUES (5, 'back\slash', NULL), (6, E'a\'b\n\u4e2d', '{}'),
    (7, '2018-01-01'::date, '');
INSERT INTO public.people VALUES (8, $$x$$, NULL);
"""


def test_pg_dump() -> None:
    people, secret = read(POSTGRES.replace("@", "")).tables
    assert (people.name, people.columns) == ("people", ["id", "full name", "tags"])
    assert people.hints == [None, "姓'名", None]
    assert people.records() == [
        ["1", "a\tb", '{x,"y"}'],
        ["2", None, None],
        ["3", "c\\N", ""],
        ["4", "\\.", "x"],
        ["5", "back\\slash", None],
        ["6", "a'b\n中", "{}"],
        ["7", "2018-01-01", ""],
    ]
    assert [(number, raw) for number, _, raw in people.rejects[:1]] == [(4, b"")]
    assert (secret.name, secret.columns, secret.records()) == ("people", ["id"], [])


SQLITE = """PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "t""x"(a INTEGER PRIMARY KEY, [b c] TEXT, key, CHECK (a > 0)) WITHOUT ROWID;
INSERT INTO "t""x" VALUES(1,'x',X'e5bca0');
INSERT INTO "t""x" VALUES(2,replace('a\\nb','\\n',char(10)),X'00ff');
INSERT INTO "t""x" VALUES(3,unistr('\\u4e2d'),1.0e+10);
INSERT INTO "t""x" VALUES(4,'C:\\',NULL);
CREATE TRIGGER z AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.a); UPDATE t SET a=1; END;
CREATE INDEX i ON t(a);
CREATE TABLE empty(a);
COMMIT;
"""


def test_sqlite_shell() -> None:
    table, empty = read(SQLITE).tables
    assert (table.name, table.columns) == ('t"x', ["a", "b c", "key"])
    assert table.records() == [
        ["1", "x", "张"],
        ["2", "a\nb", "00ff"],
        ["3", "中", "1.0e+10"],
        ["4", "C:\\", None],
    ]
    assert (empty.name, empty.columns, empty.records()) == ("empty", ["a"], [])


SQLSERVER = """USE [db]
GO
SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[P](
\t[Id] [int] IDENTITY(1,1) NOT NULL,
\t[Na]]me] [nvarchar](50) NULL,
\t[D] [datetime] NULL,
 CONSTRAINT [PK_P] PRIMARY KEY CLUSTERED ([Id] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY]
) ON [PRIMARY]
GO
CREATE PROCEDURE [dbo].[p] AS BEGIN INSERT INTO [dbo].[P] VALUES (1, N'it''s', NULL) END
GO
SET IDENTITY_INSERT [dbo].[P] ON\x20

INSERT [dbo].[P] ([Id], [Na]]me], [D]) VALUES (1, N'张''三', CAST(N'2018-03-04T00:00:00.000' AS DateTime))
INSERT [dbo].[P] ([Id], [Na]]me], [D]) VALUES (2, NULL, CAST(0x0000A89600C5C100 AS DateTime))
GO
INSERT [dbo].[P] ([Id], [Na]]me], [D]) VALUES (3, N'c\\', CAST(12.50 AS Decimal(10, 2)))
GO
INSERT INTO [dbo].[P] ([Id], [Na]]me]) VALUES (4, N'GO
INSERT'), (5, 'x')
SET IDENTITY_INSERT [dbo].[P] OFF
GO
EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'姓名' , @level0type=N'SCHEMA',\
@level0name=N'dbo', @level1type=N'TABLE',@level1name=N'P', @level2type=N'COLUMN',@level2name=N'Na]me'
GO
"""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_sql_server_scripts(encoding: str) -> None:
    table = only(SQLSERVER.replace("\n", "\r\n"), encoding)
    assert (table.name, table.columns) == ("P", ["Id", "Na]me", "D"])
    assert table.records() == [
        ["1", "张'三", "2018-03-04T00:00:00.000"],
        ["2", None, "2018-03-01 12:00:00.000"],
        ["3", "c\\", "12.50"],
        ["4", "GO\r\nINSERT", None],
        ["5", "x", None],
    ]
    assert table.hints == [None, "姓名", None]


def test_oracle_scripts() -> None:
    table = only(
        "REM INSERTING into X.T that's all\nSET DEFINE OFF;\n"
        "Insert into X.T (A,\"b\",C) values (1,'it''s',to_date('2018-03-04 05:06:07','YYYY-MM-DD'));\n"
        "Insert into X.T (A,\"b\",C) values ('2','C:\\',null);\n"
    )
    assert table.columns == ["A", "b", "C"]
    assert table.records() == [["1", "it's", "2018-03-04 05:06:07"], ["2", "C:\\", None]]


def test_gbk_text_whose_trail_byte_is_a_backslash() -> None:
    names = ["誠", "軾\\", "珅'許", "张三"]
    assert any(b"\\" in name.encode("gbk") for name in names)
    rows = ",".join(
        "({},'{}')".format(n, name.replace("\\", "\\\\").replace("'", "\\'")) for n, name in enumerate(names)
    )
    sink = read(f"-- MySQL dump\n/*!40101 SET NAMES gbk */;\nINSERT INTO `t` VALUES {rows};\n", "gb18030")
    assert sink.tables[0].records() == [[str(n), name] for n, name in enumerate(names)]
    assert sink.notes["encoding"] == "gb18030"


def test_binary_values_do_not_change_how_the_text_beside_them_is_read() -> None:
    rows = b",".join(b"(%d,'\xe5\xbc\xa0',_binary '\xff\xfe\\0%d')" % (n, n) for n in range(20))
    table = only(b"-- MySQL dump\nINSERT INTO `t` VALUES " + rows + b";\n")
    assert [row[1] for row in table.records()] == ["张"] * 20
    assert table.records()[3][2] == "fffe0033"


def test_one_line_of_another_encoding_stays_in_its_row() -> None:
    rows = ",\n".join(f"({n},'张三')" for n in range(50)).encode()
    gbk = ",\n(50,'李四')".encode("gbk")
    table = only(b"-- MySQL dump\nINSERT INTO `t` VALUES " + rows + gbk + b",\n(51,'x');\n")
    assert [row[1] for row in table.records()] == ["张三"] * 50 + ["李四", "x"]


def test_tables_stand_in_the_order_in_which_they_are_made() -> None:
    sink = read(
        "CREATE TABLE a (x int);CREATE TABLE b (x int);\nINSERT INTO b VALUES (1);INSERT INTO c VALUES (2,3);"
    )
    assert [(t.name, t.columns, t.records()) for t in sink.tables] == [
        ("a", ["x"], []),
        ("b", ["x"], [["1"]]),
        ("c", ["column_1", "column_2"], [["2", "3"]]),
    ]


def test_a_table_made_anew_after_it_had_records_is_another_table() -> None:
    part = "DROP TABLE IF EXISTS t;\nCREATE TABLE t (a int, b int);\nINSERT INTO t VALUES (1,2);\n"
    assert [table.records() for table in read(part * 2).tables] == [[["1", "2"]], [["1", "2"]]]


def test_columns_that_only_an_insert_names_are_added_at_the_right() -> None:
    table = only("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nINSERT INTO t (b, a) VALUES ('x', 2);")
    assert table.columns == ["a", "b"]
    assert table.records() == [["1", None], ["2", "x"]]


def test_statements_that_would_change_records_are_counted_and_not_carried_out() -> None:
    sink = read("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nUPDATE t SET a = 2;\nDELETE FROM t;\n")
    assert sink.tables[0].records() == [["1"]]
    assert sink.notes["statements_not_carried_out"] == 2


def test_an_insert_without_values_is_a_reject() -> None:
    table = read("CREATE TABLE t (a int);\nINSERT INTO t SELECT * FROM u;\nINSERT INTO t VALUES (2);").tables[
        0
    ]
    assert table.records() == [["2"]]
    assert [(number, raw) for number, _, raw in table.rejects] == [(1, b"INSERT INTO t SELECT * FROM u;")]


def test_a_copy_without_its_end_is_partly_loaded() -> None:
    sink = read("COPY t (a, b) FROM stdin;\n1\tx\n2\ty\n3")
    assert sink.tables[0].records() == [["1", "x"], ["2", "y"]]
    assert [raw for _, _, raw in sink.tables[0].rejects] == [b"3"]
    assert sink.partly_reason


def test_text_without_a_table_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read("SELECT 1;\nSET x = 'y';\n")


def test_a_quote_lost_between_statements_costs_no_rows_of_the_next() -> None:
    sink = read(
        "CREATE TABLE t (a int);\nSELECT 'lost;\nINSERT INTO t VALUES (1),(2);\nINSERT INTO t VALUES (3);\n"
    )
    assert sink.tables[-1].records() == [["1"], ["2"], ["3"]]


def test_long_rows_and_long_statements() -> None:
    big = "张'" * 200_000
    escaped = big.replace("'", "''")
    rows = ",".join(f"({n},'{escaped}')" for n in range(5))
    many = ",".join(f"({n},'x')" for n in range(200_000))
    table = only(f"-- MySQL dump\nINSERT INTO `t` VALUES {rows};\nINSERT INTO `t` VALUES {many};\n")
    assert len(table.records()) == 200_005
    assert table.records()[4] == ["4", big]


def test_no_word_of_the_dump_gets_into_reasons_or_notes() -> None:
    sink = read("INSERT INTO geheim VALUES (1,'secret'),(2),('secret,3);\nINSERT INTO geheim VALUES ('sec")
    said = [reason for table in sink.tables for _, reason, _ in table.rejects]
    said += [str(sink.partly_reason), *map(str, sink.notes.values())]
    assert not any("sec" in text or "geheim" in text for text in said)
