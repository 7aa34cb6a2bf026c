# Stops what was approved: what starts it first, then the process and its descendants.

import os
import time

WAIT_AFTER_TERM_S = 30
WAIT_AFTER_KILL_S = 5


def stop(case, pid, approved, allow_kill, expires_at, undo_at):
    """A StopOutcome."""
    earlier = read_record(case)
    if earlier is not None:
        return told_again(earlier, approved)
    found = approved_find(pid, approved, expires_at)
    held = hold_processes(found.tree)
    record = record_of(found, case, undo_at)
    try:
        begin_record(case, record)
    except FileExistsError:
        raise Refused('another stop of this case is under way')
    try:
        starter = hold(found.starter, case, undo_at)
    except (Refused, OSError) as error:
        return not_held(record, held, error)
    outcome = end(held, allow_kill, approved, starter)
    put_record(case, dict(record, outcome=outcome))
    return outcome


def not_held(record, held, error):
    """Nothing is signalled, and where nothing stays changed the stop may be approved anew."""
    why = 'what starts it could not be held: %s' % reason(error)
    if is_untouched(record):
        drop_record(record['case'])
        raise Refused(why)
    outcome = dict(outcome_of(held, held, why, record['digest'], HOW_HELD[record['starter']['kind']]))
    put_record(record['case'], dict(record, outcome=outcome))
    return outcome


def reason(error):
    return str(error) if isinstance(error, Refused) else os.strerror(error.errno or 0)


def told_again(record, approved):
    """A command may be delivered twice: what was done once is told, and not done again."""
    if record['digest'] != approved:
        raise Refused('this case had another stop on this host')
    if 'outcome' in record:
        return record['outcome']
    return {
        'v': 1,
        'digest': approved,
        'outcome': 'survived',
        'why': 'an earlier run of this stop has not ended',
        'signalled': [],
        'starter': HOW_HELD[record['starter']['kind']],
    }


def approved_find(pid, approved, expires_at):
    """What is there now. Raises Refused where it is not what was approved."""
    if time.time() > int(expires_at):
        raise Refused('the approval came too late')
    try:
        found = examine(pid)
    except Gone:
        raise Refused('the process has ended')
    why = why_refused(found, approved)
    if why:
        raise Refused(why)
    return found


def why_refused(found, approved):
    if found.unsupported:
        return found.unsupported
    if found.digest != approved:
        return 'it is not what was approved: the process, its arguments or what starts it changed'
    if found.listens:
        return 'it accepts connections'
    if found.shares:
        return 'it belongs to something that accepts connections'
    if found.starter is None:
        return 'nothing was found that starts it: neither cron nor a timer'
    if found.starter.get('managedBy'):
        return 'configuration management writes the crontab'
    return None


def hold_processes(tree):
    """
    Every process of the tree with its pidfd, root first. A descendant that ended meanwhile is left
    out; the root may not be.
    """
    held = []
    for process in tree:
        try:
            held.append(Held(process))
        except (Gone, ProcessLookupError):
            if process is tree[0]:
                raise Refused('the process has ended')
    return held


def record_of(found, case, undo_at):
    return {
        'v': 1,
        'case': case,
        'digest': found.digest,
        'program': program_hash(),
        'bootId': found.boot,
        'begun': int(time.time()),
        'undoAt': undo_at,
        'tree': [{'pid': process.pid, 'start': process.start} for process in found.tree],
        'executable': shown_path(found.path),
        'uid': found.process.uid,
        'arguments': found.arguments,
        'starter': found.starter,
    }


def end(held, allow_kill, approved, starter):
    """
    TERM from the root downwards: a parent that ends first can neither start its children again nor
    take their end for a reason to go on with its next step.
    """
    for one in held:
        one.send('TERM')
    left = wait_for(held, WAIT_AFTER_TERM_S)
    why = None
    if left:
        why = why_not_killed(left, allow_kill)
        if why is None:
            for one in left:
                one.send('KILL')
            left = wait_for(left, WAIT_AFTER_KILL_S)
    return outcome_of(held, left, why, approved, starter)


def why_not_killed(left, allow_kill):
    if not allow_kill:
        return 'KILL is not allowed for it'
    if writing([one.process for one in left]):
        return 'no KILL: it has files open for writing'
    return None


def outcome_of(held, left, why, approved, starter):
    signalled = [
        {'pid': one.process.pid, 'signal': one.signal, 'ended': one not in left} for one in held if one.signal
    ]
    outcome = {
        'v': 1,
        'digest': approved,
        'outcome': 'survived' if left else 'stopped',
        'signalled': fitting_signals(signalled),
        'starter': starter,
    }
    if left:
        outcome['why'] = '%d of %d processes still run. %s' % (len(left), len(held), why or 'Not even KILL ended them.')
    return outcome


# A step's output in Automation is cut far below 24,000 characters: 20 rows take 1,000.
MOST_SIGNALLED = 20


def fitting_signals(signalled):
    """Those that did not end first."""
    return sorted(signalled, key=lambda one: one['ended'])[:MOST_SIGNALLED]
