# systemd timers. systemd's own programs are the only ones that are run, with fixed arguments and
# what systemd itself gave: the name of a unit, or when a timer starts it.

import re
import subprocess

SYSTEMCTL = '/usr/bin/systemctl'
UNIT = re.compile(r'\A[A-Za-z0-9:_.@\\-]{1,200}\.(timer|service)\Z')


def systemctl(*words):
    """What it prints. Raises Refused where it fails, is not there or does not end."""
    return printed_by((SYSTEMCTL, '--no-ask-password', '--no-pager') + words, 'systemctl %s' % words[0])


def printed_by(words, name):
    environment = {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C', 'TZ': 'UTC', 'SYSTEMD_PAGER': '', 'SYSTEMD_COLORS': '0'}
    try:
        run = subprocess.run(
            words,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        raise Refused('%s does not answer' % name.split()[0])
    if run.returncode != 0:
        raise Refused('%s ended with %d' % (name, run.returncode))
    return run.stdout.decode('utf-8', 'replace')


def unit_lines(unit, *names):
    """Lines `NAME=VALUE`, in systemd's order; several of one name where it has several values."""
    if not UNIT.match(unit):
        raise Refused('the name of a unit is not allowed')
    return systemctl('show', unit, '--property=' + ','.join(names)).split('\n')


def properties(unit, *names):
    return dict(line.partition('=')[::2] for line in unit_lines(unit, *names) if '=' in line)


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
    if properties(triggers[0], 'Transient').get('Transient') != 'no':
        # Of `systemd-run --on-calendar`: once it is stopped systemd knows it no more.
        raise Refused('the timer has no file and could not be given back')
    return {'kind': 'timer', 'unit': triggers[0], 'service': service}
