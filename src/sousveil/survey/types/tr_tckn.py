"""Turkish identity numbers (T.C. Kimlik No; law 5490)."""

from sousveil.survey.checks import tckn
from sousveil.survey.national import national

TYPE = national(
    name="tr_tckn",
    summary="A Turkish identity number (T.C. Kimlik No).",
    pattern="[1-9][0-9]{10}",
    widths=(11,),
    headers="tckn tc_no tc tc_kimlik_no kimlik_no tc_kimlik t_c_kimlik_no t_c_no",
    check=tckn,
    chance=0.01,
    rivals=("phone",),
)
