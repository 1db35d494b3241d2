"""A Turkish demo: an invented city in cp1254, ISO-8859-9 and UTF-8. Only data."""

from __future__ import annotations

from sousveil.demo import identifiers
from sousveil.demo.locales.model import File, Identity, Locale, Names, words

_SURNAMES = words(
    "Akdağ Başaran Canpolat Çağlar Demirağ Erdoğmuş Fırat Gündoğdu Hatipoğlu Işıklı İnceoğlu "
    "Karataş Özgür Pınarbaşı Sarıkaya Şimşek Tunçbilek Uğurlu Üstündağ Yıldırım Zengin Bozkurt "
    "Coşkun Dinçer Ekinci Güneş Kılınç Oğuz Öztürk Sezgin Taşkın Yalçın"
)

TR = Locale(
    code="tr",
    city="Gülpınarşehir",
    region=(-33.4, 40.3),
    names=Names(
        _SURNAMES,
        _SURNAMES,
        words(
            "Ahmet Burak Cem Çetin Deniz Emre Ferhat Görkem Hakan İbrahim Kağan Levent Mehmet Nuri Oğuz "
            "Ömer Recep Selim Şükrü Tarık Umut Volkan Yiğit Ziya"
        ),
        words(
            "Ayşe Büşra Ceyda Çiğdem Derya Elif Fatma Gülşen Hatice Işıl İpek Leyla Meryem Nazlı Özlem "
            "Pınar Rabia Selin Şeyma Tuğba Ümran Yasemin Zeynep"
        ),
    ),
    # As far as is published, citizens' numbers begin with 1 to 7 and those of foreigners with 98 and 99.
    identity=Identity(lambda serials: identifiers.tckns(97, serials), 2),
    # Area codes begin with 2 to 5 and 8: none begins with 1.
    phone="+90 1",
    sexes=("K", "E"),
    districts=("Merkez", "Yukarıköy", "Çamlık", "Gölbaşı", "İskele", "Üçkuyular", "Şirinyer"),
    streets=("Gül Sokak", "Çınar Caddesi", "İskele Yolu", "Pınar Sokak", "Öğretmenler Caddesi", "Liman Yolu"),
    address="{street} No: {house} D: {flat}, {district}/{city}",
    nations={
        "SYR": ("Suriye", "SYR"), "IRQ": ("Irak", "IRQ"), "AFG": ("Afganistan", "AFGHANISTAN"),
        "IRN": ("İran", "IR"), "DEU": ("Almanya", "DEU"), "RUS": ("Rusya", "RUS"),
        "UKR": ("Ukrayna", "UA"), "CHN": ("Çin", "CHN"), "NZL": ("Yeni Zelanda", "NZL"),
        "ISL": ("İzlanda", "ISL"),
    },
    kinds=("ikamet", "geçici ikamet", "öğrenci yurdu", "yazlık"),
    lists=("takip", "gösteri katılımcısı", "gazeteci", "aranan", "önleyici kayıt"),
    calls=(
        "hırsızlık", "dolandırıcılık", "trafik kazası", "gürültü", "kavga", "kayıp kişi", "toplantı", "diğer",
    ),
    stories=(
        "Arayan gürültüden şikâyetçi,\nekip istiyor", "Bisiklet çalınmış; zarar yaklaşık {0} lira",
        "İki araç çarpışmış, yaralı yok", "\"Pankartlarla toplanıyorlar\" diyor, {0} numaranın önü",
        "Hat kesildi", "Komşusu {0} gündür kapıyı açmıyor",
    ),
    ports=("Gülpınar Havalimanı", "Liman Kapısı", "Demiryolu Kapısı", "Karayolu Kapısı"),
    purposes=("turizm", "çalışma", "eğitim", "ziyaret", "transit"),
    hotels=("Otel Gülpınar", "Otel Liman", "Çınar Pansiyon", "Şehir Misafirhanesi"),
    nothing=("", "yok", "bilinmiyor", "-", "NULL"),
    dates=("%d.%m.%Y", "%Y-%m-%d"),
    headers={
        "register": {
            "name": "Adı_Soyadı", "sex": "Cinsiyet", "born": "Doğum_Tarihi", "id": "TC_Kimlik_No",
            "phone": "Cep_Telefonu", "address": "Adres", "district": "İlçe", "kind": "Kayıt_Türü",
        },
        "crossings": {
            "name": "ad_soyad", "sex": "cinsiyet", "born": "dogum_tarihi", "nation": "uyruk",
            "passport": "pasaport_no", "at": "giriş_zamanı", "port": "kapı", "flight": "sefer",
            "purpose": "amaç",
        },
        "calls": {
            "no": "kayıt_no", "at": "arama_zamanı", "name": "arayan_adı", "id": "tc_kimlik_no",
            "phone": "telefon", "kind": "olay_türü", "district": "ilçe", "lon": "boylam", "lat": "enlem",
            "story": "açıklama",
        },
        "watched": {
            "no": "Sıra", "name": "Adı_Soyadı", "sex": "Cinsiyet", "born": "Doğum_Tarihi", "id": "TCKN",
            "kind": "Kategori", "officer": "Görevli",
        },
        "stays": {
            "name": "Yolcu", "nation": "Uyruk", "passport": "Pasaport_No", "at": "Giriş_Tarihi",
            "left": "Çıkış_Tarihi", "hotel": "Otel", "phone": "Telefon", "email": "E_posta",
        },
    },
    files={
        "register": File("nüfus/ikamet.csv", "ikamet", "cp1254", ";"),
        "crossings": File("es/sinir.json.gz", "sinir"),
        "calls": File("postgres/ihbar.sql", "ihbar"),
        "watched": File("listeler/takip.xlsx", "takip"),
        "stays": File("oteller/konaklama.tsv", "konaklama", "iso8859-9", "\t"),
    },
    readme="Gülpınarşehir Emniyet Müdürlüğü. Şehir, kurum ve herkes uydurmadır.\n",
)  # fmt: skip
