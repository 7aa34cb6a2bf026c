# Redaction (docs/redaction.md): what a text looks like. Each function says whether its form alone
# shows that it is harmless. The tables are those of core/diagnose/redaction/words.ts: they are put
# before this program when it is put together, as constants of the same names.

import re

LONGEST_VALUE = 400


def pattern(text):
    """Of an expression as the tables write it: "$" is the end of the text, never before a line end."""
    return re.compile(re.sub(r'\[\]?[^\]]*\]|\\.|\$', lambda part: r'\Z' if part.group() == '$' else part.group(), text))


NUMBER = pattern(
    r'^[-+]?[0-9]+([.,:/_x-][0-9]+)*([(][0-9]+[)])?'
    r'(ns|us|ms|s|m|h|d|w|b|k|kb|kib|ki|m|mb|mib|mi|g|gb|gib|gi|t|tb|ti|%)?[-+:,)]?$'
)
VERSION = pattern(
    r'^v?[0-9]+([.][0-9]+)*([-+._]?(rc|alpha|beta|b|a|p|snapshot|final|release|ga|dev|build|alpine|slim|bookworm'
    r'|bullseye|jammy|noble|lts|el|amzn|deb|ubuntu|jre|jdk|fpm)[0-9.]*)*$'
)
MOMENT = pattern(r'^[0-9][0-9-]+t[0-9:.]+(z|[-+][0-9:]+)?$')
CRON_FIELD = pattern(r'^[0-9*,/-]+$')
PUNCTUATION = pattern(r'^[]\[*.,/:+%{}?=_~!-]+$')
DATE_FORMAT = pattern(r'^[+]?(%[-_0]?[A-Za-z]|[-_:./T])+$')
VARIABLE = pattern(r'^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*|[0-9@*#?$!])$')
VARIABLE_HEAD = pattern(r'^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*)[/]')
PATH_HEAD = pattern(r'^([/]|[.][.]?[/]|~[/])')
COMPONENT = pattern(r'^[A-Za-z0-9._+%,~*{}-]*$')
SCOPE = pattern(r'^@[A-Za-z0-9._-]+$')
UNIT_FILE = pattern(r'^[A-Za-z0-9._-]+@[A-Za-z0-9._-]*[.](service|timer|socket|mount|target|slice|scope|path)$')
FILE = pattern(r'^[A-Za-z0-9._+%%-]*[A-Za-z0-9_*][.](%s)$' % EXTENSIONS)
IPV6 = pattern(r'^[\[]?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(\](:[0-9]+)?)?$')
DOTTED = pattern(r'^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*[.](%s)(:[0-9]+)?$' % DOMAINS)
CLASS = pattern(r'^(%s)[.][A-Za-z0-9_$]+([.][A-Za-z0-9_$*]+)+$' % REVERSED)
EC2_NAME = pattern(r'^ip-[0-9]+-[0-9]+-[0-9]+-[0-9]+([.][a-z0-9.-]+)?$')
LOCAL = pattern(r'^(localhost|[*])?(:[0-9]+)?$')
NAME_PORT = pattern(r'^[a-z][a-z0-9-]*([.][a-z0-9-]+)*:v?[0-9]+([.][0-9]+)*(-[a-z]+[0-9.]*)?$')
COMMIT = pattern(r'^[0-9a-f]+$')
USER_NAMED = pattern(USER_NAME)
RELEASE_NAMED = pattern(RELEASE_NAME)


def plain_name(name):
    return re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')


def is_random(text):
    """Drawn and not written: capitals, small letters and digits in no order, or a long run of them."""
    return any(len(run) >= 8 and is_random_run(run) for run in re.split(r'[^A-Za-z0-9]+', text))


def is_random_run(run):
    if len(run) > 64:
        return True
    if not re.search('[0-9]', run) or not re.search('[A-Za-z]', run):
        return False
    kinds = [1 if char <= '9' else 2 if char <= 'Z' else 3 for char in run]
    turns = sum(1 for before, after in zip(kinds, kinds[1:]) if before != after)
    if len(run) >= 16 and turns > 3:
        return True
    mixed = re.search('[A-Z]', run) and re.search('[a-z]', run) and re.search('[0-9].*[0-9]', run)
    return bool(mixed) and turns > len(run) / 2


def is_number(value):
    text = value.lower()
    return bool(NUMBER.match(text) or VERSION.match(text) or MOMENT.match(text))


def is_word(piece):
    return piece in VOCABULARY or piece.endswith('s') and piece[:-1] in VOCABULARY


def is_words(value):
    if len(value) > 80:
        return False
    if re.match(r'\A[A-Za-z]\Z', value):
        return True
    pieces = re.split(r'[-_.:,/+]', value.lower())
    allowed = (not piece or is_word(piece) or len(piece) <= 5 and re.match(r'\Av?[0-9]+\Z', piece) for piece in pieces)
    return any(is_word(piece) for piece in pieces) and all(allowed)


def is_component(part):
    return bool(COMPONENT.match(part) or SCOPE.match(part) or UNIT_FILE.match(part)) and not is_random(part)


def has_path_head(value):
    return bool(PATH_HEAD.match(value)) and not value.startswith('//')


def is_path(value):
    if value == '~':
        return True
    value = VARIABLE_HEAD.sub('/', value)
    return has_path_head(value) and all(is_component(part) for part in value.split('/'))


def is_paths(value):
    first, *rest = value.split(':')
    return is_path(first) and all(is_path(part) or is_words(part) or is_file(part) or is_number(part) for part in rest)


def is_file(value):
    parts = value.split('/')
    return bool(FILE.match(parts[-1])) and all(is_component(part) for part in parts)


def is_host(value, name):
    for form in (LOCAL, DOTTED, CLASS, IPV6, EC2_NAME):
        if form.match(value):
            return not is_random(value)
    return bool(NAME_PORT.match(value)) and not USER_NAMED.search(plain_name(name)) and not is_random(value)


def is_harmless(value, name=''):
    if len(value) > LONGEST_VALUE:
        return False
    if value == '' or len(value) <= 40 and is_number(value) or CRON_FIELD.match(value):
        return True
    if len(value) <= 3 and PUNCTUATION.match(value) or DATE_FORMAT.match(value) or VARIABLE.match(value):
        return True
    if is_words(value) or is_paths(value) or is_file(value) or is_host(value, name):
        return True
    return len(value) <= 64 and bool(COMMIT.match(value)) and bool(RELEASE_NAMED.search(plain_name(name)))
