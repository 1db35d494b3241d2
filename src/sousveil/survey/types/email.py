"""E-mail addresses."""

from sousveil.survey.model import ColumnType

PATTERN = r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"

TYPE = ColumnType(
    name="email",
    lettered=True,
    summary="An e-mail address.",
    canonical="Lower case.",
    fits=lambda e: e.like(PATTERN),
    alone=0.96,
    least=0.6,
    identifying=True,
    rivals=("url",),
)
