"""Bad input: a stable code, a clear sentence, the next command, the contract's exit code, nothing lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.endtoend.conftest import Job, command


def failed(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str, str]:
    error = json.loads(done.stdout)["error"]
    return done.returncode, error["code"], error["message"], error["next"]


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    done = command("run", tmp_path / "dump", "--case", tmp_path / "case", "--json", key=tmp_path / "key.txt")
    assert failed(done)[:2] == (5, "NOTHING_READABLE")


def test_a_folder_without_any_table(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.bin").write_bytes(bytes(range(256)) * 10)
    done = command("run", tmp_path / "dump", "--case", tmp_path / "case", "--json", key=tmp_path / "key.txt")
    assert failed(done)[:2] == (5, "NOTHING_READABLE")
    shown = command("intake", "--case", tmp_path / "case", "--json", key=tmp_path / "key.txt")
    assert shown.returncode == 0, shown.stdout
    assert len(json.loads(shown.stdout)["items"]) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody without rights")
def test_a_file_without_permission_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    rows = "".join(f"{number},a\n" for number in range(50))
    (dump / "open.csv").write_text("id,kind\n" + rows)
    (dump / "shut.csv").write_text("id,kind\n" + rows)
    (dump / "shut.csv").chmod(0)
    done = as_nobody("intake", dump, "--case", tmp_path / "case", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    items = {item["path"]: item for item in json.loads(done.stdout)["items"]}
    assert items["open.csv"]["status"] == "loaded"
    assert items["shut.csv"]["status"] == "unreadable"
    assert items["shut.csv"]["reason"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody without rights")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir(mode=0o700)
    done = as_nobody("intake", tmp_path / "dump", "--case", tmp_path / "case", folder=tmp_path)
    assert failed(done)[:2] == (1, "NO_PERMISSION")


def as_nobody(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user without rights; root would be refused nothing."""
    drop = (
        "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "from sousveil.__main__ import main; main()"
    )
    for above in [folder, *folder.parents][:-1]:
        if above.name.startswith(("pytest", "popen")):
            above.chmod(0o755)
    folder.chmod(0o777)
    return subprocess.run(
        [sys.executable, "-c", drop, *map(str, arguments), "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "SOUSVEIL_KEY": str(folder / "key.txt")},
        check=False,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small disk")
def test_a_full_disk_and_then_room(small: Job, tmp_path: Path) -> None:
    """A run on a disk that is too small stops cleanly; with more room the same command goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let tests mount a disk")
    try:
        dump = small.folder / "demo" / "dump"
        done = command("run", dump, "--case", disk / "case", "--json", key=small.key)
        assert failed(done)[:2] == (1, "DISK_FULL")
        subprocess.run(["mount", "-o", "remount,size=500m", disk], check=True)
        again = command("run", dump, "--case", disk / "case", key=small.key)
        assert again.returncode == 0, again.stderr
        published = (disk / "case" / "publication" / "SHA256SUMS").read_text()
        assert published == (small.case / "publication" / "SHA256SUMS").read_text()
    finally:
        subprocess.run(["umount", disk], check=True)


def ask(job: Job, folder: Path, **question: object) -> subprocess.CompletedProcess[str]:
    """Ask one question of a copy of the case."""
    if not (folder / "case").exists():
        shutil.copytree(job.case, folder / "case")
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in question.items()]
    (folder / "q.toml").write_text("[[question]]\n" + "\n".join(lines) + "\n", "utf-8")
    return command(
        "findings", "--questions", folder / "q.toml", "--case", folder / "case", "--json", key=job.key
    )


@pytest.fixture
def first(small: Job) -> dict[str, object]:
    """A table of the small demo with a category column and a name column, as the survey sees them."""
    done = command("survey", "--case", small.case, "--json", key=small.key)
    for table in json.loads(done.stdout)["tables"]:
        types = {column["type"]: column["column"] for column in table["columns"]}
        if "category" in types and "person_name" in types:
            return {"table": table["table"], "category": types["category"], "name": types["person_name"]}
    raise AssertionError("the demo has a table with names and a category")


def test_an_unknown_column_is_answered_with_the_nearest_name(
    small: Job, tmp_path: Path, first: dict[str, str]
) -> None:
    done = ask(
        small,
        tmp_path,
        id="a",
        title="A",
        count="records",
        table=first["table"],
        by=[first["category"] + "x"],
    )
    code, name, message, _ = failed(done)
    assert (code, name) == (2, "UNKNOWN_COLUMN")
    assert first["category"] in message


def test_an_unknown_table_is_answered_with_the_nearest_name(
    small: Job, tmp_path: Path, first: dict[str, str]
) -> None:
    done = ask(small, tmp_path, id="a", title="A", count="records", table=first["table"] + "s")
    code, name, message, _ = failed(done)
    assert (code, name) == (2, "UNKNOWN_TABLE")
    assert first["table"] in message


@pytest.mark.parametrize(
    "where",
    [
        "1 = 1; DROP TABLE x",
        "(SELECT count(*) FROM meta.items) > 0",
        "read_csv('/etc/passwd') IS NULL",
        "{category} = getenv('HOME')",
        "{category} || 'x' = 'x'",
        "{category} = 'a' -- comment",
        "CAST({category} AS INTEGER) = 1",
    ],
)
def test_an_unsafe_where(small: Job, tmp_path: Path, first: dict[str, str], where: str) -> None:
    done = ask(
        small,
        tmp_path,
        id="a",
        title="A",
        count="records",
        table=first["table"],
        where=where.format(category=f'"{first["category"]}"'),
    )
    assert failed(done)[0] == 2
    assert failed(done)[1] in {"UNSAFE_WHERE", "UNKNOWN_COLUMN", "BAD_QUESTION"}


def test_a_question_by_a_name_is_refused(small: Job, tmp_path: Path, first: dict[str, str]) -> None:
    done = ask(
        small,
        tmp_path,
        id="a",
        title="A",
        count="records",
        table=first["table"],
        where=f"\"{first['name']}\" = '王'",
    )
    assert failed(done)[:2] == (3, "IDENTIFYING")
    done = ask(small, tmp_path, id="a", title="A", count="records", table=first["table"], by=[first["name"]])
    assert failed(done)[:2] == (3, "IDENTIFYING")


def test_an_edit_of_the_review_does_not_lift_the_refusal(
    small: Job, tmp_path: Path, first: dict[str, str]
) -> None:
    shutil.copytree(small.case, tmp_path / "case")
    review = tmp_path / "case" / "review.toml"
    review.write_text(review.read_text("utf-8").replace(' = "person_name"', ' = "category"'), "utf-8")
    done = ask(small, tmp_path, id="a", title="A", count="records", table=first["table"], by=[first["name"]])
    assert failed(done)[:2] == (3, "IDENTIFYING")


def test_a_run_in_which_nothing_may_be_released(small: Job, tmp_path: Path, first: dict[str, str]) -> None:
    where = f"\"{first['category']}\" = 'no such thing'"
    done = ask(small, tmp_path, id="a", title="A", count="records", table=first["table"], where=where)
    assert failed(done)[0] == 3
