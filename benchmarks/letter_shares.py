"""Write `src/sousveil/intake/letters.json`: how often each letter stands in each language's common names.

`python -m benchmarks.letter_shares`. The source are the names of countries, languages, scripts, currencies,
months and days in the Unicode CLDR, as Babel brings them along: some thousands of words a language, none of
them about anybody.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel import Locale

OUT = Path(__file__).parents[1] / "src" / "sousveil" / "intake" / "letters.json"
SCRIPTS = {
    "latin": "az bs ca cs cy da de en es et eu fi fr ga gl hr hu is it lt lv nb nl pl pt ro sk sl sq sv tr",
    "cyrillic": "be bg kk ky mk mn ru sr tg uk uz_Cyrl",
    "greek": "el",
    "hebrew": "he",
    "arabic": "ar fa ps ug ur",
}
ALIKE = str.maketrans("șț", "şţ")  # as old encodings have them
LEAST = 1.4e-4  # a rarer letter comes from a foreign name


def words(locale: Locale) -> Iterator[str]:
    for names in (locale.territories, locale.languages, locale.currencies, locale.scripts):
        yield from set(names.values())
    for names in (locale.months, locale.days):
        yield from {name for forms in names.values() for name in forms["wide"].values()}


def shares(language: str, latin: bool) -> dict[str, int]:
    """For each letter, in lower case, how many of 10,000 it is."""
    found = Counter(
        letter
        for word in words(Locale.parse(language))
        for letter in unicodedata.normalize("NFC", str(word)).lower().translate(ALIKE)
        if letter.isalpha() and (latin or not letter.isascii())
    )
    total = sum(found.values())
    kept = {letter: max(1, round(1e4 * n / total)) for letter, n in found.most_common() if n / total >= LEAST}
    return {letter: per for letter, per in kept.items() if len(letter) == 1}


def main() -> None:
    data = {
        script: {language: shares(language, script == "latin") for language in languages.split()}
        for script, languages in SCRIPTS.items()
    }
    lines = [
        f'"{script}": {{\n'
        + ",\n".join(
            f'"{language}": {json.dumps(found, ensure_ascii=False, separators=(",", ":"))}'
            for language, found in languages.items()
        )
        + "}"
        for script, languages in data.items()
    ]
    OUT.write_text("{" + ",\n".join(lines) + "}\n", "utf-8")


if __name__ == "__main__":
    main()
