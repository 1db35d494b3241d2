"""Check digits, against python-stdnum and against what the standards say."""

import random
from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import imei as stdnum_imei
from stdnum import luhn as stdnum_luhn
from stdnum.cn import uscc as stdnum_uscc
from stdnum.ru import inn as stdnum_inn
from stdnum.tr import tckimlik

from sousveil.survey import checks
from tests import columns

STDNUM: dict[str, tuple[Callable, Callable, Callable]] = {
    "uscc": (columns.uscc, checks.uscc, stdnum_uscc.is_valid),
    "inn": (columns.inn, checks.inn, stdnum_inn.is_valid),
    "tckn": (columns.tckn, checks.tckn, tckimlik.is_valid),
    "luhn": (
        lambda rng: columns.with_luhn(rng, "99", 16),
        lambda values: checks.luhn(values, (16,)),
        stdnum_luhn.is_valid,
    ),
    "imei": (
        lambda rng: columns.with_luhn(rng, "99", 15),
        lambda values: checks.luhn(values, (15,)),
        stdnum_imei.is_valid,
    ),
}
SLIP = "0123456789ABX"


@pytest.mark.parametrize("name", STDNUM)
def test_a_check_agrees_with_stdnum_on_right_and_slipped_values(name: str) -> None:
    make, ours, theirs = STDNUM[name]
    rng = random.Random(name)
    values = [make(rng) for _ in range(200)]
    for value in list(values):
        place = rng.randrange(len(value))
        values.append(value[:place] + rng.choice(SLIP) + value[place + 1 :])
    assert ours(pa.array(values)).tolist() == [theirs(value) for value in values]
    assert ours(pa.array(values[:200])).all()


def _mod_11_2(body: str) -> str:
    """ISO 7064 MOD 11-2 as the standard writes it: digit by digit."""
    total = 0
    for digit in body:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]


def test_the_resident_number_follows_iso_7064() -> None:
    rng = random.Random(1)
    for value in (columns.resident_id(rng) for _ in range(300)):
        assert value[-1] == _mod_11_2(value[:-1])


def test_every_single_slip_in_a_resident_number_is_found() -> None:
    value = columns.resident_id(random.Random(2))
    slips = [
        value[:place] + digit + value[place + 1 :]
        for place in range(17)
        for digit in "0123456789"
        if digit != value[place]
    ]
    assert not checks.resident_id(pa.array(slips)).any()


def test_a_resident_number_needs_a_birth_date_that_exists_and_no_region() -> None:
    def of(body: str) -> str:
        return body + _mod_11_2(body)

    values = [
        of("99010119900229001"),
        of("99010119920229001"),
        of("00000019900101001"),
        of("99010119901301001"),
    ]
    assert checks.resident_id(pa.array(values)).tolist() == [False, True, True, False]


def test_machine_readable_zones() -> None:
    rng = random.Random(3)
    second = [columns.mrz(rng) for _ in range(50)]
    first = "P<UTOARDO<<BELIM".ljust(44, "<")
    slipped = [line[:3] + str((int(line[3]) + 1) % 10) + line[4:] for line in second]
    assert checks.mrz(pa.array(second + [first + line for line in second])).all()
    assert not checks.mrz(pa.array(slipped + [line[:-1] for line in second])).any()


def test_the_specimens_of_icao_9303_hold() -> None:
    specimens = [
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6",
        "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ]
    assert checks.mrz(pa.array(specimens)).all()


def test_kazakh_numbers() -> None:
    rng = random.Random(4)
    values = [columns.iin(rng) for _ in range(200)]
    assert checks.iin(pa.array(values)).all()
    slipped = [value[:11] + str((int(value[11]) + 1) % 10) for value in values]
    assert not checks.iin(pa.array(slipped)).any()


KERNELS = [checks.resident_id, checks.uscc, checks.mrz, checks.tckn, checks.inn, checks.iin]
KERNELS.append(lambda values: checks.luhn(values, (13, 16, 19)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.none() | st.text(max_size=20) | st.text("0123456789Xé张", min_size=10, max_size=18), max_size=8
    )
)
def test_no_text_breaks_a_kernel(texts: list[str | None]) -> None:
    for kernel in KERNELS:
        assert len(kernel(pa.array(texts, pa.string()))) == len(texts)


def test_slices_of_an_array_are_read_from_their_own_start() -> None:
    values = pa.array(["x", *columns.column("cn_resident_id", 50), None])
    assert checks.resident_id(values.slice(1, 50)).all()
    assert checks.resident_id(values.slice(10, 5)).tolist() == [True] * 5


def test_random_digits_pass_at_the_rate_that_the_types_state() -> None:
    from sousveil.survey.types import BY_NAME

    rng = random.Random(5)
    for name, width, check in (("tr_tckn", 11, checks.tckn), ("ru_inn", 10, checks.inn)):
        values = [rng.choice("123456789") + columns.digits(rng, width - 1) for _ in range(20_000)]
        assert checks_rate(check, values) == pytest.approx(BY_NAME[name].chance, abs=0.01)


def checks_rate(check: Callable, values: list[str]) -> float:
    return float(check(pa.array(values)).mean())
