"""Israeli identity numbers: nine digits after Luhn, as those of Canada and of French companies are."""

from sousveil.survey.national import national, of_digits, passes_luhn

TYPE = national(
    name="il_idnr",
    summary="An Israeli identity number (Teudat Zehut).",
    pattern="[0-9]{9}",
    widths=(9,),
    headers="teudat_zehut tz israeli_id תעודת_זהות ת_ז מספר_זהות",
    check=of_digits(9, passes_luhn),
    chance=0.1,
    shared=True,
    rivals=("ca_sin", "serial"),
)
