"""Words in Russian, Turkish, Uyghur, Kazakh and Arabic; `_` joins the words of one term."""

RU = {
    "person_name": "фио имя фамилия отчество ф_и_о полное_имя владелец заявитель абонент пассажир",
    "sex": "пол",
    "birth_date": "дата_рождения дата_рожд дата_рожден рожд др д_р день_рождения рождение г_р год_рождения",
    "date": "дата дата_пост_на_учет дата_постановки дата_выдачи срок_действия действителен_до",
    "datetime": "время дата_время дата_и_время дата_въезда дата_выезда дата_создания",
    "nationality": "гражданство страна национальность_страна",
    "passport": "паспорт номер_паспорта серия_номер документ",
    "phone": "телефон тел моб мобильный номер_телефона контактный_телефон",
    "email": "почта эл_почта электронная_почта",
    "longitude": "долгота",
    "latitude": "широта",
    "address": "адрес место_жительства адрес_регистрации место_рождения прописка",
    "organisation": "организация компания место_работы предприятие работодатель",
    "flight": "рейс номер_рейса",
    "category": "категория тип вид статус национальность класс район регион должность",
    "serial": "номер код ид п_п порядковый_номер id",
    "number": "возраст количество рост вес скорость",
    "money": "сумма цена стоимость зарплата доход оклад",
    "text": "примечание комментарий описание содержание текст",
    "image_path": "фото изображение",
}
TR = {
    "person_name": "ad soyad adı soyadı ad_soyad adı_soyadı isim anne_adı baba_adı adi soyadi yolcu",
    "sex": "cinsiyet cinsiyeti",
    "birth_date": "doğum_tarihi dogum_tarihi doğum",
    "date": "tarih geçerlilik_tarihi veriliş_tarihi",
    "datetime": "zaman saat tarih_saat giriş_tarihi çıkış_tarihi kayıt_zamanı",
    "nationality": "uyruk uyruğu ülke vatandaşlık ulke",
    "passport": "pasaport pasaport_no",
    "phone": "telefon cep cep_telefonu gsm tel_no telefon_no",
    "email": "eposta e_posta",
    "longitude": "boylam",
    "latitude": "enlem",
    "address": "adres ikametgah doğum_yeri adresi",
    "organisation": "şirket kurum firma işyeri okul",
    "flight": "sefer sefer_no uçuş uçuş_no",
    "category": "tür tip durum kategori il ilçe meslek medeni_hal",
    "serial": "sıra sıra_no kayıt_no",
    "number": "yaş boy kilo adet miktar",
    "money": "tutar fiyat ücret maaş",
    "text": "açıklama not notlar",
    "image_path": "fotoğraf resim",
}
UG = {
    "person_name": "ئىسمى ئىسىم فامىلىسى",
    "sex": "جىنسى",
    "birth_date": "تۇغۇلغان_ۋاقتى",
    "nationality": "دۆلىتى دۆلەت",
    "cn_resident_id": "كىملىك_نومۇرى",
    "phone": "تېلېفون تېلېفون_نومۇرى",
    "address": "ئادرېسى ئادرېس",
    "category": "مىللىتى تۈرى",
    "date": "چېسلا",
    "datetime": "ۋاقتى ۋاقىت",
}
KK = {
    "person_name": "аты тегі аты_жөні әкесінің_аты",
    "sex": "жынысы",
    "birth_date": "туған_күні",
    "nationality": "азаматтығы ел",
    "phone": "телефоны",
    "address": "мекенжайы мекенжай",
    "date": "күні",
    "datetime": "уақыты",
    "category": "ұлты санаты",
}
AR = {
    "person_name": "الاسم اسم الاسم_الكامل اسم_العائلة الاسم_الأول اسم_الأب اسم_الأم اللقب",
    "sex": "الجنس",
    "birth_date": "تاريخ_الميلاد",
    "nationality": "الجنسية البلد",
    "passport": "رقم_الجواز جواز_السفر رقم_جواز_السفر",
    "phone": "الهاتف رقم_الهاتف الجوال رقم_الجوال هاتف",
    "address": "العنوان",
    "email": "البريد_الإلكتروني",
    "organisation": "الشركة جهة_العمل",
    "category": "المدينة المهنة الحالة النوع",
    "serial": "الرقم رقم",
    "date": "التاريخ تاريخ تاريخ_الإصدار تاريخ_الانتهاء تاريخ_الدخول تاريخ_الخروج",
    "datetime": "الوقت",
    "text": "ملاحظات",
}
EVENT = (
    "въезд въезда заезд заезда заселения выезд выезда прибытия убытия время вызов вызова "
    "звонка событие события посещения проезда "
    "giriş çıkış olay zaman saat varış arama ziyaret الدخول الخروج الوقت وقت الوصول"
)
NO_EVENT = (
    "рождения рождение рожд др д_р срок действия действителен выдачи окончания создания изменения обновления "
    "doğum dogum geçerlilik bitiş veriliş düzenleme güncelleme oluşturma kuruluş الميلاد "
    "الانتهاء انتهاء الإصدار"
)
OFFICER = (
    "мать матери отец отца супруг супруга супруги опекун родитель сотрудник инспектор оператор исполнитель "
    "контактное anne anası ana baba eş eşi veli memur görevli polis yakını الأب الأم الموظف الضابط الكفيل"
)
SUBJECT = "заявитель владелец пассажир абонент yolcu المسافر"
LIST = "список перечень liste قائمة"
