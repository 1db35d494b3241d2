"""Names of organisations, by how they end."""

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named

ENDINGS = (
    r".*(?:公司|有限公司|厂|集团|商店|超市|酒店|宾馆|饭店|餐厅|医院|学校|中学|小学|大学|学院|幼儿园|银行|支行|分行|合作社|事务所|研究院|研究所|"
    r"工作室|经营部|服务部|门市部|企业|协会|基金会|委员会|公安局|派出所|分局|管理局|办事处|加油站|工厂|矿|农场|分公司|"
    r"\b(?:ltd|limited|inc|llc|llp|co|corp|corporation|company|gmbh|ag|plc|s\.?a|bv|group|bank|university|hospital|school)\.?|"
    r"a\.?ş\.?|ltd\.? ?şti\.?|оао|ооо|зао|пао|тоо|жшс|тов|"
    r"\bs\.? ?(?:l|a|c|coop|l\.? ?n\.? ?e|c\.? ?p|r\.? ?l|r\.? ?o|p\.? ?a|a\.? ?s|n\.? ?c|[al]\.? ?u)\.?|"
    r"\bsp\. ?(?:z ?o\. ?o\.|k\.|j\.|p\.)|\b(?:ohg|kg|kgaa|e\.?v|stiftung|a/s|aps|ab|oyj?|nv|n\.?v|v\.?o\.?f|"
    r"lda|ltda|eireli|me|kft|d\.?o\.?o|a\.?d|sas|sarl|et fils|e figli|san|tic|holding|sons|"
    r"asociados|hermanos)\.?|"
    r"株式会社|有限会社|合同会社|주식회사|유한회사|(?:有限)?公司[(（].{1,12}[)）])(?:[(（].{1,20}[)）])?"
)
_STARTS = (
    r"(?:ооо|оао|зао|пао|ао|ип|тоо|жшс|тов|пп|фоп|нпо|рао|гк)[ \"«].*|"
    r"(?:株式会社|有限会社|合同会社|\(주\)|㈜|주식회사|유한회사|fundacja|fundación|gabinety|spółdzielnia|grupo|شرکت|شركة).+"
)


def _weigh(e: Evidence) -> Weight:
    strength = e.meanings.get("organisation", 0.0)
    ended = e.share(e.like(ENDINGS) | e.like(_STARTS))
    if e.share(e.like(r"[0-9.\-/: ]+")) > 0.2 or (ended < 0.5 and strength < 0.5):
        return NOTHING
    alone = 0.85 * ended if ended >= 0.5 else 0.0
    # A dozen police stations over and over are a category.
    if e.distinct <= 60 and e.present >= 20 * e.distinct and strength < 0.95:
        alone = min(alone, 0.4)
    gap = 0.9 if ended >= 0.3 else 0.8 if strength >= 0.95 else 0.6
    return Weight(named(alone, e, "organisation", gap), alone, "ends as organisations' names do")


TYPE = ColumnType(
    name="organisation",
    lettered=True,
    summary="The name of a company, an office, a school.",
    canonical="Trimmed text in NFKC, upper case.",
    fits=lambda e: e.like(r".*\pL.*"),
    askable=True,
    rivals=("category", "address"),
    weigh_by=_weigh,
)
