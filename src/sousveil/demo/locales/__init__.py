"""Demos in other languages than the large one's Chinese: alike in their tables, each with its own people."""

from __future__ import annotations

from sousveil.demo.locales.en import EN
from sousveil.demo.locales.model import Locale
from sousveil.demo.locales.ru import RU
from sousveil.demo.locales.tr import TR

HOME = "zh-CN"
"""The locale of the large demo, which is made by `sousveil.demo.dump`."""
LOCALES: dict[str, Locale] = {locale.code: locale for locale in (RU, TR, EN)}
"""Every other one."""

__all__ = ["HOME", "LOCALES", "Locale"]
