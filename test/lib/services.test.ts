/** What a declared service of ECS adds to the template, and what its roles may do. */
import type { ConfigInput } from '../../core/config';
import type { Assembly } from '../../lab/boot/descriptions';
import { ENV } from '../../lambda/contract';
import { allowed } from './iam';
import { CONFIG, GROUP_ARN, removeDirectories, roleNamed, synthesise } from './synthesised';

const ECS = 'arn:aws:ecs:us-east-1:123456789012';
const SERVICE = `${ECS}:service/shop/checkout`;
const TASK = `${ECS}:task/shop/0123456789abcdef`;
const OF_ANOTHER_CLUSTER = `${ECS}:task/bank/0123456789abcdef`;
const HOST = `${ECS}:container-instance/shop/0123456789abcdef`;

const SERVICES: ConfigInput = {
  ...CONFIG,
  targetGroups: [{ arn: GROUP_ARN, probe: { path: '/api/cart' }, owner: 'ecs', ecs: { cluster: 'shop', service: 'checkout' } }],
};

const IN_CLUSTER = { 'ecs:cluster': `${ECS}:cluster/shop` };
const TAGGED = { ...IN_CLUSTER, 'aws:ResourceTag/sickbay:enforce': 'Sickbay' };

describe('a declared service of ECS', () => {
  const { assembly } = synthesise(SERVICES);
  const plain = synthesise().assembly;
  const observing = synthesise({ ...SERVICES, mode: 'observe' }).assembly;
  const responder = roleNamed(assembly, 'Responder');
  const stops = roleNamed(assembly, 'TaskStops');
  afterAll(removeDirectories);

  test('adds one role, and nothing where none is declared', () => {
    expect(assembly.roles).toHaveLength(plain.roles.length + 1);
    expect(plain.roles.filter(({ logicalId }) => logicalId.includes('TaskStops'))).toEqual([]);
    const env = (of: Assembly) => of.functions.find(({ logicalId }) => logicalId.includes('Responder'))?.env ?? {};
    expect(env(plain)[ENV.scheduledStopRoleArn]).toBeUndefined();
    expect(env(assembly)[ENV.scheduledStopRoleArn]).toBe(stops.arn);
  });

  test.each([
    ['ecs:DescribeServices', SERVICE],
    ['ecs:ListTasks', '*'],
    ['ecs:DescribeTasks', TASK],
    ['ecs:GetTaskProtection', TASK],
    ['ecs:DescribeContainerInstances', HOST],
    ['ecs:DescribeTaskDefinition', '*'],
    ['ecs:DescribeClusters', `${ECS}:cluster/shop`],
  ])('the responder may %s, and without a service it may not', async (action, resource) => {
    expect(await allowed(responder, action, resource, IN_CLUSTER)).toBe(true);
    expect(await allowed(roleNamed(observing, 'Responder'), action, resource, IN_CLUSTER)).toBe(true);
    expect(await allowed(roleNamed(plain, 'Responder'), action, resource, IN_CLUSTER)).toBe(false);
  });

  test('it reads no other service, and tasks and container hosts of no other cluster', async () => {
    expect(await allowed(responder, 'ecs:DescribeServices', `${ECS}:service/shop/search`)).toBe(false);
    expect(await allowed(responder, 'ecs:ListTasks', '*', { 'ecs:cluster': `${ECS}:cluster/bank` })).toBe(false);
    expect(await allowed(responder, 'ecs:ListTasks', '*')).toBe(false);
    expect(await allowed(responder, 'ecs:DescribeClusters', `${ECS}:cluster/bank`)).toBe(false);
    expect(await allowed(responder, 'ecs:DescribeTasks', OF_ANOTHER_CLUSTER, IN_CLUSTER)).toBe(false);
    expect(await allowed(responder, 'ecs:DescribeContainerInstances', `${ECS}:container-instance/bank/0123`, IN_CLUSTER)).toBe(false);
  });

  test('tasks are stopped by the responder and by its schedules alone, in that cluster, and where the task carries the tag', async () => {
    for (const one of [responder, stops]) {
      expect(await allowed(one, 'ecs:StopTask', TASK, TAGGED)).toBe(true);
      expect(await allowed(one, 'ecs:StopTask', TASK, IN_CLUSTER)).toBe(false);
      expect(await allowed(one, 'ecs:StopTask', TASK, { ...TAGGED, 'aws:ResourceTag/sickbay:enforce': 'Another' })).toBe(false);
      expect(await allowed(one, 'ecs:StopTask', OF_ANOTHER_CLUSTER, { ...TAGGED, 'ecs:cluster': `${ECS}:cluster/bank` })).toBe(false);
    }
    for (const one of assembly.roles.filter(({ logicalId }) => !/Responder|TaskStops/.test(logicalId)))
      expect(await allowed(one, 'ecs:StopTask', TASK, TAGGED)).toBe(false);
  });

  test('nobody stops a task in observe mode, but a schedule that was written before', async () => {
    expect(await allowed(roleNamed(observing, 'Responder'), 'ecs:StopTask', TASK, TAGGED)).toBe(false);
    expect(await allowed(roleNamed(observing, 'TaskStops'), 'ecs:StopTask', TASK, TAGGED)).toBe(true);
    expect(await allowed(roleNamed(observing, 'Responder'), 'iam:PassRole', roleNamed(observing, 'TaskStops').arn, PASSED)).toBe(false);
  });

  test('nobody changes a service, starts a task, or takes a protection away', async () => {
    const asked: [string, string][] = [
      ['ecs:UpdateService', SERVICE],
      ['ecs:DeleteService', SERVICE],
      ['ecs:RunTask', `${ECS}:task-definition/checkout:7`],
      ['ecs:UpdateTaskProtection', TASK],
      ['ecs:UpdateContainerInstancesState', HOST],
      ['ecs:ExecuteCommand', TASK],
    ];
    for (const [action, resource] of asked)
      for (const one of assembly.roles) expect(await allowed(one, action, resource, TAGGED)).toBe(false);
  });

  test('the role of the schedules can do nothing else, and is handed to Scheduler alone', async () => {
    expect(await allowed(stops, 'elasticloadbalancing:RegisterTargets', GROUP_ARN, TAGGED)).toBe(false);
    expect(await allowed(stops, 'elasticloadbalancing:DeregisterTargets', GROUP_ARN, TAGGED)).toBe(false);
    expect(await allowed(responder, 'iam:PassRole', stops.arn, PASSED)).toBe(true);
    expect(await allowed(responder, 'iam:PassRole', stops.arn, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
  });

  test('the target group is deregistered from by its tag, as of every owner', async () => {
    const tagged = { 'aws:ResourceTag/sickbay:enforce': 'Sickbay' };
    expect(await allowed(responder, 'elasticloadbalancing:DeregisterTargets', GROUP_ARN, tagged)).toBe(true);
    expect(await allowed(responder, 'elasticloadbalancing:DeregisterTargets', GROUP_ARN)).toBe(false);
  });
});

const PASSED = { 'iam:PassedToService': 'scheduler.amazonaws.com' };
