# Which line of which crontab started a process.

import collections
import functools
import os
import re
import stat

SPOOLS = ('/var/spool/cron/crontabs', '/var/spool/cron')
# Debian's cron reads names without a dot alone (cron(8)); cronie all but these (its database.c,
# not_a_crontab), and so does whatever else is called crond.
DEBIAN_NAME = re.compile(r'\A[A-Za-z0-9_-]+\Z')
CRONIE_IGNORES = re.compile(r'\A[.#]|~\Z|\.rpm(?:save|orig|new)\Z')

Crontab = collections.namedtuple('Crontab', 'path content facts user')


def crontabs(daemon):
    """Every crontab that it reads. Those that cannot be read safely come as their path alone."""
    places = [('/etc/crontab', None)] + [('/etc/cron.d/' + name, None) for name in names_in('/etc/cron.d') if is_read_by(daemon, name)]
    for spool in SPOOLS:
        places += [(spool + '/' + name, name) for name in names_in(spool) if not CRONIE_IGNORES.search(name)]
    return [crontab for crontab in (read_crontab(path, user) for path, user in places) if crontab]


def is_read_by(daemon, name):
    return bool(DEBIAN_NAME.match(name)) if daemon == b'cron' else not CRONIE_IGNORES.search(name)


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


def matching_lines(daemon, is_started_by, uid):
    """
    Pairs of a crontab and an entry whose command started the process. Raises Refused where a
    crontab cannot be read: it may hold another such line.
    """
    found = []
    for crontab in crontabs(daemon):
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
