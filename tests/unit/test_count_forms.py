"""Names across scripts, spellings and orders: which of them meet."""

import random

import numpy as np
import pyarrow as pa
import pytest

from sousveil.count.forms import forms_of
from sousveil.count.linkage.facts import ALIKE, DIFFERENT, MET, NEAR, SAME, name_levels
from sousveil.count.rules import assign
from sousveil.normalise.names import person_names
from tests.support_people import Told, phone, records_of, resident


def level(one: str, other: str) -> int:
    codes, forms = forms_of(person_names(pa.array([one, other])))
    found = name_levels(forms, codes[:1], codes[1:])
    assert found == name_levels(forms, codes[1:], codes[:1])
    return int(found[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("張偉", "张伟"),
        ("艾力·买买提", "艾力•买买提"),
        ("Smith, John", "SMITH JOHN"),
    ],
)
def test_one_name_in_two_ways_of_writing_is_the_same(one, other):
    assert level(one, other) == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "WANG WEI"),
        ("王伟", "Wei Wang"),
        ("单小红", "SHAN XIAOHONG"),
        ("尉迟恭", "YUCHI GONG"),
        ("曾国强", "Zeng Guoqiang"),
        ("IVAN IVANOV", "Иванов Иван"),
        ("Юлия Петрова", "IULIIA PETROVA"),
        ("Юлия Петрова", "YULIYA PETROVA"),
        ("Şükrü Öz", "SUKRU OZ"),
        ("پەرىدە", "PERIDE"),
        ("John Smith", "SMITH JOHN"),
        ("John Smith", "SMITH JON"),
        ("王伟", "王卫"),
        ("王刚", "GANG WANG"),
        ("ТУРСУНОВ ДИЛЬШАТ", "DILSHAT TURSUNOV"),
        ("MUHAMMAD TURSUN", "TURSUN MUHAMAD"),
        ("朴正国", "PIAO ZHENGGUO"),
        ("朴正国", "Pu Zhengguo"),
        ("朴正国", "Park Zhengguo"),
        ("乐嘉明", "YUE JIAMING"),
        ("乐嘉明", "LE JIAMING"),
        ("Aleksandr Maksimov", "ALEXANDR MAXIMOV"),
        ("Максим Александров", "MAXIM ALEXANDROV"),
    ],
)
def test_one_name_in_two_scripts_or_orders_is_alike(one, other):
    assert level(one, other) == (ALIKE if one.isascii() == other.isascii() or "ü" in one else MET)


@pytest.mark.parametrize("whole", ["Alisher Karimov", "KARIMOV ALISHER", "Karimov, Alisher"])
@pytest.mark.parametrize("cut", ["A. Karimov", "Karimov A.", "KARIMOV, A."])
def test_initials_stand_for_a_given_name(cut, whole):
    assert level(cut, whole) == NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A. Karimov", "B. Karimov"),
        ("A. Karimov", "Bakhtiyor Karimov"),
        ("Karimov A.B.", "Alisher Karimov"),
        ("A. Karimov", "Alisher Rahimov"),
    ],
)
def test_other_initials_are_other_names(one, other):
    assert level(one, other) == DIFFERENT


def test_initials_of_two_names_agree_in_either_order():
    assert level("Karimov A.", "A. Karimov") == ALIKE
    assert level("Karimov A.B.", "Karimov A.") == NEAR
    assert level("Karimov A.B.", "Karimov Alisher Bakhtiyorovich") == NEAR


def test_records_with_initials_find_their_people():
    told = [
        Told(id=resident(f"199{n}0203", 2 * n + 1), name=name, born=f"199{n}-02-03", phone=phone(n))
        for n, name in enumerate(("ALISHERKARIMOV", "PETROVANINA", "IVANSIDOROV"))
    ]
    for n, name in enumerate(("KARIMOVA.", "N.PETROVA")):
        told.append(Told(name=name, born=f"199{n}-02-03", phone=phone(n)))
    assert assign(records_of(told)).person.tolist() == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("艾力·买买提", "ELI MEMET"),
        ("艾力·买买提", "Mamat Ali"),
        ("艾力·买买提", "ئەلى مەمەت"),
        ("艾力·买买提", "Эли Мемет"),
        ("阿不都热合曼", "ABDUREHMAN"),
        ("阿不都热合曼", "Abdurahman"),
        ("迪力夏提", "DILSHAT"),
        ("迪力夏提", "DILXAT"),
        ("库尔班·艾尔肯", "QURBAN ERKIN"),
        ("محمد", "MUHAMMAD"),
        ("محمد", "Мухаммад"),
        ("穆罕默德", "MUHAMMAD"),
    ],
)
def test_transcriptions_of_one_name_are_near(one, other):
    assert level(one, other) in (NEAR, ALIKE, MET)


@pytest.mark.parametrize(
    ("one", "other"),
    [("王伟明", "王伟朋"), ("SMITH JOHN", "SNITH JOHN"), ("艾力·买买提", "艾力")],
)
def test_a_name_with_one_mistake_is_near(one, other):
    assert level(one, other) == NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "王芳"),
        ("王伟明", "李小红"),
        ("王伟", "LI XIAOHONG"),
        ("SMITH JOHN", "PETROV IVAN"),
        ("艾力·买买提", "TURSUN QURBAN"),
        ("محمد", "AYGUL TURSUN"),
        ("胡古", "郭海"),
    ],
)
def test_two_names_differ(one, other):
    assert level(one, other) == DIFFERENT


def test_forms_do_not_depend_on_what_other_names_there_are():
    names = person_names(pa.array(["王伟", "ئەلى مەمەت", "ABERCROMBIE " * 5, "ELI", "艾力·买买提"]))
    alone = [forms_of(names.slice(place, 1))[1] for place in range(len(names))]
    codes, together = forms_of(names)
    for place, form in enumerate(alone):
        code = codes[place]
        if code >= 0:
            assert together.hash[code] == form.hash[0]
            assert together.bag[int(code)] == form.bag[0]


def test_a_name_of_signs_alone_has_no_form():
    codes, _ = forms_of(pa.array(["··", "王伟"]))
    assert codes[0] == -1 and codes[1] >= 0
    assert np.array_equal(forms_of(pa.array([], pa.string()))[0], np.zeros(0, np.int32))


PAIRINGS = {
    "Uyghur in Chinese characters, old and new": (
        ("买买提", "麦麦提"), ("吐尔逊", "图尔荪"), ("肉孜", "如孜"), ("依明", "伊敏"), ("玉素甫", "玉苏普"),
        ("亚生", "亚森"), ("司马义", "斯马伊力"), ("依布拉音", "伊卜拉伊木"),
        ("阿布都热合曼·吐尔逊", "阿卜杜热合曼·图尔荪"), ("阿不都热依木·肉孜", "阿卜杜热伊木·如孜"),
    ),
    "Uyghur in Chinese characters and in Latin letters of today": (
        ("吐尔逊·库尔班", "Tursun Qurban"), ("图尔荪·库尔班", "Qurban Tursun"),
        ("阿不都热依木·肉孜", "Abdurehim Rozi"), ("依布拉音·吾买尔", "Ibrayim Ömer"),
        ("热孜万古丽·阿布力孜", "Rizwangül Abliz"), ("买合木提·木合塔尔", "Mexmut Muxtar"),
    ),
    "Uyghur in Chinese characters and in the old Latin letters": (
        ("艾力·买买提", "Əli Məmət"), ("吐尔逊·库尔班", "Tursun Ⱪurban"), ("迪力夏提·克里木", "Dilxat Kerim"),
        ("玉素甫·赛买提", "Yüsüp Səmət"),
    ),
    "Uyghur in Chinese characters and in Arabic letters": (
        ("吐尔逊·库尔班", "تۇرسۇن قۇربان"), ("阿不都热依木·肉孜", "ئابدۇرېھىم روزى"),
        ("麦麦提·依明", "مەمەت ئىمىن"),
    ),
    "Uyghur in both Latin spellings": (
        ("Shöhret Zakir", "Xɵhrət Zakir"), ("Chimen Xalmurat", "Qimən Halmurat"),
        ("Gheyret Barat", "Ƣəyrət Barat"),
    ),
    "Uyghur in Latin and Cyrillic letters": (
        ("Tursun Qurban", "Турсун Қурбан"), ("Abdurehim Rozi", "Абдуреһим Рози"),
    ),
    "Russian": (
        ("Щербаков Юрий", "Shcherbakov Yuriy"), ("Хрущёв Никита", "Khrushchev Nikita"),
        ("Пётр Чайковский", "Pyotr Tchaikovsky"), ("Семён Фёдоров", "Семен Федоров"),
        ("Иванов Иван Иванович", "Иван Иванов"),
    ),
    "Turkish": (
        ("Çağlar Güneş", "CAGLAR GUNES"), ("Ayşe Nur Kılıç", "Kilic Ayse Nur"),
        ("Gökhan Şahin", "Goekhan Sahin"),
    ),
    "Arabic": (
        ("عبد الرحمن السيد", "Abd al-Rahman El Sayed"), ("فاطمة الزهراء", "Fatima Al Zahra"),
        ("حسين علي", "Husayn Ali"), ("جمال عبد الناصر", "Gamal Abdel Nasser"),
        ("مصطفى قاسم", "Mostafa Kassem"), ("عائشة محمد", "Aisha Mohammed"), ("فاطمه", "فاطمة"),
    ),
    "Chinese": (
        ("諸葛亮", "Liang Zhuge"), ("吕梁", "LYU LIANG"), ("解晓东", "XIE XIAODONG"), ("重阳", "CHONG YANG"),
    ),
    "Western": (
        ("Müller Hans", "MUELLER HANS"), ("O'Brien Sean", "OBRIEN SEAN"), ("Søren Ødegård", "SOREN ODEGARD"),
        ("Łukasz Żak", "LUKASZ ZAK"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("pairing", PAIRINGS)
def test_spellings_of_one_name_meet_within_each_pairing(pairing):
    for one, other in PAIRINGS[pairing]:
        assert level(one, other) >= NEAR, (one, other)


DRAWN = random.Random(1)
CHINESE = sorted(
    {
        "".join(
            DRAWN.choice(signs)
            for signs in ("王李张刘陈杨赵黄周吴徐孙", *["伟芳娜秀英敏丽强磊军洋艳明华国建"] * 2)
        )
        for _ in range(300)
    }
)
UYGHUR = {
    "买买提": "Memet", "吐尔逊": "Tursun", "库尔班": "Qurban", "克里木": "Kerim", "艾尔肯": "Erkin",
    "阿不都热依木": "Abdurehim", "迪力夏提": "Dilshat", "古丽娜尔": "Gulnar", "帕提古丽": "Patigul",
    "木合塔尔": "Muxtar", "吾买尔": "Omer", "塔依尔": "Tahir",
}  # fmt: skip
RUSSIAN = [
    f"{family} {given}"
    for family in ("Кузнецов", "Смирнов", "Попов", "Соколов", "Морозов", "Лебедев")
    for given in ("Иван", "Сергей", "Дмитрий", "Михаил", "Ольга", "Татьяна")
]


IN_CHINESE = [f"{one}·{other}" for one in UYGHUR for other in UYGHUR]
IN_LATIN = [f"{one} {other}" for one in UYGHUR.values() for other in UYGHUR.values()]


@pytest.mark.parametrize(
    ("names", "others", "at_most"),
    [
        pytest.param(CHINESE, CHINESE, 0.02, id="Chinese"),
        pytest.param(IN_CHINESE, IN_LATIN, 0.02, id="Uyghur in two scripts"),
        pytest.param(RUSSIAN, RUSSIAN, 0.01, id="Russian"),
        pytest.param(CHINESE, IN_LATIN, 0.002, id="two languages"),
    ],
)
def test_two_names_seldom_meet(names, others, at_most):
    """Of all pairs of these names, which share parts far more often than those of two people do."""
    codes, forms = forms_of(person_names(pa.array([*names, *others])))
    one, other = np.divmod(np.arange(len(names) * len(others)), len(others))
    # An order turned round is no other name.
    apart = forms.bag_codes[codes[one]] != forms.bag_codes[codes[len(names) + other]]
    found = name_levels(forms, codes[one[apart]], codes[len(names) + other[apart]])
    assert (found >= NEAR).mean() <= at_most
    if len(names) == len(others):
        assert (name_levels(forms, codes[: len(names)], codes[len(names) :]) >= NEAR).all()


def test_a_chinese_name_that_begins_like_a_uyghur_one_stays_chinese():
    codes, forms = forms_of(person_names(pa.array(["艾力强", "艾力", "努尔", "王伊敏"])))
    assert forms.chinese[codes].tolist() == [True, False, False, True]
