"""Hypothesis strategies that several tests share."""

from hypothesis import settings
from hypothesis import strategies as st

# A busy machine is no reason to fail.
settings.register_profile("sousveil", deadline=None)
settings.load_profile("sousveil")

# Text as dumps have it: Chinese, quotes, escapes, and whatever looks like the structure around it.
_PIECES = [
    *("'", "''", "\\", "\\\\", '"', "`", "),(", ");\n", "(", ")", ",", ", ", ";", "\n", "\r\n", "\t", " "),
    *(
        "NULL",
        "0x41",
        "N'",
        "CAST(N'",
        "--",
        "/*",
        "*/",
        "#",
        "\\N",
        "\\.",
        "%",
        "_",
        "INSERT INTO t VALUES (",
    ),
    *("张三", "🚓", "é", "a", "1", "\x00", "\x01", "\ufeff", "\u2028"),
]

sql_texts = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=6).map("".join),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=12),
)
sql_numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=6).map("{:f}".format),
)


@st.composite
def sql_tables(draw, least_rows=0, most_rows=30):
    """Rows of a table: lists of (kind, text) with kind null, number or text, all of one width."""
    width = draw(st.integers(1, 5))
    value = st.one_of(
        st.just(("null", None)),
        sql_numbers.map(lambda n: ("number", n)),
        sql_texts.map(lambda t: ("text", t)),
    )
    row = st.lists(value, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=least_rows, max_size=most_rows))
