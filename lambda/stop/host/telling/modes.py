# What the document `plan` may be asked.


def plan_mode():
    pid = int(parameter('pid', PID))
    parameter('caseId', CASE_ID)
    try:
        return plan(pid)
    except Gone:
        return {'v': 1, 'gone': True}


def status_mode():
    return status(parameter('caseId', CASE_ID))


MODES.update(plan=plan_mode, status=status_mode)
