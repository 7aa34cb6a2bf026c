import { Dashboard as CloudWatchDashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { GROUP_METRICS, STACK_METRICS } from '../lambda/contract';
import type { OwnMetrics } from './own-metrics';

export interface DashboardProps {
  readonly metrics: OwnMetrics;
}

/**
 * What one looks at first: how far apart the targets are, who was convicted, what was done about it
 * and what was not.
 */
export class Dashboard extends Construct {
  readonly dashboard: CloudWatchDashboard;

  constructor(scope: Construct, id: string, { metrics }: DashboardProps) {
    super(scope, id);
    const { slowestTargetMs, medianTargetMs, convictedTargets, blind } = GROUP_METRICS;
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: metrics.stack,
      widgets: [
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
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 } });
}
