/**
 * What Sickbay costs in a month, as formulas: no AWS, no clock. docs/scale.md has the measurements
 * behind the constants; `npm run bench:scale` takes them again.
 */
import { ALL_AT_ONCE, BATCH, roundIntervalS } from '../../core/batch';
import { BALANCER_METRICS, GROUP_METRICS, STACK_METRICS } from '../../lambda/contract';
import { PRICES } from './prices';

export interface Fleet {
  readonly groups: number;
  /** In each group. */
  readonly targets: number;
  /** Seconds between two sweeps. */
  readonly intervalS: number;
  /** What a probe's answer weighs, KB; the prober stops reading at 64. */
  readonly responseKb: number;
  /** Whether a target group has `stop`. */
  readonly stops?: boolean;
}

export interface CostItem {
  readonly item: string;
  readonly formula: string;
  readonly dollars: number;
}

export interface Estimate {
  readonly items: readonly CostItem[];
  readonly dollars: number;
  /** What the same would cost in ways that were not taken. */
  readonly avoided: readonly CostItem[];
  /** Seconds between two rounds of a group. */
  readonly roundS: number;
}

/** A month of 730 hours, as AWS's calculator has it. */
const MONTH_S = 730 * 3600;

/**
 * lib/sweeper.ts, lib/responder.ts, lib/reviewer.ts, lib/reporter.ts, lib/stopping.ts,
 * lib/prober.ts.
 */
const MEMORY_GB = {
  sweep: 512 / 1024,
  respond: 512 / 1024,
  review: 512 / 1024,
  report: 512 / 1024,
  stop: 512 / 1024,
  probe: 1769 / 1024,
};

/**
 * 10 samples a target (core/config/probe.ts), 700 starts a second, a start window of 15 s, never
 * under 3 samples (lambda/probe/).
 */
const PROBE = { samples: 10, startsPerSecond: 700, windowS: 15, fewest: 3, tailS: 0.5 };

/** Calls of ELB a second, and at once (lambda/aws/pace.ts). */
const PACE = { perSecond: 10, burst: 20 };

/**
 * Measured: bytes of a round, and the sweeper's seconds a group after the probes, at its third of a
 * vCPU.
 */
const ROUND = { bytes: 945, bytesATarget: 99, secondsAGroup: 0.02 };
const HISTORY_ROUNDS = 20;
const KEPT_DAYS = 14;

/** A line of metrics a group and sweep, and what Lambda and the sweep itself write: measured. */
const LOG = { bytesAGroup: 520, bytesASweep: 2000 };

/**
 * Alarms of the stack, dead letters with them (test/lib/cost.test.ts counts them in the template).
 */
export const ALARMS = 19;
export const COMPOSITE_ALARMS = 1;

/**
 * An assumption: something is due in one sweep of a hundred, and the responder works ten seconds on
 * it.
 */
const RESPONDING = { fraction: 0.01, seconds: 10 };

/**
 * Once a week (core/config/telling.ts), three groups at once, all hosts of a group at once
 * (lambda/audit/): as if each group had a host that answers as late as it may, until the function
 * ends.
 */
const REVIEW = { everyS: 7 * 86_400, groupsAtOnce: 3, waitS: 30, mostS: 900 };

/**
 * Once a minute (lib/triggers.ts); an assumption: as a rule it reads two tables and ends. Alarms as
 * in test/lib/cost.test.ts.
 */
const STOPPING = { everyS: 60, seconds: 1 };
export const STOP_ALARMS = 2;

/**
 * As if each wake-up ended in an event: the report is written, and kept for a year
 * (core/config/telling.ts). The largest that a test allows is 300 KB; those of the drills are a
 * third of it.
 */
const REPORTING = { seconds: 2, mb: 0.1, keptMonths: 12 };

/** Bytes sent with each probe. */
const REQUEST_KB = 0.3;

/** What one sweep does. */
export interface SweepLoad {
  /** Groups that have their round in it. */
  readonly groups: number;
  readonly elbCalls: number;
  readonly probes: number;
  readonly proberInvocations: number;
  readonly probeS: number;
  readonly durationS: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** One sweep of this fleet, in the steady state. */
export function sweepLoad({ groups: all, targets }: Pick<Fleet, 'groups' | 'targets'>): SweepLoad {
  const groups = all <= ALL_AT_ONCE ? all : BATCH;
  const balancers = Math.ceil(Math.min(groups, 50) / 10);
  const elbCalls = Math.ceil(all / 400) + Math.ceil(all / 20) + groups + Math.ceil(balancers / 20) + balancers;
  const most = PROBE.startsPerSecond * PROBE.windowS;
  const invocations = Math.max(1, Math.ceil((groups * targets * PROBE.fewest) / most));
  const probes = Math.min(groups * targets * PROBE.samples, invocations * most);
  const probeS = Math.max(1, probes / invocations / PROBE.startsPerSecond) + PROBE.tailS;
  const item = ROUND.bytes + ROUND.bytesATarget * targets;
  const order = all <= 50 ? 0 : all * Math.ceil(item / 4096);
  return {
    groups,
    elbCalls,
    probes,
    proberInvocations: invocations,
    probeS,
    durationS: Math.max(0.5, (elbCalls - PACE.burst) / PACE.perSecond) + probeS + ROUND.secondsAGroup * groups,
    readUnits: 1 + order + groups * Math.ceil((HISTORY_ROUNDS * item) / 4096),
    // And the record of what the sweep begins: about 20 bytes a group, compressed.
    writeUnits: groups * Math.ceil(item / 1024) + Math.ceil((20 * groups) / 1024),
  };
}

/** @throws RangeError when a number is not one that there can be. */
export function estimate(fleet: Fleet): Estimate {
  const { stops = false, ...numbers } = fleet;
  for (const [name, value] of Object.entries(numbers))
    if (!Number.isFinite(value) || value < 0 || (name !== 'responseKb' && value < 1))
      throw new RangeError(`${name} is ${value}; allowed: a number from ${name === 'responseKb' ? 0 : 1}`);
  const sweeps = MONTH_S / fleet.intervalS;
  const load = sweepLoad(fleet);
  const items = itemsOf({ ...fleet, stops }, sweeps, load);
  const dollars = items.reduce((sum, item) => sum + item.dollars, 0);
  return { items, dollars, avoided: avoided(fleet, sweeps, load), roundS: roundIntervalS(fleet.groups, fleet.intervalS) };
}

function itemsOf(fleet: Fleet, sweeps: number, load: SweepLoad): CostItem[] {
  return [
    ...functions(sweeps, load),
    reviewing(fleet),
    ...(fleet.stops === true ? [stopping()] : []),
    ...reporting(sweeps),
    ...records(fleet, sweeps, load),
    ...watching(fleet, sweeps, load),
    transfer(fleet, sweeps, load),
  ];
}

function invocation(gb: number, seconds: number): number {
  return PRICES.lambdaRequest + gb * seconds * PRICES.lambdaGbSecond;
}

function functions(sweeps: number, load: SweepLoad): CostItem[] {
  return [
    {
      item: 'sweeper',
      formula: `${whole(sweeps)} sweeps x 512 MB x ${load.durationS.toFixed(1)} s`,
      dollars: sweeps * invocation(MEMORY_GB.sweep, load.durationS),
    },
    {
      item: 'prober',
      formula: `${whole(sweeps)} sweeps x ${load.proberInvocations} x 1,769 MB x ${load.probeS.toFixed(1)} s`,
      dollars: sweeps * load.proberInvocations * invocation(MEMORY_GB.probe, load.probeS),
    },
    ...responding(sweeps),
    { item: 'schedule', formula: `${whole(sweeps)} invocations`, dollars: sweeps * PRICES.schedulerInvocation },
  ];
}

function responding(sweeps: number): CostItem[] {
  const responds = sweeps * RESPONDING.fraction;
  return [
    {
      item: 'responder',
      formula: `${whole(responds)} wake-ups (assumed: 1 sweep in 100) x 512 MB x ${RESPONDING.seconds} s`,
      dollars: responds * invocation(MEMORY_GB.respond, RESPONDING.seconds),
    },
    {
      item: 'CloudWatch reads',
      formula: `${whole(responds)} wake-ups x ${BALANCER_METRICS.length} metrics of the load balancer`,
      dollars: responds * BALANCER_METRICS.length * PRICES.metricRead,
    },
  ];
}

function reviewing({ groups }: Fleet): CostItem {
  const reviews = MONTH_S / REVIEW.everyS;
  const seconds = Math.min(REVIEW.mostS, Math.ceil(groups / REVIEW.groupsAtOnce) * REVIEW.waitS);
  return {
    item: 'reviewer',
    formula: `${reviews.toFixed(1)} reviews x 512 MB x at most ${seconds} s`,
    dollars: reviews * (PRICES.lambdaRequest + MEMORY_GB.review * seconds * PRICES.lambdaGbSecond),
  };
}

function stopping(): CostItem {
  const looks = MONTH_S / STOPPING.everyS;
  const look = PRICES.lambdaRequest + MEMORY_GB.stop * STOPPING.seconds * PRICES.lambdaGbSecond + PRICES.schedulerInvocation;
  return {
    item: 'stops',
    formula: `${whole(looks)} looks x 512 MB x ${STOPPING.seconds} s (assumed), ${STOP_ALARMS} alarms`,
    dollars: looks * look + STOP_ALARMS * PRICES.alarm,
  };
}

function reporting(sweeps: number): CostItem[] {
  const reports = sweeps * RESPONDING.fraction;
  const storedGb = (reports * REPORTING.keptMonths * REPORTING.mb) / 1000;
  return [
    {
      item: 'reporter',
      formula: `${whole(reports)} reports (as if each wake-up had one) x 512 MB x ${REPORTING.seconds} s`,
      dollars: reports * (PRICES.lambdaRequest + MEMORY_GB.report * REPORTING.seconds * PRICES.lambdaGbSecond),
    },
    {
      item: 'reports in S3',
      formula: `${whole(reports)} PutObject, ${storedGb.toFixed(2)} GB: a year of them`,
      dollars: reports * PRICES.s3Put + storedGb * PRICES.s3GbMonth,
    },
  ];
}

function records({ targets }: Fleet, sweeps: number, load: SweepLoad): CostItem[] {
  const item = ROUND.bytes + ROUND.bytesATarget * targets;
  const storedGb = (sweeps * load.groups * item * (KEPT_DAYS * 86_400)) / MONTH_S / 1e9;
  return [
    {
      item: 'DynamoDB reads',
      formula: `${whole(sweeps)} sweeps x ${whole(load.readUnits)} units: ${HISTORY_ROUNDS} rounds of ${(item / 1000).toFixed(1)} KB a group`,
      dollars: sweeps * load.readUnits * PRICES.dynamoReadUnit,
    },
    {
      item: 'DynamoDB writes',
      formula: `${whole(sweeps)} sweeps x ${whole(load.writeUnits)} units`,
      dollars: sweeps * load.writeUnits * PRICES.dynamoWriteUnit,
    },
    {
      item: 'DynamoDB storage',
      formula: `${storedGb.toFixed(2)} GB: ${KEPT_DAYS} days of rounds`,
      dollars: storedGb * PRICES.dynamoGbMonth,
    },
  ];
}

function watching({ groups }: Fleet, sweeps: number, load: SweepLoad): CostItem[] {
  const [ofGroup, ofStack] = [Object.keys(GROUP_METRICS).length, Object.keys(STACK_METRICS).length];
  const metrics = ofGroup * groups + ofStack;
  const logGb = (sweeps * (load.groups * LOG.bytesAGroup + LOG.bytesASweep)) / 1e9;
  return [
    { item: 'metrics', formula: `${ofGroup} x ${whole(groups)} groups + ${ofStack}`, dollars: metrics * PRICES.metric },
    {
      item: 'alarms, dashboard',
      formula: `${ALARMS} alarms, ${COMPOSITE_ALARMS} composite + 1`,
      dollars: ALARMS * PRICES.alarm + COMPOSITE_ALARMS * PRICES.compositeAlarm + PRICES.dashboard,
    },
    { item: 'logs', formula: `${logGb.toFixed(2)} GB: a line a group and sweep`, dollars: logGb * PRICES.logGb },
  ];
}

/** Two of three targets are in another zone than the prober, when there are three zones. */
function transfer({ responseKb }: Fleet, sweeps: number, load: SweepLoad): CostItem {
  const gb = (sweeps * load.probes * (responseKb + REQUEST_KB) * (2 / 3)) / 1e6;
  return {
    item: 'traffic between zones',
    formula: `${whole(gb)} GB: ${whole(load.probes)} probes a sweep of ${responseKb} KB, two of three to another zone`,
    dollars: gb * PRICES.crossZoneGb,
  };
}

function avoided({ groups, targets }: Fleet, sweeps: number, load: SweepLoad): CostItem[] {
  const logGb = (sweeps * load.groups * targets * 1000) / 1e9;
  return [
    { item: '3 metrics a target', formula: `3 x ${whole(groups * targets)}`, dollars: 3 * groups * targets * PRICES.metric },
    { item: '1 KB of log a target and sweep', formula: `${whole(logGb)} GB`, dollars: logGb * PRICES.logGb },
    {
      item: 'one prober invocation a group',
      formula: `${whole(load.groups)} a sweep x 1,769 MB x 1.5 s`,
      dollars: sweeps * load.groups * (PRICES.lambdaRequest + MEMORY_GB.probe * 1.5 * PRICES.lambdaGbSecond),
    },
    { item: 'NAT gateways', formula: 'in 3 zones, without traffic', dollars: 3 * PRICES.natGateway },
    { item: 'interface endpoints', formula: '4 services in 3 zones', dollars: 12 * PRICES.interfaceEndpoint },
  ];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
