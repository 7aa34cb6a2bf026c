# What a stop would meet, read without changing anything. The dry run tells it, and a stop decides by
# it: one function for both, so that they cannot differ.

import collections
import os

# `unsupported`: why this host or this process cannot be stopped at all; None: it can.
Examined = collections.namedtuple(
    'Examined', 'process tree above boot executable path group listens shares starter entry arguments unsupported digest'
)

# Programs that nobody may stop by this, in any place of the tree: the way into the host, what
# starts jobs, what must not end half way.
NEVER = (
    b'systemd', b'init', b'sshd', b'amazon-ssm-agent', b'ssm-agent-worker', b'ssm-document-worker',
    b'ssm-session-worker', b'cron', b'crond', b'anacron', b'atd', b'dockerd', b'containerd', b'kubelet',
    b'dbus-daemon', b'dpkg', b'apt', b'apt-get', b'rpm', b'yum', b'dnf', b'unattended-upgrade',
    b'postgres', b'mysqld', b'mariadbd', b'mongod', b'redis-server',
)

NO_EXECUTABLE = {'path': '', 'device': 0, 'inode': 0, 'ownerUid': 0, 'writableByOthers': True, 'replaced': True}


def examine(pid):
    """Raises Gone where no process has the pid, or it ended meanwhile."""
    processes = all_processes()
    if pid not in processes or processes[pid].state in 'ZX':
        raise Gone(pid)
    process = processes[pid]
    tree, above = descendants(pid, processes), ancestors(pid, processes)
    boot, group, arguments_sha256 = boot_id(), cgroup(pid), arguments_hash(pid)
    path = executable_path(pid)
    executable = executable_facts(pid) if path else NO_EXECUTABLE
    starter, entry, unsupported = starter_or_why(process, processes)
    examined = Examined(
        process, tree, above, boot, executable, path, group,
        any_listens(tree), shares_application(tree, above, processes),
        starter, entry, arguments_sha256, why_unsupported(tree) or unsupported,
        digest(identity(process, boot, executable, path, arguments_sha256, group, starter)),
    )
    if read_process(pid).start != process.start:
        raise Gone(pid)
    return examined


def starter_or_why(process, processes):
    try:
        return find_starter(process, processes) + (None,)
    except Refused as error:
        return None, None, 'what starts it is not known: %s' % error


def any_listens(processes):
    for process in processes:
        try:
            if listens(process.pid):
                return True
        except Gone:
            pass
        except OSError:
            return True  # may not be read: unknown counts as a listener
    return False


def shares_application(tree, above, processes):
    """
    Whether something outside the tree that accepts connections is of the same unit, of the same
    session, or above it. pid 1 listens for its units and says nothing.
    """
    inside = {process.pid for process in tree}
    sessions = {process.sid for process in tree} - {0}
    groups = {cgroup_or_none(process) for process in tree} - {None, '/'}
    others = [process for process in processes.values() if process.pid not in inside and process.pid != 1]
    over = {process.pid for process in above}
    return any_listens([one for one in others if one.pid in over or one.sid in sessions or cgroup_or_none(one) in groups])


def cgroup_or_none(process):
    try:
        return cgroup(process.pid)
    except Gone:
        return None


def why_unsupported(tree):
    if os.geteuid() != 0:
        return 'the program does not run as root'
    if not has_pidfd():
        return 'the kernel has no pidfd (Linux 5.3)'
    if len(tree) > MOST_IN_TREE:
        return 'a tree of %d processes, at most %d' % (len(tree), MOST_IN_TREE)
    if any(is_kernel_thread(one) for one in tree):
        return 'a thread of the kernel'
    own = {1, os.getpid()} | {one.pid for one in ancestors(os.getpid(), all_processes())}
    if any(one.pid in own for one in tree):
        return 'this program runs below it'
    if not all(executable_path(one.pid) for one in tree if one.state not in 'ZX'):
        return 'a program of the tree cannot be read'
    if any(base_of(one) in NEVER for one in tree):
        return 'the tree holds a program that is never stopped'
    if not all(same_namespaces(one.pid) for one in tree if one.state not in 'ZX'):
        return 'the tree is in a container'
    return None
