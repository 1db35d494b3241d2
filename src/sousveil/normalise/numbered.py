"""Moments written as numbers: seconds or milliseconds since 1970, and the day numbers of spreadsheets.

Numbers alone prove nothing: these are for columns that something else says are moments.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.moments import MICROSECOND, Moments

EPOCH_FROM, EPOCH_TO = 631_152_000, 2_208_988_800
"""Seconds since 1970 that may be meant as moments: 1990-01-01 to 2040-01-01."""


def parse_epoch(clean: pa.StringArray) -> Moments:
    """Read texts of 9 or 10 digits as seconds and of 12 or 13 as milliseconds since 1970 (1990 to 2040)."""
    parts = pc.extract_regex(clean, r"^(?P<s>[0-9]{9,10})(?P<f>[0-9]{3})?(?:\.[0-9]{1,9})?$")
    real = pc.is_valid(parts).to_numpy(zero_copy_only=False)
    seconds = np.zeros(len(clean), np.int64)
    if real.any():
        found = pc.struct_field(parts.filter(pa.array(real)), "s")
        seconds[real] = pc.cast(found, pa.int64()).to_numpy()
    return Moments(seconds * MICROSECOND, real & (seconds >= EPOCH_FROM) & (seconds < EPOCH_TO))


SERIAL_FROM, SERIAL_TO = 7_305, 51_544
"""Day numbers of spreadsheets that may be meant as dates: 1920-01-01 to 2041-02-12."""


def parse_serial(clean: pa.StringArray) -> Moments:
    """Read texts as day numbers of a spreadsheet (1900 system), with a fraction for the time of day."""
    shape = pc.match_substring_regex(clean, r"^[0-9]{4,5}(?:\.[0-9]{1,12})?$").fill_null(False)
    real = shape.to_numpy(zero_copy_only=False)
    numbers = np.zeros(len(clean))
    if real.any():
        numbers[real] = pc.cast(clean.filter(shape), pa.float64()).to_numpy()
    micros = (np.round((numbers - 25_569) * 86_400) * MICROSECOND).astype(np.int64)
    return Moments(micros, real & (numbers >= SERIAL_FROM) & (numbers < SERIAL_TO))
