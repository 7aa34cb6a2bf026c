# Processes, as /proc tells of them. A pid alone is reused: a process is named by its pid and the
# clock tick since the boot in which it began (field 22 of /proc/PID/stat, proc(5)).

import collections
import errno
import hashlib
import os

Process = collections.namedtuple('Process', 'pid ppid sid start state comm uid')

# More than this in one tree is no job that a person can look through before approving.
MOST_IN_TREE = 64
MOST_ANCESTORS = 16


def proc(pid, name):
    return '/proc/%d/%s' % (pid, name)


def read_proc(pid, name, most=1 << 20):
    """Bytes of a file under /proc/PID, raises Gone where the process ended."""
    try:
        with open(proc(pid, name), 'rb', 0) as file:
            return read_all(file, most)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ESRCH):
            raise Gone(pid)
        raise


def read_all(file, most):
    parts = []
    left = most
    while left > 0:
        part = file.read(left)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b''.join(parts)


def read_process(pid):
    stat = read_proc(pid, 'stat')
    # The name stands in parentheses and may hold any byte, also ") R 1": the last ")" ends it.
    head, _, tail = stat.rpartition(b')')
    fields = tail.split()
    return Process(
        pid=pid,
        ppid=int(fields[1]),
        sid=int(fields[3]),
        start=int(fields[19]),
        state=fields[0].decode('ascii'),
        comm=head.partition(b'(')[2],
        uid=real_uid(pid),
    )


def real_uid(pid):
    for line in read_proc(pid, 'status').split(b'\n'):
        if line.startswith(b'Uid:'):
            return int(line.split()[1])
    raise Gone(pid)


def all_processes():
    """Every process that was there throughout, by pid."""
    found = {}
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                found[int(name)] = read_process(int(name))
            except Gone:
                pass
    return found


def boot_id():
    with open('/proc/sys/kernel/random/boot_id') as file:
        return file.read().strip()


def arguments(pid):
    """Of the process, as bytes. None for a kernel thread."""
    raw = read_proc(pid, 'cmdline')
    return raw[:-1].split(b'\0') if raw.endswith(b'\0') else raw.split(b'\0') if raw else []


def arguments_hash(pid):
    return hashlib.sha256(read_proc(pid, 'cmdline')).hexdigest()


def executable_path(pid):
    """Target of /proc/PID/exe as bytes; empty where there is none, or it may not be read."""
    try:
        return os.readlink(proc(pid, 'exe').encode())
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ESRCH, errno.EACCES):
            return b''
        raise


def is_kernel_thread(process):
    return process.pid == 2 or process.ppid == 2 or process.pid == 0


def descendants(root, processes):
    """The process and all below it, parents before children, oldest first."""
    children = collections.defaultdict(list)
    for process in processes.values():
        children[process.ppid].append(process)
    tree = []
    level = [processes[root]]
    while level:
        tree.extend(level)
        below = [child for process in level for child in children[process.pid]]
        level = sorted(below, key=lambda process: (process.start, process.pid))
    return tree


def ancestors(pid, processes):
    """From the parent upwards, as far as pid 1."""
    found = []
    at = processes[pid].ppid
    while at in processes and len(found) < MOST_ANCESTORS:
        found.append(processes[at])
        at = processes[at].ppid
    return found


def cgroup(pid):
    """
    The unit's cgroup: of systemd's own hierarchy where there is one (cgroup v1), otherwise of v2.
    "/" tells nothing: everything is in it where no systemd runs.
    """
    paths = {}
    for line in read_proc(pid, 'cgroup').decode('utf-8', 'replace').split('\n'):
        number, _, rest = line.partition(':')
        controllers, _, path = rest.partition(':')
        if controllers == 'name=systemd' or number == '0':
            paths[controllers] = path
    systemd = paths.get('name=systemd', '/')
    return systemd if systemd != '/' else paths.get('', '/')


def same_namespaces(pid):
    """A process of a container: its pids and paths mean something else than ours."""
    try:
        return all(os.stat(proc(pid, 'ns/' + kind)).st_ino == os.stat('/proc/self/ns/' + kind).st_ino for kind in ('pid', 'mnt'))
    except OSError:
        return False
