/**
 * Shared contracts: inspecting and diagnosing. Everything is exported by core/model.ts, from which
 * all others import.
 */
import type { EcsTask } from './services';

/** What ECS tells of the task behind a target, beside what was seen of it. */
export type TaskFacts = Pick<EcsTask, 'arn' | 'startedAt' | 'zone' | 'platformVersion' | 'definition' | 'images'>;

/** What one host printed, or why it printed nothing. Already redacted. */
export type HostCapture = { readonly task?: TaskFacts } & (
  | {
      readonly host: string;
      readonly stdout: string;
      readonly capturedAt: number;
      /**
       * Why the host was not inspected: this is its metrics page alone, read over the network.
       */
      readonly overNetwork?: string;
    }
  | { readonly host: string; readonly notInspectable: string; readonly capturedAt: number }
);

export const CAUSES = [
  'pool-starvation',
  'pool-leak',
  'slow-dependency',
  'cpu-saturation',
  'event-loop-block',
  'memory-pressure',
  'disk-full',
  'disk-io',
  'fd-exhaustion',
  'socket-leak',
  'accept-queue-overflow',
  'dns',
  'release-drift',
  'config-drift',
  'tracer-attached',
  'shared-dependency',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];

/** Who did it. `startedAt` with `pid` is the identity of a process: a pid alone is reused. */
export interface Culprit {
  readonly pid: number;
  readonly command: string;
  readonly user: string;
  readonly startedAt?: number;
  readonly parent?: string;
  /** The line of a crontab, or the timer, that starts it. */
  readonly cron?: string;
  /** The file that this line stands in; `timer` for a timer of systemd. Absent in older records. */
  readonly cronFile?: string;
  /**
   * The container that it runs in, with its image and its task or pod; absent: on the host itself.
   */
  readonly container?: string;
}

/**
 * `confidence`: the probability we would put on this cause being the right one, 0 to 1; its scale
 * is written down in core/diagnose.
 */
export interface Finding {
  readonly cause: Cause;
  readonly confidence: number;
  readonly culprit?: Culprit;
  readonly evidence: readonly string[];
  readonly against: readonly string[];
  /**
   * Commands that show a person the same on the host. They hold nothing that a host printed but
   * numbers, addresses and plain paths.
   */
  readonly checks?: readonly string[];
  /**
   * What would have to be true if it were wrong, as the rest of a sentence that begins with "wrong
   * if".
   */
  readonly wrongIf?: string;
}

/** Below this a cause is likelier not so: a lead. */
const FINDING_FROM = 0.5;

/**
 * Whether it is a lead: what differs, and the cause that it would have. Leads are told where there
 * is no finding, and name nobody.
 */
export function isLead({ cause, confidence }: Pick<Finding, 'cause' | 'confidence'>): boolean {
  return cause !== 'unknown' && confidence < FINDING_FROM;
}

/** Connection pool of the app on one host. */
export interface PoolReading {
  readonly host: string;
  readonly active: number;
  readonly max: number;
  readonly waiting?: number;
}

/**
 * How busy one host was when it was inspected: what the capacity projection rests on. Kept apart
 * from the diagnosis, which stays what was found first while these are read again.
 */
export interface HostLoad {
  readonly host: string;
  readonly capturedAt: number;
  /** Its fullest connection pool; more than `max` may be active where a pool may overflow. */
  readonly pool?: { readonly active: number; readonly max: number };
  /** CPU busy fraction, 0 to 1. */
  readonly cpuBusy?: number;
  /** Where it was not read of the host itself. Absent in older records. */
  readonly from?: 'container-insights';
}

export interface Diagnosis {
  /** Best first; never empty: `unknown` when nothing differs but the latency. */
  readonly findings: readonly Finding[];
  /** What only the sick host has, or lacks, that no rule explains. */
  readonly differences: readonly string[];
  readonly notInspectable: readonly { readonly host: string; readonly why: string }[];
  /**
   * Hosts of which the metrics page alone was read, over the network, and why. Absent in older
   * records, and where there is none.
   */
  readonly overNetwork?: readonly { readonly host: string; readonly why: string }[];
  /** Of every inspected host the pool by which the sick one stands out. */
  readonly pools: readonly PoolReading[];
  /** CPU busy fraction of every inspected host, 0 to 1. */
  readonly cpu: readonly { readonly host: string; readonly busyFraction: number }[];
  /**
   * Observations for people that are no cause: a shallow health check, a cron entry only one host
   * has.
   */
  readonly notes: readonly string[];
}

export type CauseStatus = 'gone' | 'present' | 'unknown';
