"""Paths of items as they may be shown: a picture named after a person must not name them."""

from __future__ import annotations

import re

from sousveil.case import Case

_MEDIA = re.compile(
    r"jpeg|png|gif|tiff|webp|bmp|heic|avif|avi|wav|m4a|mp[34]|matroska|flv|mpeg|wmv|ogg|flac|amr|pdf|rtf|office"
)
_ENDING = re.compile(r".*\.(jpe?g|png|gif|bmp|webp|heic|tiff?|mp[34]|avi|wav|amr|pdf|docx?)", re.IGNORECASE)
_NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}"  # nothing but two to four Han characters
    r"|[\u3400-\u9fff]{1,10}[·•][\u3400-\u9fff·•]{1,12}"  # a name in transcription
    r"|[^\W\d_\u3400-\u9fff]{2,}(?:[ _.,-]+[^\W\d_\u3400-\u9fff]{2,}){1,3}"  # two to four words
)


def shown_item(case: Case, item: int, untrusted_path: str, format: str) -> str:
    """A path as it may be shown: a picture's, recording's or document's stem is veiled if it may be a name.

    Comes from `case.path_of`, which veils what looks like an identifier anywhere.
    """
    shown = case.path_of(item, untrusted_path)
    if not (_MEDIA.fullmatch(format) or (format == "unknown" and _ENDING.fullmatch(untrusted_path))):
        return shown
    folder, slash, last = shown.rpartition("/")
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    if not _NAME.fullmatch(re.sub(r"[-_ ]?[0-9]{1,4}$", "", stem)):
        return shown
    safe = f".{ending}" if re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else ""
    return f"{folder}{slash}item-{item}{safe}"
