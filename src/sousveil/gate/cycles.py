"""Tables that close a circle: by a and b, by b and c, by c and a.

Where they don't, whatever numbers fit each table and the margins that they share also fit one table by all
columns, so that looking at tables and margins is enough. Where they do, such numbers may not exist, and an
attacker could rule out worlds that the audit believes in. So such a circle is not released, unless a table by
all its columns is among them. The test is Graham's reduction (R. Fagin, 1983, on acyclic hypergraphs).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sousveil.gate import refs as spelling
from sousveil.gate.sheet import Sheet


def is_circular(sheets: Iterable[Sheet]) -> bool:
    """Whether the tables of one population close a circle."""
    edges = [{spelling.column(ref) for ref in one.refs} for one in sheets]
    while True:
        before = [set(edge) for edge in edges]
        often = Counter(column for edge in edges for column in edge)
        edges = [{column for column in edge if often[column] > 1} for edge in edges]
        edges = [
            edge
            for place, edge in enumerate(edges)
            if not any(edge < other or (edge == other and place < n) for n, other in enumerate(edges))
        ]
        if edges == before:
            return any(edges)
