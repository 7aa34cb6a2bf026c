# What starts the culprit again: one line of a crontab, or a systemd timer.

import os
import re

CRON_DAEMONS = (b'cron', b'crond')
# Start many jobs, or jobs that are not looked for: their line is never the culprit's alone.
OTHER_STARTERS = (b'run-parts', b'anacron', b'atd', b'fcron', b'systemd-cron')
CRON_CGROUP = re.compile(r'/(cron|crond|cronie)\.service\Z')
SERVICE_CGROUP = re.compile(r'\A/system\.slice/(?:system-[^/]+\.slice/)?([A-Za-z0-9:_.@\\-]+\.service)\Z')


def find_starter(process, processes):
    """
    What starts it and the crontab's entry; None and None where nothing does. Raises Refused where
    that is not sure.
    """
    lineage = [process] + ancestors(process.pid, processes)
    daemon = next((index for index, one in enumerate(lineage) if is_cron(one)), None)
    if any(base_of(one) in OTHER_STARTERS or one.comm in OTHER_STARTERS for one in lineage):
        raise Refused('started by run-parts, anacron or at')
    if daemon is not None:
        if daemon == 0:
            raise Refused('the process is of cron itself')
        return line_of(base_of(lineage[daemon]), lineage[daemon - 1])
    group = cgroup(process.pid)
    if CRON_CGROUP.search(group):
        raise Refused('started by cron, but its first process is gone')
    service = SERVICE_CGROUP.match(group)
    return timer_starter(service.group(1)) if service else None, None


def is_cron(process):
    """cron's own program, which its children run until they have become the job's shell."""
    return base_of(process) in CRON_DAEMONS


def base_of(process):
    return os.path.basename(executable_path(process.pid)).replace(b' (deleted)', b'')


def line_of(daemon, first):
    """The one line that started the daemon's child `first`."""
    argv = arguments(first.pid)
    found = matching_lines(daemon, started_by(argv), first.uid)
    if len(found) != 1:
        raise Refused('%d lines of the crontabs can have started it, not one' % len(found))
    crontab, entry = found[0]
    if any(name in entry.command for name in OTHER_STARTERS):
        raise Refused('the line starts several jobs')
    return cron_starter(crontab, entry)
