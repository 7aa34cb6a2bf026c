/**
 * `npm run lab` as its user has it: it stands, a command runs in it, a fault is started and stopped
 * from the menu, and after Ctrl-C nothing of it is left.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { preflight } from '../../lab/fleet/preflight';
import { standingAt } from '../../lab/standing/shell';
import { exitStatus } from './fixtures/program';
import { neededInCi } from '../needed-in-ci';

const ROOT = path.join(__dirname, '../..');
const ready = preflight(ROOT);
neededInCi(!('problems' in ready), 'this machine cannot run the lab');
const there = 'problems' in ready ? describe.skip : describe;

// The fleet starts, and is watched until it is healthy.
jest.setTimeout(900_000);

const STANDS_MS = 600_000;
/** A command loads the SDK from the checkout's sources, beside a whole fleet. */
const ANSWERS_MS = 240_000;

let directory: string;
let lab: ChildProcess | undefined;
let screen = '';

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sickbay-whole-'));
});

afterEach(() => {
  if (lab?.pid !== undefined && lab.exitCode === null && lab.signalCode === null) process.kill(-lab.pid, 'SIGKILL');
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 }); // tsx may still write its cache there
});

/** In a directory for temporary files of its own, so that no other lab of the machine is met. */
function start(): ChildProcess {
  const child = spawn('npm', ['run', '--silent', 'lab'], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: directory },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own, as a terminal makes one: Ctrl-C goes to all of it
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  return child;
}

/** Waits until the screen has it, after what it had when this was called. */
async function shows(pattern: RegExp, withinMs: number, from = screen.length): Promise<string> {
  for (let waited = 0; waited < withinMs; waited += 100) {
    const text = screen.slice(from);
    if (pattern.test(text)) return text;
    if (lab === undefined || lab.exitCode !== null || lab.signalCode !== null) break;
    await sleep(100);
  }
  throw new Error(`the lab's screen never showed ${pattern}:\n${screen.slice(-3000)}`);
}

function type(line: string, answer: RegExp): Promise<string> {
  const from = screen.length;
  lab?.stdin?.write(`${line}\n`);
  return shows(answer, ANSWERS_MS, from);
}

function inLab(...command: string[]) {
  const words = ['run', '--silent', 'lab', '--', 'shell', ...command];
  const { status, stdout, stderr } = spawnSync('npm', words, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: directory },
    encoding: 'utf8',
    timeout: ANSWERS_MS,
  });
  return { status, stdout, stderr };
}

/** The lab's own network, as its processes have it. */
function networkOf(): string {
  const [meeting = ''] = readdirSync(directory).filter((name) => name.startsWith('sickbay-lab-'));
  const standing = standingAt(path.join(directory, meeting));
  if (standing === undefined) throw new Error('no lab stands');
  return standing.network;
}

/** A process as nobody else is it: its number may be another one's later. */
interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
}

/** Of proc_pid_stat(5), behind the name in parentheses: state, ppid, and starttime as the 22nd. */
function running(): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(name), parent: Number(fields[1]), startedAt: fields[19] ?? '' }];
      } catch {
        return []; // it ended meanwhile
      }
    });
}

/**
 * What it started, and what that started: a daemon belongs to the first process of its namespace.
 */
function descendants(of: number): Running[] {
  const all = running();
  const below = (pid: number): Running[] => all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(of);
}

function alive(before: readonly Running[]): Running[] {
  const now = running();
  return before.filter(({ pid, startedAt }) => now.some((one) => one.pid === pid && one.startedAt === startedAt));
}

there('npm run lab', () => {
  test('it stands, is used, and leaves nothing', async () => {
    const groups = controlGroups();
    lab = start();
    await shows(/The lab stands\./, STANDS_MS, 0);
    const network = networkOf();
    const pid = lab.pid ?? 0;
    expect(descendants(pid).length).toBeGreaterThan(20); // hosts, database, application, users

    const cases = inLab('node', 'bin/sickbay.js', 'cases', '--json');
    expect(cases).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(cases.stdout)).toBeInstanceOf(Array);
    expect(inLab('sh', '-c', 'readlink /proc/self/ns/net').stdout.trim()).toBe(network);

    await type('release-drift', /release-drift is on, on /);
    expect(await type('faults', /\* release-drift/)).not.toMatch(/\* pool-starvation/);
    await type('stop release-drift', /release-drift is over on /);
    await type('coffee', /got "coffee"; allowed: a fault/);

    const processes = descendants(pid);
    process.kill(-pid, 'SIGINT');
    await exitStatus(lab);
    expect(alive(processes)).toEqual([]);
    expect(readdirSync(directory).filter((name) => name.startsWith('sickbay-lab-'))).toEqual([]);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(directory);
    expect(controlGroups()).toEqual(groups);
  });
});

/**
 * Control groups of labs: namespaces end with their processes, these stay where nobody removes
 * them.
 */
function controlGroups(): string[] {
  const { stdout } = spawnSync('find', ['/sys/fs/cgroup', '-maxdepth', '6', '-name', 'sickbay-lab-*', '-type', 'd'], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).sort();
}
