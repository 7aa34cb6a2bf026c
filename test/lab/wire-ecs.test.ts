import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  GetTaskProtectionCommand,
  paginateListServices,
  paginateListTasks,
  StopTaskCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { CLUSTER, ecsSettings, fargateService, SERVICE, tasksOf, WEB } from './ecs-setup';
import { open, ROLE, type Opened } from './wire-setup';

let opened: Opened;
let client: ECSClient;
let taskArn: string;

beforeEach(async () => {
  opened = await open(ecsSettings());
  client = new ECSClient(opened.client);
  fargateService(opened.world, { tags: { 'sickbay:enforce': 'Sickbay' } });
  taskArn = tasksOf(opened.world)[0]?.arn ?? '';
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

test('a service is described with its deployments, and with its tags only when they are asked for', async () => {
  const which = { cluster: CLUSTER, services: [SERVICE, 'gone'] };
  const { services, failures } = await client.send(new DescribeServicesCommand(which));
  expect(services).toEqual([expect.objectContaining({ serviceName: SERVICE, runningCount: 4, createdAt: expect.any(Date) })]);
  expect(services?.[0]?.tags).toBeUndefined();
  expect(failures).toEqual([{ arn: 'arn:aws:ecs:us-east-1:123456789012:service/shop/gone', reason: 'MISSING' }]);
  const tagged = await client.send(new DescribeServicesCommand({ ...which, include: ['TAGS'] }));
  expect(tagged.services?.[0]?.tags).toEqual([{ key: 'sickbay:enforce', value: 'Sickbay' }]);
});

test('services and tasks are paged, services by ten', async () => {
  for (let index = 0; index < 11; index++)
    opened.world.ecs.addService({
      cluster: CLUSTER,
      name: `other-${index}`,
      launchType: 'FARGATE',
      desiredCount: 0,
      taskDefinition: { ...WEB, family: `other-${index}` },
      targetGroupArns: [],
    });
  const sizes: number[] = [];
  for await (const page of paginateListServices({ client }, { cluster: CLUSTER })) sizes.push(page.serviceArns?.length ?? 0);
  expect(sizes).toEqual([10, 2]);
  const tasks: string[] = [];
  const paged = paginateListTasks({ client, pageSize: 3 }, { cluster: CLUSTER, serviceName: SERVICE });
  for await (const page of paged) tasks.push(...(page.taskArns ?? []));
  expect(tasks).toEqual(tasksOf(opened.world).map((task) => task.arn));
});

test('a protected task shows until when', async () => {
  const which = { cluster: CLUSTER, tasks: [taskArn] };
  await client.send(new UpdateTaskProtectionCommand({ ...which, protectionEnabled: true, expiresInMinutes: 5 }));
  const { protectedTasks } = await client.send(new GetTaskProtectionCommand(which));
  expect(protectedTasks).toEqual([{ taskArn, protectionEnabled: true, expirationDate: new Date(opened.clock.now() + 300_000) }]);
});

test('a task is stopped, and the log has its ARN as what IAM judges', async () => {
  const { task } = await client.send(new StopTaskCommand({ cluster: CLUSTER, task: taskArn, reason: 'too slow' }));
  expect(task).toMatchObject({ taskArn, desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'too slow' });
  expect(opened.calls.at(-1)).toMatchObject({
    action: 'ecs:StopTask',
    resource: taskArn,
    mutating: true,
    subjects: [taskArn.split('/').at(-1)],
  });
});

test('a universal target is let in by either spelling, as the role of its schedule', async () => {
  const { task } = (await opened.door.callAs(ROLE, 'ecs', 'stopTask', { Cluster: CLUSTER, Task: taskArn })) as { task: object };
  expect(task).toMatchObject({ taskArn, desiredStatus: 'STOPPED' });
  expect(opened.calls.at(-1)).toMatchObject({ action: 'ecs:StopTask', role: ROLE, resource: taskArn });
});

test('what is not there is an error with the code that ECS gives', async () => {
  const gone = new DescribeTasksCommand({ cluster: 'gone', tasks: [taskArn] });
  await expect(client.send(gone)).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  const unknown = new StopTaskCommand({ cluster: CLUSTER, task: 'unknown' });
  await expect(client.send(unknown)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'The referenced task was not found.',
  });
  const definition = new DescribeTaskDefinitionCommand({ taskDefinition: 'nobody:1' });
  await expect(client.send(definition)).rejects.toMatchObject({ name: 'ClientException' });
});

test('more names than the API takes are refused', async () => {
  const services = Array.from({ length: 11 }, (_, index) => `s${index}`);
  await expect(client.send(new DescribeServicesCommand({ cluster: CLUSTER, services }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});
