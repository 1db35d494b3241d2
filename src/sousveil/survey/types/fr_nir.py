"""French social security numbers (NIR): sex, year and month of birth, place, serial, key modulo 97."""

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Bytes, Truths, digits, each
from sousveil.survey.national import national, whole


def _plain_digits(rows: Bytes) -> Bytes:
    """Corsica's 2A and 2B as the 19 and 18 that the key is computed with."""
    made = rows.copy()
    corsica = (rows[:, 5] == ord("2")) & ((rows[:, 6] == ord("A")) | (rows[:, 6] == ord("B")))
    made[corsica, 6] = np.where(rows[corsica, 6] == ord("A"), ord("9"), ord("8"))
    made[corsica, 5] = ord("1")
    return made


def _rows_hold(rows: Bytes) -> Truths:
    found, numeric = digits(_plain_digits(rows))
    found = np.where(numeric[:, None], found, 0)
    truths: Truths = numeric & (97 - whole(found, 0, 13) % 97 == whole(found, 13, 15))
    return truths


def _check(values: pa.StringArray) -> Truths:
    return each(values, 15, _rows_hold)


TYPE = national(
    name="fr_nir",
    summary="A French social security number (NIR), with year and month of birth inside.",
    pattern="[1-478][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{8}",
    widths=(15,),
    headers="nir numéro_de_sécurité_sociale numero_securite_sociale insee secu",
    check=_check,
    chance=0.0103,
    rivals=("imei",),
)
