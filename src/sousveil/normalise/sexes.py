"""The sex that a record states, as 'F' or 'M'."""

from __future__ import annotations

import pyarrow as pa

from sousveil.normalise.tidy import tidy

WORDS = {
    "M": "M MALE MAN BOY MR 男 男性 男人 男士 男子 先生 NAN МУЖ МУЖСКОЙ МУЖЧИНА М ERKEK E BAY ئەر ذكر ЕРКЕК "
    "MÄNNLICH MANN HERR MASCULIN HOMME MASCULINO HOMBRE VARÓN VARON HOMEM MASCHIO UOMO MĘŻCZYZNA "
    "1-男 1男 1:男 1 01 男(1)",
    "F": "F FEMALE WOMAN GIRL MS MRS MISS 女 女性 女人 女士 女子 小姐 NV ЖЕН ЖЕНСКИЙ ЖЕНЩИНА Ж KADIN K BAYAN "
    "W WEIBLICH FRAU FÉMININ FEMININ FEMME FEMENINO MUJER FEMININO MULHER FEMMINA DONNA KOBIETA "
    "ئايال أنثى ӘЙЕЛ 2-女 2女 2:女 2 02 女(2)",
}
"""GB/T 2261.1: 1 is male, 2 is female, 0 unknown, 9 not stated."""

OF = {word: sex for sex, words in WORDS.items() for word in words.split()}
PLAIN = frozenset(word for word in OF if not word.isascii() or len(word) > 2)
"""The words that can hardly mean anything else."""

OTHERS = frozenset(
    ("0", "9", "00", "09", "未知", "未说明", "不详", "其他", "U", "X", "O", "OTHER", "UNKNOWN", "未知的性别")
)
"""What stands in such a column for neither."""


def sex(untrusted_text: str | None) -> str | None:
    """'F', 'M' or None for one text."""
    return None if untrusted_text is None else OF.get(untrusted_text.upper().rstrip("."))


def sexes(values: pa.StringArray) -> pa.StringArray:
    """Texts to 'F' and 'M', null for others."""
    named = tidy(values).dictionary_encode()
    found = pa.array([sex(text) for text in named.dictionary.to_pylist()], pa.string())
    return found.take(named.indices)
