import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execOnHost, MAX_OUTPUT_BYTES, type HostCommand, type HostResult } from '../../lab/fleet/exec';

// this machine as the host: no namespaces to enter
const directory = mkdtempSync(join(tmpdir(), 'exec-'));
const here = {
  name: 'here',
  pid: process.pid,
  enter: [],
  begin: () => undefined,
  lastWords: () => '',
  stop: () => Promise.resolve(),
};
const env = { PATH: '/usr/bin:/bin' };
const exec = (what: Omit<HostCommand, 'timeoutS'>, timeoutS = 10): Promise<HostResult> =>
  execOnHost(here, env, directory, { ...what, timeoutS });

afterAll(() => rmSync(directory, { recursive: true }));

test('a script runs by sh, with closed input, its own words in the environment, and leaves no file', async () => {
  const result = await exec({ command: { script: 'cat; echo "$WORD $0"; echo oops >&2; exit 7' }, env: { WORD: 'it said' } });
  expect(result).toMatchObject({ exitCode: 7, stderr: 'oops\n', timedOut: false, truncated: false });
  expect(result.stdout).toMatch(/^it said .*_script\.sh\n$/);
  expect(readdirSync(directory)).toEqual([]);
});

test('an argv is passed on as it is, with no shell between', async () => {
  expect((await exec({ command: { argv: ['printf', '%s', '$HOME; `id`'] } })).stdout).toBe('$HOME; `id`');
});

test('a time-out kills what the command started too', async () => {
  const result = await exec({ command: { script: 'sleep 600 & echo $!; wait' } }, 0.3);
  expect(result).toMatchObject({ exitCode: null, timedOut: true });
  const child = result.stdout.trim();
  const state = (): string => {
    const found = readdirSync('/proc').includes(child);
    return found ? (/^State:\s+(\S)/m.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1] ?? '') : 'gone';
  };
  expect(['gone', 'Z']).toContain(state());
});

test('a child that outlives its command is not waited for', async () => {
  const result = await exec({ command: { script: 'sleep 600 & echo $!' } });
  expect(result).toMatchObject({ exitCode: 0, timedOut: false });
  process.kill(Number(result.stdout)); // throws where it has been killed with the command
});

test('output is kept up to its limit and the rest is said to be cut', async () => {
  const result = await exec({ command: { script: `head -c ${MAX_OUTPUT_BYTES + 10} /dev/zero | tr '\\0' x; echo end >&2` } });
  expect(result.stdout).toHaveLength(MAX_OUTPUT_BYTES);
  expect(result).toMatchObject({ exitCode: 0, truncated: true, stderr: 'end\n' });
});
