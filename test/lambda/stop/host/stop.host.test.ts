import type { StopStatus, UndoOutcome } from '../../../../core/model';
import { parseOutcome, parsePlan, parseStatus } from '../../../../lambda/stop/parse';
import { programHash } from '../../../../lambda/stop/documents';
import { stopProgram } from '../../../../scripts/stop-program';
import { hasty } from './guards';
import { PYTHONS, scripts } from './program';
import { JOB, LOOKS, MEANWHILE, RESPAWNS, STOPS, STUBBORN } from './scenes';
import { play, type Said } from './world';
import { containing } from '../../../builders/text';

const HASTY = { documents: scripts(hasty(stopProgram()), 'hasty') };

const refused = (said: Said): string | undefined => {
  const outcome = said.outcome;
  expect(outcome).toMatchObject({ outcome: 'refused', signalled: [], starter: 'untouched' });
  expect(said).toMatchObject({ changed: 'no', runs: 'yes yes', record: '' });
  return outcome.why;
};

describe.each(PYTHONS)('a stop on a host, by %s', (python) => {
  test('the plan names the process, its lineage, its tree and its line, and changes nothing', () => {
    const said = play(LOOKS, { python });
    const plan = said.plan;
    const [pid, child] = said.pids;
    expect(parsePlan(JSON.stringify(plan))).toBeDefined();
    expect(plan.tree.map((one) => one.pid)).toEqual([pid, child]);
    expect(plan.process).toMatchObject({ pid, user: 'root', executable: '/run/report', command: '/run/report /run/report.sh' });
    expect(plan.ancestors[0]?.pid).toBe(said.lineage[0]);
    expect(plan.starter).toMatchObject({ kind: 'cron', file: '/etc/cron.d/reports', line: 4, periodS: 600 });
    expect(plan).toMatchObject({ program: programHash(stopProgram()), listens: false, sharesApplication: false });
    expect(plan.unsupported).toBeUndefined();
    expect(Math.abs(plan.startedAt - Date.now())).toBeLessThan(60_000);
    expect(said).toMatchObject({ changed: 'no', runs: 'yes yes', record: '' });
  });

  test('the line goes first, the tree ends, nothing beside it does, and an undo gives back the same bytes', () => {
    const said = play(STOPS, { python });
    const [pid, child] = said.pids;
    const stopped = said.stopped;
    expect(parseOutcome(JSON.stringify(stopped))).toEqual(stopped);
    expect(stopped).toMatchObject({ outcome: 'stopped', starter: 'commented-out' });
    expect(stopped.signalled).toEqual([
      { pid, signal: 'TERM', ended: true },
      { pid: child, signal: 'TERM', ended: true },
    ]);
    expect(said['runs']).toBe('no no yes');
    expect(said['line']).toMatch(/^#sickbay:case-1:2000000000 \*\/10 \* \* \* \* root \/run\/report .*\r$/);
    expect(said['held']).toEqual({ v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held' } satisfies StopStatus);
    expect(parseStatus(JSON.stringify(said['held']))).toEqual(said['held']);
    expect(said['again']).toEqual(stopped);
    expect(said['other']).toMatchObject({ outcome: 'refused', why: 'this case had another stop on this host' });
    expect(said['undone']).toEqual({ v: 1, outcome: 'undone' } satisfies UndoOutcome);
    expect(said['twice']).toEqual({ v: 1, outcome: 'nothing-to-undo' });
    expect(said).toMatchObject({ same: 'yes', left: 'reports ' });
    expect(said['free']).toMatchObject({ starter: 'undone', back: [] });
    expect(said.back.back).toMatchObject([{ executable: '/run/report' }]);
  });
});

describe('what is not what was approved', () => {
  test('another process with the same pid, program and arguments', () => {
    // A pid is used again: the number that comes next is set, and one process takes it.
    const reuse = String.raw`kill -9 $pid $child; while [ -d /proc/$pid ]; do sleep 0.05; done
      echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
      setsid /run/report /run/report.sh & sleep 0.3; [ $! = $pid ] && say reused yes; child=$(pid_of child)`;
    const said = play(MEANWHILE(reuse));
    expect(said['reused']).toBe('yes');
    expect(refused(said)).toMatch(/not what was approved/);
  });

  test('a process that ended', () => {
    const said = play(MEANWHILE('kill -9 $pid $child; while [ -d /proc/$pid ]; do sleep 0.05; done; pid=$$ child=$$', 'stop 999 $digest'));
    expect(refused(said)).toBe('the process has ended');
  });

  test.each([
    ['its line was edited', String.raw`sed -i 's/part 200/part 300/' /etc/cron.d/reports`],
    ['another line was edited', String.raw`echo '1 * * * * root x' >>/etc/cron.d/reports`],
    ['the line moved', String.raw`sed -i '1i # new' /etc/cron.d/reports`],
    ['another crontab has the line too', 'cp /etc/cron.d/reports /etc/cron.d/again'],
    ['a crontab became a link', 'ln -s /run/x /etc/cron.d/other'],
    ['the crontab is a link', 'mv /etc/cron.d/reports /run/elsewhere; ln -s /run/elsewhere /etc/cron.d/reports'],
    ['the crontab has a second name', 'ln /etc/cron.d/reports /etc/cron.d/.second'],
    ['the crontab is gone', 'mv /etc/cron.d/reports /etc/cron.d/.x; : >/etc/cron.d/reports'],
  ])('%s', (_name, what) => {
    expect(refused(play(MEANWHILE(what)))).toMatch(/not what was approved|what starts it is not known/);
  });

  test('an approval that comes too late', () => {
    expect(refused(play(MEANWHILE('EXPIRES_AT=1700000000')))).toBe('the approval came too late');
  });

  test('another digest, and parameters that an old agent does not hand over', () => {
    expect(refused(play(MEANWHILE('', `stop $pid ${'0'.repeat(64)}`)))).toMatch(/not what was approved/);
    expect(refused(play(MEANWHILE('', 'env -u SSM_digest SSM_pid=$pid SSM_caseId=case-1 sh "$STOP"')))).toMatch(
      /parameter pid|parameter digest/,
    );
    expect(refused(play(MEANWHILE('', 'stop $pid $digest false ../../etc/x')))).toMatch(/parameter caseId/);
    expect(refused(play(MEANWHILE('', 'stop 1 $digest')))).toMatch(/parameter pid/);
  });
});

describe('what is never stopped', () => {
  const approve = 'plan=$(plan $pid); digest=$(digest "$plan")';

  test('a process that accepts connections, or a descendant that does', () => {
    const listen = String.raw`/usr/bin/python3 -c 'import os,socket,sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1); os.rename(sys.argv[1], sys.argv[1] + ".up"); import time; time.sleep(200)' /run/port &
      while [ ! -e /run/port.up ]; do sleep 0.05; done`;
    const script = String.raw`touch /run/port; cat >/run/report.sh <<'END'
trap "exit 0" TERM; /run/child 200 & ${listen.replace(/\n\s+while.*/, '')}
wait
END
ip link set lo up; kill $pid $part; while [ -d /proc/$pid ]; do sleep 0.05; done; start "$command"; pid=$(pid_of report); child=$(pgrep -nx child)
while [ ! -e /run/port.up ]; do sleep 0.05; done; ${approve}`;
    expect(refused(play(MEANWHILE(script)))).toBe('it accepts connections');
  });

  test('what shares its session with something that accepts connections', () => {
    const beside = String.raw`ip link set lo up; touch /run/port; cat >/run/listen.py <<'END'
import os, socket, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1); os.rename("/run/port", "/run/port.up"); time.sleep(200)
END
sed -i 's#/run/part 200#/usr/bin/python3 /run/listen.py#' /etc/cron.d/reports; kill $pid $part; sleep 0.3
command=$(printf '/run/report /run/report.sh & /usr/bin/python3 /run/listen.py; wait\r'); start "$command"; pid=$(pid_of report); child=$(pgrep -nx child)
while [ ! -e /run/port.up ]; do sleep 0.05; done; ${approve}`;
    expect(refused(play(MEANWHILE(beside)))).toBe('it belongs to something that accepts connections');
  });

  test('what runs this program, cron itself, and a tree with a program that must not end', () => {
    expect(refused(play(MEANWHILE('', 'stop $(pgrep -ox cron) $digest')))).toBe('the tree holds a program that is never stopped');
    const wrapped = String.raw`cp /bin/bash /run/wrap; /run/wrap -c 'env SSM_caseId=case-1 SSM_pid=$$ SSM_digest='$digest' SSM_allowKill=false SSM_expiresAt=9999999999 SSM_undoAt=2000000000 sh "$STOP"; :'`;
    expect(refused(play(MEANWHILE('export STOP', wrapped)))).toBe('this program runs below it');
    const database = String.raw`cp /bin/sleep /run/postgres; echo 'trap "exit 0" TERM; /run/child 200 & /run/postgres 200 & wait' >/run/report.sh
kill $pid $part; sleep 0.3; start "$command"; pid=$(pid_of report); child=$(pgrep -nx child); pid_of postgres >/dev/null; ${approve}`;
    expect(refused(play(MEANWHILE(database)))).toBe('the tree holds a program that is never stopped');
  });

  test('what a line starts that starts several jobs, and what configuration management writes', () => {
    const parts = String.raw`command='run-parts /run/none; /run/report /run/report.sh'; echo "1 1 * * * root $command" >/etc/cron.d/reports
kill $pid $part; while [ -d /proc/$pid ]; do sleep 0.05; done; start "$command" 2>/dev/null; pid=$(pid_of report); child=$(pgrep -nx child); ${approve}`;
    expect(refused(play(MEANWHILE(parts)))).toMatch(/the line starts several jobs/);
    expect(refused(play(MEANWHILE(`sed -i 's/# reports/#Ansible: reports/' /etc/cron.d/reports; ${approve}`)))).toMatch(
      /configuration management/,
    );
    expect(refused(play(MEANWHILE(`chmod 666 /etc/cron.d/reports; ${approve}`)))).toMatch(/others than its owner may write/);
  });

  test("where the record cannot be root's alone, or the place of records is a link", () => {
    expect(refused(play(MEANWHILE('mkdir -p /run/x; ln -s /run/x /var/lib/sickbay')))).toBeDefined();
    expect(refused(play(MEANWHILE('mkdir -m 777 /var/lib/sickbay')))).toMatch(/of root alone/);
    const forged = 'mkdir -p -m 700 /var/lib/sickbay/stops; ln -s /etc/passwd /var/lib/sickbay/stops/case-1.json';
    const said = play(MEANWHILE(forged));
    expect(said).toMatchObject({ outcome: { outcome: 'refused' }, changed: 'no', runs: 'yes yes' });
  });
});

describe('processes that do not end as asked', () => {
  test('TERM ignored: it survives, its line is held, and nothing is killed that may not be', () => {
    const said = play(STUBBORN(false), HASTY);
    expect(said['outcome']).toMatchObject({ outcome: 'survived', starter: 'commented-out', signalled: [{ signal: 'TERM', ended: false }] });
    expect(said.outcome.why).toMatch(/KILL is not allowed/);
    expect(said['runs']).toBe('yes');
    expect(said.status.alive).toHaveLength(1);
  });

  test('TERM ignored: killed where that is allowed', () => {
    const said = play(STUBBORN(true), HASTY);
    expect(said['outcome']).toMatchObject({ outcome: 'stopped', signalled: [{ signal: 'KILL', ended: true }] });
    expect(said['runs']).toBe('no');
  });

  test('not killed while it has a data file open for writing', () => {
    const said = play(STUBBORN(true, 'exec 7>/run/data;'), HASTY);
    expect(said.plan.writing).toContain('/run/data');
    expect(said['outcome']).toMatchObject({ outcome: 'survived', why: containing('open for writing') });
    expect(said['runs']).toBe('yes');
  });

  test('a parent that starts its children anew ends first', () => {
    expect(play(RESPAWNS)).toMatchObject({ outcome: { outcome: 'stopped' }, children: 0, count: '' });
  });

  test('a zombie is no process to stop', () => {
    const zombie = String.raw`/usr/bin/python3 -c 'import os,time
pid = os.fork()
if pid == 0: os._exit(0)
print(pid, flush=True); time.sleep(100)' >/run/z & while [ ! -s /run/z ]; do sleep 0.05; done
      say state "$(cut -d' ' -f3 /proc/$(cat /run/z)/stat)"; say plan "$(plan $(cat /run/z))"`;
    expect(play(zombie)).toEqual({ state: 'Z', plan: { v: 1, gone: true } });
  });
});

describe('hostile hosts', () => {
  test('a command line with ends of lines, escapes, broken UTF-8 and braces is one line of JSON', () => {
    const said =
      play(String.raw`bash -c 'exec -a "$(printf "x\n{\"v\":1}\033[31m\xff{{ pid }}")" /bin/sleep 100' & sleep 0.3; plan $! >/run/out || true
      say lines "$(wc -l </run/out)"; say plan "$(cat /run/out)"`);
    expect(said['lines']).toBe(1);
    const plan = said.plan;
    expect(parsePlan(JSON.stringify(plan))).toBeDefined();
    expect(JSON.stringify(plan)).not.toMatch(/\\u001b|\\n/);
  });

  test('5,000 children: told, bounded, and not stopped', () => {
    const said = play(String.raw`/usr/bin/python3 -c 'import os,time
for _ in range(5000):
    if os.fork() == 0: time.sleep(100); os._exit(0)
open("/run/up", "w").write("x"); time.sleep(100)' & pid=$!; while [ ! -s /run/up ]; do sleep 0.1; done
      plan=$(plan $pid); say plan "$plan"; say outcome "$(stop $pid $(digest "$plan"))"; say children "$(pgrep -P $pid | wc -l)"`);
    const plan = said.plan;
    expect(JSON.stringify(plan).length).toBeLessThan(20_000);
    expect(plan.unsupported).toBe('a tree of 5001 processes, at most 64');
    expect(said).toMatchObject({ outcome: { outcome: 'refused' }, children: 5000 });
  });

  test('a job that forges its name and its parentheses is read right', () => {
    const said = play(`${JOB} cp /bin/sleep '/run/a) R 1 1'; '/run/a) R 1 1' 100 & say pid "$!"; say plan "$(plan $!)"`);
    expect(said.plan.process).toMatchObject({ pid: said['pid'], executable: '/run/a) R 1 1', ppid: 1 });
  });
});

describe('an undo', () => {
  const later = (
    what: string,
  ): string => `${JOB} stop $pid $digest >/dev/null; ${what}; before=$(facts /etc/cron.d/reports); say outcome "$(undo)"
    say same "$([ "$before" = "$(facts /etc/cron.d/reports)" ] && echo yes || echo no)"; say file "$(cat -A /etc/cron.d/reports | tail -1)"; say status "$(status)"`;

  test.each([
    ['the line was edited', `sed -i '$s/part 200/part 300/' /etc/cron.d/reports`],
    ['the line was removed', `sed -i '$d' /etc/cron.d/reports`],
    ['the line stands there twice', `tail -1 /etc/cron.d/reports >/run/l; cat /run/l >>/etc/cron.d/reports`],
  ])('touches nothing where %s', (_name, what) => {
    expect(play(later(what))).toMatchObject({ outcome: { outcome: 'changed' }, same: 'yes', status: { starter: 'changed' } });
  });

  test('has nothing to do where a person took the mark away', () => {
    const said = play(later(`sed -i 's/^#sickbay:[^ ]* //' /etc/cron.d/reports`));
    expect(said).toMatchObject({ outcome: { outcome: 'nothing-to-undo' }, same: 'yes', status: { starter: 'undone' } });
  });

  test('finds the line where others were put before it', () => {
    const said = play(later(`sed -i '1i # one more' /etc/cron.d/reports`));
    expect(said).toMatchObject({ outcome: { outcome: 'undone' }, status: { starter: 'undone' } });
    expect(said['file']).toBe('*/10 * * * * root /run/report /run/report.sh & /run/part 200; wait^M$');
  });

  test('does nothing on a host that stopped nothing', () => {
    expect(play('say outcome "$(undo)"; say status "$(status)"')).toMatchObject({
      outcome: { outcome: 'nothing-to-undo' },
      status: { known: false, starter: 'none' },
    });
  });
});
