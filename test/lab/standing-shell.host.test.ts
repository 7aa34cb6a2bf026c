/**
 * The way into a standing lab. What must hold whatever happens: a program that is started in the
 * lab reaches the lab, or does not start; the machine's own network is never what it sees.
 */
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { preflight } from '../../lab/fleet/preflight';
import { MEETING, enter, everyStanding, labEnvironment, standingAt, type Standing } from '../../lab/standing/shell';
import { exitStatus, firstLine, startProgram } from './fixtures/program';
import { neededInCi } from '../needed-in-ci';

const PROGRAM = path.join(__dirname, 'fixtures/meeting.ts');
const ready = preflight(path.join(__dirname, '../..'));
const OURS = readlinkSync('/proc/self/ns/net');

let directory: string;
beforeEach(() => void (directory = mkdtempSync(path.join(tmpdir(), 'sickbay-lab-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function told(outside: object, inside: object): void {
  writeFileSync(path.join(directory, MEETING.outside), JSON.stringify(outside));
  writeFileSync(path.join(directory, MEETING.inside), JSON.stringify(inside));
  writeFileSync(path.join(directory, MEETING.ready), '');
}

/** What a shell script of the lab's writes into a file. */
async function written(standing: Standing, script: string): Promise<{ status: number; text: string }> {
  const file = path.join(directory, 'written');
  const status = await enter(standing, ['/bin/sh', '-c', `{ ${script}; } > "$1" 2>&1`, 'sh', file], directory);
  return { status, text: readFileSync(file, 'utf8').trim() };
}

neededInCi(!('problems' in ready), 'this machine cannot run the lab');
if (!('problems' in ready)) {
  test('a command runs in the network of the lab, with its account and no route to anywhere else', async () => {
    const outer = startProgram(PROGRAM, [directory]);
    await firstLine(outer);
    const standing = standingAt(directory);
    if (standing === undefined) throw new Error('it does not stand');
    expect(everyStanding()).toContainEqual(standing);
    expect(await written(standing, 'readlink /proc/self/ns/net; pwd')).toEqual({ status: 0, text: `${standing.network}\n${directory}` });
    expect((await written(standing, 'ip -br addr')).text).not.toMatch(/eth|ens|enp/);
    expect((await written(standing, 'ip route')).text).toBe('');
    expect((await written(standing, 'echo $AWS_ENDPOINT_URL')).text).toBe('http://127.0.0.1:4566');
    expect(await written(standing, 'exit 7')).toMatchObject({ status: 7 });
    outer.kill('SIGINT');
    await exitStatus(outer);
    expect(standingAt(directory)).toBeUndefined();
  }, 30_000);
}

test('a lab whose process is gone, or whose number is another one’s by now, does not stand', () => {
  const inside = { network: 'net:[1]', environment: {} };
  told({ pid: process.pid, mode: 'root' }, inside);
  expect(standingAt(directory)).toBeUndefined();
  told({ pid: 2 ** 22, mode: 'root' }, inside);
  expect(standingAt(directory)).toBeUndefined();
  rmSync(path.join(directory, MEETING.inside));
  expect(standingAt(directory)).toBeUndefined();
});

test('nothing starts in another network than the lab’s', async () => {
  const file = path.join(directory, 'started');
  const stale: Standing = { pid: process.pid, mode: 'root', network: 'net:[1]', environment: {} };
  expect(await enter(stale, ['/bin/sh', '-c', 'touch "$1"', 'sh', file], directory)).not.toBe(0);
  expect(() => readFileSync(file)).toThrow('ENOENT');
  expect(readlinkSync('/proc/self/ns/net')).toBe(OURS);
});

test('the lab’s environment has no other account, endpoint or proxy', () => {
  const own = {
    HOME: '/h',
    AWS_PROFILE: 'prod',
    AWS_ENDPOINT_URL_STS: 'https://x',
    HTTPS_PROXY: 'http://y',
    SICKBAY_CASES_TABLE: 'theirs',
  };
  expect(labEnvironment(own, { AWS_REGION: 'us-east-1' })).toEqual({
    HOME: '/h',
    AWS_REGION: 'us-east-1',
    PATH: expect.stringContaining('/usr/sbin'),
  });
});
