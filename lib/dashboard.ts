import {
  AlarmStatusWidget,
  CustomWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENV, GROUP_METRICS, STACK_METRICS } from '../lambda/contract';
import { HandlerFunction } from './handler-function';
import type { OwnMetrics } from './own-metrics';
import type { Protection } from './protection';
import type { Records } from './records';
import { runbookBaseUrlOf } from './runbook';

export interface DashboardProps {
  readonly metrics: OwnMetrics;
  /** On Sickbay itself. */
  readonly alarms: readonly IAlarm[];
  readonly records: Records;
  readonly handlersDir: string;
  readonly protection: Protection;
  /** Where the report of each case is written; its cases are linked to it. */
  readonly reportsBucket?: string;
}

/** A look at the dashboard waits for it. */
const WIDGET_TIMEOUT_S = 20;

/**
 * What one looks at first: whether Sickbay is well, the open cases, the latency of each target from
 * the rounds on record, then how far apart the targets are over time, who was convicted, what was
 * done about it and what was not.
 */
export class Dashboard extends Construct {
  readonly dashboard: CloudWatchDashboard;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { metrics, alarms } = props;
    const functionArn = this.widgets(props);
    const custom = (title: string, view: string, height: number): CustomWidget =>
      new CustomWidget({ functionArn, title, width: 24, height, params: { view }, updateOnRefresh: true, updateOnResize: false });
    const { slowestTargetMs, medianTargetMs, convictedTargets, blind } = GROUP_METRICS;
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: metrics.stack,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms on Sickbay itself', alarms: [...alarms], width: 24, height: 4 })],
        [custom('Open cases', 'cases', 6)],
        [custom('Each target in the last hour', 'latency', 10)],
        [
          graph('Latency: the slowest target of each group beside the one in the middle', [
            metrics.by('group', slowestTargetMs, 'Maximum', ': slowest'),
            metrics.by('group', medianTargetMs, 'Maximum', ': middle'),
          ]),
          graph('Convicted targets', [metrics.by('group', convictedTargets, 'Maximum')]),
        ],
        [
          graph('Ejections and restores', [
            metrics.ofStack(STACK_METRICS.ejections, 'Sum'),
            metrics.ofStack(STACK_METRICS.restores, 'Sum'),
          ]),
          graph('Would have ejected, by the reason that forbade it', [metrics.by('reason', STACK_METRICS.blocked, 'Sum')]),
        ],
        [
          graph('Time of a round', [metrics.ofStack(STACK_METRICS.roundMs, 'Maximum')]),
          graph('Groups measured, and blind', [
            metrics.ofStack(STACK_METRICS.groupsMeasured, 'Maximum'),
            metrics.by('group', blind, 'Maximum', ': blind'),
          ]),
        ],
      ],
    });
  }

  /**
   * CloudWatch invokes it with the permission of whoever looks (user guide, "Details about custom
   * widgets"); it may read the two tables and nothing else. Returns its ARN.
   */
  private widgets(props: DashboardProps): string {
    const { handlersDir, protection } = props;
    const { rounds, cases } = props.records;
    const widget = new HandlerFunction(this, 'Widget', {
      description: 'Sickbay: the open cases and the latency of each target, for the dashboard',
      handlersDir,
      protection,
      handler: 'widget',
      timeoutS: WIDGET_TIMEOUT_S,
      memorySize: 512,
      environment: this.widgetEnvironment(props),
    });
    widget.role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources: [rounds.tableArn, cases.tableArn] }));
    protection.encryptionKey?.grantDecrypt(widget.role);
    return widget.function.functionArn;
  }

  private widgetEnvironment({ records, metrics, reportsBucket }: DashboardProps): Record<string, string> {
    const runbook = runbookBaseUrlOf(this);
    return {
      [ENV.roundsTable]: records.rounds.tableName,
      [ENV.casesTable]: records.cases.tableName,
      [ENV.stack]: metrics.stack,
      ...(reportsBucket === undefined ? {} : { [ENV.reportsBucket]: reportsBucket }),
      ...(runbook === undefined ? {} : { [ENV.runbookBaseUrl]: runbook }),
    };
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 } });
}
