import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  InvalidInstanceId,
  InvalidParameters,
  InvocationDoesNotExist,
  ListCommandInvocationsCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  SendCommandCommand,
  paginateDescribeInstanceInformation,
} from '@aws-sdk/client-ssm';
import { IDS, open, webGroup, type Opened } from './wire-setup';

const CONTENT = {
  schemaVersion: '2.2',
  parameters: { port: { type: 'String', allowedPattern: '^[0-9]+$', interpolationType: 'ENV_VAR' } },
  mainSteps: [{ action: 'aws:runShellScript', name: 'look', inputs: { timeoutSeconds: '20', runCommand: ['echo "$SSM_port"'] } }],
};

let opened: Opened;
let client: SSMClient;

beforeEach(async () => {
  opened = await open({
    shell: {
      run: async (id, { env }) => ({ stdout: `${id} sees ${env['SSM_port']} – ünïcode <&>`, stderr: '', exitCode: 0, timedOut: false }),
    },
  });
  client = new SSMClient(opened.client);
  webGroup(opened.world);
  opened.world.ssm.addDocument('look-at-host', CONTENT);
  for (const id of IDS) opened.world.ssm.manage(id);
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

test('a command runs and its output comes back', async () => {
  const sent = await client.send(
    new SendCommandCommand({
      DocumentName: 'look-at-host',
      DocumentVersion: '1',
      InstanceIds: [IDS[0], IDS[1]],
      Parameters: { port: ['5432'] },
    }),
  );
  const CommandId = sent.Command?.CommandId;
  const early = client.send(new GetCommandInvocationCommand({ CommandId, InstanceId: IDS[0] }));
  await expect(early).rejects.toBeInstanceOf(InvocationDoesNotExist);
  opened.clock.advance(1_000);
  const result = await client.send(new GetCommandInvocationCommand({ CommandId, InstanceId: IDS[0] }));
  expect(result).toMatchObject({ Status: 'Success', ResponseCode: 0, StandardOutputContent: `${IDS[0]} sees 5432 – ünïcode <&>` });
  const all = await client.send(new ListCommandInvocationsCommand({ CommandId }));
  expect(all.CommandInvocations?.map((one) => one.InstanceId)).toEqual([IDS[0], IDS[1]]);
  expect(all.CommandInvocations?.[0]?.RequestedDateTime).toBeInstanceOf(Date);
});

test('the call is logged with the document and the instances it acts on', async () => {
  await client.send(new SendCommandCommand({ DocumentName: 'look-at-host', InstanceIds: [IDS[0]], Parameters: { port: ['1'] } }));
  expect(opened.calls.at(-1)).toMatchObject({
    action: 'ssm:SendCommand',
    resource: 'arn:aws:ssm:us-east-1:123456789012:document/look-at-host',
    moreResources: [`arn:aws:ec2:us-east-1:123456789012:instance/${IDS[0]}`],
    mutating: true,
  });
});

test('bad parameters and unmanaged instances are typed errors', async () => {
  const injected = client.send(
    new SendCommandCommand({ DocumentName: 'look-at-host', InstanceIds: [IDS[0]], Parameters: { port: ['1; rm -rf /'] } }),
  );
  await expect(injected).rejects.toBeInstanceOf(InvalidParameters);
  const unmanaged = client.send(
    new SendCommandCommand({ DocumentName: 'look-at-host', InstanceIds: ['i-none'], Parameters: { port: ['1'] } }),
  );
  await expect(unmanaged).rejects.toBeInstanceOf(InvalidInstanceId);
});

test('managed instances are found by id, with address, agent and platform', async () => {
  const found = await client.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [IDS[2], 'i-unknown'] }] }),
  );
  expect(found.InstanceInformationList).toEqual([
    expect.objectContaining({ InstanceId: IDS[2], IPAddress: '10.0.0.3', PingStatus: 'Online', PlatformType: 'Linux' }),
  ]);
});

test('managed instances are paged', async () => {
  for (let i = 0; i < 8; i++) {
    const id = `i-0bbbbbbbbbbbbbbb${i}`;
    opened.world.instances.add({ id, address: `10.0.1.${i}`, zone: 'us-east-1a' });
    opened.world.ssm.manage(id);
  }
  const sizes: number[] = [];
  for await (const page of paginateDescribeInstanceInformation({ client, pageSize: 5 }, {})) {
    sizes.push(page.InstanceInformationList?.length ?? 0);
  }
  expect(sizes).toEqual([5, 5, 1]);
});

test('a parameter is put, read and missed', async () => {
  await expect(client.send(new GetParameterCommand({ Name: '/sickbay/kill-switch' }))).rejects.toBeInstanceOf(ParameterNotFound);
  await client.send(new PutParameterCommand({ Name: '/sickbay/kill-switch', Value: 'off – "aus"', Type: 'String' }));
  const again = client.send(new PutParameterCommand({ Name: '/sickbay/kill-switch', Value: 'on', Type: 'String' }));
  await expect(again).rejects.toBeInstanceOf(ParameterAlreadyExists);
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/sickbay/kill-switch' }));
  expect(Parameter).toMatchObject({
    Value: 'off – "aus"',
    Version: 1,
    ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/sickbay/kill-switch',
  });
});
