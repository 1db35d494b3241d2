"""What headers say: the end of a header says what it is, what stands before says whose."""

import pytest

from sousveil.survey.headers import meanings, parts, speaks_of


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        *(
            ("XM", "person_name"),
            ("BJRXM", "person_name"),
            ("姓名", "person_name"),
            ("报警人", "person_name"),
        ),
        *(("SFZH", "cn_resident_id"), ("公民身份号码", "cn_resident_id"), ("法人身份证号", "cn_resident_id")),
        *(("LXDH", "phone"), ("报警人电话", "phone"), ("联系方式", "phone"), ("contact_phone2", "phone")),
        *(
            ("CSRQ", "birth_date"),
            ("出生日期", "birth_date"),
            ("dateOfBirth", "birth_date"),
            ("born", "birth_date"),
        ),
        *(("Дата рождения", "birth_date"), ("doğum tarihi", "birth_date"), ("تاريخ الميلاد", "birth_date")),
        *(("Дата рожд.", "birth_date"), ("Geburtsdatum", "birth_date"), ("Date de naissance", "birth_date")),
        *(("Vorname", "person_name"), ("Prénom", "person_name"), ("Apellidos", "person_name")),
        *(("Sobrenome", "person_name"), ("Cognome", "person_name"), ("Nazwisko", "person_name")),
        *(("Staatsangehörigkeit", "nationality"), ("Płeć", "sex"), ("Correo electrónico", "email")),
        *(("RJSJ", "datetime"), ("入境时间", "datetime"), ("entered", "datetime"), ("GPS_TIME", "datetime")),
        *(
            ("GJ", "nationality"),
            ("国籍", "nationality"),
            ("country_code", "nationality"),
            ("uyruk", "nationality"),
        ),
        *(("HPHM", "cn_plate"), ("CPHM", "cn_plate"), ("号牌号码", "cn_plate"), ("licensePlate", "cn_plate")),
        *(("HZHM", "passport"), ("passport_no", "passport"), ("паспорт", "passport")),
        *(("MZ", "category"), ("电话类型", "category"), ("警情类别", "category"), ("birth place", "address")),
        *(
            ("company_name", "organisation"),
            ("address_1", "address"),
            ("д.р.", "birth_date"),
            ("CEO", "person_name"),
        ),
        *(("收件人", "person_name"), ("国籍代码", "nationality"), ("رقم جواز السفر", "passport")),
        *(("_source.XM", "person_name"), ("person.home_address", "address"), ("WZ.lon", "longitude")),
    ],
)
def test_a_header_speaks_most_for_its_type(header: str, kind: str) -> None:
    found = meanings(header)
    assert max(found, key=lambda name: found[name]) == kind


@pytest.mark.parametrize(
    "header", ["", "x", "y", "col7", "f_01", "字段", "?", "'; --", "x" * 10_000, "\x00", "😀"]
)
def test_a_header_without_a_meaning_says_nothing_strong(header: str) -> None:
    assert max(meanings(header).values(), default=0.0) < 0.9


def test_a_comment_counts_like_a_header() -> None:
    assert meanings("c7", "号牌号码") == meanings("号牌号码")


def test_words_of_a_header() -> None:
    assert parts("person.homeAddress") == ("home", "address")
    assert parts("ＸＭ") == ("xm",)


@pytest.mark.parametrize(
    ("header", "topic", "answer"),
    [
        *(("入境时间", "event", True), ("RJSJ", "event", True), ("entered_at", "event", True)),
        *(("有效期至", "no_event", True), ("date_of_birth", "no_event", True), ("gpssj", "no_event", False)),
        *(("Einreise am", "event", True), ("Fecha de nacimiento", "no_event", True)),
        *(("处警民警", "officer", True), ("报警人", "officer", False), ("OFFICER_NAME", "officer", True)),
        *(("Anne Adı", "officer", True), ("ФИО матери", "officer", True), ("Soyad", "officer", False)),
        *(
            ("Дата въезда", "event", True),
            ("Дата рождения", "no_event", True),
            ("Giriş Tarihi", "event", True),
        ),
        *(("重点人员名单", "list", True), ("watchlist_2018", "list", True), ("passages", "list", False)),
    ],
)
def test_topics(header: str, topic: str, answer: bool) -> None:
    assert speaks_of(header, topic) is answer


def test_a_word_that_is_a_name_in_one_language_and_a_count_in_another_claims_little() -> None:
    assert meanings("nombre")["person_name"] <= 0.6
