# What the documents `stop` and `undo` do. Whatever is refused is said in the shape that they print.

import os


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


MODES.update(stop=stop_mode, undo=undo_mode)
