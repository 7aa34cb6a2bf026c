# The record of a stop on the host: which processes, and what was done about what starts them.

import errno
import json

PLACE = '/var/lib/sickbay/stops'


def record_name(case):
    return case + '.json'


def read_record(case):
    """None where the case has none. Raises Refused where it cannot be trusted."""
    try:
        with folder(PLACE) as at:
            content, facts = read_file(at, record_name(case))
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise Refused('the record of the stop cannot be read')
    if facts.st_uid != 0 or facts.st_mode & 0o077:
        raise Refused('the record of the stop is not of root alone')
    try:
        record = json.loads(content.decode('utf-8'))
    except ValueError:
        raise Refused('the record of the stop is broken')
    if record.get('v') != 1:
        raise Refused('the record of the stop is of another version')
    return record
