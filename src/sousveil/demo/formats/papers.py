"""Papers that lie about in a dump: a readme and a one-page PDF."""

from __future__ import annotations

README = """澜川市公安局 数据备份说明

本目录为二〇一九年六月二十日导出。城市、机构与人员均为虚构。
es 目录为检索平台导出，mysql 目录为重点人员库，台账目录为各单位报送的表格。
旧台账在拷贝时中断，未能修复。

This city, its bureau and everybody in these files are invented.
"""


def pdf(sentence: str) -> bytes:
    """A PDF of one page with one ASCII sentence (ISO 32000, with its table of offsets)."""
    stream = f"BT /F1 18 Tf 72 720 Td ({sentence}) Tj ET".encode("ascii")
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, at = len(bodies) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, at)
