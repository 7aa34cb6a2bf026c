# Redaction: what may be told of a value. Itself where it is harmless, else HIDDEN.

import re

HIDDEN = '[hidden]'

URL_HEAD = pattern(r'^[A-Za-z][A-Za-z0-9+.:-]*:[/][/]')
URL_HOST = pattern(r'^[A-Za-z0-9._,*-]*(:[0-9]+)?(,[A-Za-z0-9._-]+(:[0-9]+)?)*$')
NAME = pattern(r'^[A-Za-z_][A-Za-z0-9_.:-]*$')
SECRET_NAMED = pattern(SECRET_NAME)
NO_SECRET_NAMED = pattern(NO_SECRET_NAME)
FILED_NAMED = pattern(FILED_NAME)


def is_secret_name(name):
    plain = plain_name(name)
    return bool(SECRET_NAMED.search(plain)) and not NO_SECRET_NAMED.search(plain)


def is_secret_value(name, value):
    is_filed = FILED_NAMED.search(plain_name(name)) and (is_path(value) or is_file(value))
    return is_secret_name(name) and not is_filed


def shown_value(name, value):
    if value == '':
        return ''
    return HIDDEN if is_secret_value(name, value) else shown(value, name)


def shown(value, name=''):
    if is_harmless(value, name):
        return value
    if len(value) > LONGEST_VALUE:
        return HIDDEN
    if ' ' in value:
        return shown_phrase(value, name)
    if URL_HEAD.match(value):
        return shown_url(value)
    key, sign, rest = value.partition('=')
    if sign and key and not re.search('[,;]', key) and is_name(key, rest):
        if re.search('[,;]', rest) and not is_secret_name(key):
            return shown_list(value, name)
        return key + '=' + shown_value(key, rest)
    if re.search('[,;]', value):
        return shown_list(value, name)
    if has_path_head(value):
        return '/'.join(part if is_component(part) else HIDDEN for part in value.split('/'))
    user, _, host = value.rpartition('@')
    if user and host and is_host(host, ''):
        return HIDDEN + '@' + host
    return HIDDEN


def is_name(key, rest):
    return len(key) <= 64 and bool(NAME.match(key)) and rest != '' and not rest.startswith('=') and not is_random(key)


def shown_phrase(value, name):
    plain = all(word == '' or is_harmless(word, name) and not is_secret_name(word) for word in value.split(' '))
    return value if plain else HIDDEN


def shown_list(value, name):
    sign = re.search('[,;]', value).group()
    return sign.join('' if part == '' else shown(part, name) for part in value.split(sign))


def shown_url(value):
    head = URL_HEAD.match(value).group()
    user, at, behind = value[len(head):].rpartition('@')
    end = re.search('[/?#;]', behind)
    host = behind[:end.start()] if end else behind
    plain = (URL_HOST.match(host) or IPV6.match(host) or VARIABLE.match(host)) and not is_random(host)
    told = (HIDDEN + '@' if at else '') + (host if plain else HIDDEN)
    return head + told + (shown_url_path(behind[end.start():]) if end else '')


def shown_url_path(text):
    end = re.search('[?#;]', text)
    path = '/'.join(shown_component(part) for part in (text[:end.start()] if end else text).split('/'))
    if not end:
        return path
    query = text[end.end():]
    sign = '&' if '&' in query or ';' not in query else ';'
    return path + end.group() + sign.join(shown(pair) for pair in query.split(sign))


def shown_component(part):
    plain = part == '' or is_words(part) or len(part) <= 20 and is_number(part) or FILE.match(part) and not is_random(part)
    return part if plain else HIDDEN
