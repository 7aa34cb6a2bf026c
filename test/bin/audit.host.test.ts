/** `sickbay audit` as a process, against the lab's AWS endpoint; the hosts answer from captures. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditReport } from '../../core/audit/model';
import { AwsError } from '../../lab/world/aws-error';
import type { World } from '../../lab/world/world';
import type { HostShell } from '../../lab/world/ssm-invocation';
import { IDS, open, webGroup, type Opened } from '../lab/wire-setup';
import { ROOT, accountAt, sickbay, type Ended } from './command-process';
import { parsed } from '../builders/parsed';
import { unpacked } from '../lambda/inspect/script';

jest.setTimeout(120_000);

const CAPTURES = path.join(ROOT, 'test/fixtures/inspections/healthy');

/** The third host has the crontab line of the story. */
const HOSTS: Readonly<Record<string, string>> = { [IDS[0]]: 'app-1', [IDS[1]]: 'app-2', [IDS[2]]: 'app-3' };

let opened: Opened;
let directory: string;
let denied: Set<string>;
const scripts: string[] = [];

const shell: HostShell = {
  run: async (id, { script }) => {
    scripts.push(script);
    const { stdout } = parsed<{ stdout: string }>(readFileSync(path.join(CAPTURES, `${HOSTS[id] ?? ''}.json`), 'utf8'));
    return { stdout, stderr: '', exitCode: 0, timedOut: false };
  },
};

beforeEach(async () => {
  denied = new Set();
  scripts.length = 0;
  directory = mkdtempSync(path.join(tmpdir(), 'sickbay-audit-'));
  const before = async ({ action }: { readonly action: string }) =>
    denied.has(action) ? { error: new AwsError('AccessDenied', `not authorized to perform: ${action}`, 403) } : ('continue' as const);
  opened = await open({ shell, intercept: { before } });
  webGroup(opened.world);
  for (const id of IDS) opened.world.ssm.manage(id);
});

afterEach(async () => {
  await opened.door.close();
  rmSync(directory, { recursive: true });
});

async function audit(...words: string[]): Promise<Ended> {
  const env = { HOME: directory, ...accountAt(opened.client.endpoint, opened.client.credentials) };
  const ticking = setInterval(() => void opened.clock.settle(500), 100); // the account's time; the command polls in its own
  try {
    return await sickbay(['audit', ...words], { cwd: directory, env });
  } finally {
    clearInterval(ticking);
  }
}

const OF_WEB = ['--target-group', 'web', '--path', '/cart'];

/** The same hosts, by their addresses. */
function addressGroup({ elb }: World): void {
  const arn = elb.addTargetGroup({ name: 'addresses', port: 8080, targetType: 'ip', healthCheck: { HealthCheckPath: '/health' } });
  const balancer = elb.addLoadBalancer({ name: 'addresses', zones: ['us-east-1a', 'us-east-1b'] });
  elb.addListener({ loadBalancerArn: balancer, port: 81, forwardTo: [arn] });
  const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
  elb.registerTargets({ TargetGroupArn: arn, Targets: addresses.map((Id) => ({ Id })) });
  for (const id of addresses) elb.reportHealthCheck(arn, { id, port: 8080 }, true);
}

describe('sickbay audit', () => {
  it('finds, on a fleet that is well, the crontab line that will be the incident, and what the settings leave open', async () => {
    const { status, stdout, stderr } = await audit(...OF_WEB);
    expect(status).toBe(1);
    expect(stderr).toContain('web: inspecting 3 hosts, read-only ...');
    expect(stdout).toMatch(/^Audit of 1 target group, .* UTC: \d high, \d medium, \d low; 16 checks ran\n/);
    expect(stdout).toContain(
      `MEDIUM  web  cron-drift: only ${IDS[2]} has this crontab entry: 10 2 1 * * /srv/shop/bin/generate_monthly_report`,
    );
    expect(stdout).toContain('MEDIUM  web  routing-algorithm: it routes by round_robin');
    expect(stdout).toMatch(/HIGH {2}web {2}shallow-health-check: \/health does not do what/);
    expect(stdout.match(/^ {2}danger: ./gm)?.length).toBe(stdout.match(/^(HIGH|MEDIUM|LOW) {2}/gm)?.length);
    expect(unpacked(scripts[0] ?? '')).toContain("SSM_probePath='/cart'");
    expect(opened.calls.filter(({ mutating }) => mutating).map(({ action }) => action)).toEqual(['ssm:SendCommand']);
  });

  it('leaves the hosts alone where it is told to, and says what is not checked for it', async () => {
    const { stdout } = await audit(...OF_WEB, '--no-hosts', '--json');
    const { findings, notRun } = parsed<AuditReport>(stdout);
    expect(findings.map(({ check }) => check)).toContain('routing-algorithm');
    expect(new Set(notRun.map(({ why }) => why))).toEqual(new Set(['left out by --no-hosts']));
    expect(opened.calls.filter(({ service }) => service === 'ssm')).toEqual([]);
  });

  it.each([
    ['elasticloadbalancing:DescribeTargetGroupAttributes', 'routing-algorithm', 'cron-drift'],
    ['ssm:DescribeInstanceInformation', 'cron-drift', 'routing-algorithm'],
  ])('loses the checks that need %s where it is denied, says so, and no other', async (action, lost, kept) => {
    denied.add(action);
    const { status, stdout } = await audit(...OF_WEB, '--json');
    const { findings, notRun } = parsed<AuditReport>(stdout);
    expect(notRun.find(({ check }) => check === lost)?.why).toMatch(/^not permitted: /);
    expect(findings.map(({ check }) => check)).toContain(kept);
    expect(status).toBe(1);
  });

  it('tells a host that Systems Manager cannot reach', async () => {
    opened.world.ssm.manage(IDS[1], { pingStatus: 'ConnectionLost' });
    const { stdout } = await audit(...OF_WEB);
    expect(stdout).toContain(`MEDIUM  web  not-inspectable: ${IDS[1]} cannot be inspected: its SSM agent is offline`);
  });

  it('inspects the instances behind the addresses of a group', async () => {
    addressGroup(opened.world);
    const { stdout } = await audit('--target-group', 'addresses', '--path', '/cart');
    expect(stdout).toContain(`MEDIUM  addresses  cron-drift: only ${IDS[2]} has this crontab entry`);
  });

  it('says why it inspects no host where it may not ask who has the addresses', async () => {
    addressGroup(opened.world);
    denied.add('ec2:DescribeNetworkInterfaces');
    const unknown = parsed<AuditReport>((await audit('--target-group', 'addresses', '--json')).stdout);
    expect(unknown.notRun.find(({ check }) => check === 'cron-drift')?.why).toMatch(
      /^10\.0\.0\.1:8080 and 2 more: EC2 could not be asked who has its address: /,
    );
  });

  it('tells what has changed since an earlier one, and nothing else', async () => {
    const words = [...OF_WEB, '--no-hosts'];
    const before = await audit(...words, '--json');
    writeFileSync(path.join(directory, 'last.json'), before.stdout);
    const same = await audit(...words, '--since', 'last.json');
    expect(same.stdout).toMatch(/: 0 new, 0 gone, \d as before\n/);
    expect(same.stdout).not.toContain('routing-algorithm: ');
    expect(same.status).toBe(0);
    const arn = opened.world.elb.describeTargetGroups({}).TargetGroups?.[0]?.TargetGroupArn ?? '';
    opened.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: IDS[0], Port: 8080 }] });
    const changed = await audit(...words, '--since', 'last.json');
    expect(changed.stdout).toMatch(/: 1 new, \d gone, /);
    expect(changed.stdout).toContain('LOW  web  too-few-targets: 2 targets are registered');
    expect(changed.status).toBe(1);
  });

  it('writes a page that needs no other file', async () => {
    await audit(...OF_WEB, '--html', 'audit.html');
    const page = readFileSync(path.join(directory, 'audit.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('generate_monthly_report');
    expect(page).not.toMatch(/<script|https?:/);
  });

  it.each([
    ['a group that is not there', ['--target-group', 'shop'], '--target-group: got "shop"; allowed, in this account and Region: web'],
    ['an earlier audit that is none', [...OF_WEB, '--since', 'package.json'], '--since: package.json cannot be read as JSON'],
    ['a path', ['--target-group', 'web', '--path', 'cart'], '--path: got "cart"; allowed: a path that starts with "/"'],
    [
      'a file that cannot be written',
      [...OF_WEB, '--no-hosts', '--html', 'none/audit.html'],
      '--html: got "none/audit.html", and there is no folder ',
    ],
  ])('names a wrong input and what is allowed: %s', async (_, words, expected) => {
    const { status, stderr } = await audit(...words);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/\n +at /);
    expect(status).toBe(2);
  });

  it('has an example in its help', async () => {
    expect((await audit('--help')).stdout).toMatch(/sickbay(\.js)? audit --target-group checkout --path \/api\/cart/);
  });
});
