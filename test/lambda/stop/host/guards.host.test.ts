import { stopProgram } from '../../../../scripts/stop-program';
import { hasty, without, type Guard } from './guards';
import { scripts } from './program';
import { JOB, MEANWHILE, RESPAWNS, STOPS, STUBBORN } from './scenes';
import { play, type Said } from './world';

interface Removed extends Guard {
  readonly scene: string;
  /** What the scene shows then: the harm that the guard is there for. */
  readonly harm: (said: Said) => boolean;
}

const outcome = (said: Said): string => said.outcome.outcome;
const acted = (said: Said): boolean => outcome(said) !== 'refused';
const approveAnew = 'plan=$(plan $pid); digest=$(digest "$plan")';
const never = (what: string): string => `kill $pid $part; while [ -d /proc/$pid ]; do sleep 0.05; done; ${what}`;

const REMOVED: readonly Removed[] = [
  {
    name: 'the digest is compared',
    from: 'if found.digest != approved:',
    to: 'if False:',
    scene: MEANWHILE('', `stop $pid ${'0'.repeat(64)}`),
    harm: acted,
  },
  {
    name: 'a time after which no approval counts',
    from: 'if time.time() > int(expires_at):',
    to: 'if False:',
    scene: MEANWHILE('EXPIRES_AT=1700000000'),
    harm: acted,
  },
  {
    name: 'what accepts connections',
    from: 'if found.listens:',
    to: 'if False:',
    scene: MEANWHILE(
      String.raw`ip link set lo up; touch /run/port; cat >/run/listen.py <<'END'
import os, socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1); os.rename("/run/port", "/run/port.up"); time.sleep(200)
END
echo 'trap "exit 0" TERM; /run/child 200 & /usr/bin/python3 /run/listen.py & wait' >/run/report.sh
${never('start "$command"; pid=$(pid_of report); child=$(pgrep -nx child)')}
while [ ! -e /run/port.up ]; do sleep 0.05; done; ${approveAnew}`,
    ),
    harm: acted,
  },
  {
    name: 'what belongs to something that accepts connections',
    from: 'if found.shares:',
    to: 'if False:',
    scene: MEANWHILE(
      String.raw`ip link set lo up; touch /run/port; cat >/run/listen.py <<'END'
import os, socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1); os.rename("/run/port", "/run/port.up"); time.sleep(200)
END
sed -i 's#/run/part 200#/usr/bin/python3 /run/listen.py#' /etc/cron.d/reports
command=$(printf '/run/report /run/report.sh & /usr/bin/python3 /run/listen.py; wait\r')
${never('start "$command"; pid=$(pid_of report); child=$(pgrep -nx child)')}
while [ ! -e /run/port.up ]; do sleep 0.05; done; ${approveAnew}`,
    ),
    harm: acted,
  },
  {
    name: 'exactly one line',
    from: 'if len(found) != 1:',
    to: 'if not found:',
    scene: `${JOB} cp /etc/cron.d/reports /etc/cron.d/again; say plan "$(plan $pid)"`,
    harm: (said) => said.plan.unsupported === undefined,
  },
  {
    name: 'a crontab that is a link',
    from: 'READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC',
    to: 'READ = os.O_RDONLY | os.O_CLOEXEC',
    scene: MEANWHILE(`mv /etc/cron.d/reports /run/elsewhere; ln -s /run/elsewhere /etc/cron.d/reports; ${approveAnew}`),
    harm: (said) => said.outcome.why !== 'what starts it is not known: a crontab cannot be read safely',
  },
  {
    name: 'a crontab with several names',
    from: 'if facts.st_nlink != 1:',
    to: 'if False:',
    scene: MEANWHILE(`ln /etc/cron.d/reports /etc/cron.d/.second; ${approveAnew}`),
    harm: acted,
  },
  {
    name: 'what configuration management writes',
    from: "if found.starter.get('managedBy'):",
    to: 'if False:',
    scene: MEANWHILE(`sed -i 's/# reports/#Ansible: reports/' /etc/cron.d/reports; ${approveAnew}`),
    harm: acted,
  },
  {
    name: 'a crontab that others may write',
    from: 'if not is_safe_crontab(facts):',
    to: 'if False:',
    scene: MEANWHILE(`chmod 666 /etc/cron.d/reports; ${approveAnew}`),
    harm: acted,
  },
  {
    name: 'a line that starts several jobs',
    from: 'if any(name in entry.command for name in OTHER_STARTERS):',
    to: 'if False:',
    scene:
      MEANWHILE(String.raw`command='run-parts /run/none; /run/report /run/report.sh'; echo "1 1 * * * root $command" >/etc/cron.d/reports
${never('start "$command" 2>/dev/null; pid=$(pid_of report); child=$(pgrep -nx child)')}; ${approveAnew}`),
    harm: acted,
  },
  {
    name: 'a process that nothing starts',
    from: 'if found.starter is None:',
    to: 'if False:',
    scene: String.raw`cp /bin/sleep /run/report; /run/report 100 & pid=$!; sleep 0.2; say outcome "$(stop $pid $(digest "$(plan $pid)"))"; say runs "$(runs $pid)"`,
    harm: (said) => typeof said.outcome === 'string' || acted(said),
  },
  {
    name: 'programs that are never stopped',
    from: 'if any(base_of(one) in NEVER for one in tree):',
    to: 'if False:',
    scene:
      MEANWHILE(String.raw`cp /bin/sleep /run/postgres; echo 'trap "exit 0" TERM; /run/child 200 & /run/postgres 200 & wait' >/run/report.sh
${never('start "$command"; pid=$(pid_of report); child=$(pgrep -nx child); pid_of postgres >/dev/null')}; ${approveAnew}`),
    harm: acted,
  },
  {
    name: 'the place of records is of root alone',
    from: 'if facts.st_uid != 0 or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):\n  os.close',
    to: 'if False:\n  os.close',
    scene: MEANWHILE('mkdir -m 777 /var/lib/sickbay'),
    harm: acted,
  },
  {
    name: 'a stop is made once',
    from: ' if earlier is not None:\n',
    to: ' if False:\n',
    scene: STOPS,
    harm: (said) => said.again.outcome === 'refused',
  },
  {
    name: 'KILL only where it is allowed',
    from: 'if not allow_kill:',
    to: 'if False:',
    scene: STUBBORN(false),
    harm: (said) => said['runs'] === 'no',
  },
  {
    name: 'no KILL with a file open for writing',
    from: 'if writing([one.process for one in left]):',
    to: 'if False:',
    scene: STUBBORN(true, 'exec 7>/run/data;'),
    harm: (said) => said['runs'] === 'no',
  },
  {
    name: 'the root first',
    from: ' for one in held:\n  one.send',
    to: ' for one in reversed(held):\n  time.sleep(0.3)\n  one.send',
    scene: RESPAWNS,
    harm: (said) => said['count'] !== '',
  },
  {
    name: 'the state of the line before it is given back',
    from: "return 'held' if sha256(line) == starter['lineSha256'] else 'changed'",
    to: "return 'held'",
    scene: `${JOB} stop $pid $digest >/dev/null; sed -i '$s/part 200/part 300/' /etc/cron.d/reports; say status "$(status)"`,
    harm: (said) => said.status.starter === 'held',
  },
  {
    name: 'the owner of the crontab',
    from: 'os.fchown(descriptor, facts.st_uid, facts.st_gid)',
    to: 'pass',
    scene: STOPS,
    harm: (said) => said['same'] === 'no',
  },
  {
    name: 'the mode of the crontab',
    from: 'os.fchmod(descriptor, stat.S_IMODE(facts.st_mode))',
    to: 'pass',
    scene: STOPS,
    harm: (said) => said['same'] === 'no',
  },
];

const PROGRAM = hasty(stopProgram());

test.each(REMOVED.map((one) => [one.name, one] as const))('without its guard: %s', (name, removed) => {
  const documents = scripts(without(PROGRAM, removed), `without-${name.replaceAll(/[^a-z]/g, '-')}`);
  const said = play(removed.scene, { documents });
  expect({ harm: removed.harm(said), said }).toEqual({ harm: true, said });
});
