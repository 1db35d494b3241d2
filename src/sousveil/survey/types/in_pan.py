"""Indian permanent account numbers (Income Tax Department).

Ten letters and digits, the fourth the kind of holder.
"""

from sousveil.survey.national import national

TYPE = national(
    name="in_pan",
    summary="An Indian permanent account number of a taxpayer (PAN); it has no check digit.",
    pattern="[A-Z]{3}[ABCFGHJKLPT][A-Z](?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])[A-Z]",
    widths=(10,),
    headers="pan pan_number pan_no pan_card",
    alone=0.85,
)
