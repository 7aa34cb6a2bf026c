/** What an audit reads of one target group, and what it tells. */
import type { Inspection } from '../diagnose/inspection';
import type { PoolMetricNames } from '../diagnose/pools';
import type { LbTarget, ListedGroup } from '../model';

export const SEVERITIES = ['high', 'medium', 'low'] as const;
/**
 * `high`: users are hurt by it, or will be at the next fault; `medium`: it makes a fault worse, or
 * hides it; `low`: to know.
 */
export type Severity = (typeof SEVERITIES)[number];

/** Something that was read, or why it was not: what rests on it is then not checked. */
export type Part<T> = { readonly value: T } | { readonly unread: string };

export interface HostsSeen {
  readonly inspections: readonly Inspection[];
  /** Hosts that Systems Manager cannot reach, or that printed no inspection, and why. */
  readonly unseen: readonly { readonly host: string; readonly why: string }[];
  /** Targets that were left out, for there are more than one command takes. */
  readonly leftOut: number;
}

/** One target group, read without changing anything. */
export interface AuditedGroup {
  readonly group: ListedGroup;
  /** DescribeTargetGroupAttributes. */
  readonly attributes: Part<Readonly<Record<string, string>>>;
  /** DescribeTargetHealth. */
  readonly health: Part<readonly LbTarget[]>;
  readonly hosts: Part<HostsSeen>;
  /** The operator's own names of the pool's metrics. */
  readonly pool?: PoolMetricNames;
  /** The longest lease, where addresses of the group may be removed; absent: none may. */
  readonly leaseCapS?: number;
}

/** What one check finds, before its name and its group are put to it. */
export interface AuditDraft {
  /** What of the group it is about, such as a host: with check and group its identity. */
  readonly subject: string;
  readonly summary: string;
  readonly evidence: readonly string[];
  /** What to do about it. */
  readonly advice: string;
  /** What following the advice may cost. */
  readonly danger: string;
  /** The command that does it, or that shows more. */
  readonly command?: string | undefined;
}

export interface AuditFinding extends AuditDraft {
  readonly check: string;
  readonly severity: Severity;
  readonly groupArn: string;
}

/** Of what the audit reads, what a check rests on. */
export type Need = 'attributes' | 'health' | 'hosts';

/** Everything that a check may look at: what it does not need may be empty. */
export interface Seen extends Pick<AuditedGroup, 'group' | 'pool' | 'leaseCapS'> {
  readonly attributes: Readonly<Record<string, string>>;
  readonly health: readonly LbTarget[];
  readonly hosts: HostsSeen;
}

export interface Check {
  readonly name: string;
  readonly severity: Severity;
  readonly needs: readonly Need[];
  readonly run: (seen: Seen) => readonly AuditDraft[];
}

export interface NotRun {
  readonly groupArn: string;
  readonly check: string;
  readonly why: string;
}

export interface AuditReport {
  readonly v: 1;
  readonly at: number;
  readonly groupArns: readonly string[];
  /** Most severe first. */
  readonly findings: readonly AuditFinding[];
  readonly notRun: readonly NotRun[];
  /** How many checks ran, over all groups. */
  readonly ran: number;
}
