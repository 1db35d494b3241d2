"""The jail: a child that tries to get through each wall must fail, as root and as an ordinary user."""

import ctypes
import errno
import gc
import mmap
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sousveil.intake.jail import WALLS, calls, enter, kernel, trial
from sousveil.intake.jail.limits import Limits

LIMITS = Limits(seconds=5, memory=64 << 20, written=1 << 20)
NOBODY = 65534
LIBC = ctypes.CDLL(None, use_errno=True)
GOT_THROUGH, HELD = 10, 11


def in_jail(attempt: Callable[[], object], readable: Path | None, user: int = 0) -> int:
    """How a fork ends that enters the jail and then tries something: got through, held, or a signal.

    Without anything `readable` it stays outside.
    """
    child = os.fork()
    if not child:
        # An engine that another test left lying would be collected here, without its threads, and abort.
        gc.freeze()
        status = 1
        try:
            if user:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            if readable:
                enter(readable, LIMITS)
            try:
                attempt()
                status = GOT_THROUGH
            except (OSError, MemoryError, RuntimeError):
                status = HELD
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def called(name: str, *arguments: object) -> Callable[[], None]:
    """A call into the C library that raises where it fails."""

    def attempt() -> None:
        if getattr(LIBC, name)(*arguments) < 0:
            raise OSError

    return attempt


def connect_somewhere() -> None:
    # A socket that was open before would have to be connected: the call itself is refused.
    # Nothing is a socket here, so that only the jail says "not permitted".
    if LIBC.connect(0, b"\x02\0\0\x50\x7f\0\0\x01" + bytes(8), 16) and ctypes.get_errno() == errno.EPERM:
        raise OSError


def signal_parent() -> None:
    os.kill(os.getppid(), 0)


def look_into_parent() -> None:
    Path(f"/proc/{os.getppid()}/mem").open("rb").close()


def io_uring() -> None:
    if LIBC.syscall(425, 1, ctypes.create_string_buffer(120)) < 0:
        raise OSError


def clone_by_hand() -> None:
    """A process made without the C library's help."""
    if sys.maxsize and LIBC.syscall(56 if os.uname().machine == "x86_64" else 220, 17, 0, 0, 0, 0) < 0:
        raise OSError
    os._exit(GOT_THROUGH)


OUTSIDE = [Path(folder, f"sousveil-test-{os.getpid()}") for folder in (tempfile.gettempdir(), "/dev/shm")]  # noqa: S108
ATTEMPTS: dict[str, Callable[[Path], Callable[[], object]]] = {
    "read the system's users": lambda _: lambda: Path("/etc/passwd").read_bytes(),
    "read a file beside the input": lambda folder: lambda: (folder / "key.txt").read_bytes(),
    "list the folder of the input": lambda folder: lambda: list(folder.iterdir()),
    "list the root": lambda _: lambda: list(Path("/").iterdir()),
    "read its own environment": lambda _: lambda: Path("/proc/self/environ").read_bytes(),
    "look into the parent's memory": lambda _: look_into_parent,
    "write a file": lambda folder: lambda: (folder / "new").write_bytes(b"x"),
    "write into the input": lambda folder: lambda: (folder / "input").open("r+b"),
    "write into the folder for temporary files": lambda _: OUTSIDE[0].touch,
    "write into shared memory": lambda _: OUTSIDE[1].touch,
    "remove the input": lambda folder: lambda: (folder / "input").unlink(),
    "rename the input": lambda folder: lambda: (folder / "input").rename(folder / "b"),
    "link to the input": lambda folder: lambda: (folder / "b").symlink_to("input"),
    "make a folder": lambda folder: lambda: (folder / "b").mkdir(),
    "change rights": lambda folder: lambda: (folder / "input").chmod(0o777),
    "truncate the input": lambda folder: lambda: os.truncate(folder / "input", 0),
    "open a socket": lambda _: called("socket", 2, 1, 0),
    "open a socket of IPv6": lambda _: called("socket", 10, 2, 0),
    "open a local socket": lambda _: called("socket", 1, 1, 0),
    "connect a socket": lambda _: connect_somewhere,
    "start a program": lambda _: lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
    "start a program by a shell": lambda _: lambda: subprocess.run(["/bin/true"], check=True),
    "fork": lambda _: os.fork,
    "fork without the C library": lambda _: clone_by_hand,
    "send a signal to the parent": lambda _: signal_parent,
    "trace the parent": lambda _: called("ptrace", 16, os.getpid(), 0, 0),
    "go into another namespace": lambda _: called("unshare", 0x10000000),
    "mount": lambda _: called("mount", b"none", b"/mnt", b"tmpfs", 0, 0),
    "use io_uring": lambda _: io_uring,
    "take a gigabyte": lambda _: lambda: mmap.mmap(-1, 1 << 30),
    "fill a large file in memory": lambda _: lambda: os.pwrite(os.memfd_create("x"), b"x", 2 << 20),
    "open files without end": lambda _: lambda: [os.pipe() for _ in range(1000)],
    "start threads without end": lambda _: (
        lambda: [threading.Thread(target=time.sleep, args=[9], daemon=True).start() for _ in range(1000)]
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with the input and a key, which any user may read and write."""
    for name in ("input", "key.txt"):
        (tmp_path / name).write_bytes(b"x")
        (tmp_path / name).chmod(0o666)
    for part in (tmp_path, *tmp_path.parents[:3]):
        part.chmod(0o777 if part == tmp_path else 0o755)
    yield tmp_path
    for place in OUTSIDE:
        place.unlink(missing_ok=True)


USERS = [0, NOBODY] if os.geteuid() == 0 else [0]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_wall_of_the_jail_lets_a_child_through(attempt: str, user: int, folder: Path) -> None:
    assert in_jail(ATTEMPTS[attempt](folder), folder / "input", user) == HELD
    assert sorted(path.name for path in folder.iterdir()) == ["input", "key.txt"]


OF_ANY_USER = [name for name in ATTEMPTS if not name.startswith(("mount", "use io", "trace", "start", "go"))]
"""Attempts that nothing but the jail stops, whatever the machine, and that do no harm."""


@pytest.mark.parametrize("attempt", OF_ANY_USER)
def test_without_the_jail_each_attempt_gets_through(attempt: str, folder: Path) -> None:
    assert in_jail(ATTEMPTS[attempt](folder), None) == GOT_THROUGH


ALLOWED: dict[str, Callable[[Path], Callable[[], object]]] = {
    "read the input": lambda folder: lambda: (folder / "input").read_bytes(),
    "import a module of Python": lambda _: lambda: __import__("colorsys"),
    "fill a small file in memory": lambda _: lambda: os.pwrite(os.memfd_create("x"), b"x", 1000),
    "open a file in memory again": lambda _: Path(f"/proc/self/fd/{os.memfd_create('x')}").read_bytes,
    "start a thread": lambda _: threading.Thread(target=time.time).start,
    "wait": lambda _: lambda: select.select([], [], [], 0.01),
}


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("attempt", ALLOWED)
def test_what_parsing_needs_works_within_the_jail(attempt: str, user: int, folder: Path) -> None:
    assert in_jail(ALLOWED[attempt](folder), folder / "input", user) == GOT_THROUGH


def spin() -> None:
    while True:
        pass


def test_processor_time_is_limited(folder: Path) -> None:
    def attempt() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        spin()

    assert in_jail(attempt, folder / "input") == -signal.SIGKILL


def test_limits_can_not_be_lifted_again(folder: Path) -> None:
    def attempt() -> None:
        import resource

        try:
            resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
        except ValueError:
            raise OSError from None

    assert in_jail(attempt, folder / "input") == HELD


def walls_of(folder: Path) -> tuple[str, ...]:
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        try:
            enter(folder / "input", LIMITS)
            os.write(theirs, " ".join(trial()).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    os.waitpid(child, 0)
    with os.fdopen(ours) as said:
        return tuple(said.read().split())


def test_all_walls_stand_on_this_system(folder: Path) -> None:
    assert walls_of(folder) == WALLS


def test_the_trial_believes_only_what_it_tried(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sousveil.intake.jail.files.call", lambda *_: -1)
    assert walls_of(folder) == ("writing", "network", "programs", "limits")
    monkeypatch.setattr("sousveil.intake.jail.calls._MACHINES", {})
    assert walls_of(folder) == ("limits",)


def test_the_filter_is_written_for_both_kinds_of_machine() -> None:
    for machine in calls._MACHINES.values():
        program = calls._program(machine, 1)
        assert len(program) % 8 == 0
        assert len(program) // 8 < 4096
        jumps = [(program[at + 2], program[at + 3]) for at in range(0, len(program), 8)]
        assert all(place + 1 + max(jump) < len(jumps) for place, jump in enumerate(jumps) if any(jump))


def test_another_file_can_be_read_by_the_next_fork(folder: Path) -> None:
    for name in ("input", "key.txt"):
        assert in_jail((folder / name).read_bytes, folder / name) == GOT_THROUGH


def test_a_socket_can_be_made_outside_the_jail() -> None:
    assert kernel.opens_socket()
