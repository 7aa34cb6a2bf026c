# Which line of which crontab started a process.

import collections
import functools
import os
import re
import stat

SPOOLS = ('/var/spool/cron/crontabs', '/var/spool/cron')
# run-parts(8) and cron: no dot, so that no leftover of a package manager is read. cronie reads more
# names: a job of those is not found, and so not stopped.
SYSTEM_NAME = re.compile(r'\A[A-Za-z0-9_-]+\Z')

Crontab = collections.namedtuple('Crontab', 'path content facts user')


def crontabs():
    """Every crontab that cron reads. Those that cannot be read safely come as their path alone."""
    places = [('/etc/crontab', None)] + [('/etc/cron.d/' + name, None) for name in names_in('/etc/cron.d') if SYSTEM_NAME.match(name)]
    for spool in SPOOLS:
        places += [(spool + '/' + name, name) for name in names_in(spool) if not name.startswith('.')]
    return [crontab for crontab in (read_crontab(path, user) for path, user in places) if crontab]


def names_in(place):
    try:
        with folder(place) as at:
            return sorted(os.listdir(at))
    except OSError:
        return []


def read_crontab(path, user):
    try:
        with parent_of(path) as (at, name):
            facts = os.stat(name, dir_fd=at, follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode):
                return None
            content, facts = read_file(at, name)
        return Crontab(path, content, facts, user)
    except (OSError, Refused):
        # A link, a pipe, unreadable. cron may follow it all the same: nothing is known then.
        return Crontab(path, None, None, user) if os.path.lexists(path) else None


def matching_lines(is_started_by, uid):
    """
    Pairs of a crontab and an entry whose command started the process. Raises Refused where a
    crontab cannot be read: it may hold another such line.
    """
    found = []
    for crontab in crontabs():
        if crontab.content is None:
            raise Refused('a crontab cannot be read safely')
        if crontab.user is not None and uid_of(crontab.user) not in (uid, None):
            continue
        for entry in entries(crontab.content, crontab.user):
            if uid_of(entry.user) == uid and is_started_by(entry.command):
                found.append((crontab, entry))
    return found


def uid_of(user):
    """By /etc/passwd alone: a directory service may not answer. None: not there."""
    return users().get(user)


@functools.lru_cache(None)
def users():
    with open('/etc/passwd', 'rb') as file:
        rows = [line.decode('utf-8', 'replace').split(':') for line in file.read().split(b'\n')]
    return {row[0]: int(row[2]) for row in rows if len(row) > 3 and row[2].isdigit()}


def user_name(uid):
    return next((name for name, number in users().items() if number == uid), str(uid))


def cron_starter(crontab, entry):
    """What names the line, and the entry itself for what is told of it."""
    starter = {
        'kind': 'cron',
        'file': crontab.path,
        'line': entry.number,
        'lineSha256': sha256(entry.line),
        'fileSha256': sha256(crontab.content),
    }
    manager = managed_by(crontab.content)
    if manager is not None:
        starter['managedBy'] = manager
    return starter, entry
