/** The command line as a process: its help, how it finds a stack from anywhere, and wrong input. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TopicSummary } from '../../lambda/alert/tend-topics';
import { stackRecordName } from '../../lambda/stack-record';
import { open, type Opened } from '../lab/wire-setup';
import { ROOT, sickbay, type Ended } from './command-process';
import { parsed } from '../builders/parsed';

const ANSWER: TopicSummary = {
  outcome: 'test alerts published',
  audience: { page: { confirmed: 1, pending: 0 }, notify: { confirmed: 2, pending: 0 } },
  silent: [],
};

let opened: Opened;
let elsewhere: string;
/** Functions that were asked. */
let invoked: string[];

beforeEach(async () => {
  elsewhere = mkdtempSync(path.join(tmpdir(), 'sickbay-cwd-'));
  invoked = [];
  opened = await open({
    invoke: async (name) => {
      invoked.push(name);
      return { payload: ANSWER };
    },
  });
});

afterEach(async () => {
  rmSync(elsewhere, { recursive: true });
  await opened.door.close();
});

/** From a folder that knows nothing, with no more environment than `env`. */
function run(words: readonly string[], env: Readonly<Record<string, string>> = account()): Promise<Ended> {
  return sickbay(words, { cwd: elsewhere, env: { HOME: elsewhere, AWS_EC2_METADATA_DISABLED: 'true', ...env } });
}

function account(): Record<string, string> {
  const { endpoint, region, credentials } = opened.client;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

function deploy(stack: string, more: object = {}): void {
  const parts = [
    'cases',
    'rounds',
    'sweeper',
    'prober',
    'killSwitch',
    'pageTopic',
    'notifyTopic',
    'inspectionDocument',
    'basicInspectionDocument',
  ];
  const record = { v: 1, stack, responder: `${stack}-responder`, ...Object.fromEntries(parts.map((part) => [part, part])), ...more };
  opened.world.parameters.putParameter({ Name: stackRecordName(stack), Value: JSON.stringify(record), Type: 'String' });
}

const TEST_ALERT = ['test-alert', '--by', 'Ann'];

describe('help', () => {
  it('a bare call prints it and is fine', async () => {
    const { status, stdout, stderr } = await run([]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Usage: sickbay');
    expect(await run(['--help'])).toEqual({ status, stdout, stderr });
  });

  it('--version is that of the package', async () => {
    const { version } = parsed<{ version: string }>(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  async function names(): Promise<string[]> {
    const listed = (await run([])).stdout.split('Commands:')[1]?.split('Examples:')[0] ?? '';
    const found = [...listed.matchAll(/^ {2}([a-z-]+) /gm)].flatMap(([, name]) => (name === undefined || name === 'help' ? [] : [name]));
    expect(found.length).toBeGreaterThanOrEqual(17);
    return found;
  }

  it('every command has examples that can be run from where one is, and takes a profile and a Region', async () => {
    for (const name of await names()) {
      const { status, stdout } = await run([name, '--help']);
      expect({ name, status }).toEqual({ name, status: 0 });
      expect(stdout).toMatch(new RegExp(`Examples:\\n  node ${ROOT}/bin/sickbay.js ${name}\\s`));
      expect(stdout).toContain('--region');
    }
  });

  it('of no command loads more than the parser of its options: what asks AWS or parses records takes a second', async () => {
    const counter = path.join(elsewhere, 'counter.cjs');
    const packages = `[...new Set(Object.keys(require.cache).map((file) => /node_modules.((@[^/]+.)?[^/]+)/.exec(file)?.[1]))]`;
    const ours = `Object.keys(require.cache).filter((file) => !file.includes('node_modules')).length`;
    writeFileSync(counter, `process.on('exit', () => console.error(JSON.stringify({ packages: ${packages}, ours: ${ours} })))`);
    for (const words of [[], ...(await names()).map((name) => [name, '--help'])]) {
      const { stderr } = await run(words, { NODE_OPTIONS: `--require ${counter}` });
      const { packages: loaded, ours: files } = parsed<{ packages: (string | null)[]; ours: number }>(stderr);
      const foreign = loaded.filter(
        (name) => name !== null && !['commander', 'tsx', 'esbuild', 'get-tsconfig', 'resolve-pkg-maps'].includes(name),
      );
      expect({ words, foreign, few: files < 40 }).toEqual({ words, foreign: [], few: true });
    }
  });

  it('fits a terminal of 80 columns, but for commands to copy', async () => {
    for (const words of [[], ...(await names()).map((name) => [name, '--help'])]) {
      const wide = (await run(words)).stdout.split('\n').filter((line) => line.length > 80 && !/^ {2}(node|sickbay) /.test(line));
      expect({ words, wide }).toEqual({ words, wide: [] });
    }
  });

  it('ends without a word where its reader has read enough', async () => {
    const piped = `"$NODE" "$PROGRAM" cost --groups 9 --targets 9 | exec true; echo "$?,\${PIPESTATUS[0]}"`;
    const env = { PATH: process.env['PATH'], NODE: process.execPath, PROGRAM: path.join(ROOT, 'bin/sickbay.js') };
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', piped], { env, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '0,0\n', stderr: '' });
  });

  it('is in colour when that is asked for, and not in a pipe', async () => {
    expect((await run([], { FORCE_COLOR: '1' })).stdout).toContain('\u001B[1mUsage:');
    expect((await run([], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\u001B');
    expect((await run([])).stdout).not.toContain('\u001B');
  });

  it.each([
    [['casess'], 'sickbay: unknown command "casess" (did you mean cases?); allowed: init, doctor, ', '--help'],
    [['help', 'casess'], 'sickbay: unknown command "casess"; allowed: init, doctor, ', '--help'],
    [['--stak', 'Shop'], 'sickbay: unknown option "--stak"; allowed: --profile, --region, ', '--help'],
    [['cases', '--stak', 'Shop'], 'sickbay cases: unknown option "--stak" (did you mean --stack?); allowed: --stack, ', 'cases --help'],
    [['--stack', 'Shop', 'cases'], 'sickbay cases: "--stack" stands before the name of the command; allowed: behind it', 'cases --help'],
    [['cases', 'Shop', 'x'], 'sickbay cases: unexpected arguments "Shop", "x"; allowed: options', 'cases --help'],
    [['explain'], 'sickbay explain: <case or target> is missing: the id of a case, or a target', 'explain --help'],
    [['hold', 'i-0c3d'], 'sickbay hold: --by <name> is missing: your name', 'hold --help'],
    [['cases', '--days'], 'sickbay cases: --days <number> has no value: closed within so many days', 'cases --help'],
    [['cases', '--days', '0'], 'sickbay cases: --days <number>: got "0"; allowed: 1 to 999', 'cases --help'],
    [['completion', 'tcsh'], 'sickbay completion: <shell>: got "tcsh"; allowed: bash, zsh, fish, powershell', 'completion --help'],
  ])('%j is answered with what was given, what is allowed, and where the examples are', async (words, message, help) => {
    const { status, stdout, stderr } = await run(words);
    const [first, ...rest] = stderr.split('\n');
    expect({ status, stdout, rest }).toEqual({ status: 2, stdout: '', rest: [`Examples: node ${ROOT}/bin/sickbay.js ${help}`, ''] });
    expect(first).toContain(message);
  });

  it.each([
    [['--reason', 'sure'], '--reason: only with --approve, --deny or --looked-at, and nothing was sent'],
    [['--no-wait'], '--no-wait: only with --approve, and nothing was sent'],
    [['--approve', 'yes'], '--approve: got "yes"; allowed: the digest of the dry run, 64 characters of 0-9 and a-f'],
    [['--deny', 'no'], '--deny: got "no"; allowed: the digest of the dry run, 64 characters of 0-9 and a-f'],
    [['--approve', 'a'.repeat(64), '--looked-at'], '--approve, --deny and --looked-at: say one'],
  ])('stop with %j is no answer, and AWS is not asked', async (words, message) => {
    expect(await run(['stop', 'case-1', ...words])).toEqual({ status: 2, stdout: '', stderr: `sickbay stop: ${message}\n` });
  });
});

describe('completion', () => {
  it('prints a script that calls this program from wherever the shell is', async () => {
    const { status, stdout } = await run(['completion', 'bash']);
    expect(status).toBe(0);
    expect(stdout).toContain(`requestComp="node ${ROOT}/bin/sickbay.js complete -- `);
  });

  it('knows the commands, and the options of the one that is typed', async () => {
    expect((await run(['complete', '--', 're'])).stdout).toMatch(/^report\t.*\nrelease\t.*\nrestore\t.*\nreadiness\t/);
    expect((await run(['complete', '--', 'hold', '--r'])).stdout).toMatch(/^--reason\twhy: on record and in the alert\n/);
  });
});

describe('a stack is found from anywhere', () => {
  it('by its name', async () => {
    deploy('Shop');
    deploy('Web');
    expect(await run([...TEST_ALERT, '--stack', 'Web'])).toMatchObject({ status: 0, stderr: '' });
    expect(invoked).toEqual(['Web-responder']);
  });

  it('without one where there is only one', async () => {
    deploy('Shop');
    expect(await run(TEST_ALERT)).toMatchObject({ status: 0, stderr: '' });
    expect(invoked).toEqual(['Shop-responder']);
  });

  it('with a profile, its Region, and credentials of the environment that are not used', async () => {
    deploy('Shop');
    const { accessKeyId, secretAccessKey } = opened.client.credentials;
    writeFileSync(
      path.join(elsewhere, 'credentials'),
      `[oncall]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`,
    );
    writeFileSync(path.join(elsewhere, 'config'), '[profile oncall]\nregion=us-east-1\n');
    const files = { AWS_SHARED_CREDENTIALS_FILE: path.join(elsewhere, 'credentials'), AWS_CONFIG_FILE: path.join(elsewhere, 'config') };
    const { AWS_REGION: _, ...others } = account();
    const ended = await run([...TEST_ALERT, '--profile', 'oncall'], { ...others, AWS_ACCESS_KEY_ID: 'AKIAWRONG', ...files });
    expect(ended).toMatchObject({ status: 0, stderr: '' });
  });

  it('several without a name are told, and nothing is asked of any', async () => {
    for (const name of ['Web', 'Shop', ...Array.from({ length: 12 }, (_, index) => `S${index}`)]) deploy(name);
    const { status, stderr } = await run(TEST_ALERT);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^sickbay test-alert: 14 stacks \(us-east-1, credentials of the environment\): use --stack with one of S0, .*Shop, Web\n$/,
    );
    expect(invoked).toEqual([]);
  });

  it('a name that is not there is answered with those that are', async () => {
    deploy('Shop');
    expect(await run([...TEST_ALERT, '--stack', 'Shp'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'sickbay test-alert: no stack "Shp" (us-east-1, credentials of the environment); there: Shop\n',
    });
  });

  it('none at all says where it looked', async () => {
    const { status, stderr } = await run(TEST_ALERT);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'sickbay test-alert: no stack found (us-east-1, credentials of the environment): use --stack NAME with another --region or --profile\n',
    });
  });

  it('one line for each missing thing, with the profile that was tried', async () => {
    const config = path.join(elsewhere, 'aws-config');
    writeFileSync(config, '[profile oncall]\noutput = json\n');
    const { status, stderr } = await run([...TEST_ALERT, '--profile', 'oncall'], { AWS_CONFIG_FILE: config });
    expect(status).toBe(3);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^sickbay test-alert: no Region: .* profile oncall has none; use --region NAME$/),
      expect.stringMatching(/^sickbay test-alert: no credentials: profile oncall gave none \(.*\); use --profile NAME, or log in$/),
    ]);
  });

  it('a profile that is not there is answered with those that are', async () => {
    const config = path.join(elsewhere, 'aws-config');
    writeFileSync(config, '[profile oncall]\noutput = json\n');
    const stderr = 'sickbay test-alert: profile "oncal" is not in your AWS configuration; allowed: oncall\n';
    expect(await run([...TEST_ALERT, '--profile', 'oncal'], { AWS_CONFIG_FILE: config })).toEqual({ status: 3, stdout: '', stderr });
  });

  it('a record of a later version is not guessed at', async () => {
    deploy('Shop', { v: 2 });
    const { status, stderr } = await run(TEST_ALERT);
    expect(status).toBe(2);
    expect(stderr).toContain('the record of stack "Shop" (us-east-1, credentials of the environment) cannot be used: version 2');
    expect(invoked).toEqual([]);
  });

  it('a name that can be none is refused before anybody is asked', async () => {
    expect(await run([...TEST_ALERT, '--stack', '../kill switch'], {})).toEqual({
      status: 2,
      stdout: '',
      stderr: 'sickbay test-alert: --stack: got "../kill switch"; allowed: the name of a stack\n',
    });
  });

  it('two ways to name a stack are one too many', async () => {
    const { status, stderr } = await run([...TEST_ALERT, '--stack', 'Shop', '--function', 'other']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'sickbay test-alert: --function and --stack: each names a stack; use one\n' });
  });

  it('a file of outputs in the folder is read, and one that is named must be there', async () => {
    writeFileSync(path.join(elsewhere, 'sickbay-outputs.json'), JSON.stringify({ Shop: { ResponderFunction: 'from-the-file' } }));
    expect(await run(TEST_ALERT)).toMatchObject({ status: 0 });
    expect(invoked).toEqual(['from-the-file']);
    expect(await run([...TEST_ALERT, '--outputs', 'no.json'])).toMatchObject({
      status: 2,
      stderr: 'sickbay test-alert: no.json: no such file\n',
    });
  });
});
