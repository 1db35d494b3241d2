"""Number plates of the mainland (GA 36-2018) and its older and special forms."""

from sousveil.normalise.identifiers import MILITARY_PLATE, PLATE
from sousveil.survey.model import ColumnType

_REGIONS = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新使"
_VALID = (
    f"[{_REGIONS}][A-Z][0-9A-HJ-NP-Z]{{4,6}}[挂学警港澳领试超使]?|[军空海北沈兰济南广成][A-Z][0-9]{{5}}|"
    f"使[0-9]{{6}}|[0-9]{{6}}使|WJ[{_REGIONS}]?[0-9]{{4}}[0-9A-Z]|[A-Z]{{2}}[0-9]{{5}}"
)
"""Provinces; the army until 2013, by region and branch; embassies; the armed police; the army since."""

TYPE = ColumnType(
    name="cn_plate",
    lettered=True,
    summary="A Chinese number plate; `valid_share` says how many begin with a region that exists.",
    canonical="Without separators, upper case; null where the shape is wrong.",
    fits=lambda e: e.compact_like(f"{PLATE}|{MILITARY_PLATE}"),
    sure=lambda e: e.compact_like(PLATE),
    holds=lambda e: e.compact_like(_VALID),
    alone=0.93,
    identifying=True,
)
