"""Write `src/sousveil/verify/generators.bin`: fingerprints of the names and jobs that Faker and mimesis know.

Run it in an environment of its own (benchmarks/requirements-verify.txt): `python -m
benchmarks.generator_pools`. Each word is kept as 20 bits of its CRC, which is enough to tell whether a
table's words are all among them and too little to give the lists back.
"""

from __future__ import annotations

import importlib
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from faker.config import AVAILABLE_LOCALES
from mimesis import Locale, Person

from sousveil.verify.words import BITS, fingerprint, folded

OUT = Path(__file__).parents[1] / "src" / "sousveil" / "verify" / "generators.bin"
_NAMES = ("first_name", "last_name", "prefix", "suffix", "middle")
_LEAST = 20


def texts(found: object) -> Iterator[str]:
    """Every text in a list, a dictionary of weights or a dictionary of lists."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from texts(value) if isinstance(value, (list, tuple, dict)) else texts(key)
    elif isinstance(found, (list, tuple, set)):
        for value in found:
            yield from texts(value)


def provider(kind: str, locale: str) -> type | None:
    try:
        return importlib.import_module(f"faker.providers.{kind}.{locale}").Provider
    except ImportError:
        return None


def faker_pools() -> Iterator[tuple[str, str, str, set[str]]]:
    for locale in sorted(AVAILABLE_LOCALES):
        person, job = provider("person", locale), provider("job", locale)
        if person:
            attributes = [name for name in dir(person) if any(part in name for part in _NAMES)]
            values = (getattr(person, name) for name in attributes)
            yield "Faker", locale, "names", words(text for value in values for text in texts(value))
        if job:
            yield "Faker", locale, "jobs", set(texts(job.jobs))


def mimesis_pools() -> Iterator[tuple[str, str, str, set[str]]]:
    for locale in Locale:
        known = Person(locale)._dataset
        parts = [known.get(name, ()) for name in ("names", "surnames", "patronymic", "title")]
        yield "mimesis", locale.value, "names", words(text for part in parts for text in texts(part))
        yield "mimesis", locale.value, "jobs", set(texts(known["occupation"]))


def words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in folded(name).split()}


def main() -> None:
    heads, gaps = [], []
    for generator, locale, kind, pool in (*faker_pools(), *mimesis_pools()):
        prints = np.unique(np.array([fingerprint(word) for word in pool], np.uint32))
        if len(prints) >= _LEAST:
            heads.append([generator, locale, kind, len(prints)])
            gaps.append(np.diff(prints, prepend=np.uint32(0)).astype("<u4"))
    planes = np.concatenate(gaps).view(np.uint8).reshape(-1, 4).T.tobytes()
    head = json.dumps({"bits": BITS, "pools": heads}).encode()
    OUT.write_bytes(len(head).to_bytes(4, "little") + head + zlib.compress(planes, 9))
    print(f"{len(heads)} pools, {sum(head[3] for head in heads):,} words, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
