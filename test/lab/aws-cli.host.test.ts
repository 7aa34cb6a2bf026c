/**
 * The AWS CLI against the lab's endpoint: a client that nobody here wrote must find there what it
 * would find in an account. `.ci/run` installs it; elsewhere the tests are left out without it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startDynamo, type Dynamo } from '../../lab/wire/dynamo';
import { CLUSTER, ecsSettings, fargateService, SERVICE } from './ecs-setup';
import { IDS, open, webGroup, type Opened } from './wire-setup';
import { neededInCi } from '../needed-in-ci';

jest.setTimeout(240_000);

const run = promisify(execFile);
const AWS = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((directory) => path.join(directory, 'aws'))
  .find((file) => existsSync(file));
neededInCi(AWS !== undefined, 'no `aws` in PATH (apt-get install awscli)');

const DOCUMENT = {
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', name: 'look', inputs: { timeoutSeconds: '20', runCommand: ['uptime'] } }],
};

let opened: Opened;
let dynamo: Dynamo;
let groupArn: string;

beforeAll(async () => {
  dynamo = await startDynamo();
  const shell = { run: async (id: string) => ({ stdout: `${id} is up`, stderr: '', exitCode: 0, timedOut: false }) };
  opened = await open({ dynamoPort: dynamo.port, shell, ...ecsSettings() });
  fargateService(opened.world);
  groupArn = webGroup(opened.world);
  opened.world.ssm.addDocument('look-at-host', DOCUMENT);
  for (const id of IDS) opened.world.ssm.manage(id);
  opened.world.scheduler.createScheduleGroup({ Name: 'scheduled-restores' });
});

afterAll(async () => {
  await opened.door.close();
  await dynamo.close();
});

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command of the CLI, as a person types it, with nothing of this machine's own settings. */
async function aws(...words: readonly string[]): Promise<Answer> {
  const env = {
    PATH: process.env['PATH'],
    HOME: path.join(__dirname, 'fixtures'),
    AWS_ACCESS_KEY_ID: opened.client.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: opened.client.credentials.secretAccessKey,
    AWS_REGION: opened.client.region,
    AWS_DEFAULT_REGION: opened.client.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  const argv = [...words, '--endpoint-url', opened.client.endpoint, '--output', 'json'];
  try {
    return { code: 0, ...(await run(AWS ?? 'aws', argv, { env })) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number | string; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error; // it could not be started at all
    return { code, stdout, stderr };
  }
}

async function answerOf(...words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await aws(...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim() === '' ? {} : JSON.parse(stdout);
}

(AWS === undefined ? describe.skip : describe)('the AWS CLI at the lab', () => {
  it('reads the health of targets, and of a group that does not exist gets the error that AWS gives', async () => {
    expect(await answerOf('elbv2', 'describe-target-health', '--target-group-arn', groupArn)).toEqual({
      TargetHealthDescriptions: IDS.map((Id) =>
        expect.objectContaining({ Target: { Id, Port: 8080 }, TargetHealth: expect.objectContaining({ State: 'healthy' }) }),
      ),
    });
    const missing = groupArn.replace('targetgroup/web', 'targetgroup/gone');
    const { code, stderr } = await aws('elbv2', 'describe-target-health', '--target-group-arn', missing);
    expect([254, 255]).toContain(code); // the service answered with an error: 254 of version 2, 255 of version 1
    expect(stderr).toContain('(TargetGroupNotFound) when calling the DescribeTargetHealth operation');
  });

  it('runs a document on a host and reads what came out of it', async () => {
    const sent = await answerOf('ssm', 'send-command', '--document-name', 'look-at-host', '--instance-ids', IDS[0]);
    const { CommandId } = (sent as { Command: { CommandId: string } }).Command;
    opened.clock.advance(1_000);
    await sleep(50);
    expect(await answerOf('ssm', 'get-command-invocation', '--command-id', CommandId, '--instance-id', IDS[0])).toMatchObject({
      Status: 'Success',
      StandardOutputContent: `${IDS[0]} is up`,
    });
  });

  it('writes a schedule, lists it and deletes it', async () => {
    const target = {
      Arn: 'arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:registerTargets',
      RoleArn: 'arn:aws:iam::123456789012:role/back',
      Input: JSON.stringify({ TargetGroupArn: groupArn, Targets: [{ Id: IDS[0] }] }),
    };
    const which = ['--name', 'back', '--group-name', 'scheduled-restores'];
    const expression = ['--schedule-expression', 'at(2027-01-01T00:15:00)', '--flexible-time-window', 'Mode=OFF'];
    await answerOf('scheduler', 'create-schedule', ...which, ...expression, '--target', JSON.stringify(target));
    expect(await answerOf('scheduler', 'list-schedules', '--group-name', 'scheduled-restores')).toMatchObject({
      Schedules: [{ Name: 'back', State: 'ENABLED' }],
    });
    await answerOf('scheduler', 'delete-schedule', ...which);
    const { stderr } = await aws('scheduler', 'get-schedule', ...which);
    expect(stderr).toContain('(ResourceNotFoundException) when calling the GetSchedule operation');
  });

  it('queries a log group: partial results while it runs, none of one that was stopped, and errors by their names', async () => {
    opened.world.logs.add('/aws/alb/shop');
    const at = opened.clock.now();
    for (const took of ['0.040', '2.5']) opened.world.logs.deliver('/aws/alb/shop', { took }, { at, ingestedAt: at });
    const times = ['--start-time', String(Math.floor(at / 1000) - 60), '--end-time', String(Math.ceil(at / 1000))];
    const query = 'fields least(floor(took / 1.2), 1) as late | stats count(*) as logged, sum(late) as slow by late';
    const start = (name: string, text = query) => aws('logs', 'start-query', '--log-group-names', name, ...times, '--query-string', text);
    const { queryId } = JSON.parse((await start('/aws/alb/shop')).stdout) as { queryId: string };
    const results = () => answerOf('logs', 'get-query-results', '--query-id', queryId);
    expect(await results()).toMatchObject({ status: 'Scheduled', results: [] });
    opened.clock.advance(5_000);
    expect(await results()).toMatchObject({
      status: 'Complete',
      statistics: { recordsMatched: 2 },
      results: [
        [
          { field: 'late', value: '0' },
          { field: 'logged', value: '1' },
          { field: 'slow', value: '0' },
        ],
        [
          { field: 'late', value: '1' },
          { field: 'logged', value: '1' },
          { field: 'slow', value: '1' },
        ],
      ],
    });
    expect((await aws('logs', 'stop-query', '--query-id', queryId)).stderr).toContain('(InvalidParameterException)');
    expect((await start('/gone')).stderr).toContain('(ResourceNotFoundException) when calling the StartQuery operation');
    expect((await start('/aws/alb/shop', 'drop table')).stderr).toContain('(MalformedQueryException)');
  });

  it('finds the tasks of an ECS service, protects one and stops it', async () => {
    const listed = await answerOf('ecs', 'list-tasks', '--cluster', CLUSTER, '--service-name', SERVICE);
    const { taskArns } = listed as { taskArns: string[] };
    expect(taskArns).toHaveLength(4);
    const one = ['--cluster', CLUSTER, '--tasks', taskArns[0] ?? ''];
    await answerOf('ecs', 'update-task-protection', ...one, '--protection-enabled', '--expires-in-minutes', '5');
    expect(await answerOf('ecs', 'get-task-protection', ...one)).toMatchObject({ protectedTasks: [{ protectionEnabled: true }] });
    expect(await answerOf('ecs', 'describe-services', '--cluster', CLUSTER, '--services', SERVICE)).toMatchObject({
      services: [{ runningCount: 4, deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }] }],
    });
    await answerOf('ecs', 'stop-task', '--cluster', CLUSTER, '--task', taskArns[0] ?? '', '--reason', 'too slow');
    expect(await answerOf('ecs', 'describe-tasks', ...one)).toMatchObject({
      tasks: [{ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'too slow' }],
    });
    const { stderr } = await aws('ecs', 'list-services', '--cluster', 'gone');
    expect(stderr).toContain('(ClusterNotFoundException) when calling the ListServices operation');
  });

  it('makes a table, puts an item, and finds it by a query', async () => {
    const attributes = ['--attribute-definitions', 'AttributeName=pk,AttributeType=S', '--key-schema', 'AttributeName=pk,KeyType=HASH'];
    await answerOf('dynamodb', 'create-table', '--table-name', 'Cases', '--billing-mode', 'PAY_PER_REQUEST', ...attributes);
    await answerOf('dynamodb', 'put-item', '--table-name', 'Cases', '--item', '{"pk":{"S":"case-1"},"n":{"N":"7"}}');
    const condition = ['--key-condition-expression', 'pk = :pk', '--expression-attribute-values', '{":pk":{"S":"case-1"}}'];
    expect(await answerOf('dynamodb', 'query', '--table-name', 'Cases', ...condition)).toMatchObject({
      Count: 1,
      Items: [{ pk: { S: 'case-1' }, n: { N: '7' } }],
    });
  });
});
