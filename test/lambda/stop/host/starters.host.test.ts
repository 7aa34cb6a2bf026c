import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stopProgram } from '../../../../scripts/stop-program';
import { without } from './guards';
import { scripts } from './program';
import { JOB } from './scenes';
import { play } from './world';
import { neededInCi } from '../../../needed-in-ci';

/** Three times the next whole minute, at which cron looks. */
const MINUTES_MS = 280_000;

const CRON_DAEMON = '/usr/sbin/cron';

/**
 * Debian's cron runs a job of /etc/cron.d and one of a user's crontab, and `tick` of a third file
 * each minute: what has not begun when that did was not started.
 */
const CRON = String.raw`
  cp /bin/sleep /run/report; cp /bin/sleep /run/second
  echo '* * * * * root /run/report 900' >/etc/cron.d/report
  echo '* * * * * root echo x >>/run/ticks' >/etc/cron.d/tick
  printf '# mine\n* * * * * /run/second 900\n' >/var/spool/cron/crontabs/root; chmod 600 /var/spool/cron/crontabs/root
  : >/run/ticks
  tick() { was=$(wc -l </run/ticks); while [ "$was" = "$(wc -l </run/ticks)" ]; do sleep 0.2; done; sleep 1; }
  count() { echo "$(pgrep -xc report || true) $(pgrep -xc second || true)"; }
  /usr/sbin/cron -f &
  tick
  say began "$(count)"
  one=$(pid_of report); two=$(pid_of second)
  say user "$(plan $two)"
  say first "$(stop $one $(digest "$(plan $one)"))"; say second "$(stop $two $(digest "$(plan $two)") false case-2)"
  say stopped "$(count)"
  tick
  say held "$(count)"
  say undone "$(undo)"; say other "$(env SSM_caseId=case-2 sh "$UNDO")"
  tick
  say again "$(count)"
  say left "$(ls -A /etc/cron.d /var/spool/cron/crontabs | tr '\n' ' ')"`;

const hasCron = existsSync(CRON_DAEMON);
neededInCi(hasCron, `no ${CRON_DAEMON} (apt-get install cron)`);

const cron = hasCron ? describe : describe.skip;

cron(hasCron ? "Debian's cron" : "Debian's cron: skipped, no /usr/sbin/cron (apt-get install cron)", () => {
  test(
    'starts no job that is held, and starts it again after the undo',
    () => {
      const said = play(CRON, { hangMs: MINUTES_MS });
      expect(said.user.starter).toMatchObject({
        file: '/var/spool/cron/crontabs/root',
        line: 2,
        text: '* * * * * /run/second 900',
      });
      expect(said).toMatchObject({
        began: '1 1',
        first: { outcome: 'stopped', starter: 'commented-out' },
        second: { outcome: 'stopped', starter: 'commented-out' },
        stopped: '0 0',
        held: '0 0',
        undone: { outcome: 'undone' },
        other: { outcome: 'undone' },
        again: '1 1',
      });
      expect(said['left']).toBe('/etc/cron.d: report tick  /var/spool/cron/crontabs: root ');
    },
    MINUTES_MS + 10_000,
  );
});

/** The hierarchy in which systemd would keep its units: its own of cgroup v1, or that of v2. */
const HIERARCHY = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup'].find((place) => existsSync(`${place}/cgroup.procs`));
const SLICE = `${HIERARCHY}/system.slice`;
const UNITS = ['sickbay-test-report.service', 'cron.service'];

afterAll(() => {
  spawnSync('rmdir', [...UNITS.map((unit) => `${SLICE}/${unit}`), SLICE]);
});

/** No systemd runs here as pid 1: units are folders of its hierarchy, and systemctl is a script. */
const SYSTEMD = String.raw`
  cat >/run/systemctl <<'END'
#!/bin/sh
shift 2; echo "$*" >>/run/calls
case $1 in
  show) case $2 in
    *.service) echo TriggeredBy=$(cat /run/triggers); echo Restart=$(cat /run/restart) ;;
    *) echo ActiveState=$(cat /run/active); echo FragmentPath=$(cat /run/fragment)
       echo Transient=$(cat /run/transient); echo 'TimersCalendar={ OnCalendar=*-*-* *:00/5:00 ; next_elapse=Fri 2026-11-27 17:05:00 UTC }' ;;
  esac ;;
  stop) echo inactive >/run/active ;;
  start) echo active >/run/active ;;
esac
END
  chmod 755 /run/systemctl; mount --bind /run/systemctl /usr/bin/systemctl
  echo active >/run/active; echo report.timer >/run/triggers; echo no >/run/restart; echo no >/run/transient; echo /lib/systemd/system/report.timer >/run/fragment
  mkdir -p ${SLICE}/${UNITS[0]}
  cp /bin/sleep /run/report; /run/report 100 & pid=$!; echo $pid >${SLICE}/${UNITS[0]}/cgroup.procs
`;

neededInCi(HIERARCHY !== undefined, 'no control groups below /sys/fs/cgroup');
const timers = HIERARCHY === undefined ? describe.skip : describe;

timers('a job that a systemd timer starts', () => {
  test('the timer goes first and is masked until the next boot, and comes back with the undo', () => {
    const said = play(String.raw`${SYSTEMD}
      plan=$(plan $pid); say plan "$plan"; say stopped "$(stop $pid $(digest "$plan"))"; say held "$(status)"
      say undone "$(undo)"; say twice "$(undo)"; say free "$(status)"; say calls "$(grep -v show /run/calls | tr '\n' ';')"`);
    expect(said.plan.starter).toEqual({ kind: 'timer', unit: 'report.timer', service: UNITS[0], periodS: 300 });
    expect(said).toMatchObject({
      stopped: { outcome: 'stopped', starter: 'timer-masked' },
      held: { starter: 'held' },
      undone: { outcome: 'undone' },
      twice: { outcome: 'nothing-to-undo' },
      free: { starter: 'undone' },
      calls: 'stop report.timer;mask --runtime report.timer;unmask --runtime report.timer;start report.timer;',
    });
  });

  test.each([
    ['the service is started by more than a timer', 'echo "report.timer report.socket" >/run/triggers', /more than one timer/],
    ['the service restarts it', 'echo always >/run/restart', /restarts it/],
    ['systemctl does not answer', "printf '#!/bin/sh\\nexit 1\\n' >/run/systemctl", /systemctl/],
    ['no timer starts the service', 'echo >/run/triggers', /nothing was found that starts it/],
    ['the name of the timer is none', 'echo "--now.timer;x" >/run/triggers', /name of a unit|more than one/],
  ])('is refused where %s', (_name, what, why) => {
    const said = play(String.raw`${SYSTEMD} ${what}
      say outcome "$(stop $pid $(digest "$(plan $pid)"))"; say runs "$(runs $pid)"`);
    expect(said).toMatchObject({ outcome: { outcome: 'refused' }, runs: 'yes' });
    expect(said.outcome.why).toMatch(why);
  });

  test('is refused where systemctl does not end, and nothing was changed', () => {
    const impatient = without(stopProgram(), { name: 'wait for systemctl', from: 'timeout=20', to: 'timeout=1' });
    const said = play(
      String.raw`${SYSTEMD} sed 's/^  stop) .*/  stop) sleep 30 ;;/' /run/systemctl >/run/slow; cat /run/slow >/run/systemctl
      say outcome "$(stop $pid $(digest "$(plan $pid)"))"; say runs "$(runs $pid)"; say status "$(status)"`,
      { documents: scripts(impatient, 'impatient') },
    );
    expect(said).toMatchObject({ outcome: { outcome: 'refused', starter: 'untouched' }, runs: 'yes', status: { known: false } });
    expect(said.outcome.why).toMatch(/systemctl does not answer/);
  });

  test('is refused where the timer was stopped by somebody else', () => {
    const said = play(String.raw`${SYSTEMD} echo inactive >/run/active
      say outcome "$(stop $pid $(digest "$(plan $pid)"))"; say runs "$(runs $pid)"; say status "$(status)"`);
    expect(said).toMatchObject({ outcome: { outcome: 'refused' }, runs: 'yes' });
  });
});

timers('units', () => {
  const inUnit = (unit: string, pids: string): string =>
    `mkdir -p ${SLICE}/${unit}; for one in ${pids}; do echo $one >${SLICE}/${unit}/cgroup.procs; done`;

  test('what is in the unit of something that accepts connections is not stopped', () => {
    const said = play(String.raw`${JOB} ip link set lo up
      setsid /usr/bin/python3 -c 'import socket,time; s = socket.socket(); s.bind(("127.0.0.1", 8080)); s.listen(1); time.sleep(100)' & app=$!
      while ! grep -q ' 0A ' /proc/net/tcp; do sleep 0.05; done
      say apart "$(plan $pid)"
      ${inUnit('cron.service', '$pid $app')}
      plan=$(plan $pid); say together "$plan"; say outcome "$(stop $pid $(digest "$plan"))"; say runs "$(runs $pid)"`);
    expect(said).toMatchObject({
      apart: { sharesApplication: false },
      together: { sharesApplication: true, cgroup: '/system.slice/cron.service' },
      outcome: { outcome: 'refused', why: 'it belongs to something that accepts connections' },
      runs: 'yes',
    });
  });

  test("an orphan in cron's unit was started by a line that is not known", () => {
    const said = play(String.raw`cp /bin/sleep /run/report; /run/report 100 & pid=$!
      ${inUnit('cron.service', '$pid')}
      say plan "$(plan $pid)"`);
    expect(said.plan.unsupported).toMatch(/started by cron, but its first process is gone/);
    expect(said.plan.starter).toBeUndefined();
  });
});

test('after another boot nothing counts as alive, and the crontab is still told', () => {
  const said = play(String.raw`${JOB} stop $pid $digest >/dev/null
    sed -i 's/"bootId": "[^"]*"/"bootId": "another"/' /var/lib/sickbay/stops/case-1.json; say status "$(status)"`);
  expect(said.status).toMatchObject({ sameBoot: false, alive: [], starter: 'held' });
});
