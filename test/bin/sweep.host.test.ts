/** `sickbay sweep` as a process, against the lab's AWS endpoint and real servers on loopback. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProbePlan } from '../../core/model';
import type { HostShell } from '../../lab/world/ssm-invocation';
import { probeRound } from '../../lambda/probe/round';
import { IDS, open, webGroup, type Opened } from '../lab/wire-setup';
import { accountAt, ended, sickbay, start, type Ended, type Place } from './command-process';
import { parsed } from '../builders/parsed';

jest.setTimeout(120_000);
// The prober judges itself: on a machine that is busy its round is blind, as it has to be.
jest.retryTimes(3);

const ADDRESSES = ['127.0.7.1', '127.0.7.2', '127.0.7.3'];
const PORT = 8080;

let opened: Opened;
let servers: http.Server[];
let directory: string;
/** What the targets' pages take. */
let slowMs: Record<string, number>;
const scripts: string[] = [];

/** Runs what Run Command was given on this machine. */
const shell: HostShell = {
  run: async (_, { script }) => {
    scripts.push(script);
    return await new Promise((resolve) => {
      const child = spawn('sh', ['-c', script]);
      const out = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
      child.on('close', (status) => resolve({ ...out, exitCode: status ?? 1, timedOut: false }));
    });
  },
};

beforeEach(async () => {
  slowMs = {};
  scripts.length = 0;
  directory = mkdtempSync(path.join(tmpdir(), 'sickbay-sweep-'));
  const invoke = async (name: string, payload: unknown) =>
    name === 'prober'
      ? { payload: await probeRound(payload as ProbePlan) }
      : { functionError: 'Unhandled', payload: { errorMessage: name } };
  opened = await open({ shell, invoke });
  for (const [index, id] of IDS.entries()) {
    opened.world.instances.add({ id, address: ADDRESSES[index] ?? '', zone: index === 2 ? 'us-east-1b' : 'us-east-1a' });
    opened.world.ssm.manage(id);
  }
  webGroup(opened.world);
  servers = await Promise.all(
    ADDRESSES.map(
      (address) =>
        new Promise<http.Server>((resolve) => {
          const server = http.createServer((request, response) => {
            if (request.url === '/closed') return void response.socket?.destroy();
            if (request.url === '/late') return undefined;
            setTimeout(() => response.writeHead(request.url === '/no' ? 503 : 200).end('ok'), slowMs[address] ?? 0);
          });
          server.listen(PORT, address, () => resolve(server));
        }),
    ),
  );
});

afterEach(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await opened.door.close();
  rmSync(directory, { recursive: true });
});

const place = (): Place => ({ cwd: directory, env: { HOME: directory, ...accountAt(opened.client.endpoint, opened.client.credentials) } });

const sweep = (...words: string[]): Promise<Ended> => sickbay(['sweep', ...words], place());

const OF_WEB = ['--target-group', 'web', '--samples', '5'];

describe('from this machine', () => {
  it('shows each target as the load balancer sees it and as it was measured, and says that one round convicts nobody', async () => {
    slowMs['127.0.7.3'] = 400;
    const { status, stdout, stderr } = await sweep(...OF_WEB, '--path', '/cart');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/i-0aaaaaaaaaaaaaaa3:8080 \(127\.0\.7\.3\) {2}healthy +median 4\d\d ms +suspect/);
    expect(stdout).toMatch(/i-0aaaaaaaaaaaaaaa1:8080 \(127\.0\.7\.1\) {2}healthy +median \d+ ms +clean/);
    expect(stdout).toMatch(/i-0aaaaaaaaaaaaaaa3:8080 stands out in this round\. One round cannot convict: measure on with --watch\./);
    expect(stdout).not.toContain('\u001B');
  });

  it('is fine where nothing stands out, and takes the group by its ARN', async () => {
    const arn = opened.world.elb.describeTargetGroups({}).TargetGroups?.[0]?.TargetGroupArn ?? '';
    const { status, stdout } = await sweep('--target-group', arn, '--path', '/cart');
    expect(stdout).toContain('Nothing stands out in this round.');
    expect(status).toBe(0);
  });

  it('says by itself what a configuration names', async () => {
    const arn = opened.world.elb.describeTargetGroups({}).TargetGroups?.[0]?.TargetGroupArn ?? '';
    const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
    writeFileSync(
      path.join(directory, 'own.json'),
      JSON.stringify({ targetGroups: [{ arn, probe: { path: '/cart', samples: 3 } }], network }),
    );
    const { status, stdout } = await sweep('--config', 'own.json', '--json');
    expect(status).toBe(0);
    expect(parsed<{ groups: { targets: { samples: unknown[] }[] }[] }>(stdout).groups[0]?.targets[0]?.samples).toHaveLength(3);
  });

  it.each([
    [
      'refused',
      ['--path', '/cart', '--port', '8081'],
      'connection refused: nothing listens on that port, or there is no route to the host',
    ],
    ['closed', ['--path', '/closed'], 'it closed the connection without an answer'],
    ['no answer', ['--path', '/late', '--timeout-ms', '300'], 'it took the connection and gave no full answer within 300 ms'],
    ['a wrong status', ['--path', '/no'], 'it answered with status 503, which the matcher does not accept'],
  ])('has words of its own for %s', async (_, words, expected) => {
    const { status, stdout } = await sweep(...OF_WEB, ...words);
    expect(stdout).toContain(`i-0aaaaaaaaaaaaaaa1:8080 (127.0.7.1): 5 of 5: ${expected}`);
    expect(status).toBe(1);
  });

  it('watches until Ctrl-C, a line of JSON each round, and ends with the last one', async () => {
    const child = start(['sweep', ...OF_WEB, '--path', '/cart', '--watch', '10', '--json'], place());
    const whole = ended(child);
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      lines += chunk.toString().split('\n').length - 1;
      if (lines >= 2) child.kill('SIGINT');
    });
    const { status, stdout } = await whole;
    expect(status).toBe(0);
    const rounds = stdout
      .trim()
      .split('\n')
      .map((line) => parsed<{ groups: { rounds: number }[] }>(line));
    expect(rounds.map(({ groups }) => groups[0]?.rounds)).toEqual([1, 2]);
  });

  it('says that nothing was measured where no target is in service', async () => {
    const groupArn = opened.world.elb.describeTargetGroups({}).TargetGroups?.[0]?.TargetGroupArn ?? '';
    opened.world.elb.deregisterTargets({ TargetGroupArn: groupArn, Targets: IDS.map((Id) => ({ Id, Port: PORT })) });
    const { status, stdout } = await sweep(...OF_WEB, '--path', '/cart');
    expect(stdout).toMatch(/Nothing was measured: of 3 targets none is in service \(3 draining\)\./);
    expect(status).toBe(1);
  });
});

describe('from elsewhere', () => {
  it('asks by the deployed prober', async () => {
    const { status, stdout } = await sweep(...OF_WEB, '--path', '/cart', '--prober', 'prober');
    expect(stdout).toContain('Nothing stands out in this round.');
    expect(status).toBe(0);
    expect(opened.calls.filter(({ action }) => action === 'lambda:InvokeFunction')).toHaveLength(1);
  });

  it('says what the deployed prober failed with', async () => {
    const { status, stdout } = await sweep(...OF_WEB, '--path', '/cart', '--prober', 'broken');
    expect(stdout).toMatch(/Nothing is judged: the prober could not be asked: the prober failed/);
    expect(stdout).toMatch(/prober-failed: Error: the prober failed/);
    expect(status).toBe(1);
  });

  it('asks with curl on a managed instance, and reads what that prints as samples', async () => {
    slowMs['127.0.7.3'] = 300;
    const ticking = setInterval(() => void opened.clock.settle(500), 100);
    try {
      const { status, stdout } = await sweep(...OF_WEB, '--path', '/cart?a=1', '--host', 'shop.example.com', '--via', IDS[0], '--json');
      expect(status).toBe(1);
      const targets = parsed<{ groups: { targets: { target: string; medianMs: number; samples: number[] }[] }[] }>(stdout).groups[0]
        ?.targets;
      expect(targets?.map(({ samples }) => samples.length)).toEqual([5, 5, 5]);
      expect(targets?.filter(({ medianMs }) => medianMs >= 300).map(({ target }) => target)).toEqual(['i-0aaaaaaaaaaaaaaa3:8080']);
      expect(scripts).toHaveLength(1);
    } finally {
      clearInterval(ticking);
    }
  });

  it('does not try an instance whose agent is offline', async () => {
    opened.world.ssm.manage(IDS[1], { pingStatus: 'ConnectionLost' });
    const { status, stderr } = await sweep(...OF_WEB, '--path', '/cart', '--via', IDS[1]);
    expect(stderr).toMatch(/^sickbay sweep: --via: i-0aaaaaaaaaaaaaaa2 has an SSM agent that is offline; name an instance/);
    expect(status).toBe(3);
  });
});

describe('a wrong input', () => {
  it.each([
    ['a group that is not there', ['--target-group', 'shop'], '--target-group: got "shop"; allowed, in this account and Region: web'],
    ['a path', [...OF_WEB, '--path', 'cart'], '--path: got "cart"; allowed: a path that starts with "/"'],
    [
      'a probe without a page',
      ['--target-group', 'web', '--host', 'a.example.com'],
      '--host: a page has to be named with it; give --path /PAGE',
    ],
    ['an instance', [...OF_WEB, '--via', 'app-1'], 'got "app-1"; allowed: an instance id such as i-0123456789abcdef0'],
    ['two places', [...OF_WEB, '--via', IDS[0], '--prober'], 'got --via and --prober; allowed: one of them'],
    ['a gap', [...OF_WEB, '--watch', '3'], 'got "3"; allowed: 10 to 3600'],
    ['a file', ['--config', 'none.json'], '--config: got "none.json", which is no file'],
  ])('is told with what is allowed: %s', async (_, words, expected) => {
    const { status, stdout, stderr } = await sweep(...words);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/\n +at /);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('has an example in its help', async () => {
    expect((await sweep('--help')).stdout).toMatch(/sickbay(\.js)? sweep --target-group checkout --path \/api\/cart --watch 60/);
  });
});
