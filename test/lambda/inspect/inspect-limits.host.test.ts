import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sectionStatus, type Inspection } from '../../../core/diagnose/inspection';
import { parseInspection } from '../../../core/diagnose/parse';
import { inNamespaces } from './real/world';
import { SCRIPT_FILE, scriptWithPath } from './script';

/** The kernel's name of the process that runs the tests. */
const basename = readFileSync('/proc/self/comm', 'utf8').trim();
/** What the document promises for a whole run. */
const WHOLE_MS = 20_000;

function parsed(stdout: string): Inspection {
  const inspection = parseInspection({ host: 'here', stdout, capturedAt: 0 });
  if (inspection === undefined) throw new Error(`not an inspection: ${stdout.slice(0, 200)}`);
  return inspection;
}

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

describe('limits of inspect.sh', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'sickbay-inspect-'));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /**
   * The script with nothing to run but what is in `directory`, before the rest of the path or
   * instead of it.
   */
  function scriptWith(programs: string, rest: string): string {
    const file = path.join(programs, 'inspect.sh');
    writeFileSync(file, scriptWithPath(`${programs}${rest}`));
    return file;
  }

  const shells = [['sh'], ['dash'], ['bash', '--posix'], ['bash'], ['busybox', 'ash'], ['ksh']].filter(([shell = '']) => isThere(shell));

  test.each(shells.map((argv) => [argv.join(' '), argv] as const))('%s runs it whole', (_, argv) => {
    const run = spawnSync(argv[0] ?? '', [...argv.slice(1), SCRIPT_FILE], { env: { PATH: process.env['PATH'] }, encoding: 'latin1' });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
    const inspection = parsed(run.stdout);
    expect(inspection).toMatchObject({ complete: true, unread: 0 });
    for (const section of ['processes', 'sockets', 'cpu', 'memory', 'disk', 'groups'])
      expect(['ok', 'cut', 'partial']).toContain(sectionStatus(inspection, section));
  });

  test.each(['mawk', 'gawk', 'original-awk', 'busybox'].filter(isThere))('%s reads the last stage and the processes alike', (awk) => {
    const programs = mkdtempSync(path.join(directory, 'awk-'));
    symlinkSync(spawnSync('sh', ['-c', `command -v ${awk}`], { encoding: 'utf8' }).stdout.trim(), path.join(programs, 'awk'));
    const run = spawnSync('sh', [scriptWith(programs, ':$PATH')], { env: { PATH: process.env['PATH'] }, encoding: 'latin1' });
    const inspection = parsed(run.stdout);
    expect(inspection).toMatchObject({ complete: true, unread: 0 });
    expect(inspection.processes.length).toBeGreaterThan(0);
    expect(inspection.groups.some(({ comm }) => comm === basename)).toBe(true);
  });

  test('busybox alone is enough, where there is one', () => {
    const programs = mkdtempSync(path.join(directory, 'busybox-'));
    const box = isThere('busybox') ? 'busybox' : undefined;
    const list = box === undefined ? [] : spawnSync(box, ['--list'], { encoding: 'utf8' }).stdout.trim().split('\n');
    const at = spawnSync('sh', ['-c', `command -v ${box ?? 'sh'}`], { encoding: 'utf8' }).stdout.trim();
    for (const applet of list) symlinkSync(at, path.join(programs, applet));
    const run = spawnSync(at, box === undefined ? [SCRIPT_FILE] : ['ash', scriptWith(programs, '')], {
      env: box === undefined ? { PATH: process.env['PATH'] } : { PATH: programs },
      encoding: 'latin1',
    });
    const inspection = parsed(run.stdout);
    expect(inspection).toMatchObject({ complete: true, unread: 0 });
    expect(inspection.processes.length).toBeGreaterThan(0);
    expect(['ok', 'cut', 'partial']).toContain(sectionStatus(inspection, 'disk'));
  });

  test('3,000 processes, some with command lines of 100 KB, fit into its time and its bytes, the telling rows first', async () => {
    const crowd = `
      long=$(head -c 100000 /dev/zero | tr '\\0' x)
      i=0; while [ $i -lt 20 ]; do sh -c 'sleep 300; :' "$long" & i=$((i + 1)); done
      i=0; while [ $i -lt 2960 ]; do sleep 300 & i=$((i + 1)); done
      sh -c 'while :; do :; done' /opt/busy &
      sleep 1; sh "$INSPECT"`;
    const stdout = await inNamespaces(['sh', '-c', crowd]);
    const inspection = parsed(stdout);
    expect(stdout.length).toBeLessThanOrEqual(20_000);
    expect(inspection).toMatchObject({ complete: true, unread: 0 });
    expect(Number(inspection.facts.get('durationMs'))).toBeLessThanOrEqual(WHOLE_MS);
    expect(inspection.sections.get('processes')).toMatchObject({ status: 'cut' });
    expect(inspection.groups.find(({ comm }) => comm === 'sleep')?.count).toBeGreaterThan(2900);
    expect(inspection.processes[0]?.command).toContain('while :; do :; done /opt/busy');
  }, 120_000);

  test('a host without a free CPU is looked at all the same: that is when it matters', async () => {
    const burning = `i=0; while [ $i -lt 8 ]; do sh -c 'while :; do :; done' /opt/busy & i=$((i + 1)); done; sh "$INSPECT"`;
    const inspection = parsed(await inNamespaces(['sh', '-c', burning]));
    for (const section of ['cpu', 'processes']) expect(['ok', 'partial']).toContain(sectionStatus(inspection, section));
    expect(inspection.processes.filter(({ command }) => command.endsWith('/opt/busy'))).toHaveLength(8);
  }, 60_000);

  test("the application's threads are told among the many busy threads of another process", async () => {
    const hashes = `for (let i = 0; i < 24; i++) crypto.pbkdf2('', '', 1e9, 64, 'sha512', () => {})`;
    const hosts = `
      node -e 'net.createServer().listen(8080); setTimeout(() => {}, 1e6)' app & app=$!
      until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':1F90 '; do sleep 0.1; done
      UV_THREADPOOL_SIZE=24 node -e "${hashes}" hog &
      sleep 2; sh "$INSPECT"; echo "# application $app"`;
    const stdout = await inNamespaces(['sh', '-c', hosts]);
    const application = Number(/^# application (\d+)$/m.exec(stdout)?.[1]);
    const threads = parsed(stdout.replace(/^# application.*\n/m, '')).threads;
    expect(threads.filter(({ pid }) => pid === application).map(({ tid }) => tid)).toContain(application);
    expect(new Set(threads.map(({ pid }) => pid)).size).toBe(2);
  }, 60_000);

  test('a loop of a shell burns its CPU in children that live too short to be seen, and is shown with it', async () => {
    const loop = `sh -c 'while :; do head -c 3000000 /dev/zero | cksum >/dev/null; done' /opt/loop & sleep 1; sh "$INSPECT"`;
    const inspection = parsed(await inNamespaces(['sh', '-c', loop]));
    const shell = inspection.processes.find(({ command }) => command.endsWith('done /opt/loop'));
    expect(shell?.cpuMs).toBeGreaterThan(30);
    expect(shell?.cpuMs).toBeLessThanOrEqual(2000);
  }, 60_000);

  test('tools that hang cost their own section, and no more than its time', () => {
    const programs = mkdtempSync(path.join(directory, 'hang-'));
    for (const tool of ['df', 'curl', 'getent', 'ss', 'systemctl', 'crontab', 'timeout'])
      writeFileSync(path.join(programs, tool), '#!/bin/sh\nwhile :; do sleep 60; done\n', { mode: 0o755 });
    const run = spawnSync('sh', [scriptWith(programs, ':$PATH')], {
      env: { PATH: process.env['PATH'], SSM_probePath: '/page' },
      encoding: 'latin1',
    });
    const inspection = parsed(run.stdout);
    expect(inspection.complete).toBe(true);
    expect(Number(inspection.facts.get('durationMs'))).toBeLessThanOrEqual(WHOLE_MS);
    for (const section of ['disk', 'http', 'metrics']) expect(['timeout', 'partial']).toContain(sectionStatus(inspection, section));
    expect(sectionStatus(inspection, 'cpu')).toBe('ok');
  }, 60_000);
});
