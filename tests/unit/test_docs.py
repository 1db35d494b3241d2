"""The docs say what the code says."""

import re
from pathlib import Path

import pytest

from sousveil.stages import STAGES
from tests.references import DOCS, REFERENCES, all_errors

ROOT = DOCS.parent


@pytest.mark.parametrize("name", REFERENCES)
def test_generated_reference_is_current(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == REFERENCES[name](), "run `make docs`"


def test_error_codes_are_unique() -> None:
    codes = [error.code for error in all_errors()]
    assert len(set(codes)) == len(codes)


def test_every_room_of_the_house_stands_in_the_architecture_page() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    source = ROOT / "src" / "sousveil"
    rooms = [path.name for path in source.iterdir() if (path / "__init__.py").exists()]
    assert [room for room in rooms if f"`{room}/`" not in page] == []
    assert [stage.name for stage in STAGES if stage.name not in page] == []


def test_links_between_the_docs_lead_somewhere() -> None:
    dead = [
        (page.name, link)
        for page in [*DOCS.glob("*.md"), ROOT / "README.md"]
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]
    assert dead == []


def test_locked_requirements_have_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        assert "://" not in text
        packages = re.findall(r"^[A-Za-z0-9]", text, flags=re.MULTILINE)
        assert len(packages) == len(
            re.findall(r"^[A-Za-z0-9][^\n]* \\\n    --hash=sha256:", text, flags=re.MULTILINE)
        )


def test_every_runtime_dependency_is_explained() -> None:
    page = (DOCS / "dependencies.md").read_text("utf-8")
    wanted = [
        re.split(r"[=<>\[]", line)[0] for line in (ROOT / "requirements/runtime.in").read_text().split()
    ]
    assert [name for name in wanted if f"`{name}`" not in page] == []


def test_no_tracked_page_is_empty() -> None:
    assert [page.name for page in Path(DOCS).glob("*.md") if len(page.read_text("utf-8")) < 200] == []
