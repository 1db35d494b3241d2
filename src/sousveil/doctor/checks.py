"""Every check, in the order in which they are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.doctor import case, machine
from sousveil.doctor.model import WRONG, Check, Patient
from sousveil.errors import NotACase, SousveilError

CHECKS = (
    Check("python", False, machine.python),
    Check("packages", False, machine.packages),
    Check("encryption", False, machine.encryption),
    Check("jail", False, machine.jail),
    Check("memory", False, machine.memory),
    Check("disk", False, machine.disk),
    Check("key", True, case.key),
    Check("members", True, case.members),
    Check("rights", True, case.rights),
    Check("custody", True, case.custody),
    Check("vault", True, case.vault),
    Check("cut_off", True, case.cut_off),
)


def examined(patient: Patient) -> dict[str, Any]:
    """The checks of the machine, and of the case where one is given; and how many of them are wrong.

    Raises `NotACase` where the folder given is none.
    """
    if patient.folder:
        _is_case(patient)
    found = [check.made(patient) for check in CHECKS if patient.folder or not check.of_case]
    return {"checks": found, "wrong": sum(one["reading"] == WRONG for one in found)}


def _is_case(patient: Patient) -> None:
    try:
        Case.open(patient.folder or Path(), patient.key)
    except NotACase:
        raise
    except SousveilError:
        return  # what is wrong with it is for the checks to say
