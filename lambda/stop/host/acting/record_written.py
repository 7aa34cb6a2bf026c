# The record is written before anything is changed: a second `stop` of the case finds it, and an undo
# knows by it what to give back.

import contextlib
import json
import os
import stat


@contextlib.contextmanager
def records():
    """The folder of the records: root's alone, made where it is missing."""
    with folder('/var/lib') as top:
        at = own_folder(top, 'sickbay')
        try:
            below = own_folder(at, 'stops')
        finally:
            os.close(at)
    try:
        yield below
    finally:
        os.close(below)


def own_folder(at, name):
    try:
        os.mkdir(name, 0o700, dir_fd=at)
    except FileExistsError:
        pass
    descriptor = os.open(name, FOLDER, dir_fd=at)
    facts = os.fstat(descriptor)
    if facts.st_uid != 0 or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        os.close(descriptor)
        raise Refused('the folder of the records is not of root alone')
    return descriptor


def begin_record(case, record):
    """Raises FileExistsError where the case has one: a stop is begun once."""
    with records() as at:
        write_record(at, record_name(case), record)
        os.fsync(at)


def write_record(at, name, record):
    descriptor = os.open(name, NEW, 0o600, dir_fd=at)
    try:
        write_all(descriptor, json.dumps(record, sort_keys=True).encode('utf-8'))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_record(case, record):
    with records() as at:
        temporary = '.%s' % os.urandom(8).hex()
        write_record(at, temporary, record)
        os.rename(temporary, record_name(case), src_dir_fd=at, dst_dir_fd=at)
        os.fsync(at)


def drop_record(case):
    """Of a stop that changed nothing: it may be approved anew."""
    with records() as at:
        os.unlink(record_name(case), dir_fd=at)
        os.fsync(at)
