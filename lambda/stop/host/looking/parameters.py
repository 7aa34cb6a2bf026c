# What a document hands over, and how an answer is printed. The documents' patterns are held here
# once more: what stands in a file name or decides about a signal is not taken on trust.

import json
import os
import re
import sys

CASE_ID = re.compile(r'\A[A-Za-z0-9][A-Za-z0-9:._-]{0,79}\Z')
PID = re.compile(r'\A(0|[2-9]|[1-9][0-9]{1,9})\Z')
DIGEST = re.compile(r'\A[0-9a-f]{64}\Z')
ALLOW_KILL = re.compile(r'\A(true|false)\Z')
SECONDS = re.compile(r'\A[1-9][0-9]{9}\Z')

# Run Command keeps the first 24,000 characters of what is printed (API reference,
# GetCommandInvocation); a step of Automation less.
MOST_PRINTED = 20000

# By name; each part of the program puts its own here.
MODES = {}


# Why nothing was done, for people. Holds no text that came from a process or a file.
class Refused(Exception):
    pass


# The process ended while it was read.
class Gone(Exception):
    pass


def parameter(name, pattern):
    value = os.environ.get('SSM_' + name, '')
    if not pattern.match(value):
        # An SSM agent before 3.3.2746.0 sets no such variable.
        raise Refused('parameter %s is missing or not allowed' % name)
    return value


def answer(document):
    sys.stdout.write(json.dumps(document, separators=(',', ':'), sort_keys=True) + '\n')
    sys.stdout.flush()
