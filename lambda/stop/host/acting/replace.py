# Replaces a file at once: whoever reads it sees the old one or the new one, whole.

import errno
import os
import stat

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def replace(at, name, content, facts):
    """
    Replaces a file at once, with the owner, mode and extended attributes (SELinux, ACL) of the one
    before. `facts`: of the file as it was read; raises Refused where it changed since.
    """
    temporary = write_beside(at, content, facts, name)
    try:
        if version(os.stat(name, dir_fd=at, follow_symlinks=False)) != version(facts):
            raise Refused('the file changed while it was edited')
        os.rename(temporary, name, src_dir_fd=at, dst_dir_fd=at)
    except BaseException:
        os.unlink(temporary, dir_fd=at)
        raise
    os.fsync(at)


def write_beside(at, content, facts, name):
    # Neither Debian's cron (cron(8): no dot in a name) nor cronie (its database.c, not_a_crontab)
    # reads a file whose name begins with a dot, in the spool or in /etc/cron.d.
    temporary = '.sickbay-%s' % os.urandom(8).hex()
    descriptor = os.open(temporary, NEW, 0o600, dir_fd=at)
    try:
        write_all(descriptor, content)
        copy_attributes(at, name, descriptor)
        os.fchown(descriptor, facts.st_uid, facts.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(facts.st_mode))
        put_time(descriptor, facts)
        os.fsync(descriptor)
    except BaseException:
        os.unlink(temporary, dir_fd=at)
        raise
    finally:
        os.close(descriptor)
    return temporary


def write_all(descriptor, content):
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left):]


def copy_attributes(at, name, descriptor):
    source = os.open(name, READ, dir_fd=at)
    try:
        for attribute in attributes(source):
            value = os.getxattr(source, attribute)
            if attribute not in attributes(descriptor) or os.getxattr(descriptor, attribute) != value:
                os.setxattr(descriptor, attribute, value)
    finally:
        os.close(source)


def attributes(descriptor):
    try:
        return os.listxattr(descriptor)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return []
        raise


def put_time(descriptor, before):
    """cron compares whole seconds of a crontab's mtime with those that it read: they must differ."""
    now = os.fstat(descriptor)
    if int(now.st_mtime) <= int(before.st_mtime):
        later = (int(before.st_mtime) + 1) * 10 ** 9
        os.utime(descriptor, ns=(later, later))
