"""From the text of a `where` or `by` to its tree: a closed grammar, read token by token.

    condition := conjunction (OR conjunction)*          predicate := operand comparison operand
    conjunction := negation (AND negation)*                        | operand [NOT] IN (literal, …)
    negation  := NOT negation | ( condition ) | predicate          | operand [NOT] BETWEEN literal AND literal
    operand   := reference | literal                               | operand [NOT] LIKE text
    reference := name | FUNCTION(name)                             | operand IS [NOT] NULL
               | AGE(name, on = 'YYYY-MM-DD')                      | name              (of a yes/no column)
    literal   := text | number | TRUE | FALSE | DATE 'YYYY-MM-DD' | TIMESTAMP 'YYYY-MM-DD HH:MM:SS'

FUNCTION is month, quarter, year, region or continent; AGE is age_band or of_age (`findings.recodes`).
The tokens are sqlglot's (dialect duckdb); the grammar is read here instead of by sqlglot's parser, since that
reads all of SQL, reads some of it differently from what it says (`e'…'`, `'a' 'b'`, `0x10`), fails on the
`on` of `age_band` and on columns called `order`, and quotes the text in its errors. What has no place in the
grammar is refused by name (`UnsafeWhere`); no message quotes the text, which may hold a value of the dump.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sousveil.errors import BadQuestion, UnsafeWhere
from sousveil.findings.constructs import construct, is_keyword
from sousveil.findings.recodes import AGES, FUNCTIONS
from sousveil.findings.syntax import (
    FLIPPED,
    Among,
    Compare,
    Either,
    Every,
    IsNull,
    Like,
    Node,
    Not,
    Ref,
    Value,
)
from sousveil.findings.tokens import Token, literal_day, literal_moment, literal_number, tokens

MAX_DEPTH = 20
"""The deepest nesting of brackets and NOT."""

_COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def parse_where(untrusted: str, names: Collection[str]) -> Node:
    """Read a `where`. `names` are the columns that a word may stand for even where SQL has it as a keyword.

    Raises `UnsafeWhere` (names the construct), `BadQuestion` (not finished, no such day …).
    """
    parser = _Parser(untrusted, names)
    node = parser.condition(0)
    parser.end()
    return node


def parse_by(untrusted: str, names: Collection[str]) -> Ref:
    """Read one entry of `by`: a column, or a function of one. Raises as `parse_where`."""
    if untrusted in names:
        return Ref(untrusted)
    parser = _Parser(untrusted, names)
    found = parser.operand()
    parser.end()
    if not isinstance(found, Ref):
        raise BadQuestion("an entry of `by` must be a column, or a function of one")
    return found


class _Parser:
    """A recursive descent over the tokens; its recursion is bounded by `MAX_DEPTH`."""

    def __init__(self, untrusted: str, names: Collection[str]) -> None:
        self.untrusted = untrusted
        self.names = names
        self.tokens = tokens(untrusted)
        self.place = 0

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or an empty one at the end."""
        place = self.place + ahead
        end = len(self.untrusted)
        return self.tokens[place] if place < len(self.tokens) else Token("end", "", end, end)

    def take(self) -> Token:
        """The next token, gone past."""
        token = self.peek()
        self.place += 1
        return token

    def keyword(self, *words: str) -> bool:
        """Go past these keywords if they come next."""
        if [self.peek(i).word for i in range(len(words))] != list(words):
            return False
        self.place += len(words)
        return True

    def expect(self, sign: str) -> None:
        """Go past this sign, which must come next."""
        if self.peek().sign != sign:
            raise self.refused()
        self.place += 1

    def end(self) -> None:
        """Nothing may follow."""
        if self.peek().kind != "end":
            raise self.refused()

    def refused(self) -> BadQuestion:
        """What is wrong with the next token, named without quoting it."""
        token, after = self.peek(), self.peek(1)
        if token.kind == "end":
            return BadQuestion("it ends too early: something is missing at its end")
        where = {"character": token.start + 1}
        if token.sign == "(" and construct(after.kind, after.text, "") == "a subquery":
            token = after
        return UnsafeWhere(f"{construct(token.kind, token.text, after.sign)} can't stand here", where=where)

    def condition(self, depth: int) -> Node:
        """Parts joined by OR."""
        return self._series("OR", Either, lambda: self._series("AND", Every, lambda: self._negation(depth)))

    def _series(self, word: str, kind: Callable[[tuple[Node, ...]], Node], one: Callable[[], Node]) -> Node:
        parts = [one()]
        while self.keyword(word):
            parts.append(one())
        return parts[0] if len(parts) == 1 else kind(tuple(parts))

    def _negation(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise UnsafeWhere(f"brackets and NOT are nested more than {MAX_DEPTH} deep")
        if self.peek().word == "NOT":
            self.take()
            return Not(self._negation(depth + 1))
        if self.peek().sign == "(":
            self.take()
            inside = self.condition(depth + 1)
            self.expect(")")
            return inside
        return self._predicate()

    def _predicate(self) -> Node:
        left = self.operand()
        op = _COMPARISONS.get(self.peek().sign)
        if op:
            self.take()
            return _compared(left, op, self.operand())
        if not isinstance(left, Ref):
            raise UnsafeWhere("a literal can't stand alone: compare a column with it")
        if self.keyword("IS", "NULL"):
            return IsNull(left)
        if self.keyword("IS", "NOT", "NULL"):
            return IsNull(left, negated=True)
        negated = self.keyword("NOT")
        if self.keyword("IN"):
            return Among(left, self._list(), negated)
        if self.keyword("BETWEEN"):
            return self._between(left, negated)
        if self.keyword("LIKE"):
            return Like(left, self._pattern(), negated)
        if negated or not self._is_over():
            raise self.refused()
        return Compare(left, "=", True)

    def _is_over(self) -> bool:
        token = self.peek()
        return token.kind == "end" or token.sign == ")" or token.word in ("AND", "OR")

    def _between(self, ref: Ref, negated: bool) -> Node:
        low = self.literal()
        if not self.keyword("AND"):
            raise self.refused()
        node = Every((Compare(ref, ">=", low), Compare(ref, "<=", self.literal())))
        return Not(node) if negated else node

    def _list(self) -> tuple[Value, ...]:
        self.expect("(")
        values = [self.literal()]
        while self.peek().sign == ",":
            self.take()
            values.append(self.literal())
        self.expect(")")
        return tuple(values)

    def _pattern(self) -> str:
        if self.peek().kind != "text":
            raise self.refused()
        return self.take().text

    def operand(self) -> Ref | Value:
        """A reference or a literal."""
        token, after = self.peek(), self.peek(1)
        if token.kind in ("text", "number") or token.sign == "-":
            return Ref(self.name()) if self._known() else self.literal()
        if token.word in ("DATE", "TIMESTAMP") and after.kind == "text":
            return self.literal()
        if token.word in ("TRUE", "FALSE"):
            return self.literal()
        if token.text.lower() in FUNCTIONS and token.kind == "word" and after.sign == "(":
            return self._function()
        return Ref(self.name())

    def name(self) -> str:
        """A column's name: in double quotes, or a word, or words joined by dots without a space.

        A column that exists may also begin with a digit (`110类别`).
        """
        token = self.peek()
        if token.kind == "name":
            return self.take().text
        length = self._known()
        if not length:
            length = self._dotted()
            if token.kind != "word" or self.peek(length).sign == "(" or is_keyword(token.word):
                raise self.refused()
        found = self._source(length)
        self.place += length
        return found

    def _known(self) -> int:
        """How many tokens make the longest column name that starts here; 0 for none, or a bare number."""
        length, longest = 1, 0
        while self._joins(self.peek(length - 1)):
            if self._source(length) in self.names:
                longest = length
            if self.peek(length).start != self.peek(length - 1).end:
                break
            length += 1
        return 0 if longest == 1 and self.peek().kind == "number" else longest

    @staticmethod
    def _joins(token: Token) -> bool:
        return token.kind in ("word", "number") or token.sign == "."

    def _source(self, length: int) -> str:
        return self.untrusted[self.peek().start : self.peek(length - 1).end]

    def _dotted(self) -> int:
        """The tokens of the name that starts here, dots and all (`owner.name` of a nested record)."""
        length = 1
        end = self.peek().end
        while self.peek(length).sign == "." and self.peek(length).start == end:
            if self.peek(length + 1).start != end + 1:
                break
            end = self.peek(length + 1).end
            length += 2
        return length

    def _function(self) -> Ref:
        function = self.take().text.lower()
        self.expect("(")
        column = self.name()
        day = None
        if function in AGES:
            self.expect(",")
            if not self.keyword("ON"):
                raise self.refused()
            self.expect("=")
            self.keyword("DATE")
            day = literal_day(self._pattern())
        self.expect(")")
        return Ref(column, function, day)

    def literal(self) -> Value:
        """A literal, which must come next."""
        token = self.take()
        if token.kind == "text":
            return token.text
        if token.sign == "-" and self.peek().kind == "number":
            return -literal_number(self.take().text)
        if token.kind == "number":
            return literal_number(token.text)
        if token.word in ("TRUE", "FALSE"):
            return token.word == "TRUE"
        if token.word == "DATE" and self.peek().kind == "text":
            return literal_day(self.take().text)
        if token.word == "TIMESTAMP" and self.peek().kind == "text":
            return literal_moment(self.take().text)
        self.place -= 1
        if token.word == "NULL":
            raise UnsafeWhere("nothing equals NULL: write IS NULL")
        raise self.refused()


def _compared(left: Ref | Value, op: str, right: Ref | Value) -> Node:
    if isinstance(left, Ref):
        if isinstance(right, Ref):
            raise UnsafeWhere("a comparison of two columns can't stand here: compare each with a literal")
        return Compare(left, op, right)
    if isinstance(right, Ref):
        return Compare(right, FLIPPED[op], left)
    raise UnsafeWhere("a comparison without a column can't stand here")
