"""Italian fiscal codes.

Letters of the name, birth date and sex, place, check letter modulo 26 (decree of 12 March 1974).
"""

import pyarrow as pa

from sousveil.normalise.identifiers import matching
from sousveil.survey.checks import Bytes, Truths, each
from sousveil.survey.national import born, letters, national

_N = "[0-9LMNP-V]"
_PATTERN = f"[A-Z]{{6}}{_N}{{2}}[A-EHLMPRST]{_N}{{2}}[A-Z]{_N}{{3}}[A-Z]"


_DIGIT = {sign: place % 10 for place, sign in enumerate("0123456789LMNPQRSTUV")}
_MONTH = {sign: place + 1 for place, sign in enumerate("ABCDEHLMPRST")}
_EVEN = {sign: place for place, sign in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_EVEN |= {sign: place for place, sign in enumerate("0123456789")}
_ODDS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD = {sign: _ODDS[place] for sign, place in _EVEN.items()}


def _rows_hold(rows: Bytes) -> Truths:
    code = letters(rows[:, :15:2], _ODD).sum(axis=1) + letters(rows[:, 1:15:2], _EVEN).sum(axis=1)
    figures = letters(rows[:, [6, 7, 9, 10]], _DIGIT)
    days = (figures[:, 2] * 10 + figures[:, 3]) % 40
    dates = born(figures[:, 0] * 10 + figures[:, 1], letters(rows[:, 8], _MONTH), days)
    truths: Truths = (figures >= 0).all(axis=1) & dates & (code % 26 + ord("A") == rows[:, 15])
    return truths


def _check(values: pa.StringArray) -> Truths:
    return matching(values, _PATTERN) & each(values, 16, _rows_hold)


TYPE = national(
    name="it_codicefiscale",
    summary="An Italian fiscal code, with birth date, sex and place inside.",
    pattern=_PATTERN,
    widths=(16,),
    headers="codice_fiscale codicefiscale cf",
    check=_check,
    chance=0.0385,
    alone=0.85,
)
