# Whether a line of a crontab started a process: cron runs `SHELL -c COMMAND`, and the shell may
# have become the command's last program (exec).

import re

# What a shell would replace: such a command's words are not known here.
EXPANDED = re.compile(br'[$`*?\[~{]')
PARTS = re.compile(br'''\s+|&&|\|\||;|[0-9]?>>?&?|[0-9]?<|\||&|(?:\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[^\s;&|<>'"\\])+''', re.DOTALL)
ASSIGNMENT = re.compile(br'\A[A-Za-z_][A-Za-z0-9_]*=')


def started_by(argv):
    """
    A test of a command: whether it started a process with these arguments. `argv` is of the first
    process that cron's child started.
    """
    if len(argv) == 3 and argv[1] == b'-c':
        return lambda command: command.rstrip(b' \t\r') == argv[2].rstrip(b' \t\r')
    return lambda command: is_last_program(command, argv)


def is_last_program(command, argv):
    words = last_words(command)
    if not words:
        return False
    # A script's arguments begin with its interpreter and what its first line gives that.
    return any(argv[begin:] == words for begin in range(0, 3))


def last_words(command):
    """Words of the last program of a command line, None where a shell would make others of them."""
    if EXPANDED.search(command):
        return None
    words = []
    is_file = False
    for part in PARTS.findall(command):
        if part.isspace():
            continue
        if re.match(br'\A[0-9]?[<>]', part):
            is_file = True
        elif part in (b'&&', b'||', b';'):
            words = []
        elif part in (b'|', b'&'):
            return None
        elif is_file:
            is_file = False
        else:
            words.append(unquoted(part))
    while words and (words[0] == b'exec' or ASSIGNMENT.match(words[0])):
        words = words[1:]
    return words


def unquoted(word):
    return re.sub(br'''\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"''', lambda match: match.group(match.lastindex), word, flags=re.DOTALL)
