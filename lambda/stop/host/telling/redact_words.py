# Redaction: options and arguments of a command. A reader says where in a command one stands.

import re

SECRET_WORDED = pattern(SECRET_WORD)
SECRET_OPTIONED = pattern(SECRET_OPTION)
INTERPRETED = pattern(INTERPRETER)
SUB_COMMANDED = pattern(r'^(vault|op|pass|keyctl|sops|net|security|ansible-vault|rclone)$')


class Reader:
    """`expects`: a program, what a wrapper runs (`wrapped`), or arguments."""

    def __init__(self, expects='program', program=''):
        self.begin(expects, program)
        self.backquoted = False

    def begin(self, expects='program', program=''):
        self.expects = expects
        self.program = program
        self.sub = self.option = ''
        self.secret = self.secretive = self.redirected = False
        self.count = 0


def awaits(reader, option):
    """Whether the next word after an option of this name is a secret."""
    if reader.program == 'sort' and option in ('k', 'key'):
        return False
    return len(option) > 1 and is_secret_name(option) or is_secret_option(reader, option)


def is_secret_option(reader, option):
    places = ('%s:%s' % (reader.program, option), '%s:%s:%s' % (reader.program, reader.sub, option))
    return any(SECRET_OPTIONED.search(place) for place in places)


def is_filed(name, value):
    """A secret's file instead of the secret."""
    return is_secret_name(name) and not is_secret_value(name, value) and shown(value, name) == value


def named(reader, dashes, name, value):
    if value is None:
        reader.option = name
        reader.secret = awaits(reader, name)
        return dashes + name
    is_hidden = value != '' and awaits(reader, name) and not is_filed(name, value)
    return '%s%s=%s' % (dashes, name, HIDDEN if is_hidden else shown_value(name, value))


def read_option(reader, text, raw):
    if text in ('-', '--'):
        return raw
    name, sign, value = text.partition('=')
    if not text.startswith('--'):
        return read_single_dash(reader, text[1:], raw)
    plain = len(name) <= 66 and re.match(r'\A--[A-Za-z][A-Za-z0-9_.-]*\Z', name) and not is_random(name)
    if not plain or value.startswith('='):
        return '--' + HIDDEN
    return named(reader, '--', name[2:], value if sign else None)


def read_single_dash(reader, rest, raw):
    """`-x`, `-xyz`, `-xVALUE`, `-name`, `-name=value`, `-Dname=value`."""
    letter, glued = rest[:1], rest[1:]
    name, sign, value = rest.partition('=')
    if glued == '':
        return named(reader, '-', letter, None) if re.match('[A-Za-z0-9?@%]', letter) else HIDDEN
    if is_secret_option(reader, letter):
        is_long = rest in SINGLE_DASH and len(rest) > 3
        return named(reader, '-', rest, None) if is_long else '-' + letter + HIDDEN
    if re.match(r'\A[0-9.:+-]+\Z', rest):
        return raw
    if letter == 'D' and sign and len(name) > 1:
        return '-D' + shown(glued)
    if re.match(r'\AX(mx|ms|ss|mn)[0-9]+[kKmMgGtT]?\Z', rest) or re.match(r'\AXX:[-+][A-Za-z0-9]+\Z', rest):
        return raw
    if re.match(r'\AXX:[A-Za-z0-9]+=', rest):
        return '-XX:' + shown(rest[3:])
    if len(name) > 1 and re.match(r'\A[a-z][a-z0-9_.-]*\Z', name) and value and not value.startswith('='):
        return named(reader, '-', name, value)
    if rest in SINGLE_DASH or len(rest) > 4 and re.match('[a-z]', rest) and is_words(rest):
        return named(reader, '-', rest, None)
    return read_glued(reader, rest, raw)


def read_glued(reader, rest, raw):
    letter, glued = rest[:1], rest[1:]
    # Short options by which secrets are told: a longer cluster may be one that is glued to it.
    if re.match(r'\A[A-Za-z]+\Z', rest) and len(rest) <= (3 if rest[0] in 'pPuUaAkKwW' else 4):
        reader.option = rest[-1]
        reader.secret = awaits(reader, rest[-1])
        return raw
    is_long_number = letter == 'p' and re.search('[0-9]{6}', glued)
    if re.match(r'[A-Za-z]', letter) and not is_long_number and re.match(r'[0-9]|[.]?[.]?/|:', glued) and is_harmless(glued):
        return raw
    reader.option = rest
    reader.secret = is_secret_name(rest)
    return '-' + (letter if re.match('[A-Za-z0-9]', letter) else '') + HIDDEN


def read_argument(reader, text, raw):
    option, program = reader.option, reader.program
    reader.option = ''
    if text in ('=', '=>', '->', ':', ':='):
        return raw
    if option == '' and reader.sub == '':
        reader.sub = text
    if SECRET_WORDED.search(text.lower()) and re.match(r'\A[A-Za-z_-]+[:=]?\Z', text):
        reader.secret = True
        return raw
    if reader.secretive and option == '':
        return raw if is_tellable(reader, text) else HIDDEN
    is_module = re.match(r'\Apython[0-9.]*\Z', program) and option == 'm' and re.match(r'\A[A-Za-z_][A-Za-z0-9_.]*\Z', text)
    is_script = INTERPRETED.search(program) and reader.count == 1 and re.match(r'\A[A-Za-z0-9_.@/+-]{1,120}\Z', text)
    if (is_module or is_script) and not is_random(text):
        return raw
    if option == 'p' and re.search('[0-9]{6}', text):
        return HIDDEN
    told = shown(text, option)
    return raw if told == text else told


def is_tellable(reader, text):
    """Of a program whose words are secrets: a path, and the sub-command of those that have one."""
    if re.match(r'/|[.]/|[.][.]/|~/', text):
        return is_harmless(text)
    has_sub = reader.count == 1 and SUB_COMMANDED.search(reader.program)
    return bool(has_sub) and is_harmless(text) and not re.search('[0-9]', text)


def read_secret(reader, text, raw):
    """A word that a secret option or word awaits. None: it is the next option."""
    if text in ('=', '=>', '->', ':', ':=', 'is', 'by', 'BY'):
        return raw
    option = reader.option
    reader.secret = False
    reader.option = ''
    if re.match(r'--?[A-Za-z][A-Za-z0-9-]*(=|\Z)', text):
        return None
    return raw if is_filed(option, text) else HIDDEN
