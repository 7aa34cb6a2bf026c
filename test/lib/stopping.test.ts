/**
 * What a stop is deployed with, and who may do what of it: IAM's rules about every role of the
 * template.
 */
import { ENV, STOP_TAG_KEY } from '../../lambda/contract';
import { parseStackRecord } from '../../lambda/stack-record';
import { APPROVAL_S } from '../../lambda/stop/contract';
import { STOP_STEPS } from '../../lambda/stop/runbook';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { loadAssembly } from '../../lab/boot/assembly';
import type { Assembly, RoleDescription } from '../../lab/boot/descriptions';
import { SickbayStack } from '../../lib/sickbay-stack';
import { allowed } from './iam';
import { CONFIG, STOPPING, directory, handlersDir, removeDirectories, resourcesOf, roleNamed, synthesise } from './synthesised';

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

const ONCALL = 'arn:aws:iam::123456789012:role/oncall';
const [GROUP] = CONFIG.targetGroups;

const SSM = 'arn:aws:ssm:us-east-1:123456789012';
const EXECUTION = `${SSM}:automation-execution/0f0f0f0f-1111-4222-8333-444455556666`;
const INSTANCE = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0';
const TAGGED = { [`ssm:resourceTag/${STOP_TAG_KEY}`]: 'Sickbay' };
const TO_SSM = { 'iam:PassedToService': 'ssm.amazonaws.com' };
const TO_SCHEDULER = { 'iam:PassedToService': 'scheduler.amazonaws.com' };

const document = ({ documents }: Assembly, part: string): string => {
  const found = documents.filter(({ name }) => name.includes(`-Stopping-${part}-`));
  expect(found).toHaveLength(1);
  return `${SSM}:document/${found[0]?.name}`;
};

const who = async (
  roles: readonly RoleDescription[],
  ...asked: Parameters<typeof allowed> extends [unknown, ...infer Rest] ? Rest : never
) => {
  const answers = await Promise.all(roles.map(async (one) => ((await allowed(one, ...asked)) ? [one.logicalId] : [])));
  return answers.flat();
};

/** The stack with one more statement on each role, as somebody may write it in a hurry. */
function widened(...statements: { readonly actions: string[]; readonly resources: string[] }[]): Assembly {
  const outdir = directory();
  const stack = new SickbayStack(new App({ outdir }), 'Sickbay', { config: STOPPING, handlersDir: handlersDir() });
  for (const part of stack.node.findAll())
    if ('addToPrincipalPolicy' in part)
      for (const statement of statements)
        (part as unknown as { addToPrincipalPolicy(more: PolicyStatement): void }).addToPrincipalPolicy(new PolicyStatement(statement));
  expect(Template.fromStack(stack)).toBeDefined();
  return loadAssembly(outdir);
}

afterAll(removeDirectories);

describe('a stack in which no group says stop', () => {
  test('has nothing of it, also where approvers are named', () => {
    const without = synthesise().template;
    expect(JSON.stringify(without.toJSON())).not.toMatch(/Stopping|Automation|stop-switch|sickbay:stop|SICKBAY_STOP/);
    const named = synthesise({ ...CONFIG, stop: { approvers: [ONCALL] } }).template;
    expect(Object.keys(resourcesOf(named))).toEqual(Object.keys(resourcesOf(without)));
    expect(JSON.stringify(named.toJSON())).not.toMatch(/Stopping|Automation|stop-switch|sickbay:stop|SICKBAY_STOP/);
  });

  test('and with one, every other resource stays as it was but for denials and what names the new ones', () => {
    const before = resourcesOf(synthesise().template);
    const after = resourcesOf(synthesise(STOPPING).template);
    const gone = Object.keys(before).filter((id) => after[id] === undefined);
    expect(gone).toEqual([]);
    const changed = Object.keys(before).filter((id) => JSON.stringify(before[id]?.Properties) !== JSON.stringify(after[id]?.Properties));
    const types = new Set(changed.map((id) => before[id]?.Type ?? ''));
    // Policies get the denials; functions that are handed the configuration, another package.
    expect(types).toEqual(new Set(['AWS::CloudWatch::Dashboard', 'AWS::IAM::Policy', 'AWS::Lambda::Function', 'AWS::SSM::Parameter']));
  });
});

describe('a stack in which a group says stop', () => {
  const { assembly, template } = synthesise(STOPPING);
  const all = assembly.roles;
  const [runbookRole, undoRole, stopper] = [
    roleNamed(assembly, 'RunbookRole'),
    roleNamed(assembly, 'UndoRole'),
    roleNamed(assembly, 'StoppingHandler'),
  ];
  const named = (part: string) => document(assembly, part);
  const [stop, plan, undo, runbook] = [named('Stop'), named('Plan'), named('Undo'), named('Runbook')];
  const handler = assembly.functions.find(({ roleArn }) => roleArn === stopper.arn);
  const group = assembly.scheduleGroups.find(({ name }) => name === handler?.env[ENV.stopScheduleGroup]);
  const schedule = `arn:aws:scheduler:us-east-1:123456789012:schedule/${group?.name}/undo`;
  const content = assembly.documents.find(({ type }) => type === 'Automation')?.content as {
    assumeRole: string;
    mainSteps: { name: string; onFailure: string; timeoutSeconds: number; inputs: Record<string, unknown> }[];
  };

  test('the runbook asks a named person first, for a quarter of an hour, and every step ends it when it fails', () => {
    const [approve, ...others] = content.mainSteps;
    expect(approve).toMatchObject({ name: STOP_STEPS.approve, timeoutSeconds: APPROVAL_S, inputs: { Approvers: [ONCALL] } });
    expect(others.map(({ name }) => name)).toEqual([STOP_STEPS.readSwitch, STOP_STEPS.calendars, STOP_STEPS.scheduleUndo, STOP_STEPS.stop]);
    expect(new Set(content.mainSteps.map(({ onFailure }) => onFailure))).toEqual(new Set(['Abort']));
    expect(content.assumeRole).toBe(runbookRole.arn);
    const queue = assembly.queues.find(({ arn }) => arn.includes('Stopping'));
    expect(others[2]?.inputs['Target']).toMatchObject({ RoleArn: undoRole.arn, DeadLetterConfig: { Arn: queue?.arn } });
  });

  test('no role of it may approve: not with what the template says, and not with more', async () => {
    expect(await who(all, 'ssm:SendAutomationSignal', EXECUTION)).toEqual([]);
    const wide = widened({ actions: ['ssm:*'], resources: ['*'] }, { actions: ['*'], resources: ['*'] });
    expect(wide.roles).toHaveLength(all.length);
    expect(await who(wide.roles, 'ssm:SendAutomationSignal', EXECUTION)).toEqual([]);
    // What the question is worth: these roles may do what is not denied.
    expect(await who(wide.roles, 'ssm:StopAutomationExecution', EXECUTION)).toHaveLength(all.length);
  });

  test('the document that stops is sent by the runbook’s role alone, also where others may send every document', async () => {
    expect(await who(all, 'ssm:SendCommand', stop)).toEqual([runbookRole.logicalId]);
    const wide = widened({ actions: ['ssm:SendCommand'], resources: ['*'] });
    expect(await who(wide.roles, 'ssm:SendCommand', document(wide, 'Stop'))).toEqual([runbookRole.logicalId]);
    expect(await who(wide.roles, 'ssm:SendCommand', document(wide, 'Undo'))).toHaveLength(all.length);
  });

  test('the runbook’s role stops where the tag of the instance names this stack only', async () => {
    expect(await allowed(runbookRole, 'ssm:SendCommand', INSTANCE, TAGGED)).toBe(true);
    for (const context of [{}, { [`ssm:resourceTag/${STOP_TAG_KEY}`]: 'Another' }, { 'ssm:resourceTag/sickbay:inspect': 'true' }])
      expect(await allowed(runbookRole, 'ssm:SendCommand', INSTANCE, context)).toBe(false);
    for (const other of [plan, undo, `${SSM}:document/AWS-RunShellScript`])
      expect(await allowed(runbookRole, 'ssm:SendCommand', other)).toBe(false);
  });

  test('the runbook’s role reads the switch and the calendars, writes the undo in its group, and can do nothing else', async () => {
    const parameter = (name: string) => `${SSM}:parameter/sickbay/Sickbay/${name}`;
    expect(await allowed(runbookRole, 'ssm:GetParameter', parameter('stop-switch'))).toBe(true);
    expect(await allowed(runbookRole, 'ssm:GetParameter', parameter('kill-switch'))).toBe(false);
    expect(await allowed(runbookRole, 'ssm:PutParameter', parameter('stop-switch'))).toBe(false);
    expect(await allowed(runbookRole, 'ssm:GetCalendarState', `${SSM}:document/Freeze`)).toBe(true);
    expect(await allowed(runbookRole, 'scheduler:CreateSchedule', schedule)).toBe(true);
    expect(await allowed(runbookRole, 'scheduler:CreateSchedule', schedule.replace(group?.name ?? '', 'default'))).toBe(false);
    for (const action of ['DeleteSchedule', 'UpdateSchedule'])
      expect(await allowed(runbookRole, `scheduler:${action}`, schedule)).toBe(false);
    expect(await allowed(runbookRole, 'iam:PassRole', undoRole.arn, TO_SCHEDULER)).toBe(true);
    expect(await allowed(runbookRole, 'iam:PassRole', undoRole.arn, TO_SSM)).toBe(false);
    expect(await allowed(runbookRole, 'iam:PassRole', runbookRole.arn, TO_SCHEDULER)).toBe(false);
    expect(await allowed(runbookRole, 'ssm:StartAutomationExecution', runbook)).toBe(false);
    expect(await allowed(runbookRole, 'ssm:CancelCommand', '*')).toBe(false);
  });

  test('the runbook’s role is assumed by Automation, for executions of this account alone', () => {
    expect(runbookRole.trust).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '123456789012' },
            ArnLike: { 'aws:SourceArn': `${SSM}:automation-execution/*` },
          },
        },
      ],
    });
    expect(runbookRole.trust).toHaveProperty('Statement.length', 1);
  });

  test('the schedule undoes on any instance, with any release’s document, and does nothing else', async () => {
    expect(await allowed(undoRole, 'ssm:SendCommand', undo)).toBe(true);
    expect(await allowed(undoRole, 'ssm:SendCommand', undo.replace(/[0-9a-f]{12}$/, '0123456789ab'))).toBe(true);
    expect(await allowed(undoRole, 'ssm:SendCommand', INSTANCE)).toBe(true);
    for (const other of [stop, plan, `${undo}-and-more`, `${SSM}:document/AWS-RunShellScript`])
      expect(await allowed(undoRole, 'ssm:SendCommand', other)).toBe(false);
    expect(undoRole.trust).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': group?.arn } },
        },
      ],
    });
  });

  test('the function reads and undoes on hosts, and starts this runbook and no other', async () => {
    for (const one of [plan, undo]) expect(await allowed(stopper, 'ssm:SendCommand', one)).toBe(true);
    expect(await allowed(stopper, 'ssm:SendCommand', INSTANCE, TAGGED)).toBe(true);
    expect(await allowed(stopper, 'ssm:SendCommand', INSTANCE)).toBe(false);
    expect(await allowed(stopper, 'ssm:SendCommand', `${SSM}:document/AWS-RunShellScript`)).toBe(false);
    for (const one of [runbook, EXECUTION]) expect(await allowed(stopper, 'ssm:StartAutomationExecution', one)).toBe(true);
    expect(await allowed(stopper, 'ssm:StartAutomationExecution', `${SSM}:document/AWS-StopEC2Instance`)).toBe(false);
    expect(await allowed(stopper, 'ssm:StopAutomationExecution', EXECUTION)).toBe(true);
    expect(await allowed(stopper, 'iam:PassRole', runbookRole.arn, TO_SSM)).toBe(true);
    expect(await allowed(stopper, 'iam:PassRole', runbookRole.arn, TO_SCHEDULER)).toBe(false);
    expect(await allowed(stopper, 'iam:PassRole', undoRole.arn, TO_SCHEDULER)).toBe(false);
    expect(await who(all, 'ssm:StartAutomationExecution', runbook)).toEqual([stopper.logicalId]);
    expect(await who(all, 'iam:PassRole', runbookRole.arn, TO_SSM)).toEqual([stopper.logicalId]);
  });

  test('the function takes an undo away and can make none, writes its own table, and moves no target', async () => {
    const table = (name: string) => assembly.tables.find(({ logicalId }) => logicalId.includes(name))?.arn ?? '';
    expect(await allowed(stopper, 'scheduler:DeleteSchedule', schedule)).toBe(true);
    expect(await allowed(stopper, 'scheduler:CreateSchedule', schedule)).toBe(false);
    expect(await who(all, 'dynamodb:PutItem', table('Stops'))).toEqual([stopper.logicalId]);
    for (const action of ['PutItem', 'DeleteItem']) expect(await allowed(stopper, `dynamodb:${action}`, table('Cases'))).toBe(false);
    expect(await allowed(stopper, 'dynamodb:DeleteItem', table('Stops'))).toBe(false);
    const targetGroup = GROUP?.arn ?? '';
    const context = { 'aws:ResourceTag/sickbay:enforce': 'Sickbay' };
    for (const action of ['DeregisterTargets', 'RegisterTargets'])
      expect(await allowed(stopper, `elasticloadbalancing:${action}`, targetGroup, context)).toBe(false);
    expect(await who(all, 'ssm:PutParameter', `${SSM}:parameter/sickbay/Sickbay/stop-switch`)).toEqual([
      expect.stringContaining('KillSwitch'),
    ]);
  });

  test('the function runs every minute, once at a time, and people have an entry of their own', async () => {
    expect(assembly.schedules.filter(({ targetArn }) => targetArn === handler?.arn)).toEqual([
      expect.objectContaining({ expression: 'rate(1 minute)', input: '{"wokenBy":"schedule"}' }),
    ]);
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 1, Timeout: 180 });
    expect(handler?.aliases).toEqual(['operator']);
    for (const one of all) expect(await allowed(one, 'lambda:InvokeFunction', `${handler?.arn}:operator`)).toBe(false);
  });

  test('what undoes a stop outlives the stack and its next release: group, role, policy and document; so does the record', () => {
    const kept = Object.entries(resourcesOf(template))
      .filter(([id]) => id.includes('Stopping'))
      .filter(([, one]) => one.DeletionPolicy === 'RetainExceptOnCreate' || one.DeletionPolicy === 'Retain')
      .filter(([, one]) => one.UpdateReplacePolicy === 'Retain')
      .map(([id]) => id.replace(/^.*Stopping/, '').replace(/[0-9A-F]{8}$/, ''));
    expect(kept.sort()).toEqual(['Group', 'Stops', 'UndoDocument', 'UndoRole', 'Undoes']);
  });

  test('the table is encrypted and can be restored to any second, and the command line finds all of it', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    const record = parseStackRecord(assembly.parameters.find(({ value }) => value.startsWith('{'))?.value ?? '');
    expect(record).toMatchObject({
      stopper: handler?.name,
      stops: handler?.env[ENV.stopsTable],
      stopSwitch: '/sickbay/Sickbay/stop-switch',
    });
    expect(handler?.env[ENV.stopSwitchParameter]).toBe('/sickbay/Sickbay/stop-switch');
  });
});
