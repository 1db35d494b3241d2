"""Numbers of flights."""

from sousveil.survey.model import ColumnType

_AIRLINES = (
    "CA|MU|CZ|HU|3U|ZH|MF|SC|FM|HO|9C|GS|PN|KN|JD|8L|G5|BK|NS|TV|UQ|EU|DR|GJ|KY|QW|Y8|FU|CX|KA|HX|UO|NX|CI|BR|"
    "SU|S7|U6|FV|KC|DV|HY|YK|T5|TK|PC|EK|EY|QR|FZ|SV|MS|PK|IR|W5|AI|6E|SQ|TR|MH|AK|D7|TG|FD|VN|VJ|GA|PR|KE|OZ|JL|NH|"
    "UA|AA|DL|AC|LH|AF|KL|BA|LX|OS|AY|SK|AZ|IB|LO|OK|PS|B2|J2|QF|NZ|ET"
)

TYPE = ColumnType(
    name="flight",
    lettered=True,
    summary="The number of a flight.",
    canonical="Upper case without separators.",
    fits=lambda e: e.compact_like("[A-Z0-9]{2}[0-9]{2,4}[A-Z]?|[A-Z]{3}[0-9]{2,4}|[GDCZTKYL][0-9]{1,4}"),
    sure=lambda e: e.compact_like(f"(?:{_AIRLINES})[0-9]{{3,4}}"),
    alone=0.72,
    least=0.9,
    askable=True,
    rivals=("serial", "passport"),
)
