"""What an intake lost is said aloud: a tired reader must not take a dump for read that was not."""

from pathlib import Path

from sousveil.intake.losses import losses


def item(path: str, records: int, rejects: int, status: str = "loaded") -> dict:
    tables = [{"table": "t", "records": records, "rejects": rejects}] if records or rejects else []
    return {"path": path, "status": status, "tables": tables}


def said(*items: dict, folder: str = "case") -> list[str]:
    document = {"items": list(items), "records": sum(t["records"] for i in items for t in i["tables"])}
    return list(losses(document, Path(folder)))


def test_nothing_is_said_of_an_intake_with_a_few_rejects() -> None:
    assert said(item("a.csv", 1000, 40), item("b.csv", 3, 9), item("photo.jpg", 0, 0, "counted")) == []


def test_a_file_of_which_most_records_were_rejected_is_named_with_the_command_that_shows_them() -> None:
    assert said(item("böse liste.csv", 10, 90), folder="fall 1") == [
        "böse liste.csv: 90 of 100 records could not be read. How they look: "
        "sousveil intake --rejects 'böse liste.csv' --case 'fall 1'"
    ]


def test_refused_and_unreadable_items_are_counted() -> None:
    found = said(item("a", 5, 0), item("b", 0, 0, "refused"), item("c", 0, 0, "unreadable"))
    assert found == ["2 items were refused or unreadable. Which, and why: sousveil intake --case case"]
    assert said(item("a", 5, 0), item("b", 0, 0, "refused"))[0].startswith("1 item was refused")


def test_many_bad_files_are_not_listed_one_by_one() -> None:
    found = said(*(item(f"{n}.csv", 20, 80) for n in range(12)))
    assert len(found) == 6
    assert found[-1].startswith("7 more items of which most records could not be read")


def test_a_dump_without_a_record_is_told_as_such() -> None:
    assert said(item("a.csv", 0, 4000))[-1] == "No record was loaded: nothing can be said about this dump."
