"""Russian taxpayer numbers.

Order of the tax service MMV-7-6/435; check digits as python-stdnum documents.
"""

from sousveil.survey.checks import inn
from sousveil.survey.national import national

TYPE = national(
    name="ru_inn",
    summary="A Russian taxpayer number (ИНН), of a person (12 digits) or an organisation (10).",
    pattern="[0-9]{10}|[0-9]{12}",
    widths=(10, 12),
    headers="inn инн inn_number vergi_numarası 纳税人识别号",
    check=inn,
    chance=0.1,
    proved=0.9,
    rivals=("phone", "kz_iin"),
)
