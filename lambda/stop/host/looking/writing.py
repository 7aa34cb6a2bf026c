# Files that a process has open for writing: a KILL would leave them half written.

import os
import stat

MOST_FILES = 40


def writing(tree):
    """Paths as bytes, sorted. Without devices, pipes, deleted files and logs under /var/log."""
    found = set()
    for process in tree:
        try:
            found.update(files_written(process.pid))
        except Gone:
            pass
    return sorted(found)


def files_written(pid):
    for number, target in descriptors(pid):
        if target.startswith(b'/') and not is_no_data(target) and is_written(pid, number):
            yield target


def is_no_data(path):
    return path.startswith((b'/var/log/', b'/memfd:', b'/dev/')) or path.endswith(b' (deleted)')


def is_written(pid, number):
    try:
        if not stat.S_ISREG(os.stat(proc(pid, 'fd/' + number)).st_mode):
            return False
        info = read_proc(pid, 'fdinfo/' + number)
    except (OSError, Gone):
        return False  # closed meanwhile
    flags = next((int(line.split()[1], 8) for line in info.split(b'\n') if line.startswith(b'flags:')), 0)
    return flags & os.O_ACCMODE in (os.O_WRONLY, os.O_RDWR)
