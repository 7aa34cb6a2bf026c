/**
 * The commands for operators as processes, against the world model behind real HTTP, with the real
 * responder answering Invoke.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { parseConfig } from '../../core/config';
import type { Case, Target } from '../../core/model';
import { startDynamo, type Dynamo } from '../../lab/wire/dynamo';
import { killSwitch } from '../../lambda/aws/kill-switch';
import { owners } from '../../lambda/aws/owners';
import { registrations } from '../../lambda/aws/registrations';
import { scheduledRestores } from '../../lambda/aws/scheduled-restores';
import { parseRequest } from '../../lambda/act/request';
import { caseEvents } from '../../lambda/aws/case-events';
import { snsTopics } from '../../lambda/aws/topic';
import type { RespondEvent } from '../../lambda/contract';
import { instanceStates } from '../../lambda/aws/instance-states';
import { NO_SCHEDULED_STOPS, NO_SERVICES } from '../../lambda/no-services';
import { loadBalancing } from '../../lambda/aws/load-balancing';
import { obeyed } from '../../lambda/operator-entry';
import type { RespondPorts } from '../../lambda/ports';
import { caseRecords, leaseRecords } from '../../lambda/aws/case-records';
import { respond } from '../../lambda/respond';
import { outCase, replacementCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { IDS, open, webGroup, type Opened } from '../lab/wire-setup';
import { REPLACEMENT } from '../builders/replacements';
import { casesTable } from '../lambda/tables';

const ROOT = path.join(__dirname, '../..');
const TABLE = 'Cases';
const FIRST: Target = { id: IDS[0], port: 8080 };

let dynamo: Dynamo;
let opened: Opened;
let group: string;
let ports: RespondPorts;
const made: { destroy(): void }[] = [];

function client<T extends { destroy(): void }>(one: T): T {
  made.push(one);
  return one;
}

function responderPorts(): RespondPorts {
  const { world, clock } = opened;
  const elb = client(new ElasticLoadBalancingV2Client(opened.client));
  const autoScaling = client(new AutoScalingClient(opened.client));
  const states = instanceStates(client(new EC2Client(opened.client)));
  const table = client(new DynamoDBClient(opened.client));
  world.scheduler.createScheduleGroup({ Name: 'backs' });
  return {
    clock: { now: () => clock.now(), sleep: async () => undefined },
    log: () => undefined,
    metrics: () => undefined,
    loadBalancing: loadBalancing(elb),
    balancerMetrics: { minutes: async () => [] },
    hosts: { inspect: async () => [] },
    taskHosts: { inspect: async () => [] },
    rounds: { latest: async () => [] },
    cases: caseRecords(table, TABLE),
    lease: leaseRecords(table, TABLE),
    scheduledRestores: scheduledRestores(client(new SchedulerClient(opened.client)), {
      group: 'backs',
      roleArn: 'arn:aws:iam::123456789012:role/b',
      dlqArn: 'arn:aws:sqs:us-east-1:123456789012:d',
      restoreFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:r',
    }),
    owners: owners(autoScaling, elb),
    instanceStates: states,
    ecs: NO_SERVICES,
    scheduledStops: NO_SCHEDULED_STOPS,
    targetRefs: { of: async () => new Map() },
    registrations: registrations({
      changeLoadBalancing: elb,
      changeAutoScaling: autoScaling,
      readAutoScaling: autoScaling,
      instanceStates: states,
      targetRefs: { holds: async () => true },
    }),
    topic: snsTopics(client(new SNSClient(opened.client)), { page: world.sns.addTopic('page'), notify: world.sns.addTopic('notify') }),
    caseEvents: caseEvents(client(new EventBridgeClient(opened.client))),
    deployment: {},
    killSwitch: killSwitch(client(new SSMClient(opened.client)), '/kill'),
  };
}

beforeEach(async () => {
  dynamo = await startDynamo();
  opened = await open({
    dynamoPort: dynamo.port,
    invoke: async (name, payload, _type, qualifier) => {
      const event = obeyed(
        payload as RespondEvent,
        `arn:aws:lambda:us-east-1:123456789012:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`,
      );
      if (name !== 'responder') return { functionError: 'Unhandled', payload: { errorType: 'Error', errorMessage: 'kaputt' } };
      return { payload: await respond(ports, config(), parseRequest(event.wish)) };
    },
  });
  group = webGroup(opened.world);
  await client(new DynamoDBClient(opened.client)).send(casesTable(TABLE));
  ports = responderPorts();
});

afterEach(async () => {
  for (const one of made.splice(0)) one.destroy();
  await opened.door.close();
  await dynamo.close();
});

function config() {
  return parseConfig({
    mode: 'enforce',
    targetGroups: [{ arn: group, probe: { path: '/api/cart' }, owner: 'static' }],
    network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
  });
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(): NodeJS.ProcessEnv {
  const { endpoint, credentials } = opened.client;
  return {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    SICKBAY_CASES_TABLE: TABLE,
    SICKBAY_RESPONDER_FUNCTION: 'responder',
  };
}

function sickbay(...words: string[]): Promise<Ended> {
  const env = environment();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'bin/sickbay.js'), ...words], { cwd: ROOT, env });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.on('close', (status) => resolve({ status, ...out }));
  });
}

/** The name that is typed, and who AWS says it is. */
const ANN = 'Ann (arn:aws:sts::123456789012:assumed-role/responder/lab)';
const ASKED = ['--by', 'Ann', '--reason', 'load test'];

async function takeOut(): Promise<Case> {
  const now = opened.clock.now();
  opened.world.elb.deregisterTargets({ TargetGroupArn: group, Targets: [{ Id: FIRST.id, Port: FIRST.port }] });
  return ports.cases.put(outCase(confirmed(FIRST, now - 60_000, now + 840_000), { openedAt: now, groupArn: group }));
}

function stateOf(id: string): string | undefined {
  const health = opened.world.elb.describeTargetHealth({ TargetGroupArn: group }).TargetHealthDescriptions ?? [];
  return health.find(({ Target: entry }) => entry?.Id === id)?.TargetHealth?.State;
}

describe('sickbay hold and release', () => {
  it('a hold goes on record and out as an alert, and is released', async () => {
    const held = await sickbay('hold', 'web', '--for', '2h', ...ASKED);
    expect(held).toMatchObject({ status: 0, stderr: '' });
    expect(held.stdout).toMatch(/^web is held: the group by Ann \(arn:aws:sts::\S+\): load test, until .* UTC\n$/);
    expect((await ports.cases.open()).map((incident) => incident.hold?.by)).toEqual([ANN]);
    expect(opened.world.sns.published.map((message) => message.subject)).toEqual(['[web] The group is held: no removals']);

    const released = await sickbay('release', 'web', ...ASKED);
    expect(released).toMatchObject({ status: 0, stdout: expect.stringContaining(`web is released by ${ANN}: load test\n`) });
    expect(await ports.cases.open()).toEqual([]);
    expect(opened.world.sns.published).toHaveLength(2);
  });

  it('waits while another run has the stack, and is not lost', async () => {
    const lease = await ports.lease.acquire('another', opened.clock.now(), opened.clock.now() + 300_000);
    const holding = sickbay('hold', 'web', ...ASKED);
    await new Promise((resolve) => {
      const look = setInterval(() => {
        if (opened.calls.filter((call) => call.action === 'lambda:InvokeFunction').length < 2) return;
        clearInterval(look);
        resolve(undefined);
      }, 50);
    });
    if (lease !== undefined) await ports.lease.release(lease);
    const ended = await holding;
    expect(ended.status).toBe(0);
    expect(ended.stderr).toContain('another run has the stack; asking again');
    expect(await ports.cases.open()).toHaveLength(1);
  });

  it('an unknown target is refused with what was given and what there is', async () => {
    await takeOut();
    expect(await sickbay('hold', 'i-9', ...ASKED)).toEqual({
      status: 2,
      stdout: '',
      stderr: `no target and no target group "i-9"\ntarget groups: web\ntargets: ${FIRST.id}:8080\n`,
    });
  });

  it('a responder that fails and an AWS error end with 4 and one line', async () => {
    const failed = await sickbay('hold', 'web', ...ASKED, '--function', 'broken');
    expect(failed).toMatchObject({ status: 4, stderr: expect.stringMatching(/^sickbay hold: the responder failed.*kaputt\n$/) });
    const missing = await sickbay('cases', '--table', 'Nothing');
    expect(missing).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/^sickbay cases: ResourceNotFoundException: .*\n$/),
    });
  });
});

describe('sickbay restore', () => {
  it('puts a target back now, whatever is measured, and holds it in', async () => {
    await takeOut();
    const ended = await sickbay('restore', FIRST.id, ...ASKED);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toContain(`restore ${FIRST.id}:8080: asked for by ${ANN}: load test`);
    expect(stateOf(FIRST.id)).toBe('initial');
    const records = await ports.cases.open();
    expect(records.map((incident) => `${incident.about} ${incident.state}`)).toEqual(
      expect.arrayContaining(['target watching', 'hold suspected']),
    );
    const explained = await sickbay('explain', 'case-1');
    expect(explained.stdout).toContain(`restore-asked: by ${ANN}: load test`);
  });

  it('is refused for a target that was given up, which stays out with nothing scheduled', async () => {
    await takeOut();
    const ended = await sickbay('give-up', FIRST.id, ...ASKED);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toContain(`is given up: it stays out, and Sickbay does not register it again`);
    expect((await sickbay('restore', FIRST.id, ...ASKED)).status).toBe(2);
    expect(opened.world.scheduler.listSchedules({ GroupName: 'backs' }).Schedules).toEqual([]);
  });

  it('--direct needs the table alone, replays what is stored, and says what the world shows', async () => {
    await takeOut();
    const ended = await sickbay('restore', '--all', '--direct', '--json', '--function', 'broken');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toEqual([
      { caseId: 'case-1', groupArn: group, target: `${FIRST.id}:8080`, state: 'initial', back: true },
    ]);
    expect(stateOf(FIRST.id)).toBe('initial');
    expect(opened.calls.filter((call) => call.action === 'lambda:InvokeFunction')).toEqual([]);
  });

  it('--direct says of a terminated instance that nothing is left to put back', async () => {
    await takeOut();
    opened.world.instances.terminate(FIRST.id);
    const ended = await sickbay('restore', FIRST.id, '--direct');
    expect(ended.status).toBe(1);
    expect(ended.stdout).toContain('gone: ');
  });

  it('--direct changes nothing about a task that is out for its replacement, and says what ends it', async () => {
    await ports.cases.put(replacementCase(REPLACEMENT, { groupArn: group }));
    const ended = await sickbay('restore', '--all', '--direct');
    expect(ended).toMatchObject({ status: 1, stderr: '' });
    expect(ended.stdout).toContain(`aws ecs stop-task --cluster ${REPLACEMENT.clusterArn} --task ${REPLACEMENT.taskArn}`);
    expect(opened.calls.map(({ action }) => action)).not.toContain('elasticloadbalancing:RegisterTargets');
  });
});
