"""Checks that no arithmetic tells what this publication hides. Plain Python 3: python3 verify.py [FOLDER]
worlds.json holds made-up databases. Asked what was asked of the real one, each gives the numbers that were printed;
but each hidden group is nobody in one of them and k or more in another. The same people may be in several rows."""
import itertools, json, pathlib, re, sqlite3, sys
def check(system):  # what is wrong with the worlds; the numbers of each hidden cell in all of them
    base, words, columns, faults, hidden, state = sqlite3.connect(":memory:"), {}, system["columns"], [], {}, {}
    def fill(name, names, rows):
        base.execute(f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(names)})")
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(names))})", rows)
    def ask(what, source, where, by):  # puts a question in Sousveil's words to SQLite; the answers by labels
        def sql(text):
            ours = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
            text = re.sub(ours, lambda found: words.get(found[0], ""), text)
            return re.sub(r"\b(TRUE|FALSE)\b", r"lower('\1')", re.sub(r"\b(DATE|TIMESTAMP) '", "'", text))
        by = ", ".join(["''", *map(sql, by)])
        rows = base.execute(f"SELECT {what}, {by} FROM {source} WHERE {sql(where) or 1} GROUP BY {by}")
        return {tuple("" if label is None else str(label) for label in row[3:]): row[:2] for row in rows}
    base.execute("PRAGMA case_sensitive_like = ON")
    for n, (asked, *values) in enumerate(columns):  # v0, v1 ...: a column's values, and what is asked of them
        words.update({expression: f"c{n}_{m}" for m, expression in enumerate(asked)})
        fill(f"v{n}", [words[expression] for expression in asked], values)
    kinds = [[label for n, column in zip(kind, columns) for label in column[1 + n]]
             for block in system["kinds"] for kind in itertools.product(*block)]
    for w, told in enumerate(system["worlds"]):  # only what is not as before: how far on, records, people
        state.update(zip(itertools.accumulate(told[0::3]), zip(told[1::3], told[2::3])))
        rows = ((w, *counts, *kinds[kind]) for kind, counts in state.items() if any(counts))
        fill("rows", ["w", "records CHECK(records >= 0)", "people CHECK(people >= 0)", *words.values()], rows)
    for number, t in enumerate(system["printed"]):
        by, cells, text = t["by"], {tuple(key): value for *key, value in t["cells"]}, " ".join([t["where"], *t["by"]])
        about = [f"v{n}" for n, (asked, *_) in enumerate(columns) if any(one in text for one in asked)]
        shown = {key: value for key, value in cells.items() if value is not None}
        rest = {*ask("1, 1", ", ".join(about or ["(SELECT 1)"]), t["where"], by)} - {*shown}
        may = rest if ("other, not shown",) * len(by) in cells else rest & {*cells}
        sums = {"people": "0, min(sum(people), sum(records))"}.get(t["unit"], "sum(records), sum(records)")
        counts = {**ask(sums, "rows", t["where"], ["w"]), **ask(sums, "rows", t["where"], ["w", *by])}
        for w in map(str, range(len(system["worlds"]))):
            got = {key: counts.get((w, *key), (0, 0)) for key in {(), *shown, *rest}}
            right = all(got[key][0] <= n <= got[key][1] for key, n in [((), t["total"]), *shown.items()])
            parts = sum(shown.values()) + sum(got[key][1] for key in rest)  # together no fewer than the whole
            if not right or parts < t["total"] or any(got[x][1] > t["total"] * (x in may) for x in rest):
                faults.append(f"world {w} has other numbers than were printed of {t['table']} by {by}")
            for key in may:
                hidden.setdefault((number, *key), []).append(got[key][1])
    return faults, hidden
folder = pathlib.Path(sys.argv[1]) if sys.argv[1:] else pathlib.Path(__file__).resolve().parents[1]
proof, page = (json.loads((folder / x).read_text("utf-8")) for x in ("certificate/worlds.json", "findings.json"))
page = [f for one in page["findings"] for f in [one, *one.get("stands", [])] if not f.get("refused")]
faults, hidden, printed = [], {}, [t for system in proof["systems"] for t in system["printed"]]
known, k = {label for t in printed for cell in t["cells"] for label in cell[:-1]}, max([0, *(t["k"] for t in printed)])
for n, (wrong, found) in enumerate(map(check, proof["systems"])):  # what no page names and no world has is nothing
    faults += wrong if proof["systems"][n]["worlds"] else ["there are no worlds"]
    hidden.update({(n, *cell): counts for cell, counts in found.items() if any(counts) or known >= {*cell[1:]}})
faults += [f"the page has other numbers than the worlds: {f['id']}" for f in page for p in [f["provenance"]] if dict(
    table=p["question"]["table"], unit=f["unit"], where=p["where"], by=p["by"], k=p["threshold"],
    cells=[[*c["keys"].values(), c["value"]] for c in f["cells"]], total=f.get("total", f["cells"][0])["value"]) not in printed]
left = {cell for cell, counts in hidden.items() if min(counts, default=1) or max(counts) < k}
faults += [f"neither proven nor listed as unproven: {cell}" for cell in left - {*map(tuple, proof["unproven"])}]
numbers = sum(value is not None for t in printed for *_, value in [[t["total"]], *t["cells"]])
print(*faults, f"{numbers} printed numbers, {len(hidden)} hidden cells, {len(left)} of them unproven", sep="\n")
sys.exit(len(faults) > 0)
