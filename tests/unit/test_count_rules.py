"""The rules that say whose record it is, on records made in memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.count.rules import assign
from tests.support_people import Told, mistyped, phone, records_of, resident

A, B = resident(serial=1), resident(serial=3)
BORN = "1990-02-03"


def persons(*told: Told) -> list[int | None]:
    found = assign(records_of(told)).person.tolist()
    return [None if person < 0 else person for person in found]


def sure(*told: Told) -> list[bool]:
    return assign(records_of(told)).sure.tolist()


def test_records_of_one_valid_number_are_one_person():
    told = [Told(A, name="王一一"), Told(B, name="王二二"), Told(A, name="王一一"), Told(A)]
    assert persons(*told) == [1, 2, 1, 1]
    assert all(sure(*told))


def test_a_passport_ties_records_with_and_without_a_number_together():
    assert persons(Told(A, "ZZ1234567"), Told(None, "ZZ1234567"), Told(A)) == [1, 1, 1]


def test_two_valid_numbers_are_never_one_person_whatever_document_they_share():
    assert persons(Told(A, "ZZ1234567"), Told(B, "ZZ1234567"), Told(A), Told(B)) == [1, 2, 1, 2]


def test_a_document_shared_by_two_numbers_names_nobody():
    told = [Told(A, "ZZ1234567"), Told(B, "ZZ1234567"), Told(None, "ZZ1234567")]
    assert persons(*told) == [1, 2, None]


def test_a_chain_of_documents_does_not_tie_two_numbers_together():
    told = [Told(A, "ZZ1111111"), Told(B, "ZZ2222222"), Told(None, "ZZ1111111"), Told(None, "ZZ2222222")]
    assert persons(*told) == [1, 2, 1, 2]


def test_a_number_under_many_different_names_is_a_stand_in_and_no_key():
    names = ("王大明", "李小红", "赵建国", "孙丽华", "周文")
    told = [Told(A, name=name, born=f"19{80 + place}-01-0{place + 1}") for place, name in enumerate(names)]
    assert persons(*told) == [1, 2, 3, 4, 5]
    assert not any(sure(*told))


def test_a_number_under_two_different_names_is_one_person_but_not_sure():
    told = [Told(A, name="王大明"), Told(A, name="李小红")]
    assert persons(*told) == [1, 1]
    assert sure(*told) == [False, False]


def test_spellings_of_one_name_do_not_raise_doubt():
    told = [
        Told(A, name="艾力·买买提"),
        Told(A, name="艾力.买买提"),
        Told(A, name="AILI"),
        Told(A, name="艾力·买买题"),
    ]
    assert persons(*told) == [1, 1, 1, 1]
    assert all(sure(*told))


@pytest.mark.parametrize("place", [6, 9, 16])
def test_a_mistyped_number_belongs_to_the_person_of_that_name_whose_number_is_nearly_the_same(place):
    told = [Told(A, name="王一一"), Told(B, name="李二二"), Told(name="王一一", failed=mistyped(A, place))]
    assert persons(*told) == [1, 2, 1]
    assert sure(*told) == [True, True, False]


def test_a_mistyped_number_near_two_people_of_the_name_belongs_to_nobody_known():
    near = resident(serial=11), resident(serial=13)
    told = [
        *(Told(number, name="王一一") for number in near),
        Told(name="王一一", failed=near[0][:16] + "22"),
    ]
    assert persons(*told)[2] is None


def test_name_and_birth_date_attach_to_the_one_person_of_both():
    told = [Told(A, name="王一一"), Told(name="王一一", born=BORN), Told(name="李二二", born=BORN)]
    assert persons(*told) == [1, 1, 2]


def test_name_and_birth_date_of_two_people_attach_to_neither():
    told = [Told(A, name="王一一"), Told(B, name="王一一"), Told(name="王一一", born=BORN)]
    assert persons(*told) == [1, 2, None]


def test_a_telephone_decides_between_two_people_of_one_name_and_birth_date():
    told = [
        Told(A, name="王一一", phone=phone(1)),
        Told(B, name="王一一", phone=phone(2)),
        Told(name="王一一", born=BORN, phone=phone(2)),
    ]
    assert persons(*told) == [1, 2, 2]


def test_name_and_telephone_attach_where_there_is_no_birth_date():
    told = [Told(A, name="王一一", phone=phone(1)), Told(name="王一一", phone=phone(1)), Told(phone=phone(1))]
    assert persons(*told) == [1, 1, None]


def test_birth_date_and_telephone_attach_only_where_the_names_may_be_spellings_of_one():
    known = Told(A, name="王一一", phone=phone(1))
    assert persons(known, Told(name="王一二", born=BORN, phone=phone(1))) == [1, 1]
    assert persons(known, Told(name="赵建国", born=BORN, phone=phone(1)))[1] != 1


def test_a_switchboard_is_no_key():
    others = [Told(name=f"同名{chr(0x4E00 + place)}", phone=phone(7)) for place in range(12)]
    assert persons(*others, Told(name="同名一", phone=phone(7))) == [None] * 13


def test_a_name_alone_is_nobody_known_and_so_is_nothing_at_all():
    assert persons(Told(A, name="王一一"), Told(name="王一一"), Told()) == [1, None, None]


def test_without_any_number_people_form_by_name_and_birth_date_then_by_name_and_telephone():
    told = [
        Told(name="王一一", born=BORN, phone=phone(1)),
        Told(name="王一一", born=BORN),
        Told(name="王一一", phone=phone(1)),
        Told(name="李小红", phone=phone(2)),
    ]
    assert persons(*told) == [1, 1, 1, 2]


def test_a_record_that_may_or_may_not_be_somebody_known_is_nobody_known():
    told = [Told(name="王一一", born=BORN), Told(name="王一一", phone=phone(1))]
    assert set(persons(*told)) == {1, None}


def test_a_new_passport_of_the_same_name_birth_date_and_nation_is_the_same_person():
    first = Told(passport="ZZ1234567", name="VENSEN JOHN", born=BORN, nation="NZL")
    assert persons(first, Told(passport="ZZ7654321", name="VENSEN JOHN", born=BORN, nation="NZL")) == [1, 1]
    assert persons(first, Told(passport="ZZ7654321", name="VENSEN JOHN", born=BORN, nation="FRA")) == [1, 2]
    assert persons(first, Told(passport="ZZ7654321", name="TOREK ANNA", born=BORN, nation="NZL")) == [1, 2]


def test_a_passport_belongs_to_the_one_holder_of_a_number_with_that_name_and_birth_date():
    assert persons(Told(A, name="王一一"), Told(passport="ZZ1234567", name="王一一", born=BORN)) == [1, 1]


def test_an_alias_finds_the_person_too():
    told = [Told(A, name="王一一", alias="WANG YIYI"), Told(name="WANG YIYI", born=BORN)]
    assert persons(*told) == [1, 1]


def test_a_stand_in_birth_date_is_no_key():
    told = [Told(resident(f"19{p // 28 + 30}02{p % 28 + 1:02d}", 1)) for p in range(400)]
    told += [Told(name=f"{chr(0x4E00 + p)}一", born="1900-01-01") for p in range(200)]
    told += [
        Told(name=f"{chr(0x6E00 + p)}一", born=f"19{p // 28 + 30}-03-{p % 28 + 1:02d}") for p in range(500)
    ]
    assert persons(*told)[400:600] == [None] * 200


def test_no_records_at_all_are_nobody():
    assert persons() == []


tellings = st.builds(
    Told,
    id=st.sampled_from([None, A, B, resident(serial=5), resident("19851231", 2)]),
    passport=st.sampled_from([None, None, "ZZ1234567", "ZZ7654321"]),
    name=st.sampled_from([None, "王一一", "王一二", "李小红", "赵建国", "孙丽华"]),
    born=st.sampled_from([None, BORN, "1985-12-31"]),
    phone=st.sampled_from([None, phone(1), phone(2)]),
    nation=st.sampled_from([None, "NZL", "FRA"]),
    failed=st.sampled_from([None, None, mistyped(A)]),
)


@given(st.lists(tellings, max_size=25))
def test_no_person_ever_has_two_valid_numbers_but_by_a_stand_in(told):
    person = persons(*told)
    names = {}
    for one in told:
        names.setdefault(one.id, set()).add(one.name)
    numbers = {}
    for one, whose in zip(told, person, strict=True):
        if one.id and whose and len(names[one.id] - {None}) < 4:
            numbers.setdefault(whose, set()).add(one.id)
    assert all(len(held) == 1 for held in numbers.values())


@given(st.lists(tellings, max_size=25))
def test_repeating_the_records_adds_nobody(told):
    once, twice = persons(*told), persons(*told, *told)
    assert len(set(once) - {None}) == len(set(twice) - {None})
    assert twice[: len(told)] == twice[len(told) :]


@given(st.lists(tellings, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_no_person(told, random):
    order = list(range(len(told)))
    random.shuffle(order)
    before, after = persons(*told), persons(*(told[place] for place in order))
    together = {(before[place], after[at]) for at, place in enumerate(order)}
    assert len(together) == len({a for a, _ in together}) == len({b for _, b in together})


@given(st.lists(tellings, max_size=25))
def test_persons_are_numbered_from_one_in_order_of_appearance(told):
    seen = [person for person in persons(*told) if person]
    firsts = list(dict.fromkeys(seen))
    assert firsts == list(range(1, len(firsts) + 1))
    assert np.all(assign(records_of(told)).person[np.array(sure(*told), bool)] > 0)
