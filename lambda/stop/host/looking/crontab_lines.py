# Lines of a crontab (crontab(5)), byte by byte: no line is decoded, trimmed or written anew.

import collections
import hashlib
import re

ENVIRONMENT = re.compile(br'''\A[ \t]*(?:[A-Za-z_][A-Za-z0-9_]*|"[^"]*"|'[^']*')[ \t]*=''')
# cronie takes a "-" before the minute: the start is not logged.
SCHEDULE = re.compile(br'\A[ \t]*(@[a-z]+|-?[^ \t@]+(?:[ \t]+[^ \t]+){4})[ \t]+')
WORD = re.compile(br'\A([^ \t]+)[ \t]+')

Entry = collections.namedtuple('Entry', 'number line schedule user command names_user')


def lines_of(content):
    """Joined by line ends they are the content again, whatever it holds."""
    return content.split(b'\n')


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def entries(content, user=None):
    """The jobs of a crontab. `user`: whose it is; None: each line names one."""
    found = []
    for index, line in enumerate(lines_of(content)):
        entry = read_entry(index + 1, line, user)
        if entry:
            found.append(entry)
    return found


def read_entry(number, line, user):
    if line.strip(b' \t\r') == b'' or line.lstrip(b' \t').startswith(b'#') or ENVIRONMENT.match(line):
        return None
    schedule = SCHEDULE.match(line)
    if not schedule:
        return None
    rest = line[schedule.end():]
    names_user = user is None
    if names_user:
        named = WORD.match(rest)
        if not named:
            return None
        user, rest = named.group(1).decode('utf-8', 'replace'), rest[named.end():]
    return Entry(number, line, schedule.group(1).lstrip(b'-'), user, command_of(rest), names_user)


def command_of(rest):
    """What the shell gets: up to the first "%" that no backslash stands before."""
    command = b''
    for part in re.findall(br'\\.|[^\\]|\\\Z', rest, re.DOTALL):
        if part == b'%':
            break
        command += b'%' if part == b'\\%' else part
    return command


def held_prefix(case, undo_at):
    return b'#sickbay:%s:%s ' % (case.encode('ascii'), undo_at.encode('ascii'))


def with_prefix(content, number, prefix):
    lines = lines_of(content)
    lines[number - 1] = prefix + lines[number - 1]
    return b'\n'.join(lines)


def without_prefix(content, prefix):
    """
    The content without the prefix, and the line that carried it. Raises Refused where not exactly
    one line does.
    """
    lines = lines_of(content)
    carrying = [index for index, line in enumerate(lines) if line.startswith(prefix)]
    if len(carrying) != 1:
        raise Refused('%d lines carry the mark of this stop, not one' % len(carrying))
    line = lines[carrying[0]][len(prefix):]
    lines[carrying[0]] = line
    return b'\n'.join(lines), line
