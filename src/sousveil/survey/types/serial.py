"""Numbers of records: counters, keys, file numbers."""

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, anything, named

_HEX = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,64}"
_CODE = r"[A-Z0-9_/.\-]{1,40}|[\x{3400}-\x{9fff}A-Z0-9()〔〕\[\]（）_\-]{4,40}"


def _counts_time(e: Evidence) -> bool:
    """Whether the header speaks of time and the numbers are moments: days and seconds count upward, too."""
    timely = max(e.meanings.get(name, 0.0) for name in ("date", "datetime", "birth_date"))
    return timely >= 0.8 and e.share(e.moments.real) > 0.9


def _weigh(e: Evidence) -> Weight:
    unique = e.distinct / max(e.present, 1)
    if e.counter and not _counts_time(e):
        return Weight(named(0.85, e, "serial"), 0.85, "counts upward, a value a row")
    if unique > 0.95 and e.share(e.like(_HEX)) > 0.95 and e.share(e.like("[0-9]+")) < 0.9:
        return Weight(named(0.85, e, "serial"), 0.85, "keys made by a machine")
    if (
        e.distinct >= 5
        and unique > 0.9
        and e.share(e.like(_CODE)) > 0.95
        and e.share(e.like(".*[0-9].*")) > 0.9
    ):
        # The digits at the end of file numbers count upward, too; without a header it is a guess.
        alone = 0.4
        return Weight(named(alone, e, "serial"), alone, "a code of its own in every row")
    if e.meanings.get("serial", 0.0) >= 0.8 and e.share(e.like(_CODE)) > 0.9 and unique > 0.2:
        return Weight(0.55, 0.1, "header")
    return NOTHING


TYPE = ColumnType(
    name="serial",
    summary="The number of a record: a counter, a key, a file number.",
    canonical="Trimmed text in NFKC.",
    fits=anything,
    rivals=("number", "phone"),
    weigh_by=_weigh,
)
