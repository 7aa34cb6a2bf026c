import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { stopProgram } from '../../../../scripts/stop-program';
import { without } from './guards';
import { bytes, call, PROGRAM_FILE, PYTHONS, written, type Call } from './program';
import { parsed } from '../../../builders/parsed';
import { matching } from '../../../builders/text';

const latin1 = (text: unknown): string => (text as { readonly b: string }).b;

/** A crontab of any bytes: comments, variables, `@reboot`, CRLF, no end of line at the end. */
const odd = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCodePoint(code)), maxLength: 40 });
const usual = fc.constantFrom(
  '* * * * * root /opt/report',
  '@reboot root /opt/up',
  'MAILTO=ops@example.com',
  '# m h dom mon dow',
  '',
  '  ',
  '*/5 1-3 * * mon,fri job %in%put',
);
const ends = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '');
const crontab = fc
  .array(fc.tuple(fc.oneof(usual, odd, fc.constant('#sickbay:other:1 * * * * * x')), ends), { minLength: 1, maxLength: 12 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

describe('the edit of a crontab', () => {
  const PREFIX = '#sickbay:2026-11-27T17:00:00.000Z-0a1b2c3d:2000000000 ';

  test('given back it has the same bytes, and only one line was other in between', () => {
    const drawn = fc.sample(fc.tuple(crontab, fc.nat()), 3_000).map(([text, at]) => ({ text, line: (at % text.split('\n').length) + 1 }));
    const marked = call(drawn.map(({ text, line }) => ['with_prefix', bytes(text), line, bytes(PREFIX)])).map(latin1);
    const givenBack = call(marked.map((text) => ['without_prefix', bytes(text), bytes(PREFIX)])) as [unknown, unknown][];
    drawn.forEach(({ text, line }, index) => {
      const lines = text.split('\n');
      expect(marked[index]?.split('\n')).toEqual(lines.map((one, at) => (at === line - 1 ? PREFIX + one : one)));
      expect(givenBack[index]?.map(latin1)).toEqual([text, lines[line - 1]]);
    });
  });

  test('on a file, given back it has the same bytes, mode and owner', () => {
    const modes = fc.constantFrom(0o600, 0o640, 0o644, 0o400, 0o444, 0o755, 0o1600);
    const files = fc.sample(fc.tuple(crontab, fc.nat(), modes, fc.nat(65_533), fc.nat(65_533)), 300);
    const given = JSON.stringify(files.map(([text, at, ...rest]) => [text, (at % text.split('\n').length) + 1, ...rest]));
    const edits = String.raw`import json, os, tempfile
place = tempfile.mkdtemp(dir='/dev/shm'); name = place + '/crontab'; lost = []; prefix = p['held_prefix']('case-1', '2000000000')
def facts():
    told = os.stat(name); return [open(name, 'rb').read(), told.st_mode, told.st_uid, told.st_gid]
for text, line, mode, uid, gid in json.load(sys.stdin):
    content = text.encode('latin-1')
    open(name, 'wb').write(content); os.chown(name, uid, gid); os.chmod(name, mode)
    before = facts(); lines = p['lines_of'](content)
    starter = dict(file=name, line=line, fileSha256=p['sha256'](content), lineSha256=p['sha256'](lines[line - 1]))
    p['hold_line'](starter, prefix)
    held = facts(); undone = p['give_back_line'](starter, prefix)
    if held[0] == before[0] or held[1:] != before[1:] or undone != 'undone' or facts() != before: lost.append([text, line, undone])
    os.unlink(name)
os.rmdir(place); print(json.dumps(lost))`;
    expect(parsed(python(edits, PROGRAM_FILE, given))).toEqual([]);
  });

  test('another case, another expiry, and two lines with the mark are never taken for it', () => {
    const line = '* * * * * x';
    const others = [`#sickbay:case-1:200000000 ${line}`, `#sickbay:case-10:2000000000 ${line}`, ` #sickbay:case-1:2000000000 ${line}`];
    const own = `#sickbay:case-1:2000000000 ${line}`;
    const [held] = call([['held_prefix', 'case-1', '2000000000']]);
    const answers = call([...others, `${own}\n${own}`, line].map((text) => ['without_prefix', bytes(text), held] as const));
    expect(answers).toEqual(answers.map(() => ({ refused: matching(/lines carry the mark/) })));
  });

  test('a marked line starts nothing', () => {
    const drawn = fc.sample(crontab, 500).map((text) => text.split('\n').find((line) => line !== '') ?? 'x');
    expect(call(drawn.map((line) => ['entries', bytes(PREFIX + line)]))).toEqual(drawn.map(() => []));
  });
});

describe('lines of a crontab', () => {
  const commandsOf = (content: string, user: string | null): unknown[] =>
    (call([['entries', bytes(content), user]])[0] as unknown[][]).map((entry) => [entry[0], entry[3], latin1(entry[4])]);

  test('jobs, with their users, and nothing else', () => {
    const system =
      'SHELL=/bin/sh\n# x\n \t*/5 * * * *\troot  /opt/a b\n@daily www job\r\nNAME = v\n"Q"=1\nbroken\n-*/2 * * * * root quiet\n';
    expect(commandsOf(system, null)).toEqual([
      [3, 'root', '/opt/a b'],
      [4, 'www', 'job\r'],
      [8, 'root', 'quiet'],
    ]);
    expect(commandsOf('1 2 3 4 5 root x\n', 'app')).toEqual([[1, 'app', 'root x']]);
  });

  test('the command ends at the first bare percent sign', () => {
    expect(commandsOf(String.raw`* * * * * date +\%F \\% in%put` + '\n', 'a')).toEqual([[1, 'a', String.raw`date +%F \\`]]);
  });

  test.each([
    ['*/10 * * * *', 600],
    ['5 * * * *', 3_600],
    ['0,50 * * * *', 600],
    ['0 2 * * *', 86_400],
    ['0 2,3 * * 1-5', 3_600],
    ['10 2 1 * *', 28 * 86_400],
    ['0 0 1 1 *', 365 * 86_400],
    ['0 0 13 * fri', 86_400],
    ['@hourly', 3_600],
    ['@weekly', 7 * 86_400],
    ['@reboot', null],
    ['0~30 * * * *', null],
    ['0 0 31 2 *', null],
    ['99 * * * *', null],
    ['*/0 * * * *', null],
  ])('%s starts every %s seconds at the shortest', (schedule, seconds) => {
    const harness = `import datetime, sys\np={'__name__':'x'}\nexec(open(sys.argv[1]).read(), p)\nprint(p['period_s'](sys.argv[2].encode(), datetime.date(2026, 11, 27)))`;
    const run = spawnSync(PYTHONS[0] ?? '', ['-I', '-S', '-c', harness, PROGRAM_FILE, schedule], { encoding: 'utf8' });
    expect(run.stdout.trim()).toBe(seconds === null ? 'None' : String(seconds));
  });

  test.each([
    ['/opt/a --x', ['/opt/a', '--x'], true],
    ['/opt/a --x >/dev/null 2>&1', ['/opt/a', '--x'], true],
    ['cd /srv && X=1 exec /opt/a.py "b c"', ['/usr/bin/python3', '/opt/a.py', 'b c'], true],
    ['/opt/a --x; /opt/b', ['/opt/a', '--x'], false],
    ['/opt/a --x | tee log', ['tee', 'log'], false],
    ['/opt/a $DAY', ['/opt/a', 'mon'], false],
    ['/opt/a', ['/opt/a', '--x'], false],
    ['/opt/ab', ['/opt/a', 'b'], false],
    ['a; b', ['/bin/sh', '-c', 'a; b'], true],
    ['a; b ', ['/bin/sh', '-c', 'a; b'], true],
    ['a; b', ['/bin/sh', '-c', 'a;  b'], false],
  ])('%s started %j: %s', (command, argv, isSo) => {
    const harness = `import json, sys\np={'__name__':'x'}\nexec(open(sys.argv[1]).read(), p)\nprint(p['started_by']([a.encode() for a in json.loads(sys.argv[3])])(sys.argv[2].encode()))`;
    const run = spawnSync(PYTHONS[0] ?? '', ['-I', '-S', '-c', harness, PROGRAM_FILE, command, JSON.stringify(argv)], { encoding: 'utf8' });
    expect(run.stdout.trim()).toBe(isSo ? 'True' : 'False');
  });

  test.each([
    ['# (Cron version -- $Id)\n# DO NOT EDIT THIS FILE - edit the master and reinstall.\n* * * * * x\n', null],
    ['* * * * * ansible-playbook x\n', null],
    ['#Ansible: backup\n* * * * * x\n', 'Ansible'],
    ['# HEADER: This file was autogenerated by puppet.\n', 'Puppet'],
    ['# SALT_CRON_IDENTIFIER:x\n', 'Salt'],
    ['# This file is managed by Foo. Do not edit.\n', 'another tool'],
    ["# Don't modify by hand\n", 'another tool'],
  ])('%j is managed by %s', (content, manager) => {
    expect(call([['managed_by', bytes(content)]])).toEqual([manager]);
  });
});

describe('the digest', () => {
  const fields = [
    'program',
    'bootId',
    'pid',
    'startTicks',
    'ppid',
    'uid',
    'executable',
    'device',
    'inode',
    'arguments',
    'cgroup',
    'starter',
    'file',
    'line',
    'lineSha256',
    'fileSha256',
  ];

  test('covers every field that the decision names', () => {
    const harness = `import json, sys, collections\np={'__name__':'x'}\nexec(open(sys.argv[1]).read(), p)
process = p['Process'](5, 4, 5, 77, 'S', b'x', 1000)
cron = dict(kind='cron', file='/etc/x', line=3, lineSha256='a', fileSha256='b', managedBy='no')
timer = dict(kind='timer', unit='u', service='s')
facts = dict(device=1, inode=2)
print(json.dumps([[name for name, _ in p['identity'](process, 'boot', facts, b'/x', 'h', '/g', one)] for one in (cron, timer, None)]))`;
    const run = spawnSync(PYTHONS[0] ?? '', ['-I', '-S', '-c', harness, PROGRAM_FILE], { encoding: 'utf8' });
    const common = fields.slice(0, 12);
    expect(JSON.parse(run.stdout)).toEqual([fields, [...common, 'unit', 'service'], common]);
  });

  test('is another one where any field is another, and where bytes move between fields', () => {
    const base = fields.map((name) => [name, 'v1'] as const);
    const variants = [
      base,
      ...base.map((_, at) => base.map(([name, value], index) => [name, index === at ? `${value}0` : value] as const)),
      ...base
        .slice(1)
        .map((_, at) =>
          base.map(([name, value], index) => [name, index === at ? `${value}1` : index === at + 1 ? value.slice(1) : value] as const),
        ),
    ];
    const digests = call(variants.map((pairs): Call => ['digest', pairs]));
    expect(new Set(digests).size).toBe(variants.length);
  });
});

test('the program as it is shipped is the one that is read: only comments and docstrings are left out', () => {
  const host = path.join(__dirname, '../../../../lambda/stop/host');
  const sources = readdirSync(host).flatMap((part) =>
    readdirSync(path.join(host, part)).map((name) => readFileSync(path.join(host, part, name), 'utf8')),
  );
  const compare = `import ast, json, sys
def dumps(text):
    found = []
    for node in ast.parse(text).body:
        for inner in ast.walk(node):
            body = getattr(inner, 'body', None)
            if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
                inner.body = body[1:]
        found.append(ast.dump(node))
    return set(one for one in found if not one.startswith('Import('))
shipped = dumps(open(sys.argv[1]).read())
read = set().union(*[dumps(text) for text in json.load(sys.stdin)])
print(json.dumps([sorted(read - shipped), [one[:60] for one in sorted(shipped - read)]]))`;
  const run = spawnSync('/usr/bin/python3', ['-I', '-S', '-c', compare, PROGRAM_FILE], {
    input: JSON.stringify(sources),
    encoding: 'utf8',
  });
  const [missing, more] = parsed<[string[], string[]]>(run.stdout);
  expect(missing).toEqual([]);
  // The tables of core/diagnose/redaction/words.ts.
  expect(more.filter((one) => !one.startsWith('Assign(targets=[Name(id='))).toEqual([]);
});

/** Runs Python with the program's functions at hand, and what it may read; what it prints. */
function python(code: string, program = PROGRAM_FILE, input = ''): string {
  const run = spawnSync(
    PYTHONS[0] ?? '',
    ['-I', '-S', '-c', `import sys\np={'__name__':'x'}\nexec(open(sys.argv[1]).read(), p)\n${code}`, program],
    {
      encoding: 'utf8',
      input,
    },
  );
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim();
}

describe('a process between its identity and its signal', () => {
  const RACE = `import os, time
child = os.fork()
if child == 0:
    time.sleep(60); os._exit(0)
one = p['read_process'](child)
def tried(start):
    try:
        held = p['Held'](one._replace(start=start)); held.send('TERM'); return 'signalled'
    except p['Gone']:
        return 'gone'
told = tried(one.start - 1); time.sleep(0.3); has_ended = os.waitpid(child, os.WNOHANG)[0] == child
print(told, has_ended)
if has_ended:
    sys.exit()
held = p['Held'](one); os.kill(child, 9); os.waitpid(child, 0); held.send('TERM')
print(held.signal, held.ended(), p['wait_for']([held], 5))`;

  test('is left alone where its pid is of another one by then, and where it has ended', () => {
    expect(python(RACE)).toBe('gone False\nNone True []');
  });

  test('would be signalled if its identity were compared neither at the opening nor at the signal', () => {
    const opening = { name: 'opening', from: 'if not self.is_same():', to: 'if False:' };
    const signal = { name: 'signal', from: 'if self.ended() or not self.is_same():', to: 'if self.ended():' };
    const file = written('unguarded.py', without(without(stopProgram(), opening), signal));
    expect(python(RACE, file)).toBe('signalled True');
    expect(python(RACE, written('opened.py', without(stopProgram(), opening)))).toMatch(/^signalled False/);
  });
});

test('cron sees each edit: no two of them have a time of the same second', () => {
  const edits = `import os, tempfile
place = tempfile.mkdtemp(); name = 'crontab'; at = os.open(place, os.O_RDONLY)
open(place + '/' + name, 'w').write('x'); seen = []
for n in range(4):
    content, facts = p['read_file'](at, name); seen.append(int(facts.st_mtime)); p['replace'](at, name, b'y%d' % n, facts)
print(len(set(seen)), os.listdir(place))`;
  expect(python(edits)).toBe("4 ['crontab']");
});

test('a crontab that somebody writes while it is edited is left as it is', () => {
  const race = `import os, tempfile
place = tempfile.mkdtemp(); at = os.open(place, os.O_RDONLY)
open(place + '/c', 'w').write('x'); content, facts = p['read_file'](at, 'c'); open(place + '/c', 'w').write('theirs')
try:
    p['replace'](at, 'c', b'ours', facts)
except p['Refused'] as error:
    print(error, open(place + '/c').read(), os.listdir(place))`;
  expect(python(race)).toBe("the file changed while it was edited theirs ['c']");
});

test('each cron is taken to read the names that it reads', () => {
  const names = ['report', 'report.cron', '.sickbay-0a', 'x.rpmsave', 'x~', '#x', 'x.dpkg-old'];
  const readBy = (daemon: string): string[] => {
    const answers = call(names.map((name): Call => ['is_read_by', bytes(daemon), name]));
    return names.filter((_, index) => answers[index] === true);
  };
  expect(readBy('cron')).toEqual(['report']);
  expect(readBy('crond')).toEqual(['report', 'report.cron', 'x.dpkg-old']);
});

test('an outcome fits into what Automation keeps of a step, whatever the tree', () => {
  const rows = Array.from({ length: 64 }, (_, index) => ({ pid: 4_194_304 - index, signal: 'TERM', ended: index > 2 }));
  const [kept] = call([['fitting_signals', rows]]) as [{ readonly ended: boolean }[]];
  expect(kept.slice(0, 4).map(({ ended }) => ended)).toEqual([false, false, false, true]);
  const why = 'w'.repeat(300);
  expect(
    JSON.stringify({ v: 1, digest: '0'.repeat(64), outcome: 'survived', why, signalled: kept, starter: 'commented-out' }).length,
  ).toBeLessThan(2_000);
});
