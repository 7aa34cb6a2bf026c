# One mode a document. Whatever is refused is said in the shape that the mode prints.

import os
import sys


def plan_mode():
    pid = int(parameter('pid', PID))
    parameter('caseId', CASE_ID)
    try:
        return fitting(make_plan(pid)[0])
    except Gone:
        return {'v': 1, 'gone': True}


def status_mode():
    return status(parameter('caseId', CASE_ID))


def stop_mode():
    digest_given = os.environ.get('SSM_digest', '')
    try:
        return stop(
            parameter('caseId', CASE_ID),
            int(parameter('pid', PID)),
            parameter('digest', DIGEST),
            parameter('allowKill', ALLOW_KILL) == 'true',
            parameter('expiresAt', SECONDS),
            parameter('undoAt', SECONDS),
        )
    except Refused as error:
        digest_told = digest_given if DIGEST.match(digest_given) else ''
        return {'v': 1, 'digest': digest_told, 'outcome': 'refused', 'why': str(error), 'signalled': [], 'starter': 'untouched'}


def undo_mode():
    try:
        return undo(parameter('caseId', CASE_ID))
    except Refused as error:
        return {'v': 1, 'outcome': 'failed', 'why': str(error)}
    except OSError as error:
        return {'v': 1, 'outcome': 'failed', 'why': os.strerror(error.errno or 0)}


MODES = {'plan': plan_mode, 'status': status_mode, 'stop': stop_mode, 'undo': undo_mode}


def main():
    mode = MODES.get(os.environ.get('SICKBAY_MODE', ''))
    if mode is None:
        sys.exit('no such mode')
    try:
        answer(mode())
    except Refused as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main()
