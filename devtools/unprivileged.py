"""Run a command as an unprivileged user: ``python unprivileged.py UID GID COMMAND ...``.

PostgreSQL refuses to run as root. A checkout that belongs to root may lie below folders that only
root can enter (/root is one), so the one capability to pass file permissions is kept, on Linux.
Where the kernel does not grant it the command runs without, which is enough in open folders.
"""

import ctypes
import os
import sys

PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def raise_ambient_capability(libc):
    """Make CAP_DAC_OVERRIDE survive the coming exec, if this process may still have it."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    mask = 1 << CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if libc.capset(header, data) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def become(uid, gid):
    """Give up root for good."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(uid, gid, command):
    """Change to ``uid`` and ``gid``, then replace this process by ``command``."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    become(uid, gid)
    if libc:
        raise_ambient_capability(libc)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
