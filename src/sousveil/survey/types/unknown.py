"""What the survey can't tell, and says so."""

from sousveil.survey.model import ColumnType, Weight, anything

TYPE = ColumnType(
    name="unknown",
    summary="The survey can't tell what it is, or the column is empty. A person may say it in review.toml.",
    canonical="Trimmed text in NFKC.",
    fits=anything,
    weigh_by=lambda e: Weight(0.3, 0.3, "nothing fits well enough"),  # noqa: ARG005  # the same for all
)
