"""One fault at one system call of `sousveil run`, by `strace -e inject=`, and what must hold after it.

A chain is a case that suffers one fault after the other, each run going on where the last one fell, until a
run without a fault ends it. After each fault: the ledger still begins with what was acknowledged before, the
publication is whole or not there, no value of the dump stands in a message. After the chain: the publication
has the bytes, and intake the result, of a run that was never disturbed; the ledger verifies.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

CALLS = {"write": 60, "pwrite64": 30, "fsync": 100, "rename": 25, "unlink": 30, "mkdir": 30, "ftruncate": 2}
"""System calls that change files, and up to which of their occurrences in one process a fault is set."""
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
SECRET = "990102199001011"
"""How every identity number of the dump begins."""
NAMES = ("赵钱孙", "周吴郑", "冯陈褚")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


class Broken(Exception):
    """Something does not hold after a fault."""


def need_strace() -> None:
    """Raise `Broken` where processes can't be traced here: the faults can't be injected."""
    try:
        done = subprocess.run(["strace", "-f", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        raise Broken("strace is not installed (apt install strace)") from None
    if done.returncode:
        raise Broken("strace may not trace processes here (ptrace is forbidden): run where it may")


def write_dump(folder: Path, people: int = 120) -> None:
    """A small dump of three files with rejects, and questions beside it."""
    folder.mkdir(parents=True)
    chance = random.Random(1)
    rows = ["姓名,性别,证件号,出生日期,登记日期"]
    for number in range(people * 3):
        who = number % people
        name = SURNAMES[who % 16] + chr(0x4E00 + 37 * who % 5000)
        date = f"2018-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        born = f"{1950 + who % 50}-{1 + who % 12:02}-{1 + who % 28:02}"
        rows.append(f"{name},{'男女'[who % 2]},{SECRET}{who:03}X,{born},{date}")
    rows.append("broken,line")
    (folder / "登记.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "旧登记.csv").write_bytes("\n".join(rows[: people + 1]).encode("gb18030"))
    (folder / "p.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder.parent / "questions.toml").write_text(
        '[[question]]\nid = "q"\ntitle = "By sex"\ncount = "records"\ntable = "登记"\nby = ["性别"]\n',
        "utf-8",
    )


@dataclass
class World:
    """A dump, a key, and what an undisturbed run makes of it."""

    folder: Path
    publication: str = ""
    intake: str = ""
    injected: dict[str, int] = field(default_factory=dict)

    def prepare(self) -> None:
        """Write the dump and run it once without any fault."""
        write_dump(self.folder / "dump")
        done = self.run(self.folder / "reference")
        if done.returncode:
            raise Broken(f"the run without a fault ended with {done.returncode}: {done.stderr}")
        self.publication = digest(self.folder / "reference" / "publication")
        self.intake = self.result(self.folder / "reference")

    def run(self, case: Path, *tracer: str) -> subprocess.CompletedProcess[str]:
        """The main job on a case, under a tracer where one is given."""
        command = [sys.executable, "-m", "sousveil", "run", str(self.folder / "dump"), "--case", str(case)]
        asked = ["--questions", str(self.folder / "questions.toml"), "--quiet"]
        return self._call([*tracer, *command, *asked])

    def result(self, case: Path) -> str:
        """What intake holds."""
        command = [sys.executable, "-m", "sousveil", "intake", "--case", str(case), "--json"]
        return self._call(command).stdout

    def _call(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "SOUSVEIL_KEY": str(self.folder / "key.txt")}
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    def chain(self, case: Path, length: int, chance: random.Random) -> None:
        """So many faults on one case, then the run that must make up for all of them. Raises `Broken`."""
        said: list[str] = []
        for _ in range(length):
            call = chance.choice(list(CALLS))
            fault = f"{call}:{chance.choice(FAULTS)}:when={chance.randrange(1, CALLS[call] + 1)}"
            said.append(fault)
            self.suffer(case, fault, said)
        done = self.run(case)
        self._hold(done.returncode == 0, said, f"the run after the faults ended: {done.stderr}")
        differing = differences(case / "publication", self.folder / "reference" / "publication")
        self._hold(not differing, said, f"another publication: {differing}")
        self._hold(self.result(case) == self.intake, said, "another result of intake")
        verified = [sys.executable, "-m", "sousveil", "ledger", "verify", "--case", str(case)]
        self._hold(self._call(verified).returncode == 0, said, "the ledger does not verify")
        shutil.rmtree(case)

    def suffer(self, case: Path, fault: str, said: list[str]) -> None:
        """One run with one fault. Raises `Broken` where something does not hold after it."""
        before = acknowledged(case)
        log = case.with_name("strace.log")
        tracer = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={fault.split(':')[0]}"]
        done = self.run(case, *tracer, "-e", f"inject={fault}")
        if any(mark in log.read_text("utf-8", "replace") for mark in ("(INJECTED)", "killed by SIGKILL")):
            kind = ":".join(fault.split(":")[:2])
            self.injected[kind] = self.injected.get(kind, 0) + 1
        self._hold(done.returncode in (0, 1, 6, 137, -9), said, f"exit code {done.returncode}: {done.stderr}")
        self._hold("Traceback" not in done.stderr, said, done.stderr)
        self._hold(not leaks(done.stdout + done.stderr), said, "a value of the dump in a message")
        self._hold(acknowledged(case).startswith(before), said, "the ledger lost what it had")
        self._hold(is_whole(case / "publication"), said, "half a publication")

    def fill_disk(self, *sizes: str) -> None:
        """Run on a small disk that grows from size to size. Raises `Broken`."""
        where = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        driver = [sys.executable, "-m", "tests.faults.small_disk", str(self.folder), self.publication]
        done = self._call(["unshare", *where, "--mount", *driver, *sizes])
        if done.returncode:
            raise Broken(f"on a small disk: {done.stdout}{done.stderr}")

    @staticmethod
    def _hold(holds: bool, said: list[str], what: str) -> None:
        if not holds:
            raise Broken(f"after {', '.join(said)}: {what}")


def digest(folder: Path) -> str:
    """A hash over the names and bytes of all files in a folder."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            made.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


def differences(folder: Path, other: Path) -> list[str]:
    """Names of the files that two folders do not have alike, with the first place where they differ."""
    found = []
    for name in sorted({p.relative_to(f).as_posix() for f in (folder, other) for p in f.rglob("*")}):
        one, two = folder / name, other / name
        if one.is_dir() and two.is_dir():
            continue
        if not (one.is_file() and two.is_file()):
            found.append(f"{name} is in one only")
        elif (first := one.read_bytes()) != (second := two.read_bytes()):
            at = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), -1)
            found.append(f"{name} at {at}: {first[at : at + 60]!r} for {second[at : at + 60]!r}")
    return found


def acknowledged(case: Path) -> bytes:
    """The whole lines of the ledger."""
    ledger = case / "custody" / "ledger.jsonl"
    data = ledger.read_bytes() if ledger.exists() and (case / "case.toml").exists() else b""
    return data[: data.rfind(b"\n") + 1]


def leaks(text: str) -> bool:
    """Whether a text holds an identity number of the dump."""
    return SECRET in text


def is_whole(publication: Path) -> bool:
    """Whether a publication is not there at all, or has every file of its checksums, as they say."""
    if not publication.exists() or not any(publication.iterdir()):
        return True
    sums = publication / "SHA256SUMS"
    if not sums.exists():
        return False
    listed = dict(reversed(line.split("  ", 1)) for line in sums.read_text("utf-8").splitlines())
    there = {p.relative_to(publication).as_posix() for p in publication.rglob("*") if p.is_file()}
    return there == {*listed, "SHA256SUMS"} and all(
        hashlib.sha256((publication / name).read_bytes()).hexdigest() == sum for name, sum in listed.items()
    )
