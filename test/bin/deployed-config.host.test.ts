/**
 * `doctor`, `sweep` and `audit` without a configuration file: they read what the functions of the
 * deployed stack run with. The stack's configuration has ARNs that were known only when it was
 * deployed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ENV } from '../../lambda/contract';
import { stackRecordName, type StackRecord } from '../../lambda/stack-record';
import { deploymentPackage } from '../../lab/boot/deployment-package';
import type { DeployedPackage } from '../../lab/wire/service-lambda';
import { PROBER_GROUP, SUBNETS, openRig, type Rig } from './account-rig';
import { parsed } from '../builders/parsed';

// Each process loads the SDK from the checkout's sources.
jest.setTimeout(180_000);

let rig: Rig;
let written: object;
let environment: Record<string, string>;

const vpc = (subnet: string) => ({ subnetIds: [subnet], securityGroupIds: [PROBER_GROUP] });

function packageOf(name: string): DeployedPackage | undefined {
  const nothing = { zip: Buffer.alloc(0), environment: {} };
  if (name === 'prober') return { ...nothing, vpc: vpc(SUBNETS[0]) };
  if (name === 'second') return { ...nothing, vpc: vpc(SUBNETS[1]) };
  if (name !== 'sweeper') return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'sickbay-package-'));
  writeFileSync(path.join(folder, 'index.js'), 'exports.handler = 0;');
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(written));
  const zip = deploymentPackage(folder);
  rmSync(folder, { recursive: true });
  return { zip, environment };
}

beforeEach(async () => {
  rig = await openRig({ packages: packageOf });
  written = {
    mode: 'observe',
    targetGroups: [{ arn: { deployTime: 0 }, probe: { path: '/cart', samples: 3 }, owner: 'static' }],
    // What no handler reads has stand-ins.
    network: { subnetIds: ['subnet-00000000000000002', 'subnet-00000000000000003'], securityGroupIds: ['sg-00000000000000004'] },
  };
  environment = { [ENV.deployTimeValues]: JSON.stringify([rig.groupArn]), [ENV.secondProberFunction]: 'second' };
  rig.world.parameters.putParameter({ Name: '/cdk-bootstrap/hnb659fds/version', Value: '25' });
  deploy('Sickbay');
});

afterEach(() => rig.close());

function deploy(stack: string): void {
  const record: StackRecord = {
    v: 1,
    stack,
    responder: 'responder',
    cases: 'Cases',
    rounds: 'Rounds',
    sweeper: 'sweeper',
    prober: 'prober',
    killSwitch: `/sickbay/${stack}/kill-switch`,
    pageTopic: rig.world.sns.addTopic('page'),
    notifyTopic: rig.world.sns.addTopic('notify'),
    inspectionDocument: 'inspect',
    basicInspectionDocument: 'inspect-basic',
  };
  rig.world.parameters.putParameter({ Name: stackRecordName(stack), Value: JSON.stringify(record) });
}

/** The lines of one check, without its command. */
function told(stdout: string, check: string): string[] {
  return stdout.split('\n').filter((line) => line.slice(6).startsWith(`${check} `));
}

const AS_DEPLOYED = 'of stack "Sickbay", as deployed (read from sweeper)';

describe('without a configuration file', () => {
  it('doctor checks what the only stack is deployed with, and the network that its probers have', async () => {
    const { stdout, stderr } = await rig.sickbay(['doctor']);
    expect(stderr).toBe('');
    expect(told(stdout, 'configuration')).toEqual([`ok    configuration     ${AS_DEPLOYED}; mode observe`]);
    expect(told(stdout, 'target groups')).toEqual(['ok    target groups     shop (3 targets)']);
    expect(told(stdout, 'subnets')[0]).toMatch(new RegExp(`^ok .*${SUBNETS[0]} .*${SUBNETS[1]} `));
    expect(told(stdout, 'prober, targets')[0]).toMatch(/^fail .* shop: sg-0aaaaaaaaaaaaaaaa does not admit the prober/);
    expect(rig.calls.filter(({ mutating }) => mutating)).toEqual([]);
  });

  // Its exit code is not looked at: on a machine that is busy the prober's round is blind, as it
  // has to be.
  it('sweep measures its groups with its page, and says so', async () => {
    const asked: string[] = [];
    for (const { id, pages } of rig.targets)
      pages.set('/cart', (_request, response) => {
        asked.push(id);
        response.end('ok');
      });
    const { stdout, stderr } = await rig.sickbay(['sweep', '--json']);
    expect(stderr).toContain(`configuration: ${AS_DEPLOYED}\n`);
    const [group] = parsed<{ groups: { targets: { samples: unknown[] }[] }[] }>(stdout).groups;
    expect(group?.targets.map(({ samples }) => samples.length)).toEqual([3, 3, 3]);
    expect(new Set(asked)).toEqual(new Set(rig.targets.map(({ id }) => id)));
  });

  it('audit checks its groups, and says so', async () => {
    const { stdout, stderr } = await rig.sickbay(['audit', '--no-hosts']);
    expect(stderr).toContain(`configuration: ${AS_DEPLOYED}\n`);
    expect(stdout).toContain('shop  routing-algorithm');
  });

  it('--stack goes before a file of the folder, and the file before a stack that nobody named', async () => {
    writeFileSync(
      path.join(rig.directory, 'sickbay.config.ts'),
      `export const config = ${JSON.stringify({ stack: 'Other', targetGroups: [{ tag: { key: 'a', value: 'b' } }], network: vpc(SUBNETS[0]) })};`,
    );
    expect(told((await rig.sickbay(['doctor'])).stdout, 'configuration')[0]).toContain('sickbay.config.ts; mode observe');
    expect(told((await rig.sickbay(['doctor', '--stack', 'Sickbay'])).stdout, 'configuration')[0]).toContain(AS_DEPLOYED);
  });
});

describe('a deployed configuration that cannot be had', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['doctor', [], /^sickbay doctor: no configuration: there is no sickbay.config.ts here; run ".* init", or use --config FILE\n/],
    ['sweep', ['--json'], /^sickbay sweep: no configuration: .*, or use --target-group NAME\|ARN or --config FILE\n/],
    ['audit', ['--no-hosts'], /^sickbay audit: no configuration: .*, or use --target-group NAME\|ARN or --config FILE\n/],
  ])('no file and no stack: %s says where it looked and what would do', async (name, words, message) => {
    await rig.close();
    rig = await openRig();
    const ended = await rig.sickbay([name, ...words]);
    expect(ended).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).toContain(
      `\nsickbay ${name}: no stack found (us-east-1, profile lab): use --stack NAME with another --region or --profile\n`,
    );
  });

  it.each<[string, (at: Rig) => void, readonly string[], number, RegExp]>([
    [
      'another name',
      () => undefined,
      ['--stack', 'Sickbey'],
      2,
      /^sickbay doctor: no stack "Sickbey" \(us-east-1, profile lab\); there: Sickbay\n$/,
    ],
    [
      'two stacks',
      () => deploy('Second'),
      [],
      2,
      /\nsickbay doctor: 2 stacks \(us-east-1, profile lab\): use --stack with one of Second, Sickbay\n$/,
    ],
    [
      'a file beside it',
      () => undefined,
      ['--stack', 'Sickbay', '--config', 'x.json'],
      2,
      /^sickbay doctor: --config and --stack: each names/,
    ],
    [
      'no permission',
      (at) => at.deny('lambda:GetFunction'),
      [],
      3,
      /^sickbay doctor: not permitted: lambda:GetFunction on sweeper; lost: .*--config FILE\n$/,
    ],
    [
      'a value that is not there',
      () => void (environment = {}),
      [],
      2,
      /^sickbay doctor: the configuration of stack "Sickbay" beside sweeper cannot be used .*: value 0 of 0 known at deploy time is missing/,
    ],
    [
      'an earlier version',
      () => void (written = { ...written, network: { vpcId: 'vpc-0123456789abcdef0', ...vpc(SUBNETS[0]) } }),
      [],
      2,
      /\nsickbay doctor: network.vpcId: got a key that is no longer needed; allowed: nothing: delete it\n$/,
    ],
  ])('%s: one line says why, and no check is made', async (_, change, words, status, message) => {
    change(rig);
    const ended = await rig.sickbay(['doctor', ...words]);
    expect(ended).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});
