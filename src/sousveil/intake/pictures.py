"""Paths of items as they may be shown: a picture named after a person must not name them."""

from __future__ import annotations

import re

from sousveil.case import Case

_TABLES = re.compile(r"delimited|ndjson|json|sql|sqlite|spreadsheet|parquet|zip|tar")
_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}"  # a Chinese name
    r"|[\u3400-\u9fff]+(?:[·•][\u3400-\u9fff]+)+"  # a name transcribed into Chinese
    r"|[^\W\d_]{2,}(?:[ _.,·-]+[^\W\d_]{2,}){1,3}"  # two to four words without a digit
)


def shown_item(case: Case, item: int, untrusted_path: str, format: str) -> str:
    """A path as it may be shown; of anything but tables and archives, a stem that may be a name is veiled."""
    shown = case.path_of(item, untrusted_path)
    if _TABLES.match(format):
        return shown
    folder, slash, last = shown.rpartition("/")
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    if not _NAME.fullmatch(re.sub(r"[-_ ]?[0-9]{1,4}$", "", stem)):
        return shown
    safe = f".{ending}" if re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else ""
    return f"{folder}{slash}item-{item}{safe}"
