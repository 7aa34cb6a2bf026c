# systemd timers. `systemctl` is the only program that is run, with fixed arguments and the name of
# a unit that systemd itself gave.

import re
import subprocess

SYSTEMCTL = '/usr/bin/systemctl'
UNIT = re.compile(r'\A[A-Za-z0-9:_.@\\-]{1,200}\.(timer|service)\Z')


def systemctl(*words):
    """What it prints. Raises Refused where it fails, is not there or does not end."""
    environment = {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C', 'TZ': 'UTC', 'SYSTEMD_PAGER': '', 'SYSTEMD_COLORS': '0'}
    try:
        run = subprocess.run(
            (SYSTEMCTL, '--no-ask-password', '--no-pager') + words,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        raise Refused('systemctl does not answer')
    if run.returncode != 0:
        raise Refused('systemctl %s ended with %d' % (words[0], run.returncode))
    return run.stdout.decode('utf-8', 'replace')


def properties(unit, *names):
    if not UNIT.match(unit):
        raise Refused('the name of a unit is not allowed')
    text = systemctl('show', unit, '--property=' + ','.join(names))
    return dict(line.partition('=')[::2] for line in text.split('\n') if '=' in line)


def timer_starter(service):
    """The timer that triggers the service, None where none does."""
    facts = properties(service, 'TriggeredBy', 'Restart')
    triggers = facts.get('TriggeredBy', '').split()
    if facts.get('Restart') != 'no':
        raise Refused('the service of the process restarts it')
    if not triggers:
        return None
    if len(triggers) != 1 or not triggers[0].endswith('.timer'):
        raise Refused('the service is triggered by more than one timer')
    return {'kind': 'timer', 'unit': triggers[0], 'service': service}
