"""Write `src/sousveil/normalise/country_names.txt`: what countries are called in every language of the CLDR.

A line a country, three fields between tabs: its ISO 3166-1 alpha-3 code; its codes, its names in ISO 3166 and
those in the languages that dumps are mostly in; its names in all others. Names are folded as
`sousveil.normalise.countries` folds them. Codes come from pycountry (ISO 3166-1, and 3166-3 for states that
are gone), names from the CLDR as shipped with Babel. A name that two countries share is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale, localedata

from sousveil.normalise.countries import fold

OUT = Path(__file__).parents[1] / "src" / "sousveil" / "normalise" / "country_names.txt"
LOCALES = ("en", "zh", "zh_Hant", "ru", "tr", "ug", "kk", "ar")
"""The languages that dumps are in; their names and the codes hold, whatever they mean in another."""
ALSO_ASKED = (
    *("de", "fr", "es", "pt", "it", "nl", "pl", "uk"),
    *("fa", "ur", "hi", "ja", "ko", "vi", "id", "uz", "az", "ky", "tg", "ka", "hy", "he", "cs", "ro", "bg"),
)
"""More languages that are asked at once."""
SCRIPTS = ("sr_Latn", "uz_Cyrl", "az_Cyrl", "pa_Arab", "bs_Cyrl", "sd_Deva")
"""Languages of the CLDR in a script that is not their first."""
GONE = ("SUN", "YUG", "CSK", "SCG")
"""The states of ISO 3166-3 that no single one followed; the others are in `FORMER`, under their heirs."""

Names = dict[str, set[str]]


def usual() -> dict[str, str]:
    """Folded name -> alpha-3: codes, names in ISO 3166, and names in the languages that dumps are in."""
    found: Names = {}
    gone = [country for country in pycountry.historic_countries if country.alpha_3 in GONE]
    for country in (*pycountry.countries, *gone):
        for name in _names(country):
            found.setdefault(fold(name), set()).add(country.alpha_3)
    _add_territories(found, LOCALES)
    more: Names = {}
    _add_territories(more, ALSO_ASKED)
    return _unshared(found) | {name: code for name, code in _unshared(more).items() if name not in found}


def others(known: dict[str, str]) -> dict[str, str]:
    """The same in every language of the CLDR, without the names that are `known`."""
    found: Names = {}
    languages = sorted(name for name in localedata.locale_identifiers() if "_" not in name)
    _add_territories(found, (*languages, *SCRIPTS))
    return {name: code for name, code in _unshared(found).items() if name not in known}


def lines() -> str:
    """The whole file."""
    first = usual()
    second = others(first)
    codes = sorted({*first.values(), *second.values()})
    return "".join(f"{code}\t{_listed(first, code)}\t{_listed(second, code)}\n" for code in codes)


def _names(country: Any) -> Iterable[str]:
    fields = ("alpha_2", "alpha_3", "numeric", "name", "official_name", "common_name")
    return filter(None, (getattr(country, field, None) for field in fields))


def _add_territories(found: Names, locales: Iterable[str]) -> None:
    alpha = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    for locale in locales:
        for code, name in Locale.parse(locale).territories.items():
            if code in alpha:
                found.setdefault(fold(name), set()).add(alpha[code])


def _unshared(found: Names) -> dict[str, str]:
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _listed(names: dict[str, str], code: str) -> str:
    return " ".join(sorted(name for name, of in names.items() if of == code and name))


if __name__ == "__main__":
    OUT.write_text(lines(), "utf-8")
