"""Names of organisations, by how they end."""

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named

ENDINGS = (
    r".*(?:公司|有限公司|厂|集团|商店|超市|酒店|宾馆|饭店|餐厅|医院|学校|中学|小学|大学|学院|幼儿园|银行|支行|分行|合作社|事务所|研究院|研究所|"
    r"工作室|经营部|服务部|门市部|企业|协会|基金会|委员会|公安局|派出所|分局|管理局|办事处|加油站|工厂|矿|农场|分公司|"
    r"\b(?:ltd|limited|inc|llc|llp|co|corp|corporation|company|gmbh|ag|plc|s\.?a|bv|group|bank|university|hospital|school)\.?|"
    r"a\.?ş\.?|ltd\.? ?şti\.?|оао|ооо|зао|пао|тоо|жшс)(?:[(（].{1,20}[)）])?"
)
_STARTS = r"(?:ооо|оао|зао|пао|ао|ип|тоо|жшс)[ \"«].*"


def _weigh(e: Evidence) -> Weight:
    strength = e.meanings.get("organisation", 0.0)
    ended = e.share(e.like(ENDINGS) | e.like(_STARTS))
    if e.share(e.like(r"[0-9.\-/: ]+")) > 0.2 or (ended < 0.5 and strength < 0.5):
        return NOTHING
    alone = 0.85 * ended if ended >= 0.5 else 0.0
    # A dozen police stations over and over are a category.
    if e.distinct <= 60 and e.present >= 20 * e.distinct and strength < 0.95:
        alone = min(alone, 0.4)
    gap = 0.9 if ended >= 0.3 else 0.6
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
