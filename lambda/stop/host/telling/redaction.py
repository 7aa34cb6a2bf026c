# Redaction: whole commands. The rules are those of core/diagnose/redaction and of the inspection's
# awk (lambda/inspect/host/awk/redaction); tests hold the three to one corpus.

import re

LONGEST_LINE = 8192

SECRETIVE_PROGRAM = pattern(SECRETIVE)
WRAPPER_PROGRAM = pattern(WRAPPER)
WRAPPER_VALUED = pattern(WRAPPER_VALUE)
SHELL_PROGRAM = pattern(SHELL)
FLOW = pattern(r'^(if|then|else|elif|fi|do|done|while|until|for|case|esac|in|!|[{]|[}]|\[|\[\[|\]|\]\])$')
PROGRAM = pattern(r'^[]A-Za-z0-9_.~+@%:${}()\[-]+$')
SCHEDULE_HEAD = pattern(r'^(@[a-z]+ +|([0-9A-Za-z*,/-]+ +){5})')


def base_name(text):
    return text.rpartition('/')[2]


def is_echo(text):
    return text in ('echo', 'printf')


def read_program(reader, text, raw, is_piped):
    if FLOW.match(text):
        return raw
    if re.match(r'[A-Za-z_][A-Za-z0-9_]*[+]?=', text):
        name, _, value = text.partition('=')
        return name + '=' + shown_value(name, value)
    base = base_name(text)
    plain = PROGRAM.match(text) and len(text) <= 64 and not is_random(text)
    told = shown(text) if '/' in text else raw if plain else HIDDEN
    reader.program = base
    reader.sub = reader.option = ''
    reader.count = 0
    reader.expects = 'wrapped' if WRAPPER_PROGRAM.search(base) else 'arguments'
    reader.secretive = bool(SECRETIVE_PROGRAM.search(base)) and (not is_echo(base) or is_piped)
    return told


def read_wrapped(reader, text, raw, is_piped):
    """Options of a wrapper with their values, and then the program."""
    if text.startswith('-'):
        told = read_option(reader, text, raw)
        if not WRAPPER_VALUED.search(text):
            reader.option = ''
        return told
    if reader.option != '':
        reader.option = ''
        return shown(text, 'user')
    if re.match(r'\A[0-9.]+[smhd]?\Z', text):
        return raw
    if reader.program == 'flock' and reader.count == 1:
        return shown(text)
    return read_program(reader, text, raw, is_piped)


def read_operator(reader, raw):
    if '<<<' in raw:
        reader.secret = True
    elif '<' in raw or '>' in raw:
        reader.redirected = not re.search(r'[0-9-]\Z', raw)
    else:
        reader.begin()
        if '`' in raw:
            reader.backquoted = not reader.backquoted
        # What follows a command's end in the middle of another is a word of that one.
        if raw.startswith(')') or raw.startswith('`') and not reader.backquoted:
            reader.expects = 'arguments'
    return raw


def read_word(reader, text, raw, is_piped):
    if reader.redirected:
        reader.redirected = False
        return shown(text)
    has_arguments = reader.expects == 'arguments'
    is_text = has_arguments and SHELL_PROGRAM.search(reader.program) and reader.option.endswith('c')
    if is_text and ' ' in text:
        reader.option = ''
        quote = raw[0] if raw[:1] in ('"', "'") else ''
        return quote + shown_line(text) + quote
    if is_text or has_arguments and reader.option in ('exec', 'execdir', 'ok'):
        reader.begin()
    if reader.expects == 'program':
        return read_program(reader, text, raw, is_piped)
    reader.count += 1
    if reader.secret:
        told = read_secret(reader, text, raw)
        if told is not None:
            return told
    if reader.expects == 'wrapped':
        return read_wrapped(reader, text, raw, is_piped)
    return read_option(reader, text, raw) if text.startswith('-') else read_argument(reader, text, raw)


def read_all_tokens(found, reader):
    told = ''
    for index, token in enumerate(found):
        if token.operator:
            word = read_operator(reader, token.raw)
        else:
            is_piped = is_echo(base_name(token.text)) and is_piped_from(found, index)
            word = read_word(reader, token.text, token.raw, is_piped)
        told += token.space + word
    return told


def is_piped_from(found, index):
    """Whether `echo` gives its words to another program."""
    following = next((token.raw for token in found[index:] if token.operator), '')
    return following.startswith('|') and following != '||'


def shown_line(line):
    return read_all_tokens(tokens(line[:LONGEST_LINE]), Reader())


def apart(words):
    return [Token(word, word, ' ' if index else '', False) for index, word in enumerate(words)]


def shown_arguments(argv):
    """Of a process. A title, as servers write it over their arguments, is read as a line."""
    argv = list(argv)
    while argv and argv[-1].strip(' ') == '':
        argv.pop()
    if not argv:
        return ''
    argv[-1] = argv[-1].rstrip(' ')
    if ' ' not in argv[0]:
        return read_all_tokens(apart(argv), Reader())
    rest = [read_all_tokens(apart(argv[1:]), Reader('arguments', '-'))] if len(argv) > 1 else []
    return ' '.join([shown_line(argv[0])] + rest)


def shown_cron(line, user=''):
    """`user`: who stands between the schedule and the command, if anybody."""
    head = SCHEDULE_HEAD.match(line)
    head = head.group() if head else ''
    for field in head.split(' '):
        if not is_harmless(field) and not (len(field) <= 12 and re.match(r'\A@[a-z]+\Z', field)):
            return shown_line(line)
    rest = line[len(head):]
    if user and rest.startswith(user + ' '):
        head, rest = head + user + ' ', rest[len(user) + 1:]
    return head + shown_line(rest)
