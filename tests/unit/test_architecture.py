"""The invariants that can be read off the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sousveil

SOURCE = Path(sousveil.__file__).parent


def imports() -> Iterator[tuple[str, str]]:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.relative_to(SOURCE).as_posix(), alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield path.relative_to(SOURCE).as_posix(), node.module or ""


def test_only_the_vault_touches_the_engine() -> None:
    assert {path.split("/")[0] for path, name in imports() if name.split(".")[0] == "duckdb"} == {"vault"}


def test_nothing_opens_a_network_connection() -> None:
    networked = {"socket", "urllib", "http", "requests", "httpx", "aiohttp", "ssl", "ftplib", "smtplib"}
    found = [(path, name) for path, name in imports() if name.split(".")[0] in networked]
    assert [row for row in found if row[1] != "urllib.parse"] == []


def test_nothing_runs_a_shell() -> None:
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        assert "shell=True" not in text, path
        assert "os.system" not in text, path


def test_the_gate_is_asked_only_by_findings() -> None:
    asking = {path for path, name in imports() if name.startswith("sousveil.gate")}
    assert {path.split("/")[0] for path in asking} <= {"gate", "findings"}


def test_loaders_know_neither_case_nor_vault_store() -> None:
    for path, name in imports():
        if path.startswith("intake/loaders/"):
            assert name not in {"sousveil.case", "sousveil.vault.store"}, path


def test_no_decoder_of_pictures_sound_or_film_is_imported() -> None:
    decoders = {"PIL", "cv2", "imageio", "skimage", "wave", "soundfile", "av", "face_recognition", "whisper"}
    assert [row for row in imports() if row[1].split(".")[0] in decoders] == []


def test_the_public_names_are_these() -> None:
    assert sousveil.__all__ == ["Case", "SousveilError", "__version__"]
    assert [name for name in sousveil.__all__ if not hasattr(sousveil, name)] == []


def test_the_engine_is_not_imported_with_the_package() -> None:
    code = "import sys, sousveil.__main__; print('duckdb' in sys.modules, 'pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
