# Keeps what starts the culprit from starting it again, and gives it back.

import os


def hold(starter, case, undo_at):
    """
    Takes it out of the way, returns how: `none`, `commented-out`, `timer-masked`. Raises Refused
    where it is not as it was approved; then nothing was changed.
    """
    if starter is None:
        return 'none'
    if starter['kind'] == 'cron':
        hold_line(starter, held_prefix(case, undo_at))
        return 'commented-out'
    hold_timer(starter)
    return 'timer-masked'


def hold_line(starter, prefix):
    with parent_of(starter['file']) as (at, name):
        content, facts = read_file(at, name)
        if sha256(content) != starter['fileSha256']:
            raise Refused('the crontab changed since it was approved')
        if not is_safe_crontab(facts):
            raise Refused('others than its owner may write the crontab')
        edited = with_prefix(content, starter['line'], prefix)
        given_back, line = without_prefix(edited, prefix)
        if sha256(given_back) != starter['fileSha256'] or sha256(line) != starter['lineSha256']:
            raise Refused('the crontab would not be given back as it was')
        replace(at, name, edited, facts)
    if line_state(starter, prefix) != 'held':
        raise Refused('somebody else wrote the crontab at the same time')


def is_safe_crontab(facts):
    return not facts.st_mode & 0o022


def line_state(starter, prefix):
    """`held`, `undone`: the line stands there without the mark, `changed`: neither."""
    try:
        with parent_of(starter['file']) as (at, name):
            content, _ = read_file(at, name)
    except (OSError, Refused):
        return 'changed'
    try:
        _, line = without_prefix(content, prefix)
        return 'held' if sha256(line) == starter['lineSha256'] else 'changed'
    except Refused:
        carries = any(line.startswith(prefix) for line in lines_of(content))
        there = any(sha256(line) == starter['lineSha256'] for line in lines_of(content))
        return 'undone' if there and not carries else 'changed'


def give_back_line(starter, prefix):
    """Outcome of an undo. Other lines may have been edited since."""
    state = line_state(starter, prefix)
    if state != 'held':
        return 'nothing-to-undo' if state == 'undone' else 'changed'
    with parent_of(starter['file']) as (at, name):
        content, facts = read_file(at, name)
        given_back, line = without_prefix(content, prefix)
        if sha256(line) != starter['lineSha256']:
            return 'changed'
        replace(at, name, given_back, facts)
    return 'undone'


def hold_timer(starter):
    """`stop` alone keeps a timer until the next boot or until somebody starts it; the mask tells
    whoever tries. A unit under /etc cannot be masked from /run (systemd.unit(5), order of paths)."""
    systemctl('stop', starter['unit'])
    if not timer_facts(starter)['FragmentPath'].startswith('/etc/'):
        systemctl('mask', '--runtime', starter['unit'])
    if timer_state(starter) != 'held':
        raise Refused('the timer is not stopped')


def timer_facts(starter):
    return properties(starter['unit'], 'ActiveState', 'UnitFileState', 'FragmentPath')


def timer_state(starter):
    return 'undone' if timer_facts(starter).get('ActiveState') in ('active', 'activating') else 'held'


def give_back_timer(starter):
    if timer_state(starter) == 'undone':
        return 'nothing-to-undo'
    systemctl('unmask', '--runtime', starter['unit'])
    systemctl('start', starter['unit'])
    return 'undone' if timer_state(starter) == 'undone' else 'failed'
