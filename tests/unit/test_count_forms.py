"""Names across scripts, spellings and orders: which of them meet."""

import numpy as np
import pyarrow as pa
import pytest

from sousveil.count.forms import forms_of
from sousveil.count.linkage.facts import ALIKE, DIFFERENT, NEAR, SAME, name_levels
from sousveil.normalise.names import person_names


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
    ],
)
def test_one_name_in_two_scripts_or_orders_is_alike(one, other):
    assert level(one, other) == ALIKE


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
    assert level(one, other) in (NEAR, ALIKE)


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
