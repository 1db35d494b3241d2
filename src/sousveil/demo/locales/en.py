"""An English demo: an invented British city in Windows-1252, UTF-16 and UTF-8. Only data."""

from __future__ import annotations

from sousveil.demo import identifiers
from sousveil.demo.locales.model import File, Identity, Locale, Names, words

_SURNAMES = words(
    "Ashworth Birchall Clegg Dunmore Eastwood Fairclough Greenhalgh Hargreave Ibbotson Jagger "
    "Kershaw Lockwood Marsden Netherby Ollerton Penrose Quayle Rushworth Satterley Thackray "
    "Underhill Varley Wainwright Yardley Brontë Holroyd Midgley Oldroyd Priestley Sowerby Tordoff "
    "O'Hare"
)

EN = Locale(
    code="en",
    city="Northmere",
    region=(-32.2, 42.6),
    names=Names(
        _SURNAMES,
        _SURNAMES,
        words(
            "Alan Barry Colin Derek Edward Francis Gareth Harold Ian Jack Keith Leonard Malcolm Neil "
            "Oscar Peter Quentin Roger Stuart Trevor Victor Walter José"
        ),
        words(
            "Agnes Beryl Chloë Doreen Edith Freda Gillian Hazel Irene Joyce Kathleen Lorna Mabel Nora "
            "Olive Pauline Renée Sheila Thelma Una Vera Winifred Zoë"
        ),
    ),
    # NHS numbers from 999 000 0000 on are kept for tests and never given to a patient.
    identity=Identity(lambda serials: identifiers.nhs_numbers(999, serials), 3),
    # Mobile numbers begin with 073 to 075 and 077 to 079: 071 is given to nobody.
    phone="+44 71",
    sexes=("F", "M"),
    districts=("Quayside", "Millfields", "St Oswald's", "Westgate", "High Moor", "Tannery", "Docklands"),
    streets=("Canal Street", "Harbour Road", "Mill Lane", "Chapel Street", "Lighthouse Row", "Station Road"),
    address="Flat {flat}, {house} {street}, {district}, {city}",
    nations={
        "POL": ("Poland", "Polish"), "ROU": ("Romania", "ROU"), "IND": ("India", "Indian"),
        "PAK": ("Pakistan", "PAK"), "IRL": ("Ireland", "IE"), "NGA": ("Nigeria", "NGA"),
        "CHN": ("China", "CHN"), "UKR": ("Ukraine", "UA"), "NZL": ("New Zealand", "NZL"),
        "ISL": ("Iceland", "ISL"),
    },
    kinds=("resident", "lodger", "student hall", "holiday let"),
    lists=("surveillance", "protest attendee", "journalist", "wanted", "preventive"),
    calls=("burglary", "fraud", "road accident", "noise", "fight", "missing person", "gathering", "other"),
    stories=(
        "Caller complains of noise,\nasks for a patrol", "Bicycle stolen; loss of about £{0}",
        "Two cars collided, nobody hurt", "Says \"they gather with banners\" outside number {0}",
        "Line went dead", "Neighbour has not opened the door for {0} days",
    ),
    ports=("Northmere Airport", "Ferry Terminal", "Cruise Pier", "Rail Gate"),
    purposes=("tourism", "work", "study", "visit", "transit"),
    hotels=("The Anchor", "Harbour Lodge", "Mill House", "Station Hotel"),
    nothing=("", "unknown", "N/A", "-", "NULL"),
    dates=("%d/%m/%Y", "%Y-%m-%d"),
    headers={
        "register": {
            "name": "Full Name", "sex": "Sex", "born": "Date of Birth", "id": "NHS Number", "phone": "Mobile",
            "address": "Address", "district": "District", "kind": "Status",
        },
        "crossings": {
            "name": "passenger_name", "sex": "gender", "born": "dob", "nation": "nationality",
            "passport": "passport_no", "at": "arrival_time", "port": "port", "flight": "flight_no",
            "purpose": "purpose",
        },
        "calls": {
            "no": "call_id", "at": "call_time", "name": "caller_name", "id": "nhs_number", "phone": "phone",
            "kind": "category", "district": "district", "lon": "longitude", "lat": "latitude",
            "story": "description",
        },
        "watched": {
            "no": "No", "name": "Full Name", "sex": "Sex", "born": "DOB", "id": "NHS Number",
            "kind": "Category", "officer": "Officer",
        },
        "stays": {
            "name": "Guest Name", "nation": "Nationality", "passport": "Passport No", "at": "Check In",
            "left": "Check Out", "hotel": "Hotel", "phone": "Phone", "email": "Email",
        },
    },
    files={
        "register": File("council/register.csv", "register", "cp1252"),
        "crossings": File("es/arrivals.json.gz", "arrivals"),
        "calls": File("postgres/control_room.sql", "calls"),
        "watched": File("lists/watched.xlsx", "watched"),
        "stays": File("hotels/stays.tsv", "stays", "utf-16-le", "\t", b"\xff\xfe"),
    },
    readme="Northmere city police. The city, its police and everybody in these files are invented.\n",
)  # fmt: skip
