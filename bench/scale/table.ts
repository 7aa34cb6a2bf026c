import { table } from '../../core/report/text';
import type { Run } from './messages';

export interface Measured extends Run {
  readonly run: string;
  /** Calls by IAM action. */
  readonly calls: Readonly<Record<string, number>>;
}

const HEAD = [
  'run',
  'calls of ELB',
  'calls of EC2',
  'waited s',
  'CPU s',
  'peak MiB',
  'prober: invocations, starts',
  'plan / report KB',
  'reads, units',
  'writes, units',
  'item bytes: median, max',
];

/** The runs as people read them, one a line, then the calls of the last one by action. */
export function describeRuns(measured: readonly Measured[]): string {
  return [...table([HEAD, ...measured.map(cells)]), ...measured.slice(-2).map((run) => `${run.run}: ${JSON.stringify(run.calls)}`)].join(
    '\n',
  );
}

function callsOf(service: string, calls: Measured['calls']): number {
  return Object.entries(calls).reduce((sum, [action, count]) => sum + (action.startsWith(service) ? count : 0), 0);
}

function cells({ run, calls, waitedMs, cpuMs, peakRssMb, probed, meter }: Measured): string[] {
  const kb = (bytes: number): string => (bytes / 1000).toFixed(0);
  return [
    run,
    String(callsOf('elasticloadbalancing:', calls)),
    String(callsOf('ec2:', calls)),
    (waitedMs / 1000).toFixed(1),
    (cpuMs / 1000).toFixed(1),
    peakRssMb.toFixed(0),
    `${probed.invocations}, ${probed.starts}`,
    `${kb(probed.planBytes)} / ${kb(probed.reportBytes)}`,
    `${meter.reads}, ${meter.readUnits}`,
    `${meter.writes}, ${meter.writeUnits}`,
    `${meter.itemBytes.median}, ${meter.itemBytes.max}`,
  ];
}
