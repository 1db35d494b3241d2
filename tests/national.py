"""Synthetic national identity numbers, valid and broken, and what python-stdnum says of them.

Valid ones are found by trying the last characters of a random body against the reference: nobody's numbers,
and no second hand-written copy of each rule. Types without a reference name what their source gives instead.
"""

import datetime as dt
import random
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import product
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

DIGITS = "0123456789"


class _Later(dt.date):
    @classmethod
    def today(cls) -> dt.date:
        return dt.date(2200, 1, 1)


_LATER = SimpleNamespace(date=_Later)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

BODIES: dict[str, tuple[str, str]] = {
    "ru_inn": ("ddddddddddcc", DIGITS),
    "kz_iin": ("yymMDD3ddddc", DIGITS),
    "in_aadhaar": ("2dddddddddDc", DIGITS),
    "in_pan": ("LLLPLddddL", LETTERS),
    "pk_cnic": ("3ddddddddddd7", ""),
    "kr_rrn": ("yymMDD1ddddd" + "c", DIGITS),
    "jp_in": ("dddddddddddc", DIGITS),
    "my_nric": ("yymMDD14dddd", ""),
    "th_pin": ("1dddddddddddc", DIGITS),
    "id_nik": ("327101DDmMyydddd", ""),
    "tr_tckn": ("1ddddddddcc", DIGITS),
    "il_idnr": ("ddddddddc", DIGITS),
    "ua_rntrc": ("3ddddddddc", DIGITS),
    "pl_pesel": ("yymMDDddddc", DIGITS),
    "ro_cnp": ("1yymMDD12dddc", DIGITS),
    "bg_egn": ("yymMDDdddc", DIGITS),
    "cz_rc": ("7ymMDDdddc", DIGITS),
    "fi_hetu": ("DDmMyyA1ddc", DIGITS + LETTERS),
    "se_personnummer": ("yymMDDdddc", DIGITS),
    "no_fodselsnummer": ("DDmM5y1ddcc", DIGITS),
    "dk_cpr": ("DDmM5y1ddd", ""),
    "ee_ik": ("3yymMDDdddc", DIGITS),
    "lt_asmens": ("3yymMDDdddc", DIGITS),
    "fr_nir": ("1yymM75ddddddcc", DIGITS),
    "de_idnr": ("1SSSSSSSSSc", DIGITS),
    "es_dni": ("ddddddddc", LETTERS),
    "es_nie": ("Xdddddddc", LETTERS),
    "it_codicefiscale": ("LLLLLL7yADDLdddc", LETTERS),
    "nl_bsn": ("1dddddddc", DIGITS),
    "gb_nhs": ("9ddddddddc", DIGITS),
    "ch_ssn": ("756dddddddddc", DIGITS),
    "at_vnr": ("1ddcDDmMyy", DIGITS),
    "gr_amka": ("DDmM7yddddc", DIGITS),
    "si_emso": ("DDmM97y50dddc", DIGITS),
    "hr_oib": ("ddddddddddc", DIGITS),
    "us_ssn": ("4dd1dddd7", ""),
    "ca_sin": ("1dddddddc", DIGITS),
    "mx_curp": ("LLLL7ymMDDHTCLLL0c", DIGITS),
    "br_cpf": ("dddddddddcc", DIGITS),
    "cl_rut": ("ddddddddc", DIGITS + "K"),
    "ar_cuit": ("20ddddddddc", DIGITS),
    "ec_ci": ("171ddddddc", DIGITS),
    "za_idnr": ("7ymMDDdddd08c", DIGITS),
}
"""Type -> the form of a number: d digit, y digit of a year, mM month, DD day, L letter, S a mixture of
digits, c check; and the alphabet of its check characters."""

OWN_SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # Worked by hand from the published rules; valid, then broken.
    "ru_snils": (("11223344595", "99900000014"), ("11223344596", "00100199800")),
    "uz_pinfl": (("31503850123454", "60101059990000"), ("31503850123455", "33103850123454")),
    "kg_pin": (("21503199000123", "10101200112345"), ("31503199000123", "21513199000123")),
    "mn_regnum": (("УБ99123178", "ХА01321578"), ("УБ99133178", "UB99123178")),
    "tw_id": (("A123456789", "A800000014"), ("A123456788", "A323456789")),
    "hk_id": (("G123456A", "A1234563", "AB9876543"), ("A1234564", "G1234561")),
    "sg_nric": (("S0000001I", "T0000001E", "F0000001U", "G0000001P"), ("S0000001J", "M0000001Z")),
    "ir_melli": (("0084575948", "0499370899"), ("0084575947", "0000000000")),
    "ae_eid": (("784198012345678",), ("784198012345671",)),
    "sa_nid": (("1000000008", "2000000006"), ("1000000007", "3000000004")),
    "kw_civil": (("285031500106", "285031500114"), ("285031500107", "485031500106")),
    "eg_nid": (("29912310112345",), ("29913310112345", "29912310512345")),
}


UNBORN: dict[str, Callable[[str], bool]] = {
    "pl_pesel": lambda text: text[2] in "67",
    "si_emso": lambda text: "200" < text[4:7] < "800",
}
"""Numbers of people born after 2200, which only the reference takes."""


@cache
def reference(name: str) -> Callable[[str], bool]:
    """What python-stdnum says of a number."""
    country, _, module = name.partition("_")
    country = {"in": "in_", "is": "is_"}.get(country, country)
    module = {"tckn": "tckimlik", "iin": "", "in": "in_"}.get(module, module)
    found = import_module(f"stdnum.{country}.{module}")
    return _whenever(found) if name in {"dk_cpr", "no_fodselsnummer"} else found.is_valid


def _whenever(module: ModuleType) -> Callable[[str], bool]:
    """The reference without its look at the clock: whoever is born tomorrow has a number, too."""

    def is_valid(text: str) -> bool:
        with patch.object(module, "datetime", _LATER):
            return module.is_valid(text)

    return is_valid


def body(form: str, rng: random.Random) -> str:
    month, day = f"{rng.randrange(1, 13):02d}", f"{rng.randrange(1, 29):02d}"
    # Nine of the ten digits, one of them again: what a German number must have.
    mixed = rng.sample("023456789", 8)
    text = form.replace("mM", month).replace("DD", day).replace("S" * 9, "".join([*mixed, mixed[0]]))
    text = re.sub("[dyD]", lambda _: rng.choice(DIGITS), text)
    return re.sub("L(?![a-z])|L", lambda _: rng.choice("BCDFGHJLMNPRST"), text)


def candidates(name: str, rng: random.Random, size: int) -> list[str]:
    """Numbers of the right form, with every check character there is."""
    form, alphabet = BODIES[name]
    found = []
    for _ in range(size):
        made = body(form, rng)
        found += [
            re.sub("c", lambda _, left=list(signs): left.pop(), made)
            for signs in product(alphabet, repeat=form.count("c"))
        ]
    return found
