"""Social security numbers of the United States: area, group, serial; no check digit."""

from sousveil.survey.national import national

_PATTERN = (
    "(?:00[1-9]|0[1-9][0-9]|[1-57-8][0-9]{2}|6[0-57-9][0-9]|66[0-57-9])"
    "(?:0[1-9]|[1-9][0-9])(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
)


TYPE = national(
    name="us_ssn",
    summary="A social security number of the United States; it has no check digit.",
    pattern=_PATTERN,
    widths=(9,),
    headers="ssn social_security social_security_number",
    alone=0.8,
    sure="[0-9]{3}-[0-9]{2}-[0-9]{4}",
    rivals=("serial", "passport"),
)
