/** The adapter of ECS, on answers in the shape of its API. */
import { ECSClient, type Service, type Task } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ecsServices } from '../../../lambda/aws/ecs';
import { answered } from './answered';
import { scheduledStops } from '../../../lambda/aws/scheduled-stops';
import { clientThat } from '../../builders/clients';

const NOW = Date.UTC(2026, 0, 1, 12);
const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';
const CLUSTER = 'arn:aws:ecs:us-east-1:123456789012:cluster/shop';
const DECLARED = { cluster: 'shop', service: 'checkout' };
const task = (id: string) => `arn:aws:ecs:us-east-1:123456789012:task/shop/${id}`;

const SERVICE: Service = {
  serviceArn: 'arn:aws:ecs:us-east-1:123456789012:service/shop/checkout',
  serviceName: 'checkout',
  clusterArn: CLUSTER,
  status: 'ACTIVE',
  schedulingStrategy: 'REPLICA',
  desiredCount: 3,
  runningCount: 3,
  pendingCount: 0,
  deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
  deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED', failedTasks: 0 }],
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'web', containerPort: 8080 }],
  events: [
    { createdAt: new Date(NOW - 7_200_000), message: '(service checkout) has reached a steady state.' },
    { createdAt: new Date(NOW - 60_000), message: '(service checkout) was unable to place a task' },
  ],
  tags: [{ key: 'sickbay:enforce', value: 'Sickbay' }],
};

const ON_FARGATE: Task = {
  taskArn: task('f1'),
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  launchType: 'FARGATE',
  createdAt: new Date(NOW - 90_000),
  startedAt: new Date(NOW - 80_000),
  taskDefinitionArn: 'checkout:7',
  containers: [
    { name: 'envoy', networkInterfaces: [{ privateIpv4Address: '10.0.0.1' }] },
    { name: 'web', networkInterfaces: [{ privateIpv4Address: '10.0.0.1', ipv6Address: '2001:db8::1' }] },
  ],
  tags: [{ key: 'sickbay:enforce', value: 'Sickbay' }],
};

const ON_EC2: Task = {
  taskArn: task('e1'),
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  launchType: 'EC2',
  containerInstanceArn: 'host-1',
  containers: [
    {
      name: 'web',
      networkBindings: [
        { containerPort: 9090, hostPort: 32768 },
        { containerPort: 8080, hostPort: 32769 },
      ],
    },
  ],
};

interface Answers {
  readonly service?: Service;
  readonly failures?: { readonly arn?: string; readonly reason?: string }[];
  readonly tasks?: readonly Task[];
  readonly protected?: object[] | Error;
  readonly definition?: Error;
}

type Call = readonly [name: string, input: Readonly<Record<string, unknown>>];

function answerTo(answers: Answers, [name, input]: Call): object {
  const { service = SERVICE, tasks = [ON_FARGATE] } = answers;
  switch (name) {
    case 'DescribeServicesCommand':
      return answers.failures === undefined ? { services: [service] } : { services: [], failures: answers.failures };
    case 'ListTasksCommand':
      return { taskArns: tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').map(({ taskArn }) => taskArn) };
    case 'DescribeTasksCommand': {
      const wanted = Array.isArray(input['tasks']) ? input['tasks'].map(String) : [];
      const missing = wanted.filter((arn) => !tasks.some(({ taskArn }) => taskArn === arn));
      return {
        tasks: tasks.filter(({ taskArn = '' }) => wanted.includes(taskArn)),
        failures: missing.map((arn) => ({ arn, reason: 'MISSING' })),
      };
    }
    case 'GetTaskProtectionCommand':
      if (answers.protected instanceof Error) throw answers.protected;
      return { protectedTasks: answers.protected ?? tasks.map(({ taskArn }) => ({ taskArn, protectionEnabled: false })) };
    case 'DescribeContainerInstancesCommand':
      return { containerInstances: [{ containerInstanceArn: 'host-1', ec2InstanceId: 'i-1', status: 'ACTIVE', agentConnected: true }] };
    case 'DescribeTaskDefinitionCommand': {
      if (answers.definition !== undefined) throw answers.definition;
      const options = { 'awslogs-group': '/shop/web', 'awslogs-stream-prefix': 'web' };
      const web = { name: 'web', logConfiguration: { logDriver: 'awslogs', options } };
      return { taskDefinition: { containerDefinitions: [web, { name: 'envoy' }] } };
    }
    default:
      return {};
  }
}

function balancing(asked: Call[] = []): ElasticLoadBalancingV2Client {
  const made = new ElasticLoadBalancingV2Client({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  made.middlewareStack.use(
    answered((input, name) => {
      asked.push([name, { ...input }]);
      return {};
    }),
  );
  return made;
}

/** The SDK's own client, which is answered before anything is sent. */
function client(answers: Answers, asked: Call[] = []): ECSClient {
  const made = new ECSClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  made.middlewareStack.use(
    answered((input, name) => {
      const call: Call = [name, { ...input }];
      asked.push(call);
      return answerTo(answers, call);
    }),
  );
  return made;
}

const read = (answers: Answers, others: string[] = [], asked: Call[] = []) =>
  ecsServices({ read: client(answers, asked), change: client(answers), changeLoadBalancing: balancing() }, { now: () => NOW }).read(
    DECLARED,
    others,
  );

test('a service as its guardrails need it, asked with its tags', async () => {
  const asked: Call[] = [];
  const view = await read({}, [], asked);
  expect(view?.service).toMatchObject({
    name: 'checkout',
    clusterArn: CLUSTER,
    controller: 'ECS',
    strategy: 'ROLLING',
    desired: 3,
    minimumHealthyPercent: 50,
    targetGroupArns: [GROUP],
    otherWays: [],
    tags: { 'sickbay:enforce': 'Sickbay' },
    events: [{ says: '(service checkout) was unable to place a task' }],
  });
  const inputs = new Map(asked);
  expect(inputs.get('DescribeServicesCommand')).toEqual({ cluster: 'shop', services: ['checkout'], include: ['TAGS'] });
  expect(inputs.get('ListTasksCommand')).toMatchObject({ cluster: 'shop', serviceName: 'checkout', desiredStatus: 'RUNNING' });
  expect(inputs.get('DescribeTasksCommand')).toMatchObject({ cluster: 'shop', include: ['TAGS'] });
});

test('what is not told is nothing that a guardrail passes on', async () => {
  const { deploymentConfiguration: _, runningCount: __, schedulingStrategy: ___, ...less } = SERVICE;
  const view = await read({ service: less });
  expect(view?.service).toMatchObject({ running: NaN, schedulingStrategy: 'not told' });
  expect(view?.service.minimumHealthyPercent).toBeUndefined();
});

test('ways around the target group are named', async () => {
  const view = await read({
    service: {
      ...SERVICE,
      serviceRegistries: [{ registryArn: 'r' }],
      deployments: [
        {
          serviceConnectConfiguration: { enabled: true },
          vpcLatticeConfigurations: [{ roleArn: 'r', targetGroupArn: 't', portName: 'p' }],
        },
      ],
      taskSets: [{ id: 'set' }],
    },
  });
  expect(view?.service.otherWays).toEqual(['service discovery', 'Service Connect', 'VPC Lattice']);
  expect(view?.service.deployments.map(({ status }) => status)).toEqual(['not told', 'task set']);
});

test('a service that is missing or inactive is none; any other failure is an error', async () => {
  expect(await read({ failures: [{ arn: 'a', reason: 'MISSING' }] })).toBeUndefined();
  expect(await read({ service: { ...SERVICE, status: 'INACTIVE' } })).toBeUndefined();
  await expect(read({ failures: [{ arn: 'a', reason: 'THROTTLED' }] })).rejects.toThrow('THROTTLED');
});

test('with an address of its own a task is registered by that and the container’s port', async () => {
  const [found] = (await read({}))?.tasks ?? [];
  expect(found?.targets).toEqual([
    { groupArn: GROUP, id: '10.0.0.1', port: 8080 },
    { groupArn: GROUP, id: '2001:db8::1', port: 8080 },
  ]);
  expect(found?.host).toBeUndefined();
  expect(found?.tags).toEqual({ 'sickbay:enforce': 'Sickbay' });
});

test('in bridge mode by its host and the port that was mapped', async () => {
  const [found] = (await read({ tasks: [ON_EC2] }))?.tasks ?? [];
  expect(found).toMatchObject({
    targets: [{ groupArn: GROUP, id: 'i-1', port: 32769 }],
    host: { instanceId: 'i-1', status: 'ACTIVE', agentConnected: true },
  });
});

test('a task that was stopped is described when it is asked for, and one that ECS forgot is missing', async () => {
  const stopped = { ...ON_FARGATE, taskArn: task('s1'), lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedReason: 'Sickbay' };
  const view = await read({ tasks: [ON_FARGATE, stopped] }, [task('s1'), task('gone')]);
  expect(view?.tasks.map(({ arn, desiredStatus }) => [arn, desiredStatus])).toEqual([
    [task('f1'), 'RUNNING'],
    [task('s1'), 'STOPPED'],
  ]);
});

test.each([
  ['ECS says so', [{ taskArn: task('f1'), protectionEnabled: false }], 'unprotected'],
  ['it is protected', [{ taskArn: task('f1'), protectionEnabled: true, expirationDate: new Date(NOW) }], 'protected'],
  ['ECS tells nothing of it', [], 'unknown'],
  ['ECS tells half of it', [{ taskArn: task('f1') }], 'unknown'],
  ['ECS does not answer', new Error('AccessDenied'), 'unknown'],
])('protection, where %s', async (_when, answer, state) => {
  const [found] = (await read({ protected: answer }))?.tasks ?? [];
  expect(found?.protection.state).toBe(state);
});

test('where it logs to, and why that is not known', async () => {
  const [found] = (await read({}))?.tasks ?? [];
  expect(found?.logs).toEqual([{ container: 'web', group: '/shop/web', stream: 'web/web/f1' }]);
  const [unread] = (await read({ definition: new Error('AccessDenied') }))?.tasks ?? [];
  expect(unread).toMatchObject({ logsUnread: 'Error: AccessDenied' });
});

test('what a task runs, and on what, as far as ECS tells', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const told: Task = {
    ...ON_FARGATE,
    availabilityZone: 'us-east-1a',
    platformVersion: '1.4.0',
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/checkout:7',
    containers: [{ name: 'web', imageDigest: digest }, { name: 'envoy' }],
  };
  const [one] = (await read({ tasks: [told] }))?.tasks ?? [];
  const images = [{ container: 'web', digest }];
  expect(one).toMatchObject({ zone: 'us-east-1a', platformVersion: '1.4.0', definition: 'checkout:7', images });
  const [other] = (await read({}))?.tasks ?? [];
  expect([other?.zone, other?.platformVersion, other?.images]).toEqual([undefined, undefined, undefined]);
});

test('one StopTask, by the ARN of the task', async () => {
  const asked: Call[] = [];
  const change = client({}, asked);
  await ecsServices({ read: client({}), change, changeLoadBalancing: balancing() }, { now: () => NOW }).stop({
    clusterArn: CLUSTER,
    taskArn: task('f1'),
    reason: 'slow',
  });
  expect(asked).toEqual([['StopTaskCommand', { cluster: CLUSTER, task: task('f1'), reason: 'slow' }]]);
});

test('its target is deregistered and registered as ELB gave it, zone and port', async () => {
  const asked: Call[] = [];
  const services = ecsServices({ read: client({}), change: client({}), changeLoadBalancing: balancing(asked) }, { now: () => NOW });
  const target = { id: '10.0.0.1', port: 8080, availabilityZone: 'us-east-1a' };
  await services.deregister(GROUP, target);
  await services.register(GROUP, target);
  const input = { TargetGroupArn: GROUP, Targets: [{ Id: '10.0.0.1', Port: 8080, AvailabilityZone: 'us-east-1a' }] };
  expect(asked).toEqual([
    ['DeregisterTargetsCommand', input],
    ['RegisterTargetsCommand', input],
  ]);
});

test.each(['aws', 'aws-cn'])('the scheduled stop calls StopTask by itself, in the partition %s', async (partition) => {
  const sent: object[] = [];
  const scheduler = clientThat<SchedulerClient>(async ({ input }) => void sent.push(input));
  const stops = scheduledStops(scheduler, { group: 'backs', roleArn: 'role', dlqArn: 'dead' });
  const order = { clusterArn: CLUSTER, taskArn: task('f1').replace('aws', partition), reason: 'slow' };
  await stops.create('sickbay-stop-1', NOW + 500, order);
  await stops.move('sickbay-stop-1', NOW + 60_000, order);
  expect(sent).toMatchObject([
    {
      Name: 'sickbay-stop-1',
      GroupName: 'backs',
      ScheduleExpression: 'at(2026-01-01T12:00:01)',
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: `arn:${partition}:scheduler:::aws-sdk:ecs:stopTask`,
        RoleArn: 'role',
        Input: JSON.stringify({ Cluster: CLUSTER, Task: order.taskArn, Reason: 'slow' }),
        DeadLetterConfig: { Arn: 'dead' },
      },
    },
    { ScheduleExpression: 'at(2026-01-01T12:01:00)' },
  ]);
});
