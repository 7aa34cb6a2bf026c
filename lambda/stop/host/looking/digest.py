# What a person approves: SHA-256 over all that names the process and what starts it.

import hashlib
import os


def program_hash():
    return os.environ.get('SICKBAY_PROGRAM', '')


def digest(pairs):
    """
    Of names and values. Each is written with its length before it (a netstring), so that no two
    lists are one text.
    """
    return hashlib.sha256(b''.join(netstring(name) + netstring(value) for name, value in pairs)).hexdigest()


def netstring(value):
    raw = value if isinstance(value, bytes) else str(value).encode('utf-8')
    return b'%d:%s,' % (len(raw), raw)


def identity(process, boot, executable, path, arguments_sha256, group, starter):
    return [
        ('program', program_hash()),
        ('bootId', boot),
        ('pid', process.pid),
        ('startTicks', process.start),
        ('ppid', process.ppid),
        ('uid', process.uid),
        ('executable', path),
        ('device', executable['device']),
        ('inode', executable['inode']),
        ('arguments', arguments_sha256),
        ('cgroup', group),
    ] + starter_identity(starter)


def starter_identity(starter):
    if starter is None:
        return [('starter', 'none')]
    return [('starter', starter['kind'])] + [(name, starter[name]) for name in STARTER_NAMES[starter['kind']]]


STARTER_NAMES = {'cron': ('file', 'line', 'lineSha256', 'fileSha256'), 'timer': ('unit', 'service')}
