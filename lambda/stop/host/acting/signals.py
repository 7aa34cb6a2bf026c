# Signals to exactly one process each, by its pidfd (pidfd_send_signal(2); Python has it from 3.9 on).

import os
import select
import signal
import time

PIDFD_SEND_SIGNAL = 424


def send_signal(descriptor, number):
    if hasattr(signal, 'pidfd_send_signal'):
        signal.pidfd_send_signal(descriptor, number)
    else:
        system_call(PIDFD_SEND_SIGNAL, descriptor, number, 0, 0)


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
