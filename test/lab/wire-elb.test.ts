import {
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  InvalidTargetException,
  LoadBalancerNotFoundException,
  RegisterTargetsCommand,
  TargetGroupNotFoundException,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { IDS, open, webGroup, type Opened } from './wire-setup';

let opened: Opened;
let client: ElasticLoadBalancingV2Client;
let groupArn: string;

beforeEach(async () => {
  opened = await open();
  client = new ElasticLoadBalancingV2Client(opened.client);
  groupArn = webGroup(opened.world);
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

test('target health comes back with its state, ports and overrides', async () => {
  const { TargetHealthDescriptions } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn }));
  expect(TargetHealthDescriptions).toHaveLength(3);
  expect(TargetHealthDescriptions?.[0]).toEqual({
    Target: { Id: IDS[0], Port: 8080 },
    HealthCheckPort: '8080',
    TargetHealth: { State: 'healthy' },
    AdministrativeOverride: expect.objectContaining({ State: 'no_override' }),
  });
});

test('anomaly detection is answered only when it is asked for', async () => {
  opened.world.elb.setAnomaly(groupArn, IDS[1], 'anomalous', true);
  const asked = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn, Include: ['AnomalyDetection'] }));
  expect(asked.TargetHealthDescriptions?.map((one) => one.AnomalyDetection?.MitigationInEffect)).toEqual(['no', 'yes', 'no']);
  const plain = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn }));
  expect(plain.TargetHealthDescriptions?.every((one) => one.AnomalyDetection === undefined)).toBe(true);
});

test('an unknown target group is the typed error the SDK knows', async () => {
  const unknown = client.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:<&">' }));
  await expect(unknown).rejects.toBeInstanceOf(TargetGroupNotFoundException);
  await expect(unknown).rejects.toMatchObject({ name: 'TargetGroupNotFoundException', $metadata: { httpStatusCode: 400 } });
});

test('an unknown load balancer and an unknown instance are typed errors', async () => {
  const balancer = client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: 'arn:nowhere' }));
  await expect(balancer).rejects.toBeInstanceOf(LoadBalancerNotFoundException);
  const instance = client.send(new RegisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [{ Id: 'i-gone' }] }));
  await expect(instance).rejects.toBeInstanceOf(InvalidTargetException);
});

test('deregistering drains and registering brings back, over the wire', async () => {
  const target = { Id: IDS[0], Port: 8080 };
  await client.send(new DeregisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [target, { Id: 'i-never-seen' }] }));
  const drained = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn, Targets: [target] }));
  expect(drained.TargetHealthDescriptions?.[0]?.TargetHealth).toMatchObject({
    State: 'draining',
    Reason: 'Target.DeregistrationInProgress',
  });
  await client.send(new RegisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [target] }));
  const back = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: groupArn, Targets: [target] }));
  expect(back.TargetHealthDescriptions?.[0]?.TargetHealth).toMatchObject({ State: 'initial', Reason: 'Elb.RegistrationInProgress' });
});

test('tags keep markup, quotes and non-ASCII characters', async () => {
  const tags = { owner: 'a<b>&"c"', ort: 'Zürich – 東京' };
  opened.world.elb.tag(groupArn, tags);
  const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns: [groupArn] }));
  const told = Object.fromEntries((TagDescriptions?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  expect(told).toEqual({ 'sickbay:enforce': 'Sickbay', ...tags });
});

test('attributes come back as key and value', async () => {
  const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: groupArn }));
  expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '300' });
});

test('target groups are paged', async () => {
  for (const name of ['b', 'c', 'd', 'e']) opened.world.elb.addTargetGroup({ name, port: 80 });
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateDescribeTargetGroups({ client }, { PageSize: 2 })) {
    pages.push((page.TargetGroups ?? []).map((group) => group.TargetGroupName));
  }
  expect(pages).toEqual([['web', 'b'], ['c', 'd'], ['e']]);
});

test('load balancer, listener and rule lead from a group to the address clients use', async () => {
  const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [groupArn] }));
  const [loadBalancerArn = ''] = TargetGroups?.[0]?.LoadBalancerArns ?? [];
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancerArn] }));
  expect(LoadBalancers?.[0]).toMatchObject({ DNSName: 'web-lb.us-east-1.elb.amazonaws.com', Scheme: 'internal', Type: 'application' });
  const { Listeners } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  expect(Listeners?.[0]).toMatchObject({ Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'forward', TargetGroupArn: groupArn }] });
  const { Rules } = await client.send(new DescribeRulesCommand({ ListenerArn: Listeners?.[0]?.ListenerArn }));
  expect(Rules).toEqual([expect.objectContaining({ Priority: 'default', IsDefault: true })]);
});

test('by load balancer, only the groups it forwards to', async () => {
  opened.world.elb.addTargetGroup({ name: 'other', port: 80 });
  const all = await client.send(new DescribeTargetGroupsCommand({}));
  expect(all.TargetGroups).toHaveLength(2);
  const [LoadBalancerArn] = all.TargetGroups?.[0]?.LoadBalancerArns ?? [];
  const some = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
  expect(some.TargetGroups?.map((group) => group.TargetGroupName)).toEqual(['web']);
});
