# Whether what starts the culprit is still out of the way, as a stop left it.


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


def timer_facts(starter):
    return properties(starter['unit'], 'ActiveState', 'UnitFileState', 'FragmentPath')


def timer_state(starter):
    return 'undone' if timer_facts(starter).get('ActiveState') in ('active', 'activating') else 'held'


def starter_state(record):
    starter = record['starter']
    if starter is None:
        return 'none'
    if starter['kind'] == 'cron':
        return line_state(starter, held_prefix(record['case'], record['undoAt']))
    return timer_state(starter)
