/**
 * The first hour with the lab as the account: `init` and `doctor` as processes, each with a wrong
 * input as well. A wrong input ends with its message alone.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigInput } from '../../core/config';
import { stackRecordName, type StackRecord } from '../../lambda/stack-record';
import { openRig, type Rig } from './account-rig';
import { ROOT } from './command-process';
import { CLUSTER, addService, addTaskGroup, openServiceRig } from './service-rig';
import { parsed } from '../builders/parsed';

let rig: Rig;

beforeEach(async () => {
  rig = await openRig();
});

afterEach(() => rig.close());

// Each process loads the SDK from the checkout's sources.
jest.setTimeout(180_000);

const written = (): ConfigInput => parsed<ConfigInput>(readFileSync(path.join(rig.directory, 'made.json'), 'utf8'));

describe('sickbay init', () => {
  it('--yes writes a configuration with every reason, and never over one that is there', async () => {
    const made = await rig.sickbay(['init', '--yes', '--path', '/cart', '--out', 'made.json']);
    expect(made).toMatchObject({ status: 0 });
    expect(made.stderr).toMatch(/^account 123456789012, us-east-1, profile lab, as arn:aws:sts::/);
    expect(made.stdout).toContain('  probe.path              /cart\n      given with --path\n');
    expect(made.stdout).toContain('Wrote made.json');
    expect(made.stdout).toMatch(/doctor --config made.json\n/);
    expect(made.stdout).toContain(
      `cd ${ROOT} && npm run build && npx --no-install cdk deploy --profile lab -c config=${rig.directory}/made.json`,
    );
    expect(written().targetGroups).toEqual([
      { arn: rig.groupArn, probe: { path: '/cart' }, owner: 'static', inspection: { metricsPort: rig.port } },
    ]);
    const again = await rig.sickbay(['init', '--yes', '--out', 'made.json']);
    expect(again).toEqual({
      status: 2,
      stdout: '',
      stderr: 'sickbay init: made.json is there already: use --force to write over it, --out FILE for another one, or --dry-run to see\n',
    });
    expect((await rig.sickbay(['init', '--yes', '--out', 'made.json', '--force'])).status).toBe(0);
    expect(written().targetGroups[0]).not.toHaveProperty('probe');
  });

  it('proposes the service of ECS that the targets are tasks of', async () => {
    await rig.close();
    rig = await openServiceRig();
    rig.world.ecs.addCluster(CLUSTER);
    const arn = addTaskGroup(rig);
    addService(rig, arn);
    const made = await rig.sickbay(['init', '--yes', '--target-group', 'tasks', '--path', '/cart', '--out', 'made.json']);
    expect(made).toMatchObject({ status: 0 });
    expect(made.stdout).toMatch(/ {2}owner +ecs\n +all of them are tasks of the service shop\/checkout: a slow task is\s/);
    expect(made.stdout).toContain('aws ecs update-service --cluster shop --service checkout --propagate-tags SERVICE');
    expect(written().targetGroups).toEqual([
      { arn, probe: { path: '/cart' }, owner: 'ecs', ecs: { cluster: CLUSTER, service: 'checkout' } },
    ]);
  });

  it("takes the account's alias for its name, and goes on without an answer of IAM", async () => {
    rig.world.iam.setAlias('shop-production');
    const made = await rig.sickbay(['init', '--yes', '--out', 'made.ts']);
    expect(made.status).toBe(0);
    expect(readFileSync(path.join(rig.directory, 'made.ts'), 'utf8')).toContain(
      "  // The account's alias: alerts name the account by it beside its id.\n  accountName: 'shop-production',\n",
    );
    const nowhere = await rig.sickbay(['init', '--yes', '--out', 'made.json'], { AWS_ENDPOINT_URL_IAM: 'http://127.0.0.1:9' });
    expect(nowhere).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/accountName +left out\n +the account's alias could not be read \(/),
    });
    expect(written()).not.toHaveProperty('accountName');
  });

  it('--json tells the same to a script, and --dry-run writes nothing', async () => {
    const { status, stdout } = await rig.sickbay(['init', '--yes', '--dry-run', '--json', '--target-group', 'shop']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ account: '123456789012', written: false, config: { mode: 'observe' }, unread: [] });
    expect(() => written()).toThrow('ENOENT');
  });

  it.each<[string, readonly string[], Readonly<Record<string, string | undefined>>, number, RegExp]>([
    [
      'an unknown profile',
      ['--profile', 'shopp'],
      {},
      3,
      /^sickbay init: profile "shopp" is not in your AWS configuration; allowed: lab, nowhere\n$/,
    ],
    [
      'a profile without a Region',
      ['--profile', 'nowhere'],
      {},
      3,
      /^sickbay init: no Region: .* profile nowhere has none; use --region NAME\nsickbay init: no credentials: /,
    ],
    ['an unknown target group', ['--target-group', 'shopp'], {}, 2, /sickbay init: --target-group: got "shopp"; allowed: shop\n$/],
    ['a path without a slash', ['--path', 'cart'], {}, 2, /got "cart"; allowed: \/page, or GROUP=\/page\nExamples: /],
    ['a path of another group', ['--path', 'web=/cart'], {}, 2, /--path: got the group "web"; allowed: shop\n$/],
    ['a folder that is not there', ['--out', 'none/made.ts'], {}, 2, /^sickbay init: --out: there is no folder .*\/none\n$/],
    [
      'an ARN of another Region',
      ['--target-group', 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef'],
      {},
      2,
      /allowed: shop; that ARN is of eu-west-1, account 123456789012, and this is us-east-1, account 123456789012\n$/,
    ],
    [
      'a file of another kind',
      ['--out', 'made.yaml'],
      {},
      2,
      /^sickbay init: --out: got "made.yaml"; allowed: a file that ends in .ts or .json\n$/,
    ],
  ])('%s ends with the value and what is allowed, and nothing else', async (_, words, env, status, message) => {
    const ended = await rig.sickbay(['init', '--yes', ...words], env);
    expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it('without a terminal to ask on says how to do without', async () => {
    const ended = await rig.sickbay(['init']);
    expect(ended).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('use --yes for every group, or --target-group NAME'),
    });
  });

  it('Ctrl-C in the picker ends it with one line, and writes nothing', async () => {
    const command = `'${process.execPath}' '${path.join(ROOT, 'bin/sickbay.js')}' init`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: rig.directory, env: rig.env, stdio: ['pipe', 'pipe', 'ignore'] });
    let shown = '';
    let isAsked = false;
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (isAsked || !shown.includes('Which target groups')) return;
      isAsked = true;
      child.stdin.write('\u0003');
    });
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect(shown).toMatch(/sickbay init: ended by you; nothing was written\r\n/);
    expect({ status, files: readdirSync(rig.directory).filter((name) => name.includes('sickbay')) }).toEqual({ status: 130, files: [] });
  });

  it('may not read the account at all: the action and what is lost, in one line', async () => {
    rig.deny('elasticloadbalancing:DescribeTargetGroups');
    const ended = await rig.sickbay(['init', '--yes']);
    expect(ended).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(
        /\nsickbay init: not permitted: elasticloadbalancing:DescribeTargetGroups and DescribeTags; lost: everything.*\n$/,
      ),
    });
  });
});

describe('sickbay doctor', () => {
  const record = (): StackRecord => ({
    v: 1,
    stack: 'Sickbay',
    responder: 'responder',
    cases: 'Cases',
    rounds: 'Rounds',
    sweeper: 'sweeper',
    prober: 'prober',
    killSwitch: '/sickbay/Sickbay/kill-switch',
    pageTopic: rig.world.sns.addTopic('page'),
    notifyTopic: rig.world.sns.addTopic('notify'),
    inspectionDocument: 'inspect',
    basicInspectionDocument: 'inspect-basic',
  });

  it('of what init wrote: one line a check, the command below what failed, and what needs a deployment skipped', async () => {
    // The example of a checkout, which nobody edited, may be written over.
    copyFileSync(path.join(ROOT, 'sickbay.config.ts'), path.join(rig.directory, 'sickbay.config.ts'));
    expect((await rig.sickbay(['init', '--yes', '--path', '/cart'])).status).toBe(0);
    const ended = await rig.sickbay(['doctor']);
    expect(ended).toMatchObject({ status: 1, stderr: '' });
    expect(ended.stdout).toMatch(/^ok {4}configuration {5}sickbay.config.ts; mode observe\nok {4}credentials {7}arn:aws:sts::123456789012/);
    expect(ended.stdout).toMatch(
      /\nfail {2}bootstrap .*\n {24}npx --no-install cdk bootstrap aws:\/\/123456789012\/us-east-1 --profile lab\n/,
    );
    expect(ended.stdout).toContain('\nskip  subscribers       not deployed yet\n');
    expect(ended.stdout).toMatch(/\n17 ok, 0 warn, 1 fail, 4 skip\n$/);
    rig.world.parameters.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '25' });
    expect((await rig.sickbay(['doctor', '--json'])).status).toBe(0);
  });

  it('looks at the stack once it is there', async () => {
    await rig.sickbay(['init', '--yes', '--path', '/cart']);
    rig.world.parameters.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '25' });
    rig.world.parameters.putParameter({ Name: stackRecordName('Sickbay'), Value: JSON.stringify(record()) });
    rig.world.parameters.putParameter({ Name: record().killSwitch, Value: 'off' });
    const { status, stdout } = await rig.sickbay(['doctor', '--json']);
    const { checks } = parsed<{ readonly checks: readonly { readonly check: string; readonly level: string; readonly text: string }[] }>(
      stdout,
    );
    const told = (name: string) => checks.filter(({ check }) => check === name).map(({ level, text }) => `${level} ${text}`);
    expect(status).toBe(1);
    expect(told('kill switch')).toEqual(['ok off: removals are not stopped by it']);
    expect(told('subscribers')).toEqual(['fail page: nobody would hear an alert', 'fail notify: nobody would hear an alert']);
    expect(told('prober, targets')[0]).toMatch(/^fail shop: sg-0aaaaaaaaaaaaaaaa does not admit the prober/);
    expect(told('rounds')[0]).toMatch(/^warn could not be checked/);
  });

  it.each<[string, readonly string[], string, number, RegExp]>([
    ['a folder in place of a file', ['--config', '.'], '', 2, /^sickbay doctor: --config: got "\.", which is no file; allowed: a file/],
    ['a file that is not there', ['--config', 'none.json'], '', 2, /^sickbay doctor: --config: got "?none.json/],
    [
      'a configuration with mistakes',
      ['--config', 'made.json'],
      '{"targetGroups":[]}',
      2,
      /targetGroups: got \[\]; allowed: a list of 1 to 2000 target groups/,
    ],
    [
      'an unknown profile',
      ['--config', 'made.json', '--profile', 'shopp'],
      'fine',
      3,
      /profile "shopp" is not in your AWS configuration; allowed: lab, nowhere/,
    ],
  ])('%s ends with the value and what is allowed, and no stack trace', async (_, words, text, status, message) => {
    const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
    const fine = JSON.stringify({ targetGroups: [{ arn: rig.groupArn }], network });
    writeFileSync(path.join(rig.directory, 'made.json'), text === 'fine' ? fine : text);
    const ended = await rig.sickbay(['doctor', ...words]);
    expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});
