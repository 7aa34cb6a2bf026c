# Keeps what starts the culprit from starting it again, and gives it back.

HOW_HELD = {'cron': 'commented-out', 'timer': 'timer-masked'}


def hold(starter, case, undo_at):
    """
    Takes it out of the way, returns how: `commented-out`, `timer-masked`. Raises Refused or OSError
    where it cannot be, or is not as it was approved.
    """
    if starter['kind'] == 'cron':
        hold_line(starter, held_prefix(case, undo_at))
    else:
        hold_timer(starter)
    return HOW_HELD[starter['kind']]


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


def give_back(record):
    """Outcome of an undo."""
    starter = record['starter']
    if starter['kind'] == 'cron':
        return give_back_line(starter, held_prefix(record['case'], record['undoAt']))
    return give_back_timer(starter)


def is_untouched(record):
    """After a hold that failed, perhaps half way: whether nothing of it stands there any more."""
    starter = record['starter']
    try:
        if give_back(record) in ('undone', 'nothing-to-undo'):
            return True
        return starter['kind'] == 'cron' and not carries(starter, held_prefix(record['case'], record['undoAt']))
    except (Refused, OSError):
        return False


def carries(starter, prefix):
    try:
        with parent_of(starter['file']) as (at, name):
            content, _ = read_file(at, name)
    except FileNotFoundError:
        return False
    return any(line.startswith(prefix) for line in lines_of(content))


def is_safe_crontab(facts):
    return not facts.st_mode & 0o022


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
    """
    `stop` alone keeps a timer until the next boot or until somebody starts it; the mask tells
    whoever tries. A unit under /etc cannot be masked from /run (systemd.unit(5), order of paths).
    """
    if timer_state(starter) != 'undone':
        raise Refused('the timer is not active')
    systemctl('stop', starter['unit'])
    if not timer_facts(starter)['FragmentPath'].startswith('/etc/'):
        systemctl('mask', '--runtime', starter['unit'])
    if timer_state(starter) != 'held':
        raise Refused('the timer is not stopped')


def give_back_timer(starter):
    if timer_state(starter) == 'undone':
        return 'nothing-to-undo'
    systemctl('unmask', '--runtime', starter['unit'])
    systemctl('start', starter['unit'])
    return 'undone' if timer_state(starter) == 'undone' else 'failed'
