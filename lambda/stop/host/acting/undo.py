# Gives back what a stop holds.


def undo(case):
    """An UndoOutcome. Asked again, it says `nothing-to-undo`."""
    record = read_record(case)
    starter = record and record['starter']
    if not starter:
        return {'v': 1, 'outcome': 'nothing-to-undo', 'why': 'no stop of this case holds anything on this host'}
    outcome = give_back(record)
    found = {'v': 1, 'outcome': outcome}
    if outcome == 'changed':
        found['why'] = 'somebody edited the line or removed it since: look at %s' % starter.get('file', starter.get('unit'))
    return found
