"""A dozen faults on one case, and a disk that is full; `make faults` injects hundreds."""

import random
import shutil
from pathlib import Path

import pytest

from tests.faults import injection
from tests.faults.injection import Broken, World, is_whole, need_strace


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    need_strace()
    made = World(tmp_path_factory.mktemp("faults"))
    made.prepare()
    return made


def test_a_case_survives_a_dozen_faults(world: World) -> None:
    world.chain(world.folder / "case", 12, random.Random("a dozen"))
    assert sum(world.injected.values()) >= 6
    assert {kind.split(":")[1] for kind in world.injected} == set(injection.FAULTS)


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(world: World) -> None:
    world.fill_disk("1500k", "64m")


def test_half_a_publication_is_noticed(world: World, tmp_path: Path) -> None:
    publication = world.folder / "reference" / "publication"
    assert is_whole(publication)
    for change in ("cut", "missing", "more"):
        copy = tmp_path / change
        shutil.copytree(publication, copy)
        page = copy / "index.html"
        if change == "cut":
            page.write_bytes(page.read_bytes()[:-1])
        elif change == "missing":
            page.unlink()
        else:
            (copy / "other").touch()
        assert not is_whole(copy)


def test_a_system_that_can_not_trace_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Broken, match="apt install strace"):
        need_strace()
