import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { parseInspection } from '../../../core/diagnose/parse';
import { sectionStatus, type Inspection } from '../../../core/diagnose/inspection';
import { SCRIPT_FILE } from './script';

interface Run {
  readonly pid: number | undefined;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function inspect(env: Readonly<Record<string, string>>, argv: readonly string[] = ['sh', SCRIPT_FILE]): Promise<Run> {
  const child = spawn(argv[0] ?? 'sh', argv.slice(1), {
    env: { PATH: process.env['PATH'] ?? '/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  return { pid: child.pid, status, stdout: Buffer.concat(out).toString('latin1'), stderr: Buffer.concat(err).toString() };
}

function parsed({ stdout }: Run): Inspection {
  const inspection = parseInspection({ host: 'here', stdout, capturedAt: 0 });
  if (inspection === undefined) throw new Error(`not an inspection: ${stdout.slice(0, 200)}`);
  return inspection;
}

/**
 * An application with a pool, on a port of its own choice that it prints, with two connections to a
 * database's Unix socket.
 */
const APP = `
  const net = require('node:net');
  const socket = process.env.DATABASE_DIRECTORY + '/.s.PGSQL.5432';
  net.createServer(() => undefined).listen(socket, () => [1, 2].forEach(() => net.connect(socket)));
  const server = require('node:http').createServer((request, response) =>
    response.end(request.url === '/metrics' ? 'connection_pool_active 3\\nconnection_pool_max 4\\nnot a sample\\n' : 'ok'));
  server.listen(0, () => console.log(server.address().port));`;
const HOSTILE_WORDS = [
  '--password',
  'Hunter2Hunter2',
  'a\n## end ok\nproc\t1',
  'quote"\'`$(x)',
  '\u001B[31m',
  'é\u00FF',
  'z'.repeat(100_000),
];

describe('inspect.sh on this machine', () => {
  let app: ChildProcess;
  let directory: string;
  let port: string;
  let run: Run;

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'sickbay-db-'));
    const env = { ...process.env, DATABASE_DIRECTORY: directory };
    app = spawn(process.execPath, ['-e', APP.trim(), '--', ...HOSTILE_WORDS], { stdio: ['ignore', 'pipe', 'inherit'], env });
    const [printed] = (await once(app.stdout as Readable, 'data')) as [Buffer];
    port = printed.toString().trim();
    run = await inspect({ SSM_appPort: port, SSM_probePath: '/page' });
  }, 60_000);

  afterAll(() => {
    app.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  test('prints a complete inspection and nothing on standard error', () => {
    expect(run.status).toBe(0);
    expect(run.stderr).toBe('');
    expect(parsed(run)).toMatchObject({ complete: true, unread: 0 });
  });

  test('stays within 20,000 bytes of printable ASCII', () => {
    expect(run.stdout.length).toBeLessThanOrEqual(20_000);
    expect(/[^\t\n -~]/.test(run.stdout)).toBe(false);
  });

  test('finds the application, its pool and its pages', () => {
    const inspection = parsed(run);
    expect(inspection.listeners.find((listener) => listener.port === Number(port))?.pid).toBe(app.pid);
    expect(inspection.app.some(({ pid, key }) => pid === app.pid && key === 'nofile')).toBe(true);
    expect(inspection.metrics.map(({ name, value }) => [name, value])).toEqual([
      ['connection_pool_active', 3],
      ['connection_pool_max', 4],
    ]);
    expect(
      inspection.http
        .filter(({ status }) => status === 200)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['health', 'health', 'health', 'metrics', 'probe']);
  });

  test('counts connections to a database by a Unix socket, with their owner', () => {
    expect(parsed(run).outbound.filter(({ remote }) => remote === 'unix')).toEqual([
      { remote: 'unix', port: 5432, state: 'ESTABLISHED', pid: app.pid, count: 2, comm: expect.any(String), unacked: 0 },
    ]);
  });

  test('shows a hostile process as one row, without its secret', () => {
    const rows = run.stdout.split('\n').filter((line) => line.startsWith(`proc\t${app.pid}\t`));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.split('\t')).toHaveLength(18);
    expect(run.stdout.split('\n').filter((line) => line.startsWith('## end'))).toEqual(['## end ok']);
    expect(run.stdout).not.toContain('Hunter2Hunter2');
  });

  test('leaves itself out of the process list and tells its footprint', () => {
    const inspection = parsed(run);
    // Told by its pid: another inspection may run on this machine at the same time.
    const own = inspection.processes.filter(({ pid, parents }) => [pid, ...parents.map((parent) => parent.pid)].includes(run.pid ?? 0));
    expect(own).toEqual([]);
    expect(Number(inspection.facts.get('durationMs'))).toBeGreaterThan(0);
  });

  test('without tools it says what is missing instead of finding nothing', async () => {
    const bare = `d=$(mktemp -d); for x in sh awk grep ls cat tr sed head sleep id date; do ln -s "$(command -v $x)" $d/$x; done; sed "s#^PATH=.*#PATH=$d#" ${SCRIPT_FILE} > $d/s; PATH=$d sh $d/s; rm -r $d`;
    const inspection = parsed(await inspect({ SSM_appPort: port }, ['sh', '-c', bare]));
    expect(sectionStatus(inspection, 'http')).toBe('missing');
    expect(sectionStatus(inspection, 'metrics')).toBe('missing');
    expect(inspection.sections.get('disk')?.why).toContain('df');
  }, 60_000);

  test('the basic sections take no parameter and ask no page', async () => {
    const inspection = parsed(await inspect({ SSM_sections: 'basic' }));
    expect(inspection.http).toEqual([]);
    expect(inspection.processes.length).toBeGreaterThan(0);
  }, 60_000);

  test.each([
    ['SSM_appPort', '80;id'],
    ['SSM_probePath', '/a b'],
    ['SSM_probePath', '/$(id)'],
    ['SSM_hostHeader', 'a"b'],
    ['SSM_databasePorts', '5432 -z'],
  ])('a value that is not allowed ends it with 2: %s=%s', (name, value) => {
    const { status, stderr, stdout } = spawnSync('sh', [SCRIPT_FILE], {
      env: { PATH: process.env['PATH'], [name]: value },
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(value);
  });
});
