"""Pakistani identity card numbers (NADRA): province, place, family, serial and sex."""

from sousveil.survey.national import national

TYPE = national(
    name="pk_cnic",
    summary="A Pakistani identity card number (CNIC); it has no check digit.",
    pattern="[1-7][0-9]{11}[1-9]",
    widths=(13,),
    headers="cnic nic nicop شناختی_کارڈ cnic_number",
    alone=0.8,
    sure="[1-7][0-9]{4}-[0-9]{7}-[1-9]",
    rivals=("serial",),
)
