"""Hypothesis strategies that several tests share."""

from hypothesis import settings
from hypothesis import strategies as st

from tests.support_people import Told, phone, resident

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


@st.composite
def recorded_people(draw, most_people=8, most_records=40):
    """Records about people, and for each whose it is: what a record says of its person is right.

    People may share a telephone, a birth date or a name with others; some never have a number.
    """
    people = []
    for place in range(draw(st.integers(1, most_people))):
        name = draw(st.sampled_from(["王伟", f"{'李张刘陈杨赵黄周'[place]}{chr(0x4E00 + 97 * place)}"]))
        born = draw(st.sampled_from(["1990-01-02", f"19{60 + place}-0{1 + place}-1{place}"]))
        shared = draw(st.booleans())
        number = resident(born.replace("-", ""), 2 * place + 1) if draw(st.booleans()) else None
        people.append(Told(id=number, name=name, born=born, phone=phone(0 if shared else place + 1)))
    told, whose = [], []
    for _ in range(draw(st.integers(0, most_records))):
        person = draw(st.integers(0, len(people) - 1))
        said = draw(st.sets(st.sampled_from(["id", "name", "born", "phone"])))
        told.append(Told(**{fact: getattr(people[person], fact) for fact in said}))
        whose.append(person)
    return told, whose
