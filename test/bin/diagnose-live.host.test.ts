import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnosis, HostCapture } from '../../core/model';
import type { HostShell } from '../../lab/world/ssm-invocation';
import { open, IDS, webGroup, type Opened } from '../lab/wire-setup';
import { parsed } from '../builders/parsed';
import { unpacked } from '../lambda/inspect/script';

const ROOT = path.join(__dirname, '../..');
const SCENE = path.join(ROOT, 'test/fixtures/inspections/pool-starvation');
const HOSTS = ['app-1', 'app-2', 'app-3', 'app-4'] as const;

const printed = (host: string): string => {
  const { stdout } = parsed<Extract<HostCapture, { stdout: string }>>(readFileSync(path.join(SCENE, `${host}.json`), 'utf8'));
  return stdout;
};

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function answerOf(json: string): { sick: string; cause: string | undefined } {
  const { sick, findings } = parsed<Diagnosis & { readonly sick: { readonly host: string } }>(json);
  return { sick: sick.host, cause: findings[0]?.cause };
}

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'sickbay-live-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function sickbay(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const argv = [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), path.join(ROOT, 'bin/sickbay.ts'), 'diagnose', ...words];
  const child = spawn(process.execPath, argv, { cwd: directory, env: { ...process.env, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/**
 * An `ssh` that notes what it was given, then does as `does` says with $host and $command. Returns
 * the PATH that finds it first.
 */
function fakeSsh(does: string): { PATH: string } {
  const programs = path.join(directory, 'bin');
  mkdirSync(programs);
  mkdirSync(path.join(directory, 'seen'));
  for (const host of HOSTS) writeFileSync(path.join(directory, `${host}.out`), printed(host));
  const file = path.join(programs, 'ssh');
  writeFileSync(
    file,
    `#!/bin/sh
for word in "$@"; do before=$host; host=$command; command=$word; done
printf '%s\\n' "$@" > '${directory}/seen/'"$host".argv
${does}
`,
  );
  chmodSync(file, 0o755);
  return { PATH: `${programs}:${process.env['PATH']}` };
}

const CANNED = 'cat > "$DIRECTORY/seen/$host.stdin"; cat "$DIRECTORY/$host.out"';
const fake = (does: string): Record<string, string> => ({ ...fakeSsh(does), DIRECTORY: directory });
const canned = (): Record<string, string> => fake(CANNED);

describe('sickbay diagnose --ssh', () => {
  test('sends the inspection on standard input, and names the culprit on the host that was named', async () => {
    const env = canned();
    const { status, stdout, stderr } = await sickbay(
      ['--ssh', HOSTS.join(','), '--sick', 'app-3', '--page', '/cart', '--out', 'kept'],
      env,
    );
    expect(stderr).toContain('inspecting 4 hosts over ssh');
    expect(stderr).toContain('app-2: inspected in');
    expect(stdout).toMatch(/^pool-starvation \(confidence 0\.9\d\)\n {4}culprit: pid \d+, user root/);
    expect(status).toBe(0);
    const argv = readFileSync(path.join(directory, 'seen/app-3.argv'), 'utf8').trim().split('\n');
    expect(argv.slice(-3)).toEqual(['--', 'app-3', 'sh -s']);
    expect(argv).toContain('BatchMode=yes');
    const script = readFileSync(path.join(directory, 'seen/app-3.stdin'), 'utf8');
    expect(script).toContain("SSM_probePath='/cart'; export SSM_probePath");
    expect(readdirSync(path.join(directory, 'kept')).sort()).toEqual(HOSTS.map((host) => `${host}.json`));
    const again = await sickbay(['kept', '--sick', 'app-3']);
    expect(again.stdout).toBe(stdout);
  });

  test('takes the host whose own page is by far the slowest for the slow one, and says so', async () => {
    const { status, stdout, stderr } = await sickbay(['--ssh', HOSTS.join(','), '--json'], canned());
    expect(stderr).toContain('app-3 is taken for the slow one: the slowest by its own ');
    expect(answerOf(stdout)).toEqual({ sick: 'app-3', cause: 'pool-starvation' });
    expect(status).toBe(0);
  });

  test('asks for a name where no host is clearly the slowest', async () => {
    const env = canned();
    writeFileSync(path.join(directory, 'app-3.out'), printed('app-1'));
    const { status, stdout, stderr } = await sickbay(['--ssh', HOSTS.join(',')], env);
    expect(stderr).toContain('no host is clearly the slowest by its');
    expect(stderr).toContain('name it with --sick, allowed: app-1, app-2, app-3, app-4');
    expect([status, stdout]).toEqual([2, '']);
  });

  test('a host that cannot be reached is told with its reason, redacted, and the others are used', async () => {
    const refused = `[ "$host" != app-2 ] || { echo 'ssh: login password=hunter2 refused' >&2; exit 255; }`;
    const env = fake(`${refused}; ${CANNED}`);
    const { status, stdout, stderr } = await sickbay(['--ssh', HOSTS.join(','), '--sick', 'app-3'], env);
    expect(stderr).toContain('app-2: ssh ended with 255 and no inspection: ssh: ‹hidden›');
    expect(stdout).toContain('Not inspectable');
    expect(stdout).toMatch(/^pool-starvation/);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(status).toBe(0);
  });

  test.each([
    ['no host answers', 'exit 255', ['--sick', 'app-3'], 3, 'none of the 4 hosts could be inspected'],
    [
      'the slow host does not answer',
      'cat >/dev/null; [ "$host" = app-3 ] || cat "$DIRECTORY/$host.out"',
      ['--sick', 'app-3'],
      1,
      'app-3: ssh ended with',
    ],
  ])('%s', async (_, does, words, expected, reason) => {
    const { status, stderr } = await sickbay(['--ssh', HOSTS.join(','), ...words], fake(does));
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(expected);
  });

  test('what a host printed unredacted is neither kept nor told', async () => {
    const env = canned();
    writeFileSync(path.join(directory, 'app-3.out'), `${printed('app-3')}\nDATABASE_URL=postgres://app:hunter2@db/shop\n`);
    const { stdout, stderr } = await sickbay(['--ssh', HOSTS.join(','), '--sick', 'app-3', '--out', 'kept'], env);
    expect(readFileSync(path.join(directory, 'kept/app-3.json'), 'utf8')).toContain('‹hidden›@db/shop');
    expect(readFileSync(path.join(directory, 'kept/app-3.json'), 'utf8') + stdout + stderr).not.toContain('hunter2');
  });

  test('the script runs as it was sent, from standard input, with the parameters it was given', async () => {
    const env = fakeSsh('exec sh -c "$command"');
    const { stderr } = await sickbay(
      ['--ssh', 'app-1,app-2', '--sick', 'app-1', '--port', '9', '--health-path', '/up', '--out', 'kept'],
      env,
    );
    const { stdout } = parsed<{ stdout: string }>(readFileSync(path.join(directory, 'kept/app-1.json'), 'utf8'));
    expect(stderr).toContain('app-1: inspected in');
    expect(stdout).toContain('param\tappPort\t9\n');
    expect(stdout).toContain('param\thealthPath\t/up\n');
    expect(stdout.trimEnd()).toMatch(/## end ok$/);
  });

  test.each([
    ['an option as a host', ['--ssh', '-oProxyCommand=reboot,app-1'], '--ssh: got "-oProxyCommand=reboot" in the list'],
    ['a command as a host', ['--ssh', 'app-1,$(reboot)'], '--ssh: got "$(reboot)" in the list'],
    ['one host alone', ['--ssh', 'app-1'], 'got 1 host in the list (there is no such file); allowed: 2 to 50'],
    ['a host twice', ['--ssh', 'app-1,app-1'], '--ssh: app-1 is there twice'],
    ['a slow host that is not in the list', ['--ssh', 'app-1,app-2', '--sick', 'app-9'], '--sick: got "app-9"; allowed: app-1, app-2'],
    ['a page that is no path', ['--ssh', 'app-1,app-2', '--page', "/';reboot'"], 'got "/\';reboot\'"; allowed: a path'],
    ['a port that is none', ['--ssh', 'app-1,app-2', '--port', '70000'], 'got "70000"; allowed: a port from 1 to 65535'],
    [
      'two places',
      ['--ssh', 'app-1,app-2', '--hosts', 'ids'],
      'got --hosts and --ssh; allowed: one of DIR, --hosts FILE and --ssh FILE|LIST',
    ],
    ['no place', [], 'got no hosts; allowed: one of DIR'],
    ['an option of another place', ['kept', '--sudo', '--page', '/cart'], '--page, --sudo: does nothing with DIR (kept)'],
    ['a file that is not there', ['--hosts', 'ids.txt'], '--hosts: got "ids.txt", which is no file'],
  ])('%s ends with 2, names it and what is allowed, before anything runs', async (_, words, reason) => {
    const { status, stdout, stderr } = await sickbay(words, canned());
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('    at ');
    expect([status, stdout]).toEqual([2, '']);
    expect(readdirSync(path.join(directory, 'seen'))).toEqual([]);
  });

  test('hosts come from a file too: one a line with comments, or JSON', async () => {
    writeFileSync(path.join(directory, 'lines'), `# the fleet\n${HOSTS.join('\n')} # all\n`);
    writeFileSync(path.join(directory, 'json'), JSON.stringify([['app-1'], ['app-2', 'app-3', 'app-4']]));
    const env = canned();
    for (const file of ['lines', 'json'])
      expect((await sickbay(['--ssh', file, '--sick', 'app-3'], env)).stdout).toMatch(/^pool-starvation/);
  });

  test('without an ssh the command says so', async () => {
    const { status, stderr } = await sickbay(['--ssh', 'app-1,app-2', '--sick', 'app-1'], { PATH: path.join(directory, 'none') });
    expect(stderr).toContain('ssh cannot be run');
    expect(status).toBe(3);
  });
});

describe('sickbay diagnose --hosts', () => {
  const ran: { id: string; script: string; env: Readonly<Record<string, string>>; timeoutS: number }[] = [];
  const shell: HostShell = {
    run: async (id, command) => {
      ran.push({ id, ...command });
      return { stdout: printed(id === IDS[0] ? 'app-3' : 'app-1'), stderr: '', exitCode: 0, timedOut: false };
    },
  };
  let opened: Opened;

  beforeEach(async () => {
    ran.length = 0;
    opened = await open({ shell });
    webGroup(opened.world);
    for (const id of IDS) opened.world.ssm.manage(id);
    writeFileSync(path.join(directory, 'ids'), `${IDS.join('\n')}\n`);
  });
  afterEach(() => opened.door.close());

  async function live(...words: string[]): Promise<Ended> {
    const ticking = setInterval(() => void opened.clock.settle(500), 100); // the account's time; the command polls in its own
    try {
      return await sickbay(['--hosts', 'ids', ...words], {
        AWS_ENDPOINT_URL: opened.client.endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: opened.client.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: opened.client.credentials.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
      });
    } finally {
      clearInterval(ticking);
    }
  }

  test('sends the script itself by AWS-RunShellScript, its parameters as quoted data, and says what it found', async () => {
    const { status, stdout, stderr } = await live('--page', '/cart', '--json');
    expect(stderr).toContain(`${IDS[0]} is taken for the slow one`);
    expect(answerOf(stdout)).toEqual({ sick: IDS[0], cause: 'pool-starvation' });
    expect(status).toBe(0);
    expect(ran.map(({ id }) => id).sort()).toEqual([...IDS]);
    expect(ran[0]).toMatchObject({ env: {}, timeoutS: 60 });
    const script = unpacked(ran[0]?.script ?? '');
    expect(script).toMatch(/^#!\/bin\/sh\nSSM_/);
    expect(script).toContain("SSM_probePath='/cart'; export SSM_probePath\n");
  });

  test('the deployed document gets its parameters as environment; an old agent gets the script itself', async () => {
    opened.world.ssm.manage(IDS[2], { version: '3.1.0.0' });
    opened.world.ssm.addDocument('inspection', {
      schemaVersion: '2.2',
      parameters: Object.fromEntries(['probePath', 'digestKey'].map((name) => [name, { type: 'String', interpolationType: 'ENV_VAR' }])),
      mainSteps: [{ action: 'aws:runShellScript', name: 'inspect', inputs: { timeoutSeconds: '30', runCommand: ['echo'] } }],
    });
    const { status } = await live('--sick', IDS[0], '--page', '/cart', '--document', 'inspection');
    expect(status).toBe(0);
    const of = (id: string) => ran.find((one) => one.id === id);
    expect(of(IDS[0])).toMatchObject({ script: 'echo', env: { SSM_probePath: '/cart' } });
    expect(unpacked(of(IDS[2])?.script ?? '')).toContain("SSM_probePath='/cart'");
  });

  test.each([
    ['an id that is none', 'i-0123;reboot', 2, '--hosts: got "i-0123;reboot" in ids; allowed: an instance id'],
    [
      'instances that Systems Manager does not know',
      'i-0123456789abcdef0\ni-0123456789abcdef1',
      3,
      'i-0123456789abcdef0: not known to Systems Manager',
    ],
  ])('%s', async (_, ids, expected, reason) => {
    writeFileSync(path.join(directory, 'ids'), ids);
    const { status, stderr } = await live();
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(expected);
    expect(ran).toEqual([]);
  });

  test('a document that is not there is told for every instance', async () => {
    const { status, stderr } = await live('--sick', IDS[0], '--document', 'no-such-document');
    expect(stderr).toContain('the inspection could not be sent: InvalidDocument');
    expect(status).toBe(3);
  });
});
