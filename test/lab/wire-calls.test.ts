import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { once } from 'node:events';
import net from 'node:net';
import {
  DescribeAccountLimitsCommand,
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListSchedulesCommand, SchedulerClient, TagResourceCommand } from '@aws-sdk/client-scheduler';
import { DescribeDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Interception } from '../../lab/wire/calls';
import { AwsError } from '../../lab/world/aws-error';
import { IDS, ROLE, open, webGroup, type Opened } from './wire-setup';

let opened: Opened;
let before: Interception;
let after: Interception;
const faults: unknown[] = [];

beforeEach(async () => {
  before = after = 'continue';
  faults.length = 0;
  const mutating = (verdict: () => Interception) => async (call: { mutating: boolean }) =>
    call.mutating ? verdict() : ('continue' as const);
  opened = await open({
    intercept: { before: mutating(() => before), after: mutating(() => after) },
    onFault: (fault) => faults.push(fault),
  });
});

afterEach(() => opened.door.close());

function deregister(): { readonly sent: Promise<unknown>; readonly state: () => string | undefined } {
  const TargetGroupArn = webGroup(opened.world);
  const client = new ElasticLoadBalancingV2Client(opened.client);
  const Targets = [{ Id: IDS[0], Port: 8080 }];
  const sent = client.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets })).finally(() => client.destroy());
  const describe = (): unknown =>
    opened.world.elb.describeTargetHealth({ TargetGroupArn, Targets }).TargetHealthDescriptions?.[0]?.TargetHealth?.State;
  return { sent, state: () => describe() as string | undefined };
}

test('an unknown access key is refused in each protocol and has no effect', async () => {
  const stranger = { ...opened.client, credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' } };
  const elb = new ElasticLoadBalancingV2Client(stranger);
  const refused = elb.send(new DeregisterTargetsCommand({ TargetGroupArn: webGroup(opened.world), Targets: [{ Id: IDS[0] }] }));
  await expect(refused).rejects.toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } });
  await expect(new SSMClient(stranger).send(new DescribeDocumentCommand({ Name: 'x' }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
  await expect(new SchedulerClient(stranger).send(new ListSchedulesCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
  expect(opened.calls.map(({ role, error }) => [role, error])).toEqual([
    ['unknown', 'InvalidClientTokenId'],
    ['unknown', 'UnrecognizedClientException'],
    ['unknown', 'UnrecognizedClientException'],
  ]);
});

test('what is not implemented is an error that names service and operation, in each protocol', async () => {
  const elb = new ElasticLoadBalancingV2Client(opened.client).send(new DescribeAccountLimitsCommand({}));
  await expect(elb).rejects.toMatchObject({
    message: expect.stringContaining('elasticloadbalancing:DescribeAccountLimits is not implemented'),
  });
  const ssm = new SSMClient(opened.client).send(new DescribeDocumentCommand({ Name: 'x' }));
  await expect(ssm).rejects.toMatchObject({ message: expect.stringContaining('ssm:DescribeDocument is not implemented') });
  const scheduler = new SchedulerClient(opened.client).send(new TagResourceCommand({ ResourceArn: 'arn:x', Tags: [] }));
  await expect(scheduler).rejects.toMatchObject({ message: expect.stringContaining('scheduler:TagResource is not implemented') });
  const dynamo = new DynamoDBClient(opened.client).send(new ListTablesCommand({}));
  await expect(dynamo).rejects.toMatchObject({ message: expect.stringContaining('dynamodb:ListTables is not implemented') });
});

test('a call is logged with role, action, resource, the targets it names and the time', async () => {
  await deregister().sent;
  expect(opened.calls).toEqual([
    {
      at: opened.clock.now(),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      role: ROLE,
      service: 'elasticloadbalancing',
      action: 'elasticloadbalancing:DeregisterTargets',
      resource: expect.stringContaining(':targetgroup/web/'),
      subjects: [IDS[0]],
      mutating: true,
    },
  ]);
});

test('dropped before the operation, a call has no effect', async () => {
  before = 'drop';
  const { sent, state } = deregister();
  await expect(sent).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(state()).toBe('healthy');
  expect(opened.calls.at(-1)).toMatchObject({ error: 'Dropped' });
});

test('dropped after the operation, the call took effect and the caller never learns it', async () => {
  after = 'drop';
  const { sent, state } = deregister();
  await expect(sent).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(state()).toBe('draining');
  expect(opened.calls.at(-1)).not.toHaveProperty('error');
});

test('an interceptor can throttle a call, or let it succeed and answer with an error', async () => {
  before = { error: new AwsError('Throttling', 'Rate exceeded', 400) };
  const throttled = deregister();
  await expect(throttled.sent).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
  expect(throttled.state()).toBe('healthy');
  before = 'continue';
  after = { error: new AwsError('ServiceUnavailable', 'try again', 503) };
  const lost = deregister();
  await expect(lost.sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  expect(lost.state()).toBe('draining');
});

test('a fault of the lab itself is an InternalFailure and is reported', async () => {
  opened.world.elb.deregisterTargets = () => {
    throw new TypeError('the lab is broken');
  };
  await expect(deregister().sent).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  expect(faults).toEqual([expect.objectContaining({ message: 'the lab is broken' })]);
});

test('a caller that dies while it asks is no fault, and has no effect', async () => {
  const { port } = new URL(opened.client.endpoint);
  const socket = net.connect(Number(port), '127.0.0.1', () => {
    socket.write('POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: 100\r\n\r\nAction=', () => socket.destroy());
  });
  await once(socket, 'close');
  await deregister().sent;
  expect(faults).toEqual([]);
  expect(opened.calls.map((call) => call.action)).toEqual(['elasticloadbalancing:DeregisterTargets']);
});

test('a call without a socket is refused for parameters the API does not know', async () => {
  const call = (input: unknown): Promise<object> => opened.door.callAs(ROLE, 'elasticloadbalancingv2', 'registerTargets', input);
  const TargetGroupArn = webGroup(opened.world);
  await expect(call({ TargetGroupArn, Targets: [{ Id: IDS[0], port: 1 }] })).rejects.toMatchObject({
    message: expect.stringContaining('port: unknown'),
  });
  await expect(call({ TargetGroupArn })).rejects.toMatchObject({ message: expect.stringContaining('Targets: required') });
  await expect(opened.door.callAs(ROLE, 'sqs', 'sendMessage', {})).rejects.toMatchObject({ code: 'UnknownService' });
  const nowhere = opened.door.callAs(ROLE, 'autoscaling', 'exitStandby', { AutoScalingGroupName: 'none', InstanceIds: [IDS[0]] });
  await expect(nowhere).rejects.toMatchObject({ code: 'ValidationError' });
  expect(opened.calls.map((call) => call.error)).toEqual([
    'ValidationException',
    'ValidationException',
    'UnknownService',
    'ValidationError',
  ]);
});
