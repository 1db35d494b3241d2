"""From statement to statement through a dump: the rows are read, everything else is looked at or passed over.

Nothing is ever carried out. A statement that can't be made sense of is passed over to the next one; whether
the records of an INSERT hold is for `inserts` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sousveil.intake.loaders.sqldump import copy, ddl, heads, inserts
from sousveil.intake.loaders.sqldump.assignments import assigned
from sousveil.intake.loaders.sqldump.dialect import detect
from sousveil.intake.loaders.sqldump.lexis import lexis, name_parts
from sousveil.intake.loaders.sqldump.reader import HEAD, Reader
from sousveil.intake.loaders.sqldump.tables import DumpTable, Tables
from sousveil.intake.sink import Sink, Unreadable
from sousveil.intake.source import Source

LOOK = 64 << 10
"""Bytes in which the beginning of a statement must fit."""
LONGEST_STATEMENT = 64 << 20
MOST_READERS = 500

_WORD = re.compile(rb"[A-Za-z]+")
_ROUTINE = re.compile(
    rb"CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:TEMP(?:ORARY)?\s+)?(?:DEFINER\s*=\s*\S+\s+)?"
    rb"(?:CONSTRAINT\s+)?(?:TRIGGER|PROCEDURE|PROC|FUNCTION|EVENT|PACKAGE)\b",
    re.IGNORECASE,
)
_BLOCK = re.compile(rb"\b(?:BEGIN|CASE|END(?:\s+(?:IF|LOOP|WHILE|REPEAT|CASE))?)\b", re.IGNORECASE)
_STATEMENT_LINE = re.compile(rb"\n(?=(?:INSERT|REPLACE|CREATE|COPY|LOCK|DROP|SET|--)\b)", re.IGNORECASE)
_BATCH_END = re.compile(rb"\s*(?:GO\b|INSERT\s|CREATE\s+TABLE\s|SET\s+IDENTITY_INSERT\s)", re.IGNORECASE)
_SETTING = re.compile(rb"(?:SET|USE|PRINT)\s", re.IGNORECASE)
_DELIMITER_BACK = re.compile(rb"^[ \t]*DELIMITER[ \t]+;[^\n]*(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)


class Walker:
    """Walks through one dump."""

    def __init__(self, source: Source, sink: Sink) -> None:
        self.sink = sink
        self.reader = Reader(source)
        self.dialect = detect(self.reader.window(HEAD))
        self.lexis = lexis(self.dialect)
        self.tables = Tables(sink, self.reader.transcript)
        self.cut_off = False
        """Whether the dump ended within a record or a statement."""
        self._readers: dict[bytes, inserts.Rows] = {}
        self.passed_over = 0
        """Statements that change or compute records and were not carried out."""
        self.late_hints: list[ddl.Hint] = []
        """Comments that SQL Server's scripts have at their end, when the tables are long open."""
        self._handlers: dict[bytes, Callable[[], None]] = {
            b"INSERT": self._insert,
            b"REPLACE": self._insert,
            b"COPY": self._copy,
            b"CREATE": self._create,
            b"COMMENT": self._comment,
            b"EXEC": self._describe,
            b"EXECUTE": self._describe,
            b"USE": self._use,
            b"DELIMITER": self._delimiter,
            b"GO": self._line,
            b"REM": self._line,
            b"PROMPT": self._line,
            b"SPOOL": self._line,
            b"UPDATE": self._count_and_pass,
            b"DELETE": self._count_and_pass,
            b"MERGE": self._count_and_pass,
        }

    def walk(self) -> None:
        """Read the whole dump. Raises `Unreadable` where it holds no table."""
        if self.dialect.batches:
            self.late_hints = ddl.late_descriptions(self.reader.transcript)
        while self._skip_space():
            data, place = self.reader.data, self.reader.place
            word = _WORD.match(data, place)
            if data[place : place + 1] == b"\\":
                self._line()
            else:
                self._handlers.get(word[0].upper() if word else b"", self._pass)()
        self._finish()

    def _finish(self) -> None:
        if not self.tables.close():
            raise Unreadable("there is no CREATE TABLE, INSERT or COPY in it that could be read")
        self.reader.note(self.sink)
        self.sink.note("dialect", self.dialect.name)
        if self.passed_over:
            self.sink.note("statements_not_carried_out", self.passed_over)
        if self.cut_off:
            self.sink.partly("the dump ends in the middle of a statement, or a quote in it is lost")

    def _skip_space(self) -> bool:
        """Move to the next statement; False at the end of the dump."""
        reader = self.reader
        while reader.fill(LOOK) or reader.place < len(reader.data):
            match = self.lexis.space.match(reader.data, reader.place)
            end = match.end() if match else reader.place
            if end == len(reader.data) and not reader.ended:
                # The data at hand may end within a comment: stop at the last line end, or look for one.
                reader.place = max(reader.place, reader.data.rfind(b"\n", reader.place, end) + 1)
                self._line_if_long()
                continue
            reader.place = end
            if reader.data.startswith(b"/*", end):
                self._long_comment()
            elif reader.data.startswith(b";", end):
                reader.place += 1
            elif end < len(reader.data):
                return True
        return False

    def _line_if_long(self) -> None:
        """Pass over a comment of one line that is longer than the look-ahead."""
        rest = self.reader.data[self.reader.place :]
        if not rest.strip():
            self._move(len(rest))
        elif b"\n" not in rest:
            self._line()

    def _long_comment(self) -> None:
        """Pass over a comment that does not end within the look-ahead."""
        end = self.reader.find(lambda window: window.find(b"*/", 2), LONGEST_STATEMENT)
        if end is None:
            self.cut_off = True
            end = 0
        self.reader.place += end + 2

    def _line(self) -> None:
        """Pass over the rest of this line."""
        end = self.reader.find(lambda window: window.find(b"\n"), LONGEST_STATEMENT)
        self._move(len(self.reader.window(LONGEST_STATEMENT)) if end is None else end + 1)

    def _move(self, count: int) -> None:
        self.reader.place += count

    # Records

    def _insert(self) -> None:
        self.reader.fill(LOOK)
        head = heads.insert_head(self.reader.data, self.reader.place, self.lexis)
        if head is None:
            self._strange_insert()
            return
        table = self._table(head.name, head.columns)
        self._move(head.size)
        rows = self._rows_of(head, table)
        rows.read()
        self.cut_off |= rows.unclosed
        self._rest()

    def _rows_of(self, head: heads.Head, table: DumpTable) -> inserts.Rows:
        """The reader for this head, made anew only where the last statements had others."""
        rows = self._readers.get(head.raw)
        if rows is None or rows.table is not table:
            if len(self._readers) >= MOST_READERS:
                self._readers.clear()
            rows = self._readers[head.raw] = inserts.Rows(self.reader, self.lexis, head, table)
        return rows

    def _strange_insert(self) -> None:
        """An INSERT without VALUES: a record if it has SET, else one reject of its table."""
        place = self.reader.place
        found = heads.insert_table(self.reader.data, place, self.lexis)
        statement, whole = self._statement()
        self.cut_off |= not whole
        if found is None:
            self.passed_over += 1
            return
        name, end = found
        given = assigned(statement, end - place, self.lexis) if whole else None
        table = self._table(name, given[0] if given else None)
        if given is None:
            table.reject(inserts.NOT_SQL if whole else inserts.CUT_OFF, statement)
            return
        table.put_one(given[1], table.place(given[0]))
        self.reader.transcript.record(len(statement))

    def _copy(self) -> None:
        self.reader.fill(LOOK)
        head = heads.copy_head(self.reader.data, self.reader.place, self.lexis)
        if head is None:
            self._pass()
            return
        self._move(head.size)
        self.cut_off |= not copy.Lines(self.reader, head, self._table(head.name, head.columns)).read()

    def _table(self, untrusted_name: list[str], untrusted_columns: list[str] | None) -> DumpTable:
        table = self.tables.find(untrusted_name)
        if table is None:
            table = self.tables.create(untrusted_name, untrusted_columns or [])
        while self.late_hints:
            self._hint(self.late_hints.pop())
        self.tables.open(table)
        return table

    # Descriptions

    def _create(self) -> None:
        window = self.reader.window(LOOK)
        if _ROUTINE.match(window):
            self._routine()
            return
        statement, whole = self._statement()
        made = ddl.create_table(statement, self.lexis)
        if made is not None:
            self.cut_off |= not whole
            self.tables.create(made.name, made.columns, made.hints, if_missing=made.if_missing)

    def _comment(self) -> None:
        statement, _ = self._statement()
        self._hint(ddl.comment_on_column(statement, self.lexis))

    def _describe(self) -> None:
        statement, _ = self._statement()
        self._hint(ddl.described(statement))

    def _hint(self, found: ddl.Hint | None) -> None:
        table = self.tables.find(found[0]) if found else None
        if found and table and found[1] in table.untrusted_columns:
            table.hints[table.untrusted_columns.index(found[1])] = found[2]

    def _use(self) -> None:
        statement, _ = self._statement()
        parts = name_parts(statement[3:].rstrip(b"; \t\r\n"))
        self.tables.database = parts[0] if parts else None

    # Everything else

    def _count_and_pass(self) -> None:
        self.passed_over += 1
        self._pass()

    def _pass(self) -> None:
        self._statement()

    def _rest(self) -> None:
        """Pass over what stands after the last row of an INSERT: `;`, or ON DUPLICATE KEY …;."""
        if self._skip_space() and re.match(rb"(?:ON|AS|RETURNING)\b", self.reader.window(16), re.IGNORECASE):
            self._pass()

    def _delimiter(self) -> None:
        """Pass over routines between `DELIMITER ;;` and `DELIMITER ;`."""

        def back(window: bytes) -> int:
            found = _DELIMITER_BACK.search(window)
            return found.end() if found else -1

        end = self.reader.find(back, LONGEST_STATEMENT)
        self._move(end) if end is not None else self._line()

    def _routine(self) -> None:
        """Pass over a trigger or routine, whose body holds statements of its own."""
        if self.dialect.batches:
            end = self.reader.find(ddl.after_batch, LONGEST_STATEMENT)
            self._move(end) if end is not None else self._pass()
            return
        depth = 0
        while True:
            statement, whole = self._statement()
            for found in _BLOCK.findall(statement):
                word = found.upper()
                depth += 1 if word in (b"BEGIN", b"CASE") else -1 if word in (b"END", b"END CASE") else 0
            if depth <= 0 or not whole or not self._skip_space():
                return

    def _statement(self) -> tuple[bytes, bool]:
        """Take the statement at hand; its text, and whether it was whole."""
        end = self.reader.find(self._end, LONGEST_STATEMENT)
        if end is not None:
            statement = self.reader.window(end)
            self._move(end)
            return statement, True
        window = self.reader.window(LONGEST_STATEMENT)
        # A quote was lost: go on at the next line that looks like a statement.
        line = _STATEMENT_LINE.search(window)
        end = line.end() if line else len(window)
        self._move(end)
        return window[:end], False

    def _end(self, window: bytes) -> int:
        """The offset after the statement at the start of the window, or -1."""
        place = 0
        # Some programs write settings without a semicolon, and SQL Server's writes all statements so.
        lines = self.dialect.batches or _SETTING.match(window)
        while True:
            match = self.lexis.piece.match(window, place)
            if match is not None:
                if match.lastgroup == "unclosed":
                    return -1
                place = match.end()
                continue
            if place >= len(window):
                return place if self.reader.whole(window) and window[:6].upper() != b"INSERT" else -1
            place += 1
            if window[place - 1 : place] == b";":
                return place
            if lines and _BATCH_END.match(window, place):
                return place
