"""Croatian personal numbers (OIB): eleven digits, the last after ISO 7064 MOD 11,10."""

from sousveil.survey.national import mod_11_10, national, of_digits

TYPE = national(
    name="hr_oib",
    summary="A Croatian personal number (OIB).",
    pattern="[0-9]{11}",
    widths=(11,),
    headers="oib osobni_identifikacijski_broj",
    check=of_digits(11, mod_11_10),
    chance=0.1,
    proved=0.9,
    rivals=("de_idnr", "phone"),
)
