import type { HostShell } from '../../lab/world/ssm-invocation';
import { SettableClock } from '../../lab/world/clock';
import { createWorld, type World } from '../../lab/world/world';

type Run = Parameters<HostShell['run']>;
type Result = Awaited<ReturnType<HostShell['run']>>;

const CONTENT = {
  schemaVersion: '2.2',
  parameters: {
    port: { type: 'String', default: '5432', allowedPattern: '^[0-9]{1,5}$', interpolationType: 'ENV_VAR' },
    what: { type: 'String', default: 'sockets', allowedValues: ['sockets', 'cron'], interpolationType: 'ENV_VAR' },
    textual: { type: 'String', default: 'none' },
    limit: { type: 'String', default: '20' },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'look',
      inputs: { timeoutSeconds: '{{ limit }}', runCommand: ['ss | grep "$SSM_port"', 'echo {{ textual }} {{port}}'] },
    },
  ],
};

let clock: SettableClock;
let world: World;
let runs: Run[];
let answer: (run: Run) => Promise<Result>;

const printed = (stdout: string, rest: Partial<Result> = {}): Result => ({ stdout, stderr: '', exitCode: 0, timedOut: false, ...rest });

beforeEach(() => {
  clock = new SettableClock();
  runs = [];
  answer = async () => printed('ok');
  const run = (...call: Run): Promise<Result> => {
    runs.push(call);
    return answer(call);
  };
  world = createWorld({ clock, shell: { run } });
  for (let i = 0; i < 60; i++) {
    world.instances.add({ id: `i-${i}`, address: `10.0.0.${i}`, zone: 'a' });
    world.ssm.manage(`i-${i}`);
  }
  world.ssm.addDocument('look', CONTENT);
});

const send = (more: object = {}): string =>
  world.ssm.sendCommand({ DocumentName: 'look', InstanceIds: ['i-1'], ...more }).Command?.CommandId ?? '';
const result = (CommandId: string, InstanceId = 'i-1'): ReturnType<World['ssm']['getCommandInvocation']> =>
  world.ssm.getCommandInvocation({ CommandId, InstanceId });

test('parameters with ENV_VAR reach the script in the environment only, every other one as text', async () => {
  send({ Parameters: { port: ['6432'], textual: ['$(reboot)'], limit: ['7'] } });
  const [instance, command] = runs[0] ?? [];
  expect(instance).toBe('i-1');
  expect(command).toEqual({
    script: 'ss | grep "$SSM_port"\necho $(reboot) {{port}}',
    env: { SSM_port: '6432', SSM_what: 'sockets' },
    timeoutS: 7,
  });
});

test('an agent older than ENV_VAR puts every parameter into the text', () => {
  world.ssm.manage('i-1', { version: '3.3.2299.0' });
  world.ssm.manage('i-2', { version: '3.3.2746.0' });
  send({ InstanceIds: ['i-1', 'i-2'], Parameters: { port: ['6432'] } });
  expect(runs.map(([, command]) => [command.script.split(' ').at(-1), command.env['SSM_port']])).toEqual([
    ['6432', undefined],
    ['{{port}}', '6432'],
  ]);
});

test.each([
  ['a value outside the pattern', { port: ['5432; reboot'] }, "parameter port: got '5432; reboot', allowed pattern ^[0-9]{1,5}$"],
  ['a value that is not listed', { what: ['everything'] }, "parameter what: got 'everything', allowed sockets, cron"],
  ['a parameter the document does not have', { shell: ['x'] }, 'parameters [shell] are not defined in look'],
])('%s is refused and nothing runs', (_, Parameters, message) => {
  expect(() => send({ Parameters })).toThrow(message);
  expect(runs).toEqual([]);
});

test('at most 50 instances, at least 30 seconds to start, a document and a version that exist', () => {
  const InstanceIds = Array.from({ length: 51 }, (_, index) => `i-${index}`);
  expect(() => send({ InstanceIds })).toThrow('InstanceIds: got 51, allowed 1 to 50');
  expect(() => send({ TimeoutSeconds: 29 })).toThrow('TimeoutSeconds: got 29, allowed 30 or more');
  expect(() => send({ DocumentName: 'Nobody-InspectHost' })).toThrow(expect.objectContaining({ code: 'InvalidDocument' }));
  expect(() => send({ DocumentVersion: '2' })).toThrow(expect.objectContaining({ code: 'InvalidDocumentVersion' }));
  expect(() => send({ InstanceIds: ['i-1', 'i-unmanaged'] })).toThrow(expect.objectContaining({ code: 'InvalidInstanceId' }));
  expect(runs).toEqual([]);
});

test('an invocation does not exist right after it was sent', async () => {
  const id = send();
  expect(() => result(id)).toThrow(expect.objectContaining({ code: 'InvocationDoesNotExist' }));
  expect(world.ssm.listCommandInvocations({ CommandId: id }).CommandInvocations).toEqual([]);
  await clock.settle(200);
  expect(result(id).Status).toBe('Success');
});

test('a command is in progress until the host has answered', async () => {
  let finish: (result: Result) => void = () => undefined;
  answer = () => new Promise((resolve) => (finish = resolve));
  const id = send();
  await clock.settle(5_000);
  expect(result(id)).toMatchObject({ Status: 'InProgress', ResponseCode: -1, StandardOutputContent: '' });
  finish(printed('x', { exitCode: 3, stderr: 'oh' }));
  await clock.settle(0);
  expect(result(id)).toMatchObject({ Status: 'Failed', ResponseCode: 3, StandardErrorContent: 'oh', ExecutionElapsedTime: 'PT5S' });
});

test('output is cut at 24,000 characters, errors at 8,000, and both say so', async () => {
  answer = async () => printed('o'.repeat(24_001), { stderr: 'e'.repeat(8_001) });
  const id = send();
  await clock.settle(1_000);
  const { StandardOutputContent = '', StandardErrorContent = '' } = result(id);
  expect(StandardOutputContent).toHaveLength(24_000);
  expect(StandardOutputContent).toMatch(/o\n---Output truncated---$/);
  expect(StandardErrorContent).toHaveLength(8_000);
  answer = async () => printed('o'.repeat(24_000));
  const whole = send();
  await clock.settle(1_000);
  expect(result(whole).StandardOutputContent).toBe('o'.repeat(24_000));
});

test('a script that ran too long is timed out, a host that cannot be reached has failed', async () => {
  answer = async () => printed('partial', { exitCode: -1, timedOut: true });
  const slow = send();
  await clock.settle(1_000);
  expect(result(slow)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Execution Timed Out', StandardOutputContent: 'partial' });
  answer = () => Promise.reject(new Error('no such namespace'));
  const gone = send();
  await clock.settle(1_000);
  expect(result(gone)).toMatchObject({ Status: 'Failed', StandardErrorContent: expect.stringContaining('no such namespace') });
});

test('an offline agent stays in progress, and starts when it is back in time', async () => {
  world.ssm.manage('i-1', { pingStatus: 'ConnectionLost' });
  const id = send({ TimeoutSeconds: 30 });
  await clock.settle(29_000);
  expect(result(id).Status).toBe('InProgress');
  expect(runs).toEqual([]);
  world.ssm.manage('i-1', { pingStatus: 'Online' });
  await clock.settle(0);
  expect(result(id).Status).toBe('Success');
});

test('past its time to start a command never runs, and is timed out after the total time', async () => {
  world.ssm.manage('i-1', { pingStatus: 'ConnectionLost' });
  const id = send({ TimeoutSeconds: 30 });
  await clock.settle(30_000);
  world.ssm.manage('i-1', { pingStatus: 'Online' });
  await clock.settle(19_999);
  expect(result(id).Status).toBe('InProgress');
  await clock.settle(1);
  expect(result(id)).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Delivery Timed Out' });
  expect(runs).toEqual([]);
});

test('one command on many instances is one invocation each', async () => {
  answer = async ([id]) => printed(id);
  const InstanceIds = Array.from({ length: 50 }, (_, index) => `i-${index}`);
  const id = send({ InstanceIds });
  await clock.settle(1_000);
  expect(InstanceIds.map((instance) => result(id, instance).StandardOutputContent)).toEqual(InstanceIds);
});

test('a document of another schema, with more steps or with another plugin is refused', () => {
  const [step] = CONTENT.mainSteps;
  expect(() => world.ssm.addDocument('old', { ...CONTENT, schemaVersion: '1.2' })).toThrow('old: schemaVersion: got 1.2, allowed 2.2');
  expect(() => world.ssm.addDocument('two', { ...CONTENT, mainSteps: [step, step] })).toThrow('got 2 steps, the lab runs exactly 1');
  const other = { ...CONTENT, mainSteps: [{ ...step, action: 'aws:downloadContent' }] };
  expect(() => world.ssm.addDocument('other', other)).toThrow('action: got aws:downloadContent, the lab runs aws:runShellScript');
});

test('a document registered again is a new version, and the first stays the default', () => {
  expect(world.ssm.addDocument('look', { ...CONTENT, mainSteps: [{ ...CONTENT.mainSteps[0], inputs: { runCommand: ['second'] } }] })).toBe(
    '2',
  );
  send();
  send({ DocumentVersion: '$LATEST' });
  expect(runs.map(([, command]) => [command.script.split('\n')[0], command.timeoutS])).toEqual([
    ['ss | grep "$SSM_port"', 20],
    ['second', 3600],
  ]);
});
