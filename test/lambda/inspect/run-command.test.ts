import { SSMClient } from '@aws-sdk/client-ssm';
import type { HostShell } from '../../../lab/world/ssm-invocation';
import { managedHosts, managedTaskHosts } from '../../../lambda/aws/run-command';
import { IDS, open, webGroup, type Opened } from '../../lab/wire-setup';

const DOCUMENT = {
  schemaVersion: '2.2',
  parameters: { appPort: { type: 'String', default: '8080', allowedPattern: '^[0-9]{1,5}$', interpolationType: 'ENV_VAR' } },
  mainSteps: [{ action: 'aws:runShellScript', name: 'inspect', inputs: { timeoutSeconds: '30', runCommand: ['echo'] } }],
};

let opened: Opened;
let ssm: SSMClient;
const ran: { id: string; env: Readonly<Record<string, string>> }[] = [];

const shell: HostShell = {
  run: async (id, { env }) => {
    ran.push({ id, env });
    if (id === IDS[1]) return { stdout: '', stderr: 'sh: password=hunter2 not found', exitCode: 1, timedOut: false };
    return { stdout: 'DATABASE_URL=postgres://app:hunter2@db/shop', stderr: '', exitCode: 0, timedOut: false };
  },
};

beforeEach(async () => {
  ran.length = 0;
  opened = await open({ shell });
  webGroup(opened.world);
  opened.world.ssm.addDocument('inspection', DOCUMENT);
  opened.world.ssm.addDocument('basic', { ...DOCUMENT, parameters: {} });
  ssm = new SSMClient(opened.client);
});

afterEach(async () => {
  ssm.destroy();
  await opened.door.close();
});

/** Time passes when the inspector waits. */
const inspector = () =>
  managedHosts(ssm, { full: 'inspection', basic: 'basic' }, { now: () => opened.clock.now(), sleep: (ms) => opened.clock.settle(ms) });

it('uses what answered, and says of every other host why it could not be inspected', async () => {
  opened.world.ssm.manage(IDS[0]);
  opened.world.ssm.manage(IDS[1]);
  opened.world.ssm.manage(IDS[2], { pingStatus: 'ConnectionLost' });
  const captures = await inspector().inspect([...IDS, 'i-0bbbbbbbbbbbbbbbb'], { appPort: ['8080'] }, 10_000);
  const [first, second, third, fourth] = captures;
  expect(first).toMatchObject({ host: IDS[0], stdout: 'DATABASE_URL=postgres://‹hidden›@db/shop' });
  expect(second).toMatchObject({ host: IDS[1], notInspectable: expect.stringContaining('ended as Failed with no output') });
  expect(third).toMatchObject({ host: IDS[2], notInspectable: 'its SSM agent is offline' });
  expect(fourth).toMatchObject({ host: 'i-0bbbbbbbbbbbbbbbb', notInspectable: 'not known to Systems Manager' });
  expect(JSON.stringify(captures)).not.toContain('hunter2');
});

it('tells standard error of a host in one printable line without secrets, however long and hostile it is', async () => {
  const hostile = `\u001B]0;owned\u0007\u001B[2Jsh: --password=hunter2 \u202E\u2066 ${'x'.repeat(100_000)}\r\nsecond line`;
  opened.world.ssm.manage(IDS[1]);
  jest.spyOn(shell, 'run').mockResolvedValueOnce({ stdout: ' \n', stderr: hostile, exitCode: 1, timedOut: false });
  const [capture] = await inspector().inspect([IDS[1]], {}, 10_000);
  const why = capture !== undefined && 'notInspectable' in capture ? capture.notInspectable : '';
  expect(why).toMatch(/^the inspection ended as Failed with no output: [ -~‹›]{1,200}$/);
  expect(why).not.toMatch(/hunter2|second/);
});

it('hands parameters over as environment, never as text of the script', async () => {
  opened.world.ssm.manage(IDS[0]);
  await inspector().inspect([IDS[0]], { appPort: ['9090'] }, 10_000);
  expect(ran).toEqual([{ id: IDS[0], env: expect.objectContaining({ SSM_appPort: '9090' }) }]);
});

it('waits no longer than it was told for a host that does not answer', async () => {
  opened.world.ssm.manage(IDS[0]);
  jest.spyOn(opened.world.ssm, 'getCommandInvocation').mockReturnValue({ Status: 'InProgress' });
  const startedAt = opened.clock.now();
  const [capture] = await inspector().inspect([IDS[0]], {}, 5_000);
  expect(capture).toMatchObject({ notInspectable: 'no answer within 5 s' });
  expect(opened.clock.now() - startedAt).toBe(5_000);
});

it('makes every host not inspectable when the command is refused, and goes on', async () => {
  opened.world.ssm.manage(IDS[0]);
  const [capture] = await inspector().inspect([IDS[0]], { appPort: ['rm -rf /'] }, 5_000);
  expect(capture).toMatchObject({
    host: IDS[0],
    notInspectable: expect.stringContaining('the inspection could not be sent: InvalidParameters'),
  });
});

describe('an instance without the inspection tag', () => {
  afterEach(() => jest.restoreAllMocks());

  const sentTo = () => opened.calls.filter(({ action }) => action === 'ssm:SendCommand').length;

  /** As the policy has it: the tag is asked of each instance that a call names. */
  const untagged = (id: string): void => {
    for (const other of IDS) opened.world.ssm.manage(other);
    opened.world.ssm.requireTag('sickbay:inspect', 'true');
    for (const other of IDS) opened.world.instances.setTags(other, other === id ? {} : { 'sickbay:inspect': 'true' });
    jest.spyOn(shell, 'run').mockResolvedValue({ stdout: 'ok', stderr: '', exitCode: 0, timedOut: false });
  };

  it('costs the others nothing, and is named', async () => {
    untagged(IDS[2]);
    const captures = await inspector().inspect([...IDS], {}, 5_000);
    expect(captures.map((capture) => [capture.host, 'stdout' in capture])).toEqual([
      [IDS[0], true],
      [IDS[1], true],
      [IDS[2], false],
    ]);
    expect(captures[2]).toMatchObject({
      notInspectable: 'the inspection could not be sent: AccessDeniedException (not allowed; does the instance carry the inspection tag?)',
    });
  });

  it('that is the sick one itself leaves its peers to be looked at', async () => {
    untagged(IDS[0]);
    const captures = await inspector().inspect([...IDS], {}, 5_000);
    expect(captures.map((capture) => 'stdout' in capture)).toEqual([false, true, true]);
  });

  it('is looked for only when there is one: hosts that all carry it are one call', async () => {
    untagged('nobody');
    await inspector().inspect([...IDS], {}, 5_000);
    expect(sentTo()).toBe(1);
  });
});

it('a host that is no managed instance any more when the command is sent costs the others nothing', async () => {
  for (const id of IDS) opened.world.ssm.manage(id);
  const describe = opened.world.ssm.describeInstanceInformation.bind(opened.world.ssm);
  jest.spyOn(opened.world.ssm, 'describeInstanceInformation').mockImplementation((input) => {
    const answer = describe(input);
    opened.world.instances.terminate(IDS[1]);
    return answer;
  });
  const captures = await inspector().inspect([...IDS], {}, 5_000);
  expect(captures.map((capture) => 'stdout' in capture)).toEqual([true, false, true]);
  expect(captures[1]).toMatchObject({ notInspectable: expect.stringContaining('InvalidInstanceId (not a managed instance any more)') });
});

it('gives an agent that is too old for parameters the document without any', async () => {
  opened.world.ssm.manage(IDS[0]);
  opened.world.ssm.manage(IDS[2], { version: '3.3.987.0' });
  const captures = await inspector().inspect([IDS[0], IDS[2]], { appPort: ['9090'] }, 10_000);
  expect(captures.every((capture) => 'stdout' in capture)).toBe(true);
  expect(ran.find(({ id }) => id === IDS[0])?.env['SSM_appPort']).toBe('9090');
  expect(ran.find(({ id }) => id === IDS[2])?.env['SSM_appPort']).toBeUndefined();
});

describe('tasks on container hosts', () => {
  beforeEach(() => jest.restoreAllMocks());

  const look = (instanceId: string, port: string) => ({ instanceId, parameters: { appPort: [port] } });

  const tasks = () =>
    managedTaskHosts(
      ssm,
      { full: 'inspection', basic: 'basic' },
      { now: () => opened.clock.now(), sleep: (ms) => opened.clock.settle(ms) },
    );

  it('two on one host are two commands, and each answer is told of the task that it is of', async () => {
    for (const id of IDS) opened.world.ssm.manage(id);
    jest.spyOn(shell, 'run').mockImplementation(async (_, { env }) => {
      return { stdout: `port ${env['SSM_appPort']} --password=hunter2`, stderr: '', exitCode: 0, timedOut: false };
    });
    const captures = await tasks().inspect([look(IDS[0], '1'), look(IDS[2], '2'), look(IDS[0], '3')], 10_000);
    expect(captures).toMatchObject([
      { host: IDS[0], stdout: expect.stringMatching(/^port 1 /) },
      { host: IDS[2], stdout: expect.stringMatching(/^port 2 /) },
      { host: IDS[0], stdout: expect.stringMatching(/^port 3 /) },
    ]);
    expect(JSON.stringify(captures)).not.toContain('hunter2');
  });

  it('a host without an agent, and one whose agent is too old to be told which task, are said to be so', async () => {
    opened.world.ssm.manage(IDS[0]);
    opened.world.ssm.manage(IDS[2], { version: '3.3.987.0' });
    const captures = await tasks().inspect([look(IDS[1], '1'), look(IDS[2], '2'), look(IDS[0], '3')], 10_000);
    expect(captures).toMatchObject([
      { host: IDS[1], notInspectable: 'not known to Systems Manager' },
      { host: IDS[2], notInspectable: expect.stringContaining('too old to be told which task to look into') },
      { host: IDS[0], stdout: expect.any(String) },
    ]);
    expect(ran.map(({ id }) => id)).toEqual([IDS[0]]);
  });

  it('a host without the inspection tag is refused, and the tasks of the others are looked into', async () => {
    for (const id of IDS) opened.world.ssm.manage(id);
    opened.world.ssm.requireTag('sickbay:inspect', 'true');
    opened.world.instances.setTags(IDS[0], { 'sickbay:inspect': 'true' });
    const captures = await tasks().inspect([look(IDS[2], '1'), look(IDS[0], '2')], 10_000);
    expect(captures).toMatchObject([
      { host: IDS[2], notInspectable: expect.stringContaining('does the instance carry the inspection tag?') },
      { host: IDS[0], stdout: expect.any(String) },
    ]);
  });
});
