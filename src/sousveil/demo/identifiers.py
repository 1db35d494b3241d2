"""Identifiers of nobody: valid in form and check digit, in ranges that were never given out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo.text import Codes, Rng, digits, from_bytes, join, padded, strings

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_PLATE = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", np.uint8)
_STRIDE = 61_803_399
"""Coprime to every power of ten: times a counter, it scatters numbers without a repeat."""


def resident_ids(regions: Codes, dates: Codes, serials: Codes) -> Codes:
    """Resident identity numbers (GB 11643) as a matrix of 18 bytes.

    `regions` are six digits, `dates` YYYYMMDD, `serials` 0-999 (odd for men); the last character is the check
    of ISO 7064 MOD 11-2.
    """
    body = np.hstack([digits(regions, 6), digits(dates, 8), digits(serials, 3)])
    remainder = ((body.astype(np.int64) - ord("0")) * _WEIGHTS).sum(axis=1) % 11
    return np.hstack([body, _CHECKS[remainder][:, None]])


def phones(first: int, count: int) -> pa.StringArray:
    """Mobile numbers with the prefix 120, which no network has; no two alike."""
    return join("120", padded((np.arange(first, first + count) * _STRIDE + 7) % 10**8, 8))


def foreign_phones(count: int) -> pa.StringArray:
    """International numbers with the country code 999, which no country has."""
    return join("+999", padded((np.arange(count) * _STRIDE + 11) % 10**8, 8))


def passports(letters: str, count: int) -> pa.StringArray:
    """Passport numbers in a made-up series; no two alike."""
    return join(letters, padded((np.arange(count) * _STRIDE + 13) % 10**7, 7))


def plates(count: int) -> pa.StringArray:
    """Vehicle plates of 宁W, a letter that the province never used; no two alike."""
    numbers = (np.arange(count, dtype=np.int64) * _STRIDE + 17) % (10**3 * 34**2)
    last = np.column_stack([_PLATE[numbers // 34 % 34], _PLATE[numbers % 34]])
    return join("宁W", from_bytes(np.hstack([digits(numbers // 34**2, 3), last])))


def imeis(count: int) -> pa.StringArray:
    """Device numbers in the range 00 kept for tests, with their Luhn digit."""
    body = np.hstack([digits(np.full(count, 10_000_000), 8), digits(np.arange(count) * 37 % 10**6, 6)])
    numbers = body.astype(np.int64) - ord("0")
    doubled = numbers[:, 1::2] * 2
    total = numbers[:, ::2].sum(axis=1) + (doubled // 10 + doubled % 10).sum(axis=1)
    return from_bytes(np.hstack([body, digits(-total % 10, 1)]))


def credit_codes(rng: Rng, regions: Codes) -> pa.StringArray:
    """Unified social credit codes (GB 32100) with both check characters; `regions` are six digits."""
    return strings([_credit_code(int(region), int(rng.integers(10**7, 10**8))) for region in regions])


def _credit_code(region: int, organisation: int) -> str:
    weighted = sum(
        int(c) * weight for c, weight in zip(str(organisation), (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    own_check = "0123456789X0"[(11 - weighted % 11) % 11]
    body = f"91{region:06d}{organisation}{own_check}"
    total = sum(_USCC.index(c) * weight for c, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return body + _USCC[-total % 31]


def mac_addresses(rng: Rng, count: int) -> pa.StringArray:
    """Locally administered MAC addresses, which no maker gives out."""
    hexadecimal = np.frombuffer(b"0123456789ABCDEF", np.uint8)
    octets = rng.integers(0, 256, (count, 6))
    octets[:, 0] = octets[:, 0] & 0xFC | 0x02
    out = np.full((count, 17), ord("-"), np.uint8)
    out[:, 0::3], out[:, 1::3] = hexadecimal[octets // 16], hexadecimal[octets % 16]
    return from_bytes(out)


def _scattered(serials: Codes, width: int) -> Codes:
    """Serials spread over all numbers of a width, no two alike."""
    spread: Codes = (np.asarray(serials, np.int64) * _STRIDE + 19) % 10**width
    return spread


def inns(region: int, serials: Codes) -> Codes:
    """Russian taxpayer numbers of people (12 digits, two of them checks modulo 11) as rows of bytes."""
    body = np.hstack([digits(np.full(len(serials), region), 2), digits(_scattered(serials, 8), 8)])
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        check = (body.astype(np.int64) - ord("0")) @ np.array(weights) % 11 % 10
        body = np.hstack([body, digits(check, 1)])
    return body


def tckns(begin: int, serials: Codes) -> Codes:
    """Turkish identity numbers (11 digits, two of them checks modulo 10) as rows of bytes."""
    body = np.hstack([digits(np.full(len(serials), begin), 2), digits(_scattered(serials, 7), 7)])
    found = body.astype(np.int64) - ord("0")
    tenth = (found[:, 0::2].sum(axis=1) * 7 - found[:, 1::2].sum(axis=1)) % 10
    last = (found.sum(axis=1) + tenth) % 10
    return np.hstack([body, digits(tenth, 1), digits(last, 1)])


def nhs_numbers(begin: int, serials: Codes) -> Codes:
    """British health service numbers (10 digits, the last a check modulo 11) as rows of bytes."""
    # A check of ten can't be written: every serial steps on to the next number that has one.
    numbers = np.arange(int(len(serials) * 1.2) + 40)
    body = np.hstack([digits(np.full(len(numbers), begin), 3), digits(_scattered(numbers, 6), 6)])
    check = 11 - (body.astype(np.int64) - ord("0")) @ np.arange(10, 1, -1) % 11
    valid = np.flatnonzero(check != 10)[: len(serials)]
    return np.hstack([body[valid], digits(check[valid] % 11, 1)])
