# What a person approves: SHA-256 over all that names the process and what starts it.

import hashlib


def digest(plan, arguments_sha256):
    """
    Each name and value is written with its length before it (a netstring), so that no two plans
    are one text.
    """
    encoded = b''.join(netstring(name) + netstring(value) for name, value in identity(plan, arguments_sha256))
    return hashlib.sha256(encoded).hexdigest()


def netstring(value):
    raw = str(value).encode('utf-8')
    return b'%d:%s,' % (len(raw), raw)


def identity(plan, arguments_sha256):
    process, executable = plan['process'], plan['executable']
    return [
        ('program', plan['program']),
        ('bootId', plan['bootId']),
        ('pid', process['pid']),
        ('startTicks', process['startTicks']),
        ('ppid', process['ppid']),
        ('uid', process['uid']),
        ('executable', executable['path']),
        ('device', executable['device']),
        ('inode', executable['inode']),
        ('arguments', arguments_sha256),
        ('cgroup', plan['cgroup']),
    ] + starter_identity(plan.get('starter'))


def starter_identity(starter):
    if starter is None:
        return [('starter', 'none')]
    # As the file and the unit are named; what is told of them for people is not part of it.
    names = {'cron': ('file', 'line', 'lineSha256', 'fileSha256'), 'timer': ('unit', 'service')}
    return [('starter', starter['kind'])] + [(name, starter[name]) for name in names[starter['kind']]]
