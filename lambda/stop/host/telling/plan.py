# The dry run, for who approves: a StopPlan.

import datetime
import json
import os


def plan(pid):
    """Raises Gone where no process has the pid."""
    found = examine(pid)
    told = {
        'v': 1,
        'program': program_hash(),
        'digest': found.digest,
        'bootId': found.boot,
        'process': identity_of(found.process),
        'startedAt': started_at(found.process),
        'executable': found.executable,
        'cgroup': found.group[:300],
        'ancestors': identities(found.above),
        'tree': identities(found.tree[:MOST_IN_TREE]),
        'listens': found.listens,
        'sharesApplication': found.shares,
        'connections': connections(found.tree[:MOST_IN_TREE]),
        'writing': [shown_path(path) for path in writing(found.tree[:MOST_IN_TREE])[:MOST_FILES]],
    }
    if found.starter is not None:
        told['starter'] = told_starter(found.starter, found.entry)
    if found.unsupported is not None:
        told['unsupported'] = found.unsupported
    return fitting(told)


def told_starter(starter, entry):
    told = dict(starter)
    if entry is not None:
        told['text'] = shown_entry(entry)
        period = period_s(entry.schedule, datetime.date.today())
    else:
        period = timer_period_s(starter['unit'])
    if period is not None:
        told['periodS'] = period
    return told


def shown_entry(entry):
    text = entry.line.decode('utf-8', 'replace').replace('\t', ' ').strip(' \r')
    return printable(shown_cron(text, entry.user if entry.names_user else ''))[:300]


def identities(processes):
    found = []
    for process in processes:
        try:
            found.append(identity_of(process))
        except Gone:
            pass
    return found


def identity_of(process):
    return {
        'pid': process.pid,
        'startTicks': process.start,
        'ppid': process.ppid,
        'uid': process.uid,
        'user': user_name(process.uid),
        'executable': shown_path(executable_path(process.pid)),
        'command': shown_command(process.pid),
    }


def shown_command(pid):
    argv = [argument.decode('utf-8', 'replace') for argument in arguments(pid)]
    return printable(shown_arguments(argv))[:300]


def started_at(process):
    """Milliseconds since 1970, by the host's clock."""
    with open('/proc/stat') as file:
        boot = next(int(line.split()[1]) for line in file if line.startswith('btime '))
    return int((boot + process.start / os.sysconf('SC_CLK_TCK')) * 1000)


# From the most that is told of a command to the least, so that the document fits.
COMMAND_LENGTHS = (300, 160, 80, 40, 0)


def fitting(told):
    """The plan with its commands cut until it can be printed whole: every process stays named."""
    for length in COMMAND_LENGTHS:
        for one in told['ancestors'] + told['tree']:
            one['command'] = one['command'][:length]
        if len(json.dumps(told)) <= MOST_PRINTED:
            break
    return told
