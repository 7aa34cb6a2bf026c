# The program that a process runs, and who may change it.

import os
import stat

DELETED = b' (deleted)'


def executable_facts(pid):
    path = executable_path(pid)
    running = os.stat(proc(pid, 'exe'))
    clean = path[:-len(DELETED)] if path.endswith(DELETED) else path
    return {
        'path': shown_path(clean),
        'device': running.st_dev,
        'inode': running.st_ino,
        'ownerUid': running.st_uid,
        'writableByOthers': is_writable_by_others(clean),
        'replaced': is_replaced(clean, running),
    }


def is_replaced(path, running):
    try:
        now = os.lstat(path)
    except OSError:
        return True
    return (now.st_dev, now.st_ino) != (running.st_dev, running.st_ino)


def is_writable_by_others(path):
    """Whether anyone but root may write the file or a folder above it; true where it is unknown."""
    at = path
    while True:
        try:
            facts = os.lstat(at)
        except OSError:
            return True
        if facts.st_uid != 0 or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return True
        if at in (b'/', b''):
            return False
        at = os.path.dirname(at)


def shown_path(path):
    """Printable: no path can end a line, and none is more than 200 characters."""
    return printable(path.decode('utf-8', 'replace'))[:200]


def printable(text):
    return ''.join(char if char.isprintable() else '?' for char in text)
