# Which sockets a process has: /proc/PID/fd names their inodes, /proc/PID/net/* tells what they are,
# of the process's own network namespace.

import collections
import errno
import os
import socket
import struct

LISTEN = '0A'
ESTABLISHED = '01'
# __SO_ACCEPTCON in the flags of /proc/net/unix: a socket that accepts connections.
ACCEPTS = 0x10000
MOST_REMOTES = 40


def descriptors(pid):
    """Pairs of a descriptor's number and its target. Raises Gone."""
    try:
        numbers = os.listdir(proc(pid, 'fd'))
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ESRCH):
            raise Gone(pid)
        raise
    found = []
    for number in numbers:
        try:
            found.append((number, os.readlink(proc(pid, 'fd/' + number).encode())))
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ESRCH):
                raise
    return found


def socket_inodes(pid):
    return {target[8:-1].decode() for _, target in descriptors(pid) if target.startswith(b'socket:[')}


def rows(pid, name):
    """Of the network that the process is in: read once, since the kernel walks its whole table."""
    try:
        network = os.stat(proc(pid, 'ns/net')).st_ino
        return rows_of(network, pid, name)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ESRCH):
            raise Gone(pid)
        raise


SEEN_ROWS = {}


def rows_of(network, pid, name):
    if (network, name) not in SEEN_ROWS:
        SEEN_ROWS[network, name] = read_rows(pid, name)
    return SEEN_ROWS[network, name]


def read_rows(pid, name):
    try:
        text = read_proc(pid, 'net/' + name, 64 << 20).decode('utf-8', 'replace')
    except Gone:
        if name == 'tcp6':
            return []  # no IPv6 in this kernel
        raise
    return [line.split() for line in text.split('\n')[1:] if line]


def listens(pid):
    """Whether the process accepts connections, on a port or on a Unix socket."""
    inodes = socket_inodes(pid)
    if not inodes:
        return False
    tcp = any(row[3] == LISTEN and row[9] in inodes for name in ('tcp', 'tcp6') for row in rows(pid, name))
    return tcp or any(int(row[3], 16) & ACCEPTS and row[6] in inodes for row in rows(pid, 'unix'))


def connections(tree):
    """Established TCP connections of the tree: remote address and how many, most first."""
    counts = collections.Counter()
    seen = set()
    for process in tree:
        try:
            inodes = socket_inodes(process.pid) - seen
            seen |= inodes  # a child has its parent's sockets too
            counts.update(remotes(process.pid, inodes))
        except Gone:
            pass
    return [{'remote': remote, 'count': count} for remote, count in counts.most_common(MOST_REMOTES)]


def remotes(pid, inodes):
    if not inodes:
        return []
    return [
        address(row[2])
        for name in ('tcp', 'tcp6')
        for row in rows(pid, name)
        if row[3] == ESTABLISHED and row[9] in inodes
    ]


def address(text):
    """`0100007F:1F90` as the kernel prints it (words in the host's byte order) is 127.0.0.1:8080."""
    host, _, port = text.partition(':')
    words = [int(host[at:at + 8], 16) for at in range(0, len(host), 8)]
    raw = struct.pack('=%dI' % len(words), *words)
    if len(raw) == 16 and raw.startswith(b'\0' * 10 + b'\xff\xff'):
        raw = raw[12:]
    if len(raw) == 4:
        return '%s:%d' % (socket.inet_ntop(socket.AF_INET, raw), int(port, 16))
    return '[%s]:%d' % (socket.inet_ntop(socket.AF_INET6, raw), int(port, 16))
