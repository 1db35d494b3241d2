"""python3 verify.py [FOLDER [EARLIER ONES]] checks that worlds.json holds made-up databases with all printed numbers,
but each hidden cell is nobody in one and k or more in another: no sum tells it. People may be in several rows."""
import bz2, itertools, json, pathlib, re, sqlite3, sys
faults, hidden, SUMS = [], {}, {"people": "0, sum(people)", "records": "sum(records), sum(records)", "": "1, 1"}
def check(table, edition, columns, printed, kinds, worlds):  # finds faults, and the numbers of hidden cells by world
    base, words, state = sqlite3.connect(":memory:"), {}, {}
    def fill(name, names, rows):
        base.execute(f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(names)})")
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(names))})", rows)
    def sql(text):  # a part of a question in Sousveil's words, for SQLite
        text = re.sub("|".join(map(re.escape, sorted(words, key=len)[::-1])), lambda one: words.get(one[0], ""), text)
        return re.sub(r"\b(TRUE|FALSE)\b", r"lower('\1')", re.sub(r"\b(DATE|TIMESTAMP) '", "'", text)) or "1"
    def ask(source, where, by, unit=""):  # for each combination of labels: at least so many, at most so many
        by = ", ".join(["''", *map(sql, by)])
        rows = base.execute(f"SELECT {SUMS[unit]}, {by} FROM {source} WHERE {where} GROUP BY {by}")
        return {tuple("" if label is None else str(label) for label in row[3:]): row[:2] for row in rows}
    base.execute("PRAGMA case_sensitive_like = ON")
    for n, (asked, *values) in enumerate(columns):  # v0, v1 ...: a column's values, and what is asked of them
        fill(f"v{n}", [words.setdefault(expression, f"c{n}_{m}") for m, expression in enumerate(asked)], values)
    kinds = [[label for n, column in zip(kind, columns) for label in column[1 + n]] for kind in kinds]
    for w, told in enumerate([[], *worlds]):  # only what is not as in the one before: how far on, records, people
        state.update(zip(itertools.accumulate(told[0::3]), zip(told[1::3], told[2::3])))
        rows = ((w, *counts, *kinds[kind]) for kind, counts in state.items() if any(counts))
        fill("rows", ["w", "records", "people CHECK(people BETWEEN 0 AND records)", *words.values()], rows)
    named = {label for t in printed for cell in t["cells"] for label in cell[:-1]}
    strange = named - {"", "other, not shown"} - {str(x) for _, *rows in columns for row in rows for x in row}
    faults.extend(f"worlds.json has no value for a printed label: {label!r}" for label in strange)
    numbers = [{tuple(x): value for *x, value in t["cells"] if value is not None} for t in printed]
    for t, shown in zip(printed, numbers):
        by, where, total, name = t["by"], sql(t["where"]), t["total"], f"{t['unit']} of {table} by {', '.join(t['by'])}"
        source = [f"v{n}" for n, one in enumerate(columns) if any(x in "".join([t["where"], *by]) for x in one[0])]
        rest = {*ask(", ".join(source) or "(SELECT 1)", where, by)} - {*shown}  # whatever else a record can be
        may = {y for *x, n in t["cells"] if n is None for y in (rest if "other, not shown" in x else {tuple(x)} & rest)}
        counts = {**ask("rows", where, ["w"], t["unit"]), **ask("rows", where, ["w", *by], t["unit"])}
        for w in map(str, range(1, len(worlds) + 1)):
            n = {x: counts.get((w, *x), (0, 0)) for x in {(), *shown, *rest}}
            ok = all(n[x][0] <= value <= n[x][1] for x, value in [((), total), *shown.items()])
            ok &= sum(shown.values()) + sum(n[x][1] for x in rest) >= total and not any(n[x][1] for x in rest - may)
            faults.extend([f"world {w} has other numbers than were printed of {name}"] * (not ok))
        for u, whole in zip(printed, numbers) if t["unit"] == "people" else ():
            both = ask("rows", f"({where}) AND ({sql(u['where'])})", ["w", *by, *u["by"]], "people").items()
            faults.extend(f"world {x[0]} has more people in a part than in the whole of {name}" for x, (_, n) in both
                          if x[1:][:len(by)] in may and n > whole.get(x[1:][len(by):], u["total"]))
        found = {x: [counts.get((str(w + 1), *x), (0, 0))[1] for w in range(len(worlds))] for x in may}
        hidden.update({(edition, name, t["where"], x): n for x, n in found.items() if any(n) or not n or named >= {*x}})
folders = [*map(pathlib.Path, sys.argv[1:])] or [pathlib.Path(__file__).resolve().parents[1]]
[file] = (folders[0] / "certificate").glob("worlds.json*")
proof = json.loads((bz2.decompress if file.suffix == ".bz2" else bytes)(file.read_bytes()))
[check(**system) for system in proof["systems"]]
ever = [t for system in proof["systems"] for t in system["printed"]]
pages = [one for at in folders for one in json.loads((at / "findings.json").read_bytes())["findings"]]
pages = [f for one in pages for f in [one, *one.get("stands", [])] if not f.get("refused")]
faults += [f"the page has other numbers than worlds.json: {f['id']}" for f in pages for p in [f["provenance"]] if dict(
    unit=f["unit"], where=p["where"], by=p["by"], k=p["threshold"], total=f.get("total", f["cells"][0])["value"],
    table=p["question"]["table"], cells=[[*c["keys"].values(), c["value"]] for c in f["cells"]]) not in ever]
left = [x for x, n in hidden.items() if min(n, default=1) or max(n) < max(t["k"] for t in ever)]
numbers = sum(value is not None for t in ever for *_, value in [[t["total"]], *t["cells"]])
print(*faults, *(f"NOT PROVEN: {x}" for x in left), f"{numbers} printed numbers, {len(hidden)} hidden cells, "
      f"{len(left)} of them unproven", sep="\n")
sys.exit(1 if faults else 3 * (len(left) > 0))  # 3: nothing is wrong, but not every hidden cell is proven
