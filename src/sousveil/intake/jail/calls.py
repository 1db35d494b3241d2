"""seccomp: which system calls a process may make from now on (`seccomp(2)`, classic BPF).

What parsing never needs is refused with EPERM: sockets, programs, other processes, any change to a file
system, the kernel's own doors. Calls that are younger than this list do not exist for it (ENOSYS). Numbers
are from the kernel's tables (`arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/asm-generic/unistd.h`);
on a machine of another kind nothing is filtered, and the trial says that these walls do not stand.
"""

from __future__ import annotations

import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

from sousveil.intake.jail.kernel import filter_calls

_REFUSED = {
    # name: (number on x86_64, number on aarch64); None where there is none
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "creat": (85, None),
    "truncate": (76, 45),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "iopl": (172, None),
    "ioperm": (173, None),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "personality": (135, 92),
    "fanotify_init": (300, 262),
}
_ABSENT = {"clone3": (435, 435), "openat2": (437, 437)}
"""Their arguments lie in memory, where a filter can't look: the C library goes on with the older call."""
_CLONE = (56, 220)
_TGKILL = (234, 131)
_OPEN = (2, None)
_OPENAT = (257, 56)
_YOUNGEST = 462
_ANOTHER_ABI = 0x40000000
"""Numbers from here on are those of x32, with other meanings."""
_CLONE_THREAD = 0x10000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | 0o20000000
"""Flags of an opening that changes something; the last is that of a nameless temporary file."""

_LOAD, _EQUAL, _MORE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = _ERROR | errno.EPERM, _ERROR | errno.ENOSYS
_NUMBER, _MACHINE = 0, 4


@dataclass(frozen=True)
class _Machine:
    place: int
    """Which number of each pair is its own."""
    audit: int
    """Its number in the kernel's `audit.h`."""


_MACHINES = {"x86_64": _Machine(0, 0xC000003E), "aarch64": _Machine(1, 0xC00000B7)}


def forbid_calls() -> None:
    """Refuse from now on every call that parsing does not need; nothing on a machine of an unknown kind."""
    machine = _MACHINES.get(platform.machine())
    if machine and sys.byteorder == "little" and sys.maxsize > 2**32:
        filter_calls(_program(machine, os.getpid()))


def _program(machine: _Machine, pid: int) -> bytes:
    """The filter: each rule is a jump over what follows, or a verdict."""

    def number(pair: tuple[int | None, int | None]) -> int | None:
        return pair[machine.place]

    parts = [_step(_LOAD, _MACHINE), _step(_EQUAL, machine.audit, 1, 0), _step(_RETURN, _KILL)]
    parts += [_step(_LOAD, _NUMBER), _step(_MORE, _ANOTHER_ABI - 1, 0, 1), _step(_RETURN, _KILL)]
    parts += [_step(_MORE, _YOUNGEST, 0, 1), _step(_RETURN, _ENOSYS)]
    for verdict, calls in ((_EPERM, _REFUSED), (_ENOSYS, _ABSENT)):
        for pair in calls.values():
            if (which := number(pair)) is not None:
                parts += [_step(_EQUAL, which, 0, 1), _step(_RETURN, verdict)]
    # A thread may be made, a process not; a signal may go to this process, not to another.
    parts += _judged(number(_CLONE), 0, _step(_ANY_BIT, _CLONE_THREAD, 1, 0))
    parts += _judged(number(_TGKILL), 0, _step(_EQUAL, pid, 1, 0))
    for pair, place in ((_OPEN, 1), (_OPENAT, 2)):
        parts += _judged(number(pair), place, _step(_ANY_BIT, _WRITES, 0, 1))
    return b"".join([*parts, _step(_RETURN, _ALLOW)])


def _judged(which: int | None, argument: int, test: bytes) -> list[bytes]:
    """The verdict on one call by one of its arguments: `test` jumps over the refusal where it is allowed."""
    if which is None:
        return []
    judge = [_step(_LOAD, 16 + 8 * argument), test, _step(_RETURN, _EPERM), _step(_RETURN, _ALLOW)]
    return [_step(_EQUAL, which, 0, len(judge)), *judge]


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
