"""`python tether.py PARENT_PID SIGNAL UID COMMAND...`: become COMMAND, die by SIGNAL with the parent.

Run as a file, not as a module, so that it costs nothing but the interpreter's start. A UID other than -1 is
taken first (PostgreSQL refuses to run as root): the kernel forgets the death signal when credentials change.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then exec."""
    parent_pid, death_signal, uid = (int(argument) for argument in sys.argv[1:4])
    command = sys.argv[4:]
    if uid != -1:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent_pid:
        raise SystemExit(f"the parent {parent_pid} was gone before {command[0]} could start")
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
