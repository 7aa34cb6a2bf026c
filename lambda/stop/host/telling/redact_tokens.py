# Redaction: words and operators of a line, as a shell would see them.

import collections
import re

# raw: as it stands, with its quotes; text: without; space: what stood before it.
Token = collections.namedtuple('Token', 'raw text space operator')

OPERATORS = ';|&()<>`'


class Open:
    depth = 0
    backquote = False


def tokens(line):
    found = []
    opened = Open()
    at = 0
    while True:
        begin = at
        while line[at:at + 1] == ' ':
            at += 1
        if at >= len(line):
            return found
        space = line[begin:at]
        if is_operator(line, at, False, opened):
            raw = line[at:operator_end(line, at)]
            found.append(Token(raw, raw, space, True))
            track(opened, raw)
        else:
            raw, text = word_at(line, at, opened)
            found.append(Token(raw, text, space, False))
        at += len(raw)


def is_operator(line, at, began, opened):
    char = line[at]
    if char not in OPERATORS:
        return False
    if not began or char in '<>':
        return True
    if char == '(':
        return False
    if char == ')':
        return opened.depth > 0
    if char == '`':
        return opened.backquote
    return line[at + 1:at + 2] in ' ' + OPERATORS or at + 1 == len(line)


def operator_end(line, begin):
    """`=>` and `->` are words; `>&2` is one operator."""
    at = begin
    while at < len(line) and line[at] in OPERATORS:
        at += 1
    return at + 1 if line[begin:at].endswith('>&') and re.match('[0-9-]', line[at:]) else at


def track(opened, raw):
    for char in raw:
        if char == '(':
            opened.depth += 1
        elif char == ')':
            opened.depth = max(0, opened.depth - 1)
        elif char == '`':
            opened.backquote = not opened.backquote


def word_at(line, begin, opened):
    text = ''
    quote = ''
    at = begin
    while at < len(line):
        char = line[at]
        if not quote and (char == ' ' or is_operator(line, at, at > begin, opened) and not is_arrow(line, at, begin)):
            break
        if char == '\\' and quote != "'" and at + 1 < len(line):
            at += 1
            text += line[at]
        elif not quote and char in '"\'':
            quote = char
        elif char == quote:
            quote = ''
        else:
            text += char
        at += 1
    return line[begin:at], text


def is_arrow(line, at, begin):
    return line[at] == '>' and at == begin + 1 and line[begin] in '-=' and line[at + 1:at + 2] in ('', ' ')
