"""The name of a piece of SQL that has no place in the small language, for the message that refuses it.

Only names from the lists here and sqlglot's own lists of keywords and functions are ever shown: a word that a
person typed may be a value of the dump.
"""

from __future__ import annotations

_SIGNS = {
    ";": "more than one statement",
    "::": "a cast",
    "==": "`==` (write `=`)",
    ".": "a name with a table before it",
    "?": "a placeholder",
    "$": "a placeholder",
    "@": "a placeholder",
    ":": "a placeholder",
    "(": "a bracket",
    ")": "a bracket without its partner",
    ",": "a comma",
    "*": "arithmetic, or a star,",
    "{": "a brace",
    "[": "a square bracket",
    "!": "`!` (write NOT)",
    "=": "a comparison",
    "<": "a comparison",
    ">": "a comparison",
    "<=": "a comparison",
    ">=": "a comparison",
    "<>": "a comparison",
    "!=": "a comparison",
}
_ARITHMETIC = frozenset(
    ("+", "-", "/", "%", "//", "**", "^", "&", "|", "~", "||", "<<", ">>", "#", "&&", "->")
)
_WORDS = {
    "SELECT": "a subquery",
    "WITH": "a subquery",
    "FROM": "a subquery",
    "EXISTS": "a subquery (EXISTS)",
    "CAST": "a cast",
    "TRY_CAST": "a cast",
    "NULL": "NULL outside IS NULL",
    "SIMILAR": "a pattern other than LIKE",
    "GLOB": "a pattern other than LIKE",
    "ILIKE": "ILIKE, which is not LIKE,",
    "ESCAPE": "ESCAPE",
}


def construct(kind: str, untrusted: str, after: str) -> str:
    """How to call a token (`kind` as the parser's) that is followed by the sign `after`."""
    if kind == "odd":
        return "a text with a prefix or in dollar signs"
    if kind == "text":
        return "a text in quotes"
    if kind == "number":
        return "a number"
    if kind == "name":
        return "a name in double quotes"
    if kind == "sign":
        if untrusted in _ARITHMETIC:
            return "arithmetic"
        return _SIGNS.get(untrusted, "this sign")
    word = untrusted.upper()
    if word in _WORDS:
        return _WORDS[word]
    if after == "(":
        return f"the function {word}" if _is_function(word) else "a function outside the language"
    return f"the keyword {word}" if is_keyword(word) else "a word"


def is_keyword(word: str) -> bool:
    """Whether SQL has this word as a keyword."""
    from sqlglot.tokens import Tokenizer

    return word in Tokenizer.KEYWORDS or word in _WORDS


def _is_function(word: str) -> bool:
    from sqlglot.parser import Parser

    return word in Parser.FUNCTIONS or is_keyword(word)
