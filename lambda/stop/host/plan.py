# The dry run: what a stop would meet. Changes nothing.

import json
import os
import time

# Programs that nobody may stop by this, in any place of the tree: the way into the host, what
# starts jobs, what must not end half way.
NEVER = (
    b'systemd', b'init', b'sshd', b'amazon-ssm-agent', b'ssm-agent-worker', b'ssm-document-worker',
    b'ssm-session-worker', b'cron', b'crond', b'anacron', b'atd', b'dockerd', b'containerd', b'kubelet',
    b'dbus-daemon', b'dpkg', b'apt', b'apt-get', b'rpm', b'yum', b'dnf', b'unattended-upgrade',
    b'postgres', b'mysqld', b'mariadbd', b'mongod', b'redis-server',
)


def make_plan(pid):
    """Pairs a StopPlan with the processes of its tree. Raises Gone where no process has the pid."""
    processes = all_processes()
    if pid not in processes or processes[pid].state in 'ZX':
        raise Gone(pid)
    process = processes[pid]
    tree = descendants(pid, processes)
    plan = described(process, tree, processes)
    try:
        starter = find_starter(process, processes)
        if starter is not None:
            plan['starter'] = starter
        plan['unsupported'] = why_unsupported(process, tree)
    except Refused as error:
        plan['unsupported'] = 'what starts it is not known: %s' % error
    if plan['unsupported'] is None:
        del plan['unsupported']
    plan['digest'] = digest(plan, arguments_hash(pid))
    if read_process(pid).start != process.start:
        raise Gone(pid)
    return plan, tree


def described(process, tree, processes):
    above = ancestors(process.pid, processes)
    return {
        'v': 1,
        'program': os.environ.get('SICKBAY_PROGRAM', ''),
        'bootId': boot_id(),
        'process': identity_of(process),
        'startedAt': started_at(process),
        'executable': executable_facts(process.pid) if executable_path(process.pid) else NO_EXECUTABLE,
        'cgroup': cgroup(process.pid),
        'ancestors': identities(above),
        'tree': identities(tree[:MOST_IN_TREE]),
        'listens': any_listens(tree),
        'sharesApplication': shares_application(tree, above, processes),
        'connections': connections(tree),
        'writing': [shown_path(path) for path in writing(tree)[:MOST_FILES]],
    }


NO_EXECUTABLE = {'path': '', 'device': 0, 'inode': 0, 'ownerUid': 0, 'writableByOthers': True, 'replaced': True}


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


def printable(text):
    return ''.join(char if char.isprintable() else '?' for char in text)


def started_at(process):
    """Milliseconds since 1970, by the host's clock."""
    with open('/proc/stat') as file:
        boot = next(int(line.split()[1]) for line in file if line.startswith('btime '))
    return int((boot + process.start / os.sysconf('SC_CLK_TCK')) * 1000)


def any_listens(processes):
    for process in processes:
        try:
            if listens(process.pid):
                return True
        except Gone:
            pass
    return False


def shares_application(tree, above, processes):
    """
    Whether something outside the tree that accepts connections is of the same unit, of the same
    session, or above it. pid 1 listens for its units and says nothing.
    """
    inside = {process.pid for process in tree}
    sessions = {process.sid for process in tree} - {0}
    groups = {group for group in (cgroup_or_none(process) for process in tree) if group not in (None, '/')}
    others = [process for process in processes.values() if process.pid not in inside and process.pid != 1]
    over = {process.pid for process in above}
    kin = [one for one in others if one.pid in over or one.sid in sessions or cgroup_or_none(one) in groups]
    return any_listens(kin)


def cgroup_or_none(process):
    try:
        return cgroup(process.pid)
    except Gone:
        return None


def why_unsupported(process, tree):
    """Why this host or this process cannot be stopped at all; None: it can."""
    if os.geteuid() != 0:
        return 'the program does not run as root'
    if not has_pidfd():
        return 'the kernel has no pidfd (Linux 5.3)'
    if len(tree) > MOST_IN_TREE:
        return 'a tree of %d processes, at most %d' % (len(tree), MOST_IN_TREE)
    if any(is_kernel_thread(one) for one in tree):
        return 'a thread of the kernel'
    if not all(executable_path(one.pid) for one in tree):
        return 'a program of the tree cannot be read'
    own = {os.getpid()} | {one.pid for one in ancestors(os.getpid(), all_processes())} | {1}
    if any(one.pid in own for one in tree):
        return 'this program runs below it'
    if any(base_of(one) in NEVER for one in tree):
        return 'the tree holds a program that is never stopped'
    if not all(same_namespaces(one.pid) for one in tree):
        return 'the tree is in a container'
    return None


# From the most that is told of a command to the least, so that the document fits.
COMMAND_LENGTHS = (300, 160, 80, 40, 0)


def fitting(plan):
    """The plan with its commands cut until it can be printed whole: every process stays named."""
    for length in COMMAND_LENGTHS:
        for one in plan['ancestors'] + plan['tree']:
            one['command'] = one['command'][:length]
        if len(json.dumps(plan)) <= MOST_PRINTED:
            break
    return plan
