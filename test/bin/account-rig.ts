/**
 * An account for the command line: the lab's world behind its endpoint, a fleet of plain HTTP
 * servers on loopback as the targets of an internal load balancer, and the command line as a
 * process that is pointed at both.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AwsCall, Interception } from '../../lab/wire/calls';
import { AwsError } from '../../lab/world/aws-error';
import { LAB_VPC } from '../../lab/world/network';
import { open, type Opened } from '../lab/wire-setup';
import { sickbay, type Ended } from './command-process';
import { listeningPort } from '../../lab/wire/listening-port';

/** How a target answers: the body, or what it does instead. */
export type Page = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface RigTarget {
  readonly id: string;
  /** On loopback: the same port on another address for each. */
  readonly address: string;
  /** By path; every other one is 404. */
  readonly pages: Map<string, Page>;
}

export interface Rig extends Opened {
  /** Of the load balancer `shop-lb`, on the port of the targets. */
  readonly groupArn: string;
  readonly balancerArn: string;
  readonly port: number;
  readonly targets: readonly RigTarget[];
  /** An empty directory of this rig, in which the command line runs. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** From now on the caller may not, or not on what has an ARN that ends so. */
  deny(action: string, onWhat?: string): void;
  /** From now on AWS answers this. */
  break(action: string, error: AwsError, onWhat?: string): void;
  /** Runs the command line. Variables that are undefined are taken away. */
  sickbay(words: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<Ended>;
  close(): Promise<void>;
}

export const SUBNETS = ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb1'] as const;
export const TARGETS_GROUP = 'sg-0aaaaaaaaaaaaaaaa';
export const BALANCER_GROUP = 'sg-0bbbbbbbbbbbbbbbb';
export const PROBER_GROUP = 'sg-0cccccccccccccccc';

const METRICS = ['# TYPE shop_db_pool_in_use gauge', 'shop_db_pool_in_use 3', 'shop_db_pool_max 20', ''].join('\n');

/** A page that answers with `text` after `delayMs`. */
export const answers =
  (text: string, delayMs = 0): Page =>
  (_, response) =>
    void setTimeout(() => response.end(text), delayMs);

/**
 * Three targets in two zones (`/health`, `/cart`, `/metrics`), managed and tagged for inspection;
 * their security group admits the load balancer's alone, and `sickbay-prober` is there for the
 * prober.
 */
export async function openRig(options: Parameters<typeof open>[0] = {}): Promise<Rig> {
  const refusals = new Map<string, { readonly error: AwsError; readonly onWhat: string }>();
  const before = async ({ action, resource }: AwsCall): Promise<Interception> => {
    const found = refusals.get(action);
    return found === undefined || !resource.endsWith(found.onWhat) ? 'continue' : { error: found.error };
  };
  const opened = await open({ intercept: { before }, ...options });
  const { world } = opened;
  world.iam.addRole('responder', '/teams/');
  const { port, targets, close } = await startFleet(3);
  furnishNetwork(world, port);
  for (const [index, { id, address }] of targets.entries()) {
    const zone = index % 2 === 0 ? 'us-east-1a' : 'us-east-1b';
    const subnetId = SUBNETS[index % 2] ?? SUBNETS[0];
    world.instances.add({ id, address, zone, subnetId, securityGroupIds: [TARGETS_GROUP], tags: { 'sickbay:inspect': 'true' } });
    world.ssm.manage(id);
  }
  const groupArn = world.elb.addTargetGroup({ name: 'shop', port, healthCheck: { HealthCheckPath: '/health' } });
  const balancerArn = world.elb.addLoadBalancer({
    name: 'shop-lb',
    dnsName: 'shop-lb.invalid',
    zones: ['us-east-1a', 'us-east-1b'],
    securityGroups: [BALANCER_GROUP],
  });
  world.elb.addListener({ loadBalancerArn: balancerArn, port: 80, forwardTo: [groupArn] });
  world.elb.registerTargets({ TargetGroupArn: groupArn, Targets: targets.map(({ id }) => ({ Id: id })) });
  for (const { id } of targets) world.elb.reportHealthCheck(groupArn, { id, port }, true);
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-rig-'));
  const env = environment(opened, directory);
  return {
    ...opened,
    groupArn,
    balancerArn,
    port,
    targets,
    directory,
    env,
    deny: (action, onWhat = '') => void refusals.set(action, { error: denial(action), onWhat }),
    break: (action, error, onWhat = '') => void refusals.set(action, { error, onWhat }),
    sickbay: (words, changes = {}) => sickbay(words, { cwd: directory, env: { ...env, ...changes } }),
    close: async () => {
      await Promise.all([close(), opened.door.close()]);
      rmSync(directory, { recursive: true });
    },
  };
}

/** As EC2 and the others word it (IAM user guide, "Troubleshoot access denied error messages"). */
function denial(action: string): AwsError {
  const code = action.startsWith('ec2:') ? 'UnauthorizedOperation' : 'AccessDenied';
  return new AwsError(code, `User: arn:aws:sts::123456789012:assumed-role/responder/lab is not authorized to perform: ${action}`, 403);
}

function furnishNetwork({ ec2: { network } }: Opened['world'], port: number): void {
  for (const [index, SubnetId] of SUBNETS.entries())
    network.addSubnet({ SubnetId, AvailabilityZone: `us-east-1${'ab'[index]}`, CidrBlock: `10.0.${index}.0/24` });
  network.addSecurityGroup({
    GroupId: TARGETS_GROUP,
    GroupName: 'shop-targets',
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, UserIdGroupPairs: [{ GroupId: BALANCER_GROUP }] }],
  });
  network.addSecurityGroup({
    GroupId: BALANCER_GROUP,
    GroupName: 'shop-lb',
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  });
  network.addSecurityGroup({ GroupId: PROBER_GROUP, GroupName: 'sickbay-prober', VpcId: LAB_VPC });
}

/** Profiles `lab`, with keys and a Region, and `nowhere`, with neither. */
function environment({ client }: Opened, directory: string): Record<string, string> {
  const { accessKeyId, secretAccessKey } = client.credentials;
  const config = path.join(directory, 'aws-config');
  const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}`;
  writeFileSync(config, `[profile lab]\nregion = ${client.region}\n${keys}\n\n[profile nowhere]\noutput = json\n`);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    AWS_ENDPOINT_URL: client.endpoint,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: path.join(directory, 'no-credentials'),
    AWS_PROFILE: 'lab',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/**
 * Servers on 127.0.1.1, 127.0.1.2 and so on, all on one port: every address of 127/8 is this host.
 */
async function startFleet(size: number): Promise<{ port: number; targets: RigTarget[]; close: () => Promise<void> }> {
  const servers: http.Server[] = [];
  const targets: RigTarget[] = [];
  let port = 0;
  for (let index = 0; index < size; index++) {
    const id = `i-0aaaaaaaaaaaaaaa${index + 1}`;
    const address = `127.0.1.${index + 1}`;
    const pages = new Map([
      ['/health', answers('ok')],
      ['/cart', answers('a cart')],
      ['/metrics', answers(METRICS)],
    ]);
    const server = http.createServer((request, response) => {
      const page = pages.get(request.url ?? '');
      if (page !== undefined) return page(request, response);
      response.writeHead(404).end();
    });
    port = await listen(server, address, port);
    servers.push(server);
    targets.push({ id, address, pages });
  }
  return {
    port,
    targets,
    close: async () => {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}

function listen(server: http.Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(listeningPort(server)));
  });
}
