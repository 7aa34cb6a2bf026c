# Files that root reads where others may have a say: each folder and file is opened by its name in the
# folder before, and never through a symbolic link.

import contextlib
import os
import stat

READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
FOLDER = READ | os.O_DIRECTORY

# Larger crontabs are not edited.
MOST_BYTES = 1 << 20


@contextlib.contextmanager
def folder(path):
    """A descriptor of the folder. Raises OSError, ELOOP or ENOTDIR where a part of it is a link."""
    at = os.open('/', FOLDER)
    try:
        for part in path.strip('/').split('/'):
            below = os.open(part, FOLDER, dir_fd=at)
            os.close(at)
            at = below
        yield at
    finally:
        os.close(at)


@contextlib.contextmanager
def parent_of(path):
    place, _, name = path.rpartition('/')
    with folder(place or '/.') as at:
        yield at, name


def read_file(at, name):
    """Bytes and facts of a regular file with one name."""
    # O_NONBLOCK: a pipe in its place must not hold the program up.
    descriptor = os.open(name, READ | os.O_NONBLOCK, dir_fd=at)
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise Refused('not a regular file')
        if facts.st_nlink != 1:
            raise Refused('a file with several names')
        if facts.st_size > MOST_BYTES:
            raise Refused('a file of more than %d bytes' % MOST_BYTES)
        with os.fdopen(os.dup(descriptor), 'rb') as file:
            return file.read(MOST_BYTES + 1), facts
    finally:
        os.close(descriptor)


def version(facts):
    """Changes whenever somebody else writes or replaces the file."""
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
