import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DIMENSION, GROUP_METRICS, METRICS_NAMESPACE, STACK_METRICS } from '../../lambda/contract';
import { anchor } from '../../core/report/links';
import { RUNBOOK } from '../../lib/runbook';
import { CONFIG, STOPPING, removeDirectories, synthesise } from './synthesised';

interface Alarm {
  readonly AlarmName?: string;
  readonly AlarmDescription: string;
  readonly OKActions?: readonly { readonly Ref: string }[];
  readonly AlarmActions?: readonly { readonly Ref: string }[];
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly TreatMissingData: string;
}

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

describe('alarms on Sickbay itself', () => {
  const latencyAlarms = [{ loadBalancer: 'app/checkout/0123456789abcdef', thresholdMs: 1500 }];
  const { template, assembly } = synthesise({ ...STOPPING, latencyAlarms });
  afterAll(removeDirectories);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties as Alarm);
  const [page, notify] = ['Page', 'Notify'].map((name) =>
    Object.keys(template.findResources('AWS::SNS::Topic')).find((id) => id.includes(name)),
  );
  const of = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);
  const told = ({ AlarmActions = [] }: Alarm) => AlarmActions.map(({ Ref }) => (Ref === page ? 'page' : Ref === notify ? 'notify' : Ref));
  /** The logical id that the alarm's one dimension refers to. */
  const watchedBy = ({ Dimensions: [dimension] }: Alarm) => {
    const { Ref, 'Fn::GetAtt': attribute } = (dimension?.Value ?? {}) as { Ref?: string; 'Fn::GetAtt'?: string[] };
    return Ref ?? attribute?.[0];
  };
  test('each alarm has a name, and tells whom it told when it is over', () => {
    const stack = assembly.functions.find(({ logicalId }) => logicalId.includes('Sweeper'))?.env['SICKBAY_STACK'];
    const told = alarms.filter(({ AlarmActions = [] }) => AlarmActions.length > 0);
    expect(told.map(({ OKActions }) => OKActions)).toEqual(told.map(({ AlarmActions }) => AlarmActions));
    expect(told.map(({ AlarmName }) => AlarmName)).toContain(`${stack}-ProberFails`);
    expect(new Set(told.map(({ AlarmName }) => AlarmName)).size).toBe(told.length);
    const [composite] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(composite?.Properties).toMatchObject({ AlarmName: `${stack}-Stopped`, OKActions: [{ Ref: page }] });
  });

  test('with runbookBaseUrl each description links to its section, and the responder knows the page', () => {
    const linked = synthesise({ ...STOPPING, latencyAlarms }, undefined, { runbookBaseUrl: 'https://wiki.example.com/sickbay/' });
    const found = Object.values(linked.template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties as Alarm);
    const links = found.map(({ AlarmDescription }) => /https:\/\/wiki\.example\.com\/sickbay\/runbook\.md#\S+/.exec(AlarmDescription)?.[0]);
    expect(links).toEqual(found.map((alarm) => `https://wiki.example.com/sickbay/runbook.md#${anchor(sectionOf(alarm) ?? '')}`));
    const responder = linked.assembly.functions.find(({ logicalId }) => logicalId.includes('Responder'));
    expect(responder?.env['SICKBAY_RUNBOOK_BASE_URL']).toBe('https://wiki.example.com/sickbay/');
  });

  const sectionOf = ({ AlarmDescription }: Alarm) => /docs\/runbook\.md, section "([^"]+)"\.$/.exec(AlarmDescription)?.[1];

  test('each description names a section of the runbook, and each section about an alarm has one', () => {
    const runbook = readFileSync(path.join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
    const [, part = ''] = runbook.split('## Alarms of the stack\n');
    const sections = [...(part.split(/^## /m)[0] ?? '').matchAll(/^### (.+)$/gm)].map(([, title]) => title);
    expect(new Set(alarms.map(sectionOf))).toEqual(new Set(sections));
    expect(new Set(Object.values(RUNBOOK))).toEqual(new Set(sections));
  });

  test('errors of each function are told; of those that run in a deployment alone, CloudFormation tells, and of the widget the dashboard', () => {
    const functions = Object.keys(template.findResources('AWS::Lambda::Function')).filter(
      (id) => !/DeleteGuard|KillSwitch|Widget/.test(id),
    );
    expect(new Set(of('Errors').map(watchedBy))).toEqual(new Set(functions));
  });

  test('every queue has an alarm that pages', () => {
    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    const watching = of('ApproximateNumberOfMessagesVisible');
    expect(new Set(watching.map(watchedBy))).toEqual(new Set(queues));
    for (const alarm of watching) expect(told(alarm)).toEqual(['page']);
  });

  test('no alarm pages by itself before the first round: none that is told takes missing data for a breach', () => {
    expect(alarms.filter(({ TreatMissingData, AlarmActions = [] }) => TreatMissingData === 'breaching' && AlarmActions.length > 0)).toEqual(
      [],
    );
  });

  test('silence pages once a round was seen: one alarm is OK from the first round on, and not before it', () => {
    const [composite, ...others] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm')).map(
      ({ Properties }) => Properties as Pick<Alarm, 'AlarmActions' | 'AlarmDescription'> & { readonly AlarmRule: unknown },
    );
    expect(others).toEqual([]);
    expect(composite?.AlarmActions).toEqual([{ Ref: page }]);
    expect(composite?.AlarmDescription).toContain(RUNBOOK.notRunning);
    expect(JSON.stringify(composite?.AlarmRule)).toMatch(/ALARM\(.*NotRunning.* AND .*OK\(.*HasRun/);
    const heard = of(STACK_METRICS.groupsMeasured).find(({ TreatMissingData }) => TreatMissingData === 'ignore');
    // A count is never below 0: any round makes it OK.
    expect(heard).toMatchObject({ Threshold: 0, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 1 });
  });

  test('no rounds for minutes is told, and silence counts as none', () => {
    expect(of(STACK_METRICS.groupsMeasured).filter(({ TreatMissingData }) => TreatMissingData === 'breaching')).toEqual([
      expect.objectContaining({
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        EvaluationPeriods: 5,
        TreatMissingData: 'breaching',
      }),
    ]);
  });

  test.each([
    [STACK_METRICS.blindGroups, ['page']],
    [STACK_METRICS.openBreakers, ['page']],
    [STACK_METRICS.unreadableRecords, ['page']],
    [STACK_METRICS.longestOutMs, ['page']],
    [STACK_METRICS.blocked, ['notify']],
    [STACK_METRICS.unsentAlerts, ['page', 'notify']],
    [STACK_METRICS.silentTopics, ['page', 'notify']],
  ])('%s of this stack speaks on %j', (metric, topics) => {
    const stack = assembly.functions.find(({ logicalId }) => logicalId.includes('Sweeper'))?.env['SICKBAY_STACK'];
    expect(of(metric).map(told)).toEqual([topics]);
    expect(of(metric)).toEqual([
      expect.objectContaining({ Namespace: METRICS_NAMESPACE, Dimensions: [{ Name: DIMENSION.stack, Value: stack }] }),
    ]);
  });

  test('a target is out for too long when it is out for longer than the longest lease', () => {
    const longer = synthesise({ ...CONFIG, durations: { leaseCapS: 1800 } }).template;
    const expected = { MetricName: STACK_METRICS.longestOutMs, Threshold: 1_800_000 };
    expect(Object.keys(longer.findResources('AWS::CloudWatch::Alarm', { Properties: expected }))).toHaveLength(1);
  });

  test('a delivery that SNS could not make is told on both topics: one of them may work', () => {
    expect(of('NumberOfNotificationsFailed').map(told)).toEqual([
      ['page', 'notify'],
      ['page', 'notify'],
    ]);
  });

  test('the one dashboard shows every metric of a group, the decisions by reason and the time of a round', () => {
    const dashboards = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboards).toHaveLength(1);
    const body = JSON.stringify(dashboards);
    const { blocked, ejections, restores, roundMs } = STACK_METRICS;
    for (const name of [...Object.values(GROUP_METRICS), blocked, ejections, restores, roundMs]) expect(body).toContain(name);
  });

  test('the dashboard begins with the alarms, the open cases and the latency of each target, from a function that may only read', () => {
    const body = JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'));
    for (const id of Object.keys(template.findResources('AWS::CloudWatch::CompositeAlarm'))) expect(body).toContain(id);
    expect(body).toMatch(/view.{1,10}cases/);
    expect(body).toMatch(/view.{1,10}latency/);
    const widget = assembly.functions.find(({ logicalId }) => logicalId.includes('DashboardWidget'));
    expect(widget?.env['SICKBAY_REPORTS_BUCKET']).toBe(
      assembly.functions.find(({ logicalId }) => logicalId.includes('Reporter'))?.env['SICKBAY_REPORTS_BUCKET'],
    );
    expect(widget?.env['SICKBAY_REPORTS_BUCKET']).toBeDefined();
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('DashboardWidget'));
    const statements = policies.flatMap(
      ([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[]; Effect: string }[],
    );
    const granted = statements.filter(({ Effect }) => Effect === 'Allow');
    const actions = new Set(granted.flatMap(({ Action }) => Action));
    expect(actions).toEqual(new Set(['dynamodb:Query', 'logs:CreateLogStream', 'logs:PutLogEvents']));
  });
});
