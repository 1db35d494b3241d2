"""How many entities Splink and recordlinkage find in a set: each after its own documentation.

`PYTHON count_peers.py splink|guide|ecm SET TABLE.csv …` runs in the peers' environment
(`requirements-count-peers.txt`) and prints one number. SET is the name of a set of `count_public.py`.

splink   the settings of Splink's own examples: `febrl3` for FEBRL 1 to 3 and, without what the tables lack,
         for RLdata; `febrl4`, the tutorial (`fake_1000`), `deduplicate_50k_synthetic`. Clusters at the
         threshold of the example; at 0.95 where it has none.
guide    recordlinkage's guide "Data deduplication": block on the given name, compare, match above three.
ecm      the same pairs, matched by its unsupervised classifier (guide "Classification algorithms").
recordlinkage gives pairs; entities are their connected components.
"""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd  # type: ignore[import-untyped]

NAMES = {"first_name": "given_name", "last_name": "surname", "birth_date": "date_of_birth"}


def main() -> None:
    """Print the number of entities."""
    tool, name, *paths = sys.argv[1:]
    tables = [pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]) for path in paths]
    for place, table in enumerate(tables):
        table.insert(0, "rec_id", [f"{place}-{n}" for n in range(len(table))])
    print(by_splink(name, tables) if tool == "splink" else by_recordlinkage(tool, tables))


def by_splink(name: str, tables: list[Any]) -> int:
    """Entities after Splink."""
    if name == "fake_1000":
        return _splink(tables, *_tutorial(), 0.2)
    if name == "historical_50k":
        return _splink(tables, *_historical(), 0.95)
    return _splink(tables, *_febrl(tables), 0.99 if name == "febrl4" else 0.95)


def _splink(tables: list[Any], settings: dict[str, Any], rules: dict[str, Any], threshold: float) -> int:
    from splink import DuckDBAPI, Linker, SettingsCreator

    api = DuckDBAPI()
    kind = "link_only" if len(tables) > 1 else "dedupe_only"
    made = SettingsCreator(unique_id_column_name="rec_id", link_type=kind, **settings)
    linker = Linker([api.register(table) for table in tables], made)
    linker.training.estimate_probability_two_random_records_match(
        rules["deterministic"], recall=rules["recall"]
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=rules["pairs"], seed=2)
    for rule in rules["training"]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=min(threshold, 0.2))
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        found, threshold_match_probability=threshold
    )
    return int(pd.DataFrame(clusters.as_record_list())["cluster_id"].nunique())


def _febrl(tables: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The examples `febrl3` and `febrl4`; columns that a set lacks are left out."""
    import splink.comparison_library as cl
    from splink import block_on

    for table in tables:
        table.rename(columns=NAMES, inplace=True)
    has = tables[0].columns
    form = "%Y-%m-%d" if tables[0]["date_of_birth"].dropna().iloc[0][4] == "-" else "%Y%m%d"
    comparisons = {
        "given_name": cl.NameComparison("given_name").configure(term_frequency_adjustments=len(tables) > 1),
        "surname": cl.NameComparison("surname").configure(term_frequency_adjustments=len(tables) > 1),
        "date_of_birth": cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format=form, invalid_dates_as_null=True
        ),
        "soc_sec_id": cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2] if len(tables) > 1 else [2]),
        "street_number": cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        "postcode": cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    }
    if len(tables) > 1:
        comparisons["postcode"] = cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
            term_frequency_adjustments=True
        )
        blocks = [
            ("given_name", "surname"), ("date_of_birth",), ("soc_sec_id",), ("state", "address_1"),
            ("street_number", "address_1"), ("postcode",),
        ]  # fmt: skip
    else:
        blocks = [("soc_sec_id",), ("given_name",), ("surname",), ("date_of_birth",), ("postcode",)]
    blocking = [block_on(*block) for block in blocks if set(block) <= set(has)]
    swapped = "l.given_name = r.surname and l.surname = r.given_name"
    deterministic = [
        block_on("given_name", "surname", "date_of_birth"),
        f"{swapped} and l.date_of_birth = r.date_of_birth",
    ]
    if len(tables) > 1:
        blocking.append(swapped)
    if "soc_sec_id" in has:
        deterministic.append(block_on("soc_sec_id"))
    # In RLdata500 nearly all pairs of one birth date are matches: nothing to train on.
    columns = ("date_of_birth", "postcode") if "postcode" in has else ("given_name", "surname")
    training = [block_on(column) for column in columns]
    return (
        {
            "blocking_rules_to_generate_predictions": blocking,
            "comparisons": [made for column, made in comparisons.items() if column in has],
        },
        {
            "deterministic": deterministic,
            "recall": 0.8 if len(tables) > 1 else 0.9,
            "pairs": 1e7 if len(tables) > 1 else 1e6,
            "training": training,
        },
    )


def _tutorial() -> tuple[dict[str, Any], dict[str, Any]]:
    import splink.comparison_library as cl
    from splink import block_on

    return (
        {
            "comparisons": [
                cl.NameComparison("first_name"),
                cl.NameComparison("surname"),
                cl.LevenshteinAtThresholds("dob", 1),
                cl.ExactMatch("city").configure(term_frequency_adjustments=True),
                cl.EmailComparison("email"),
            ],
            "blocking_rules_to_generate_predictions": [
                block_on("first_name", "city"),
                block_on("surname"),
                block_on("dob"),
            ],
        },
        {
            "deterministic": [
                block_on("first_name", "dob"),
                "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
                block_on("email"),
            ],
            "recall": 0.7,
            "pairs": 2e6,
            "training": [block_on("first_name", "surname"), block_on("dob")],
        },
    )


def _historical() -> tuple[dict[str, Any], dict[str, Any]]:
    import splink.comparison_library as cl
    from splink import block_on

    blocks = [
        ("substr(first_name,1,3)", "substr(surname,1,4)"), ("surname", "dob"), ("first_name", "dob"),
        ("postcode_fake", "first_name"), ("postcode_fake", "surname"), ("dob", "birth_place"),
        ("substr(postcode_fake,1,3)", "dob"), ("substr(postcode_fake,1,3)", "first_name"),
        ("substr(postcode_fake,1,3)", "surname"),
        ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]  # fmt: skip
    return (
        {
            "blocking_rules_to_generate_predictions": [block_on(*block) for block in blocks],
            "comparisons": [
                cl.ForenameSurnameComparison(
                    "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
                ),
                cl.DateOfBirthComparison("dob", input_is_string=True),
                cl.PostcodeComparison("postcode_fake"),
                cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
                cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
            ],
        },
        {
            "deterministic": [
                block_on("first_name", "surname", "dob"),
                block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
                block_on("dob", "postcode_fake"),
            ],
            "recall": 0.6,
            "pairs": 1e7,
            "training": [block_on("first_name", "surname"), block_on("dob")],
        },
    )


def by_recordlinkage(tool: str, tables: list[Any]) -> int:
    """Entities after recordlinkage."""
    import recordlinkage

    whole = pd.concat(tables).rename(columns=NAMES).set_index("rec_id")
    whole = whole.rename(columns={"first_name": "given_name", "dob": "date_of_birth"})
    indexer = recordlinkage.Index()
    indexer.block("given_name")
    compare = recordlinkage.Compare()
    compare.exact("given_name", "given_name", label="given_name")
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85, label="surname")
    compare.exact("date_of_birth", "date_of_birth", label="date_of_birth")
    for column in ("suburb", "state", "city", "birth_place", "occupation", "postcode_fake", "email"):
        if column in whole:
            compare.exact(column, column, label=column)
    if "address_1" in whole:
        compare.string("address_1", "address_1", threshold=0.85, label="address_1")
    features = compare.compute(indexer.index(whole), whole)
    if tool == "guide":
        # The guide has six features and matches above three of them.
        matches = features[features.sum(axis=1) > features.shape[1] / 2].index
    else:
        matches = recordlinkage.ECMClassifier(binarize=0.8).fit_predict(features)
    return _entities(list(whole.index), matches)


def _entities(records: list[str], matches: Any) -> int:
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    place = {record: at for at, record in enumerate(records)}
    one = np.array([place[pair[0]] for pair in matches], int)
    other = np.array([place[pair[1]] for pair in matches], int)
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(len(records),) * 2)
    return int(connected_components(graph.tocsr(), directed=False)[0])


if __name__ == "__main__":
    main()
