# Signals to exactly one process each: a pidfd stays with its process, whoever gets the pid next
# (pidfd_open(2), pidfd_send_signal(2); Linux 5.3). Python has the calls from 3.9 on.

import ctypes
import os
import select
import signal
import time

# The same on every architecture: both are newer than the tables were made one (syscalls(2)).
PIDFD_SEND_SIGNAL = 424
PIDFD_OPEN = 434


def system_call(number, *arguments):
    call = ctypes.CDLL(None, use_errno=True).syscall
    result = call(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def pidfd_open(pid):
    return os.pidfd_open(pid) if hasattr(os, 'pidfd_open') else system_call(PIDFD_OPEN, pid, 0)


def send_signal(descriptor, number):
    if hasattr(signal, 'pidfd_send_signal'):
        signal.pidfd_send_signal(descriptor, number)
    else:
        system_call(PIDFD_SEND_SIGNAL, descriptor, number, 0, 0)


def has_pidfd():
    try:
        descriptor = pidfd_open(os.getpid())
        send_signal(descriptor, 0)
        os.close(descriptor)
        return True
    except (OSError, AttributeError):
        return False


class Held:
    """A process of the tree with its pidfd."""

    def __init__(self, process):
        self.process = process
        self.descriptor = pidfd_open(process.pid)
        self.signal = None
        if not self.is_same():
            # The pid went to another process between the reading and the opening.
            os.close(self.descriptor)
            raise Gone(process.pid)

    def is_same(self):
        try:
            return read_process(self.process.pid).start == self.process.start
        except Gone:
            return False

    def ended(self):
        """A pidfd can be read once its process ended, also while that is a zombie."""
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN)
        return bool(poll.poll(0))

    def send(self, name):
        """Once more by identity, then the signal. Not to a process that ended."""
        if self.ended() or not self.is_same():
            return
        try:
            send_signal(self.descriptor, getattr(signal, 'SIG' + name))
            self.signal = name
        except ProcessLookupError:
            pass


def wait_for(held, seconds):
    """Those that still run after so many seconds at most."""
    deadline = time.monotonic() + seconds
    poll = select.poll()
    left = {one.descriptor: one for one in held if not one.ended()}
    for descriptor in left:
        poll.register(descriptor, select.POLLIN)
    while left and time.monotonic() < deadline:
        for descriptor, _ in poll.poll(max(0, (deadline - time.monotonic()) * 1000)):
            poll.unregister(descriptor)
            del left[descriptor]
    return list(left.values())
