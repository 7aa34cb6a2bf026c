# How a stop stands.


def status(case):
    """A StopStatus. Changes nothing."""
    record = read_record(case)
    now = boot_id()
    if record is None:
        return {'v': 1, 'known': False, 'sameBoot': True, 'alive': [], 'back': [], 'starter': 'none'}
    same_boot = record['bootId'] == now
    processes = all_processes()
    return {
        'v': 1,
        'known': True,
        'sameBoot': same_boot,
        'alive': alive(record, processes) if same_boot else [],
        'back': back(record, processes, same_boot),
        'starter': starter_state(record),
    }


def alive(record, processes):
    return [
        one['pid'] for one in record['tree']
        if one['pid'] in processes and processes[one['pid']].start == one['start'] and processes[one['pid']].state not in 'ZX'
    ]


MOST_BACK = 10


def back(record, processes, same_boot):
    """Processes with the same executable, user and arguments that are none of the tree."""
    known = {(one['pid'], one['start']) for one in record['tree']} if same_boot else set()
    found = []
    for process in processes.values():
        try:
            if (process.pid, process.start) not in known and is_like(record, process):
                found.append(identity_of(process))
        except Gone:
            pass
    return found[:MOST_BACK]


def is_like(record, process):
    return (
        process.uid == record['uid'] and process.state not in 'ZX'
        and shown_path(executable_path(process.pid)) == record['executable']
        and arguments_hash(process.pid) == record['arguments']
    )
