# A pidfd stays with its process, whoever gets the pid next (pidfd_open(2), Linux 5.3). Python has the
# call from 3.9 on.

import ctypes
import os

# The same on every architecture: newer than the tables were made one (syscalls(2)).
PIDFD_OPEN = 434


def system_call(number, *arguments):
    call = ctypes.CDLL(None, use_errno=True).syscall
    result = call(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def pidfd_open(pid):
    return os.pidfd_open(pid) if hasattr(os, 'pidfd_open') else system_call(PIDFD_OPEN, pid, 0)


def has_pidfd():
    try:
        os.close(pidfd_open(os.getpid()))
        return True
    except (OSError, AttributeError):
        return False
