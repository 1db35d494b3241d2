"""How many made registers, in 24 languages and 44 encodings of single bytes, are read as they were written.

`python -m benchmarks.encodings`. A register is what a leak has and prose has not: numbers, dates, codes, and
a few names again and again, often in capitals. For each language, encoding and size four are made.
"""

from __future__ import annotations

import random
from collections import Counter

from sousveil.intake.source import BytesSource
from sousveil.intake.transcript import Transcript

SIZES = (5, 30, 300, 3000)
WORDS = {
    "German": (
        "cp1252 cp850",
        "Müller Schmidt Größe Köhler Weiß Jäger Böhm Vogel|Jürgen Hans Uwe Björn Käthe",
    ),
    "French": (
        "cp1252 iso8859-1",
        "Lefèvre Martin Dupré Béranger Noël Thomas Hébert|André Chloé René Jean Luc",
    ),
    "Spanish": ("cp1252 iso8859-1", "Núñez Pérez López Muñoz Gómez Ruiz|José María Ángel Sofía Raúl Ana"),
    "Portuguese": ("cp1252", "Gonçalves Araújo Conceição Simões Silva Leão|João Inês Antônio Luís Ana"),
    "Swedish": ("cp1252", "Åberg Öberg Sjöström Lindström Nyström Berg|Åsa Göran Märta Pär Anna"),
    "Polish": (
        "cp1250 iso8859-2",
        "Wiśniewski Wójcik Dąbrowski Kozłowski Żak Król|Łukasz Małgorzata Paweł Jan",
    ),
    "Czech": ("cp1250 iso8859-2", "Novák Svoboda Dvořák Černý Kučera Veselý|Jiří Tomáš Lukáš Jan Eva Růžena"),
    "Hungarian": (
        "cp1250 iso8859-2",
        "Nagy Kovács Tóth Szabó Horváth Kőműves|László Zoltán József Anna Győző",
    ),
    "Romanian": ("iso8859-2", "Ionescu Popescu Ţăranu Şerban Răducanu|Ştefan Ioan Măria Iuliană Cătălin"),
    "Russian": (
        "cp1251 koi8-r cp866 iso8859-5 mac-cyrillic",
        "Беляков Ветров Громов Дроздов Ежов Жаров|Алексей Борис Виктор Анна Ольга",
    ),
    "Russian in capitals": (
        "cp1251 koi8-r cp866 iso8859-5",
        "БЕЛЯКОВ ВЕТРОВ ГРОМОВ ДРОЗДОВ ЕЖОВ ЖАРОВ|АЛЕКСЕЙ БОРИС ВИКТОР АННА",
    ),
    "Ukrainian": (
        "cp1251 koi8-u",
        "Шевченко Бондаренко Ткаченко Кравчук Їжак|Олексій Наталія Юрій Євген Ірина",
    ),
    "Bulgarian": ("cp1251", "Иванов Георгиев Димитров Петров Христов|Георги Иван Мария Стоян"),
    "Kazakh": ("kz1048", "Нұрланов Серіков Ахметов Жұмабаев Әбілов|Нұрлан Айгүл Данияр Ғалым"),
    "Greek": ("cp1253 iso8859-7", "Παπαδόπουλος Γεωργίου Δημητρίου Νικολάου|Γιώργος Μαρία Ελένη"),
    "Turkish": (
        "cp1254 iso8859-9 cp857",
        "Yılmaz Şahin Çelik Öztürk Aydın Doğan|Ahmet İbrahim Gökhan Çağrı Işıl",
    ),
    "Turkish in capitals": (
        "cp1254 iso8859-9",
        "YILMAZ ŞAHİN ÇELİK ÖZTÜRK AYDIN DOĞAN|AHMET İBRAHİM GÖKHAN ÇAĞRI",
    ),
    "Hebrew": ("cp1255 iso8859-8", "כהן לוי מזרחי פרץ ביטון|משה דוד שרה רחל"),
    "Arabic": ("cp1256 iso8859-6", "الحربي القحطاني الشمري العتيبي|محمد أحمد علي فاطمة مريم"),
    "Lithuanian": ("cp1257", "Kazlauskas Petrauskas Žukauskas Šimkus Čepaitė|Jonas Živilė Rūta Ąžuolas"),
    "Latvian": ("cp1257", "Bērziņš Kalniņš Ozoliņš Liepiņš Krūmiņš|Jānis Līga Pēteris"),
    "Thai": ("cp874", "สมชาย สมศักดิ์ ประเสริฐ|ใจดี รักไทย"),
    "Chinese": ("gb18030 big5 utf-16-le", "王偉 李娜 張敏 劉洋 陳傑|男 女 未知"),
    "Korean": ("cp949", "김철수 이영희 박민수|서울 부산"),
}  # fmt: skip


def register(words: str, size: int, seed: int) -> str:
    """`size` lines of a number, two names, a date, a letter, a long number, an amount and a telephone."""
    rng = random.Random(seed)
    sign = rng.choice(";,\t|")
    family, given = (part.split() for part in words.split("|"))
    return "".join(
        sign.join(
            [
                str(line),
                rng.choice(family),
                rng.choice(given),
                f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.{rng.randrange(1940, 2010)}",
                rng.choice("mw"),
                f"{rng.randrange(10**11):011}",
                f"{rng.randrange(10**6) / 100:.2f}",
                f"+999{rng.randrange(10**8):08}",
            ]
        )
        + "\r\n"
        for line in range(size)
    )


def outcome(text: str, encoding: str) -> str:
    """`right`, `rejected` (a line that nothing decodes) or `garbled`."""
    out = b"".join(Transcript(BytesSource("register", text.encode(encoding))))
    if out == text.encode():
        return "right"
    try:
        out.decode()
    except UnicodeDecodeError:
        return "rejected"
    return "garbled"


def main() -> None:
    found: Counter[tuple[int, str]] = Counter()
    for language, (encodings, words) in WORDS.items():
        for encoding in encodings.split():
            for size in SIZES:
                kinds = Counter(outcome(register(words, size, seed), encoding) for seed in range(4))
                found.update({(size, kind): n for kind, n in kinds.items()})
                if set(kinds) != {"right"}:
                    print(f"{language:20} {encoding:10} {size:5} lines: {dict(kinds)}")
    for size in SIZES:
        kinds = {kind: found[size, kind] for kind in ("right", "rejected", "garbled")}
        print(f"{size:5} lines: {kinds}")


if __name__ == "__main__":
    main()
