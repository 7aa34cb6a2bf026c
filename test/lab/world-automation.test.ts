/** The lab's Automation plays the runbook that is deployed, with what may go wrong around it. */
import { APPROVAL_S, APPROVE_STEP, STOP_STEP, type RunbookParameters } from '../../lambda/stop/contract';
import { STOP_STEPS, stopRunbook } from '../../lambda/stop/runbook';
import { SettableClock } from '../../lab/world/clock';
import type { AutomationSettings } from '../../lab/world/automation';
import { createWorld, type World } from '../../lab/world/world';

const ONCALL = 'arn:aws:iam::123456789012:role/oncall';
const HOST = 'i-0aaaaaaaaaaaaaaa1';
const UNTAGGED = 'i-0aaaaaaaaaaaaaaa2';
const TOKEN = '0f0f0f0f-1111-4222-8333-444455556666';
const SWITCH = '/sickbay/Sickbay/stop-switch';
const UNDO_ROLE = 'arn:aws:iam::123456789012:role/undo';

const STOP_DOCUMENT = {
  schemaVersion: '2.2',
  parameters: Object.fromEntries(
    ['caseId', 'pid', 'digest', 'allowKill', 'expiresAt', 'undoAt'].map((name) => [name, { type: 'String', interpolationType: 'ENV_VAR' }]),
  ),
  mainSteps: [{ action: 'aws:runShellScript', inputs: { timeoutSeconds: '120', runCommand: ['stop'] } }],
};
const UNDO_DOCUMENT = {
  schemaVersion: '2.2',
  parameters: { caseId: { type: 'String', interpolationType: 'ENV_VAR' } },
  mainSteps: [{ action: 'aws:runShellScript', inputs: { timeoutSeconds: '60', runCommand: ['undo'] } }],
};

interface Played {
  readonly world: World;
  readonly clock: SettableClock;
  /** What ran on the host. */
  readonly ran: { readonly script: string; readonly env: Readonly<Record<string, string>> }[];
}

function play(settings: Partial<AutomationSettings> = {}, runsForMs = 5_000, printed = '{"v":1}'): Played {
  const clock = new SettableClock();
  const ran: { script: string; env: Readonly<Record<string, string>> }[] = [];
  const shell = {
    run: async (_: string, { script, env }: { readonly script: string; readonly env: Readonly<Record<string, string>> }) => {
      ran.push({ script, env });
      await new Promise<void>((resolve) => clock.at(clock.now() + runsForMs, resolve));
      return { stdout: printed, stderr: '', exitCode: 0, timedOut: false };
    },
  };
  const world = createWorld({ clock, shell, automation: settings });
  world.instances.add({ id: HOST, address: '10.0.0.1', zone: 'us-east-1a', tags: { 'sickbay:stop': 'Sickbay' } });
  world.instances.add({ id: UNTAGGED, address: '10.0.0.2', zone: 'us-east-1a' });
  for (const id of [HOST, UNTAGGED]) world.ssm.manage(id);
  world.ssm.addDocument('Stop', STOP_DOCUMENT);
  world.ssm.addDocument('Undo', UNDO_DOCUMENT);
  world.ssm.requireTag('sickbay:stop', 'Sickbay', /^Stop$/);
  world.scheduler.createScheduleGroup({ Name: 'undos' });
  world.parameters.putParameter({ Name: SWITCH, Value: 'off', Type: 'String' });
  world.calendars.set('Freeze', 'OPEN');
  world.automation.addRunbook(
    'Runbook',
    stopRunbook({
      approvers: [ONCALL],
      stopDocumentName: 'Stop',
      undoDocumentName: 'Undo',
      switchParameterName: SWITCH,
      calendars: ['Freeze'],
      undoScheduleRoleArn: UNDO_ROLE,
      undoDeadLettersArn: 'arn:aws:sqs:us-east-1:123456789012:undos',
      scheduleGroup: 'undos',
      assumeRoleArn: 'arn:aws:iam::123456789012:role/runbook',
    }),
  );
  return { world, clock, ran };
}

function parameters(clock: SettableClock, more: Partial<RunbookParameters> = {}): Record<string, string[]> {
  const undoAt = clock.now() + 86_400_000;
  const all: RunbookParameters = {
    instanceId: HOST,
    caseId: 'case-1',
    pid: '4242',
    digest: 'a'.repeat(64),
    allowKill: 'false',
    expiresAt: String(Math.round(clock.now() / 1000) + APPROVAL_S),
    undoAt: String(Math.round(undoAt / 1000)),
    undoSchedule: 'undo-case-1',
    undoTime: new Date(undoAt).toISOString().slice(0, 19),
    message: 'Stop pid 4242 on i-0aaaaaaaaaaaaaaa1',
    ...more,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
}

async function start({ world, clock }: Played, token = TOKEN, more: Partial<RunbookParameters> = {}): Promise<string> {
  const started = world.automation.startAutomationExecution({
    DocumentName: 'Runbook',
    ClientToken: token,
    Parameters: parameters(clock, more),
  });
  await clock.settle(1_000);
  return started.AutomationExecutionId ?? '';
}

function read({ world }: Played, id: string) {
  const { AutomationExecution: execution } = world.automation.getAutomationExecution({ AutomationExecutionId: id });
  const step = (name: string) => execution?.StepExecutions?.find(({ StepName }) => StepName === name);
  return { status: execution?.AutomationExecutionStatus, why: execution?.FailureMessage, step };
}

const signal = ({ world }: Played, id: string, by = ONCALL, SignalType: 'Approve' | 'Reject' = 'Approve') =>
  world.automation.sendAutomationSignal({ AutomationExecutionId: id, SignalType }, by);

const undos = ({ world }: Played) => world.scheduler.listSchedules({ GroupName: 'undos' }).Schedules?.map(({ Name }) => Name);

describe('the runbook, played', () => {
  test('waits for a person; nothing runs on the host and no undo is written before that', async () => {
    const played = play();
    const id = await start(played);
    await played.clock.settle((APPROVAL_S - 10) * 1000);
    expect(read(played, id).status).toBe('Waiting');
    expect([played.ran, undos(played)]).toEqual([[], []]);
  });

  test('an approval lets it read switch and calendars, write the undo, and stop, in this order', async () => {
    const played = play();
    const id = await start(played);
    signal(played, id);
    await played.clock.settle(2_000);
    expect(undos(played)).toEqual(['undo-case-1']);
    expect(read(played, id).status).toBe('InProgress');
    await played.clock.settle(10_000);
    const { status, step } = read(played, id);
    expect(status).toBe('Success');
    expect(step(STOP_STEP)?.Outputs?.['Output']).toEqual(['{"v":1}']);
    expect(step(APPROVE_STEP)?.Outputs?.['ApproverDecisions']?.[0]).toContain(ONCALL);
    const begun = Object.values(STOP_STEPS).map((name) => step(name)?.ExecutionStartTime?.getTime() ?? NaN);
    expect(begun).toEqual([...begun].sort((a, b) => a - b));
    expect(played.ran).toHaveLength(1);
    expect(played.ran[0]?.env).toMatchObject({ SSM_digest: 'a'.repeat(64), SSM_pid: '4242', SSM_allowKill: 'false' });
  });

  test('the undo that it wrote runs by itself a day later, with the case alone', async () => {
    const played = play();
    signal(played, await start(played));
    await played.clock.settle(86_400_000 + 10_000);
    expect(played.ran.map(({ script }) => script)).toEqual(['stop', 'undo']);
    expect(played.ran[1]?.env).toEqual({ SSM_caseId: 'case-1' });
  });

  test.each([
    ['somebody else', 'arn:aws:iam::123456789012:role/developer'],
    ['the role that runs the steps', 'arn:aws:iam::123456789012:role/runbook'],
  ])('%s can neither approve nor deny', async (_, by) => {
    const played = play();
    const id = await start(played);
    for (const type of ['Approve', 'Reject'] as const) expect(() => signal(played, id, by, type)).toThrow(/not one of the approvers/);
    expect(read(played, id).status).toBe('Waiting');
  });

  test.each(['Failed', 'Rejected'] as const)('a denial ends it as %s, and the step says who it was', async (denied) => {
    const played = play({ denied });
    const id = await start(played);
    signal(played, id, ONCALL, 'Reject');
    await played.clock.settle(20_000);
    expect(read(played, id).status).toBe(denied);
    expect(read(played, id).step(APPROVE_STEP)?.Outputs?.['ApprovalStatus']).toEqual(['Rejected']);
    expect(played.ran).toEqual([]);
  });

  test('nobody counts after a quarter of an hour', async () => {
    const played = play();
    const id = await start(played);
    await played.clock.settle(APPROVAL_S * 1000);
    expect(read(played, id).status).toBe('TimedOut');
    expect(() => signal(played, id)).toThrow(/not valid/);
    await played.clock.settle(60_000);
    expect([played.ran, undos(played)]).toEqual([[], []]);
  });

  test.each([
    [
      'the switch is on',
      ({ world }: Played) => world.parameters.putParameter({ Name: SWITCH, Value: 'on', Overwrite: true }),
      STOP_STEPS.readSwitch,
    ],
    ['the switch is gone', ({ world }: Played) => world.parameters.remove(SWITCH), STOP_STEPS.readSwitch],
    ['a calendar is closed', ({ world }: Played) => world.calendars.set('Freeze', 'CLOSED'), STOP_STEPS.calendars],
    [
      'an undo of that name is there',
      ({ world, clock }: Played) => world.scheduler.createSchedule(somethingElse(clock)),
      STOP_STEPS.scheduleUndo,
    ],
  ])('approved, and %s: it ends there, and nothing ran', async (_, change, failing) => {
    const played = play();
    const id = await start(played);
    change(played);
    signal(played, id);
    await played.clock.settle(60_000);
    expect(read(played, id)).toMatchObject({ status: 'Failed', why: expect.stringContaining(failing) });
    expect(read(played, id).step(STOP_STEP)?.StepStatus).toBe('Pending');
    expect(played.ran).toEqual([]);
  });

  test('the host’s owner did not tag it: the command is refused, and the undo is there for nothing', async () => {
    const played = play();
    const id = await start(played, TOKEN, { instanceId: UNTAGGED });
    signal(played, id);
    await played.clock.settle(60_000);
    expect(read(played, id)).toMatchObject({ status: 'Failed', why: expect.stringContaining('not authorized') });
    expect([played.ran, undos(played)]).toEqual([[], ['undo-case-1']]);
  });

  test('cancelled while it waits: nothing can be approved any more', async () => {
    const played = play();
    const id = await start(played);
    played.world.automation.stopAutomationExecution({ AutomationExecutionId: id });
    expect(read(played, id).status).toBe('Cancelling');
    expect(() => signal(played, id)).toThrow(/not valid/);
    await played.clock.settle(60_000);
    expect(read(played, id).status).toBe('Cancelled');
    expect(played.ran).toEqual([]);
  });

  test('cancelled after the approval: it says Cancelled, and the host’s program goes on to its end', async () => {
    const played = play();
    const id = await start(played);
    signal(played, id);
    await played.clock.settle(1_500);
    expect(played.ran).toHaveLength(1);
    played.world.automation.stopAutomationExecution({ AutomationExecutionId: id });
    await played.clock.settle(60_000);
    expect(read(played, id).status).toBe('Cancelled');
    expect(read(played, id).step(STOP_STEP)?.StepStatus).toBe('Cancelled');
    const { CommandInvocations: [one] = [] } = played.world.ssm.listCommandInvocations({});
    expect(one?.Status).toBe('Success');
  });

  test('the step gives up while the host’s program goes on', async () => {
    const played = play({}, 400_000);
    const id = await start(played);
    signal(played, id);
    await played.clock.settle(310_000);
    expect(read(played, id).status).toBe('TimedOut');
    expect(played.world.ssm.listCommandInvocations({}).CommandInvocations?.[0]?.Status).toBe('InProgress');
    await played.clock.settle(100_000);
    expect(played.world.ssm.listCommandInvocations({}).CommandInvocations?.[0]?.Status).toBe('Success');
  });

  test('a long output is cut in the step', async () => {
    const played = play({ outputCharacters: 40 }, 1_000, `{"v":1,"why":"${'x'.repeat(500)}"}`);
    const id = await start(played);
    signal(played, id);
    await played.clock.settle(20_000);
    expect(read(played, id).step(STOP_STEP)?.Outputs?.['Output']?.[0]).toHaveLength(40);
  });

  test('a start that is repeated with its token is the same one; with other parameters it is refused', async () => {
    const played = play();
    const id = await start(played);
    expect(await start(played, TOKEN.toUpperCase(), { undoAt: parameters(played.clock)['undoAt']?.[0] ?? '' }).catch(String)).toMatch(
      /IdempotentParameterMismatch|used with other parameters/,
    );
    const again = played.world.automation.startAutomationExecution({
      DocumentName: 'Runbook',
      ClientToken: TOKEN.toUpperCase(),
      Parameters: Object.fromEntries(
        Object.entries(played.world.automation.getAutomationExecution({ AutomationExecutionId: id }).AutomationExecution?.Parameters ?? {}),
      ),
    });
    expect(again.AutomationExecutionId).toBe(id);
    await expect(start(played, 'no-uuid')).rejects.toThrow(/allowed a UUID/);
  });

  test('where tokens are forgotten, a repeated start waits for a person of its own', async () => {
    const played = play({ remembersTokens: false });
    const [one, other] = [await start(played), await start(played)];
    expect(one).not.toBe(other);
    signal(played, one);
    await played.clock.settle(60_000);
    expect([read(played, one).status, read(played, other).status]).toEqual(['Success', 'Waiting']);
    // Whoever approves both meets an undo that is there already.
    signal(played, other);
    await played.clock.settle(60_000);
    expect(read(played, other)).toMatchObject({ status: 'Failed', why: expect.stringContaining(STOP_STEPS.scheduleUndo) });
    expect(played.ran).toHaveLength(1);
  });

  test.each([
    ['a digest that is none', { digest: 'A'.repeat(64) }],
    ['pid 1', { pid: '1' }],
    ['a message in which Automation would replace something', { message: '{{ digest }}' }],
    ['a case that breaks out of the undo’s JSON', { caseId: 'x"],"y":["' }],
  ])('%s starts nothing', async (_, more) => {
    await expect(start(play(), TOKEN, more)).rejects.toThrow(/allowed pattern/);
  });
});

function somethingElse(clock: SettableClock) {
  return {
    Name: 'undo-case-1',
    GroupName: 'undos',
    ScheduleExpression: `at(${new Date(clock.now() + 3_600_000).toISOString().slice(0, 19)})`,
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: { Arn: 'arn:aws:scheduler:::aws-sdk:ssm:sendCommand', RoleArn: UNDO_ROLE, Input: '{}' },
  };
}
